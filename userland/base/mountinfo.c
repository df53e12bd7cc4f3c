// SPDX-License-Identifier: GPL-2.0
/*
 * Reading /proc/self/mountinfo, see mountinfo.h. A line of it:
 *
 *	36 35 98:0 /root /mount/point rw,noatime shared:1 - type source rw
 *
 * There are any number of fields before the dash.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "mountinfo.h"

/* Replace \040 and the like by the characters that they stand for, in place. */
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

/* Take a line apart, in place. */
static bool parse(char *line, struct mount *mount)
{
	enum {
		ID,
		PARENT,
		FS,
		ROOT,
		MOUNT_POINT,
		N_FIELDS
	};
	char *field[N_FIELDS];
	char *type = strstr(line, " - ");
	char *rest;

	if (!type)
		return false;
	*type = '\0';
	type += strlen(" - ");
	type[strcspn(type, " \n")] = '\0';
	for (int i = 0; i < N_FIELDS; i++) {
		field[i] = strtok_r(i ? NULL : line, " ", &rest);
		if (!field[i])
			return false;
	}
	*mount = (struct mount){
		.id = strtoull(field[ID], NULL, 10),
		.fs = field[FS],
		.root = unescape(field[ROOT]),
		.mount_point = unescape(field[MOUNT_POINT]),
		.type = type,
	};
	return true;
}

int mountinfo_each(FILE *mountinfo,
		   int (*fn)(const struct mount *mount, void *arg), void *arg)
{
	__cleanup_free char *line = NULL;
	struct mount mount;
	size_t room = 0;
	int ret = 0;

	while (!ret && getline(&line, &room, mountinfo) > 0) {
		if (parse(line, &mount))
			ret = fn(&mount, arg);
	}
	return ret;
}
