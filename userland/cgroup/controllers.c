// SPDX-License-Identifier: GPL-2.0
/* Turning on controllers, see controllers.h. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "controllers.h"
#include "mount.h"

#define CONTROLLERS	"cgroup.controllers"
#define SUBTREE_CONTROL "cgroup.subtree_control"

/* Enough for a list of controllers: there are some 15. */
#define LIST_ROOM 512

static int open_folder(const char *path)
{
	return file_open(AT_FDCWD, path, O_PATH | O_DIRECTORY);
}

/* Whether @name is a word of the list. */
static bool lists(const char *list, const char *name)
{
	const size_t len = strlen(name);

	while (*list) {
		size_t n = strcspn(list, " ");

		if (n == len && !memcmp(list, name, n))
			return true;
		list += n + strspn(list + n, " ");
	}
	return false;
}

/* Whether a file lists the controller @name: 1, 0 or a negative errno. */
static int file_lists(int folder, const char *file, const char *name)
{
	char list[LIST_ROOM];
	ssize_t n = file_read(folder, file, list, sizeof(list));

	return n < 0 ? n : lists(list, name);
}

static int turn_on(int folder, const char *name)
{
	char word[LIST_ROOM + 1];

	snprintf(word, sizeof(word), "+%s", name);
	return file_write(folder, SUBTREE_CONTROL, word);
}

int cgroup_has_controller(const char *path, const char *name)
{
	int folder __cleanup_close = open_folder(path);

	return folder < 0 ? folder : file_lists(folder, CONTROLLERS, name);
}

int cgroup_turn_on(const char *path, const char *name)
{
	int folder __cleanup_close = open_folder(path);
	int there;

	if (folder < 0)
		return folder;
	there = file_lists(folder, SUBTREE_CONTROL, name);
	if (there)
		return there < 0 ? there : 0;
	there = file_lists(folder, CONTROLLERS, name);
	if (there <= 0)
		return there < 0 ? there : -ENODEV;
	return turn_on(folder, name);
}

int cgroup_turn_off(const char *path, const char *name)
{
	int folder __cleanup_close = open_folder(path);
	char word[LIST_ROOM + 1];
	int there;

	if (folder < 0)
		return folder;
	there = file_lists(folder, SUBTREE_CONTROL, name);
	if (there <= 0)
		return there;
	snprintf(word, sizeof(word), "-%s", name);
	return file_write(folder, SUBTREE_CONTROL, word);
}

int cgroup_turn_on_above(const char *path, const char *name, char **where)
{
	__cleanup_free char *copy = strdup(path);
	const char *above;
	int err;

	if (!copy)
		return -ENOMEM;
	above = dirname(copy);
	if (!strcmp(path, "/") || !cgroup_is_v2(above))
		return 0;
	err = cgroup_turn_on_above(above, name, where);
	if (err)
		return err;
	err = cgroup_turn_on(above, name);
	if (err)
		*where = strdup(above);
	return err;
}

int cgroup_turn_on_all(const char *path)
{
	int folder __cleanup_close = open_folder(path);
	char all[LIST_ROOM], on[LIST_ROOM];
	char *name, *rest;
	int err = 0;
	ssize_t n;

	if (folder < 0)
		return folder;
	n = file_read(folder, CONTROLLERS, all, sizeof(all));
	if (n >= 0)
		n = file_read(folder, SUBTREE_CONTROL, on, sizeof(on));
	if (n < 0)
		return n;
	for (name = strtok_r(all, " ", &rest); name;
	     name = strtok_r(NULL, " ", &rest)) {
		int one = lists(on, name) ? 0 : turn_on(folder, name);

		err = err ? err : one;
	}
	return err;
}
