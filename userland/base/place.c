// SPDX-License-Identifier: GPL-2.0
/*
 * Places of folders, see place.h. A line of /proc/self/mountinfo, see proc(5):
 *
 *	36 35 98:0 /root /mount/point rw,noatime shared:1 - type source rw
 *
 * The folder's name, less the mount point, is its path below /root.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "paths.h"
#include "place.h"

#define MOUNTINFO "/proc/self/mountinfo"

/* What is in them is the machine's, or is not of files at all. */
static const char *const kernel_types[] = {
	"autofs",   "binder",	"binfmt_misc", "bpf",	     "cgroup",
	"cgroup2",  "configfs", "debugfs",     "devpts",     "devtmpfs",
	"efivarfs", "fusectl",	"mqueue",      "nsfs",	     "proc",
	"pstore",   "resctrl",	"rpc_pipefs",  "securityfs", "selinuxfs",
	"smackfs",  "sysfs",	"tracefs",
};

enum field {
	FIELD_ID,
	FIELD_FS = 2,
	FIELD_ROOT,
	FIELD_MOUNT_POINT,
	N_FIELDS,
};

/** struct mount_line - what is of use in a line; all points into it */
struct mount_line {
	char *field[N_FIELDS];
	char *type;
};

/* \040 and the like, in place. */
static void unescape(char *text)
{
	char *to = text;

	while (*text) {
		if (*text == '\\' && strspn(text + 1, "01234567") >= 3) {
			*to++ = (char)strtol((char[]){ text[1], text[2],
						       text[3], '\0' },
					     NULL, 8);
			text += 4;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

static bool parse(char *line, struct mount_line *m)
{
	char *rest;

	m->type = strstr(line, " - ");
	if (!m->type)
		return false;
	*m->type = '\0';
	m->type += strlen(" - ");
	m->type[strcspn(m->type, " \n")] = '\0';
	for (int i = 0; i < N_FIELDS; i++) {
		m->field[i] = strtok_r(i ? NULL : line, " ", &rest);
		if (!m->field[i])
			return false;
	}
	unescape(m->field[FIELD_ROOT]);
	unescape(m->field[FIELD_MOUNT_POINT]);
	return true;
}

/* What follows @above in @path, "" or "/..."; NULL: it is not below. */
static const char *part_below(const char *path, const char *above)
{
	size_t len = strcmp(above, "/") ? strlen(above) : 0;

	if (strncmp(path, above, len) || (path[len] && path[len] != '/'))
		return NULL;
	return strcmp(path + len, "/") ? path + len : "";
}

/* -EAGAIN: it is another mount. */
static int find_in_line(char *line, uint64_t mount, const char *name,
			struct place *place)
{
	struct mount_line m;
	const char *below;

	if (!parse(line, &m) || strtoull(m.field[FIELD_ID], NULL, 10) != mount)
		return -EAGAIN;
	below = part_below(name, m.field[FIELD_MOUNT_POINT]);
	if (!below)
		return -EXDEV;
	place->fs = strdup(m.field[FIELD_FS]);
	place->type = strdup(m.type);
	place->path = *below ? path_join(m.field[FIELD_ROOT], below + 1, "") :
			       strdup(m.field[FIELD_ROOT]);
	return place->fs && place->type && place->path ? 0 : -ENOMEM;
}

static int find_mount(uint64_t mount, const char *name, struct place *place)
{
	FILE *mountinfo __cleanup_fclose = fopen(MOUNTINFO, "re");
	__cleanup_free char *line = NULL;
	size_t room = 0;
	int err = -EAGAIN;

	if (!mountinfo)
		return -errno;
	while (err == -EAGAIN && getline(&line, &room, mountinfo) > 0)
		err = find_in_line(line, mount, name, place);
	return err == -EAGAIN ? -EXDEV : err;
}

int place_find(int fd, struct place *place)
{
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
	if (!err)
		err = find_mount(stx.stx_mnt_id, name, place);
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
	struct stat st, last = { 0 };

	while (fd >= 0 && !fstat(fd, &st)) {
		int up;

		/* The parent of "/" is "/". */
		if (same_file(&st, &last))
			return false;
		last = st;
		up = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		close(fd);
		fd = up;
		if (fd >= 0 && !fstat(fd, &st) && st.st_dev == above->dev &&
		    st.st_ino == above->ino)
			return true;
	}
	return false;
}

const char *place_kernel_type(const struct place *place)
{
	for (size_t i = 0; i < sizeof(kernel_types) / sizeof(kernel_types[0]);
	     i++)
		if (!strcmp(place->type, kernel_types[i]))
			return place->type;
	return NULL;
}
