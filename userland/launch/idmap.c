// SPDX-License-Identifier: GPL-2.0
/*
 * User namespaces that exist before their container does, and mapping the ids of a mount,
 * for which the kernel takes the map from a user namespace. A helper process makes the
 * namespace, and an open descriptor keeps it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "launch.h"
#include "plan.h"
#include "raw.h"

#define CALLER LAUNCH_OWNER_IS_CALLER

static int open_namespace(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/*
 * In the helper: become the user that is to own the namespace, and keep the capabilities:
 * some distributions let no other process make a user namespace.
 */
static int become(uid_t owner)
{
	static const struct rlimit64 no_limit = { RLIM64_INFINITY,
						  RLIM64_INFINITY };
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = { 0 };
	long r;
	int i;

	/* What bounds all users of the namespace together. Each process has its own. */
	raw(SYS_prlimit64, 0, RLIMIT_MEMLOCK, &no_limit, NULL);
	r = raw(SYS_setresuid, -1, owner, -1);
	if (!r)
		r = raw(SYS_capget, &header, caps);
	if (r)
		return (int)r;
	for (i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		caps[i].effective = caps[i].permitted;
	return (int)raw(SYS_capset, &header, caps);
}

/* The helper process: make the namespace, then wait to be killed, or for the parent's death. */
__attribute__((noreturn)) static void help(pid_t parent, uid_t owner, int ready)
{
	int r = owner == CALLER ? 0 : become(owner);

	raw(SYS_prctl, PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL);
	if (!r)
		r = (int)raw(SYS_unshare, CLONE_NEWUSER);
	raw(SYS_write, ready, &r, sizeof(r));
	while (raw(SYS_getppid) == parent)
		raw(SYS_ppoll, NULL, 0UL, NULL, NULL, 0UL);
	for (;;)
		raw(SYS_exit_group, 0);
}

/* Wait until the helper has made the namespace. Returns 0 or a negative errno. */
static int wait_for_helper(int ready)
{
	ssize_t n;
	int r;

	do {
		n = read(ready, &r, sizeof(r));
	} while (n < 0 && errno == EINTR);
	return n == sizeof(r) ? r : -ESRCH;
}

int launch_user_namespace(const struct id_map *uids, const struct id_map *gids,
			  uid_t owner)
{
	struct clone_args args = {
		.flags = CLONE_CLEAR_SIGHAND,
		.exit_signal = SIGCHLD,
	};
	const pid_t parent = getpid();
	int ready[2], r;
	long pid;

	if (pipe2(ready, O_CLOEXEC))
		return -errno;
	pid = raw(SYS_clone3, &args, sizeof(args));
	if (!pid)
		help(parent, owner, ready[1]);
	close(ready[1]);
	r = pid < 0 ? (int)pid : wait_for_helper(ready[0]);
	close(ready[0]);
	if (pid < 0)
		return r;
	if (!r)
		r = plan_write_maps((pid_t)pid, uids, gids);
	if (!r)
		r = open_namespace((pid_t)pid);
	kill((pid_t)pid, SIGKILL);
	while (waitpid((pid_t)pid, NULL, 0) < 0 && errno == EINTR)
		;
	return r;
}

int plan_map_as(int tree, int userns, unsigned int flags)
{
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_IDMAP,
		.userns_fd = (uint64_t)userns,
	};

	return (int)raw(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | flags,
			&attr, sizeof(attr));
}

int plan_idmap(int tree, const struct id_map *uids, const struct id_map *gids,
	       unsigned int flags)
{
	int fd __cleanup_close = launch_user_namespace(uids, gids, CALLER);

	return fd < 0 ? fd : plan_map_as(tree, fd, flags);
}

int launch_map_folder(int folder, int userns)
{
	int tree __cleanup_close = (int)raw(
		SYS_open_tree, folder, "",
		OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	int r = tree < 0 ? tree : plan_map_as(tree, userns, 0);

	return r ? r : take_fd(&tree);
}
