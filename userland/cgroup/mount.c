// SPDX-License-Identifier: GPL-2.0
/*
 * Finding cgroup v2 in /proc/self/mountinfo, see proc(5):
 *
 *	36 35 98:0 /root /mount/point rw,noatime shared:1 - type source rw
 *
 * A mount can be hidden by a later one over it, and can show a part of the file
 * system alone: one that shows all of it is taken before one that does not.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"
#include "base/cleanup.h"

enum field {
	FIELD_ROOT = 3,
	FIELD_MOUNT_POINT = 4,
};

/* \040 and the like, in place. */
static char *unescape(char *text)
{
	char *from, *to = text;

	for (from = text; *from; from++) {
		if (from[0] == '\\' && strspn(from + 1, "01234567") >= 3) {
			*to++ = (char)((from[1] - '0') << 6 |
				       (from[2] - '0') << 3 | (from[3] - '0'));
			from += 3;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return text;
}

/* Cut @line up; returns the type, or NULL where the line makes no sense. */
static const char *parse(char *line, char **root, char **mount_point)
{
	char *type = strstr(line, " - ");
	char *word, *rest;
	int i;

	*root = NULL;
	*mount_point = NULL;
	if (!type)
		return NULL;
	*type = '\0';
	type += strlen(" - ");
	type[strcspn(type, " \n")] = '\0';
	for (i = 0; (word = strtok_r(i ? NULL : line, " ", &rest)); i++) {
		if (i == FIELD_ROOT)
			*root = unescape(word);
		if (i == FIELD_MOUNT_POINT)
			*mount_point = unescape(word);
	}
	return *mount_point ? type : NULL;
}

int cgroup_find_mount(FILE *mountinfo, bool (*is_there)(const char *path),
		      char **path, bool *has_v1)
{
	__cleanup_free char *line = NULL;
	char *root, *mount_point;
	bool whole = false;
	size_t room = 0;

	*path = NULL;
	*has_v1 = false;
	while (!whole && getline(&line, &room, mountinfo) > 0) {
		const char *type = parse(line, &root, &mount_point);

		if (type && !strcmp(type, "cgroup"))
			*has_v1 = true;
		if (!type || strcmp(type, "cgroup2") || !is_there(mount_point))
			continue;
		whole = !strcmp(root, "/");
		if (*path && !whole)
			continue;
		free(*path);
		*path = strdup(mount_point);
		if (!*path)
			return -ENOMEM;
	}
	return *path ? 0 : -ENOENT;
}
