/* SPDX-License-Identifier: GPL-2.0 */
/* A cgroup of version 2 for a test. */
#ifndef SELFTESTS_CGROUP2_H
#define SELFTESTS_CGROUP2_H

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "must.h"

/* The cgroup that make_cgroup() has made. */
static char cgroup_path[PATH_MAX];

static pid_t cgroup_maker;

/* Children inherit this, and leave the cgroup to the one that made it. */
static void remove_cgroup(void)
{
	if (getpid() == cgroup_maker)
		rmdir(cgroup_path);
}

/** make_cgroup() - make an empty cgroup, removed at the end; -1: there can be none here */
static inline int __attribute__((unused)) make_cgroup(void)
{
	static const char *const mounts[] = {
		"/sys/fs/cgroup",
		"/sys/fs/cgroup/unified",
	};
	struct statfs fs;
	size_t i;

	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		if (statfs(mounts[i], &fs) || fs.f_type != CGROUP2_SUPER_MAGIC)
			continue;
		snprintf(cgroup_path, sizeof(cgroup_path), "%s/purser-test-%d",
			 mounts[i], getpid());
		if (mkdir(cgroup_path, 0755))
			break;
		cgroup_maker = getpid();
		atexit(remove_cgroup);
		return must(
			open(cgroup_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	}
	return -1;
}

#endif /* SELFTESTS_CGROUP2_H */
