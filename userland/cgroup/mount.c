// SPDX-License-Identifier: GPL-2.0
/* Finding the mount of cgroup v2, see mount.h. */
#include <errno.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "base/cleanup.h"
#include "base/mountinfo.h"
#include "mount.h"

/** struct search - a search for the mount */
struct search {
	bool (*is_there)(const char *path);
	char *path; /* the best one so far, or NULL */
	bool has_v1;
};

/* Returns 1 when no other mount can be better, else 0 or -ENOMEM. */
static int check_mount(const struct mount *mount, void *arg)
{
	const bool whole = !strcmp(mount->root, "/");
	struct search *search = arg;

	if (!strcmp(mount->type, "cgroup"))
		search->has_v1 = true;
	if (strcmp(mount->type, "cgroup2") ||
	    !search->is_there(mount->mount_point) || (search->path && !whole))
		return 0;
	free(search->path);
	search->path = strdup(mount->mount_point);
	return search->path ? whole : -ENOMEM;
}

int cgroup_find_mount(FILE *mountinfo, bool (*is_there)(const char *path),
		      char **path, bool *has_v1)
{
	struct search search = { .is_there = is_there };
	int err = mountinfo_each(mountinfo, check_mount, &search);

	*path = search.path;
	*has_v1 = search.has_v1;
	if (err < 0)
		return err;
	return *path ? 0 : -ENOENT;
}

bool cgroup_is_v2(const char *path)
{
	struct statfs fs;

	return !statfs(path, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC;
}

int cgroup_mount(char **path, bool *has_v1)
{
	FILE *mountinfo __cleanup_fclose = fopen(MOUNTINFO, "re");
	int err;

	*path = NULL;
	*has_v1 = false;
	if (!mountinfo)
		return -errno;
	err = cgroup_find_mount(mountinfo, cgroup_is_v2, path, has_v1);
	return err == -ENOENT ? -ENODEV : err;
}
