// SPDX-License-Identifier: GPL-2.0
/*
 * Mapping the ids of a mount. The kernel takes the map from a user namespace. A helper
 * process makes that namespace, and an open descriptor keeps it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "plan.h"
#include "raw.h"

static int open_namespace(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* In the helper process: wait until it is killed or its parent is dead. */
__attribute__((noreturn)) static void wait_for_death(pid_t parent)
{
	raw(SYS_prctl, PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL);
	while (raw(SYS_getppid) == parent)
		raw(SYS_ppoll, NULL, 0UL, NULL, NULL, 0UL);
	for (;;)
		raw(SYS_exit_group, 0);
}

static int make_namespace(const struct id_map *uids, const struct id_map *gids)
{
	struct clone_args args = {
		.flags = CLONE_NEWUSER | CLONE_CLEAR_SIGHAND,
		.exit_signal = SIGCHLD,
	};
	const pid_t parent = getpid();
	long pid = raw(SYS_clone3, &args, sizeof(args));
	int r;

	if (!pid)
		wait_for_death(parent);
	if (pid < 0)
		return (int)pid;
	r = plan_write_maps((pid_t)pid, uids, gids);
	if (!r)
		r = open_namespace((pid_t)pid);
	kill((pid_t)pid, SIGKILL);
	while (waitpid((pid_t)pid, NULL, 0) < 0 && errno == EINTR)
		;
	return r;
}

int plan_idmap(int tree, const struct id_map *uids, const struct id_map *gids,
	       unsigned int flags)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP };
	int fd __cleanup_close = make_namespace(uids, gids);

	if (fd < 0)
		return fd;
	attr.userns_fd = (uint64_t)fd;
	return (int)raw(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | flags,
			&attr, sizeof(attr));
}
