// SPDX-License-Identifier: GPL-2.0
/*
 * Places of folders, see place.h. The name of a folder, less the mount point of its mount,
 * is its path below the root of that mount in the file system.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "array.h"
#include "cleanup.h"
#include "mountinfo.h"
#include "paths.h"
#include "place.h"

/* File systems that show or control the machine, or do not hold files at all. */
static const char *const kernel_types[] = {
	"autofs",   "binder",	"binfmt_misc", "bpf",	     "cgroup",
	"cgroup2",  "configfs", "debugfs",     "devpts",     "devtmpfs",
	"efivarfs", "fusectl",	"mqueue",      "nsfs",	     "proc",
	"pstore",   "resctrl",	"rpc_pipefs",  "securityfs", "selinuxfs",
	"smackfs",  "sysfs",	"tracefs",
};

/* The part of @path below @above, "" or "/..."; NULL: it is not below. */
static const char *part_below(const char *path, const char *above)
{
	size_t len = strcmp(above, "/") ? strlen(above) : 0;

	if (strncmp(path, above, len) || (path[len] && path[len] != '/'))
		return NULL;
	return strcmp(path + len, "/") ? path + len : "";
}

/** struct search - a search for the mount that holds a folder */
struct search {
	uint64_t mount; /* its id */
	const char *name;
	struct place *place;
};

/* Returns 0 for other mounts, 1 if the place was found, or a negative errno. */
static int check_mount(const struct mount *mount, void *arg)
{
	const struct search *search = arg;
	struct place *place = search->place;
	const char *below;

	if (mount->id != search->mount)
		return 0;
	below = part_below(search->name, mount->mount_point);
	if (!below)
		return -EXDEV;
	place->fs = strdup(mount->fs);
	place->type = strdup(mount->type);
	place->path = *below ? path_join(mount->root, below + 1, "") :
			       strdup(mount->root);
	return place->fs && place->type && place->path ? 1 : -ENOMEM;
}

static int find_mount(struct search *search)
{
	FILE *mountinfo __cleanup_fclose = fopen(MOUNTINFO, "re");
	int ret;

	if (!mountinfo)
		return -errno;
	ret = mountinfo_each(mountinfo, check_mount, search);
	if (!ret)
		return -EXDEV;
	return ret < 0 ? ret : 0;
}

int place_find(int fd, struct place *place)
{
	struct search search = { .place = place };
	__cleanup_free char *name = NULL;
	struct statx stx;
	struct stat st;
	int err;

	*place = (struct place){ 0 };
	if (fstat(fd, &st) || statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &stx))
		return -errno;
	if (!st.st_nlink)
		return -ENOENT;
	err = path_of_fd(fd, &name);
	search.name = name;
	search.mount = stx.stx_mnt_id;
	if (!err)
		err = find_mount(&search);
	place->dev = st.st_dev;
	place->ino = st.st_ino;
	if (err)
		place_free(place);
	return err;
}

void place_free(struct place *place)
{
	free(place->fs);
	free(place->type);
	free(place->path);
	*place = (struct place){ 0 };
}

enum relation place_compare(const struct place *a, const struct place *b)
{
	if (a->ino && a->dev == b->dev && a->ino == b->ino)
		return RELATION_SAME;
	if (!a->path || !b->path || strcmp(a->fs, b->fs))
		return RELATION_NONE;
	if (part_below(b->path, a->path))
		return RELATION_HOLDS;
	return part_below(a->path, b->path) ? RELATION_INSIDE : RELATION_NONE;
}

bool place_is_above(const struct place *above, int folder)
{
	int fd __cleanup_close = fcntl(folder, F_DUPFD_CLOEXEC, 0);
	struct stat st;

	while (path_climb(&fd, &st)) {
		if (st.st_dev == above->dev && st.st_ino == above->ino)
			return true;
	}
	return false;
}

const char *place_kernel_type(const struct place *place)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernel_types); i++) {
		if (!strcmp(place->type, kernel_types[i]))
			return place->type;
	}
	return NULL;
}
