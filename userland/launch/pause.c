// SPDX-License-Identifier: GPL-2.0
/*
 * The pause before pivot_root(), for hooks that change the mounts of the container.
 *
 * A hook enters the namespaces of the paused child. It must find its program in the host's
 * tree, and the container's tree at the path of the root. So the child moves the
 * container's tree from the scaffold to that path, and removes the scaffold, which would
 * be "/" for a process that enters. The tree stays the same mount, and the child pivots to
 * it by its descriptor.
 *
 * The folder at the path may belong to a user who exchanges it meanwhile. So the child
 * compares it with the folder that the parent opened. If the user removes the folder
 * during the pause, the kernel unmounts the tree, and pivot_root() fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "child.h"
#include "message.h"
#include "raw.h"

/* Whether two folders are the same one, in any mounts: 1 or 0. */
static int is_same_folder(int a, int b)
{
	struct statx one, two;
	long r = raw(SYS_statx, a, "", AT_EMPTY_PATH, STATX_INO, &one);

	if (!r)
		r = raw(SYS_statx, b, "", AT_EMPTY_PATH, STATX_INO, &two);
	if (r)
		return (int)r;
	return one.stx_ino == two.stx_ino &&
	       one.stx_dev_major == two.stx_dev_major &&
	       one.stx_dev_minor == two.stx_dev_minor;
}

int child_open_place(struct child *c)
{
	int r;

	if (!c->plan->spec->pause_before_pivot)
		return 0;
	c->place = (int)raw(SYS_openat, AT_FDCWD, c->plan->spec->root.path,
			    O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	r = c->place < 0 ? c->place :
			   is_same_folder(c->place, c->plan->root_tree);
	return r ? (r < 0 ? r : 0) : -ESTALE;
}

static int remove_scaffold(struct child *c)
{
	long r = raw(SYS_fchdir, c->scaffold);

	if (!r)
		r = raw(SYS_umount2, ".", MNT_DETACH);
	if (!r)
		r = raw(SYS_fchdir, c->host);
	raw_close(c->scaffold);
	c->scaffold = -1;
	return (int)r;
}

int child_pause(struct child *c)
{
	int r;

	if (!c->plan->spec->pause_before_pivot)
		return 0;
	r = child_attach(c->root, c->place);
	if (!r)
		r = remove_scaffold(c);
	if (r)
		return r;
	/* Ignore an error: if the parent is dead, the wait ends at once. */
	message_send(c->plan->child_sync, MESSAGE_PAUSED, -1, NULL);
	child_wait_for_parent(c);
	return 0;
}
