// SPDX-License-Identifier: GPL-2.0
/* The names of log files, see names.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "settings.h"
#include "names.h"

/* Room for the number of a predecessor, its dot and the NUL. */
#define NUMBER_ROOM 12

/** struct name - that of a log, with room for a number behind it */
struct name {
	char *text; /* for free() */
	size_t len; /* without a number */
};

static int name_init(struct name *name, const char *path)
{
	name->len = strlen(path);
	name->text = malloc(name->len + NUMBER_ROOM);
	if (!name->text)
		return -ENOMEM;
	memcpy(name->text, path, name->len + 1);
	return 0;
}

static void name_free(struct name *name)
{
	free(name->text);
}

#define __cleanup_name __attribute__((cleanup(name_free)))

/* 0 is the log itself. */
static const char *numbered(struct name *name, unsigned int number)
{
	char *end = name->text + name->len;

	if (number)
		snprintf(end, NUMBER_ROOM, ".%u", number);
	else
		*end = '\0';
	return name->text;
}

static int renumber(const char *path, unsigned int from, unsigned int to)
{
	__cleanup_name struct name old = { 0 };
	__cleanup_name struct name new = { 0 };

	if (name_init(&old, path) || name_init(&new, path))
		return -ENOMEM;
	return rename(numbered(&old, from), numbered(&new, to)) < 0 ? -errno :
								      0;
}

int logfile_shift(const char *path)
{
	__cleanup_name struct name name = { 0 };
	unsigned int free_number = 0;
	struct stat st;
	int err = name_init(&name, path);

	if (err)
		return err;
	/* Where no number is free the oldest has to go. */
	while (free_number < LOG_MAX_FILES_MAX &&
	       !lstat(numbered(&name, free_number), &st))
		free_number++;
	if (!free_number)
		return -errno;
	for (unsigned int n = free_number; !err && n > 0; n--)
		err = renumber(path, n - 1, n);
	return err;
}

int logfile_trim(const char *path, unsigned int max_files)
{
	__cleanup_name struct name name = { 0 };
	int first_err = name_init(&name, path);

	if (first_err)
		return first_err;
	/* There are no others, whatever was allowed before. */
	for (unsigned int n = max_files; n <= LOG_MAX_FILES_MAX; n++) {
		if (unlink(numbered(&name, n)) < 0 && errno != ENOENT &&
		    !first_err)
			first_err = -errno;
	}
	return first_err;
}

int logfile_claim(const char *path, bool *had_old)
{
	int err = logfile_shift(path);

	*had_old = !err;
	return err == -ENOENT ? 0 : err;
}

int logfile_undo(const char *path, bool had_old)
{
	int err = 0;

	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	for (unsigned int n = 1; had_old && !err && n <= LOG_MAX_FILES_MAX; n++)
		err = renumber(path, n, n - 1);
	return err == -ENOENT ? 0 : err;
}
