// SPDX-License-Identifier: GPL-2.0
/*
 * The terminal of a process, made in the container's devpts. Its slave side becomes
 * stdin, stdout, stderr and the controlling terminal. The child sends its master side to
 * the parent. In a new container, the terminal is also mounted on /dev/console.
 */
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/vfs.h>

#include "child.h"
#include "message.h"
#include "raw.h"

/* The path is in the container and may lead anywhere: check that it is in a devpts. */
static int open_master(const struct child *c)
{
	int folder __cleanup_raw_close = child_open(c->root, "/dev/pts",
						    O_PATH | O_DIRECTORY, 0);
	struct statfs fs;
	long r = folder < 0 ? folder : raw(SYS_fstatfs, folder, &fs);

	if (r)
		return (int)r;
	if (fs.f_type != DEVPTS_SUPER_MAGIC)
		return -ENODEV;
	return (int)raw(SYS_openat, folder, "ptmx",
			O_RDWR | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0);
}

/* A size with a 0 in it is none, as crun and runc have it. */
static int set_size(const struct process_spec *p, int terminal)
{
	const struct winsize size = {
		.ws_row = p->rows,
		.ws_col = p->columns,
	};

	if (!p->rows || !p->columns)
		return 0;
	return (int)raw(SYS_ioctl, terminal, (unsigned long)TIOCSWINSZ, &size);
}

static int bind_console(struct child *c, int terminal)
{
	int tree __cleanup_raw_close = -1;
	int target __cleanup_raw_close = -1;

	if (!c->plan->spec)
		return 0;
	tree = (int)raw(SYS_open_tree, terminal, "",
			OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	if (tree < 0)
		return tree;
	target = child_make_target(c, &c->plan->console, false, 0);
	return target < 0 ? target : child_attach(tree, target);
}

static int take_terminal(struct child *c, int terminal)
{
	const struct process_spec *p = c->plan->process;
	long r = set_size(p, terminal);
	int i;

	if (!r)
		r = bind_console(c, terminal);
	if (!r)
		r = raw(SYS_fchown, terminal, c->plan->ids.uid, -1);
	for (i = 0; r >= 0 && i < 3; i++)
		r = raw(SYS_dup3, terminal, i, 0);
	if (r >= 0)
		r = raw(SYS_ioctl, 0, (unsigned long)TIOCSCTTY, 0UL);
	return r < 0 ? (int)r : 0;
}

int child_terminal(struct child *c)
{
	int master __cleanup_raw_close = -1;
	int terminal __cleanup_raw_close = -1;
	int unlocked = 0;
	long r;

	if (!c->plan->process->terminal)
		return 0;
	master = open_master(c);
	if (master < 0)
		return master;
	r = raw(SYS_ioctl, master, (unsigned long)TIOCSPTLCK, &unlocked);
	if (r)
		return (int)r;
	/* TIOCGPTPEER opens the other side without a path, whatever is mounted. */
	terminal = (int)raw(SYS_ioctl, master, (unsigned long)TIOCGPTPEER,
			    (unsigned long)(O_RDWR | O_NOCTTY | O_CLOEXEC));
	if (terminal < 0)
		return terminal;
	r = take_terminal(c, terminal);
	return r ? (int)r :
		   message_send(c->plan->child_sync, MESSAGE_TERMINAL, master,
				NULL);
}
