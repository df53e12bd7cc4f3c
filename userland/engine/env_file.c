// SPDX-License-Identifier: GPL-2.0
/* Files of environment variables, see env_file.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "env_file.h"

/* A request has no more room. */
#define FILE_MAX (1 << 20)

static int add_line(const char *path, size_t number, char *line,
		    struct string_list *env, struct failure *failure)
{
	line[strcspn(line, "\r\n")] = '\0';
	if (!*line || *line == '#')
		return 0;
	if (*line == '=' || !strchr(line, '='))
		return failed(failure, EXIT_USAGE,
			      "%s:%zu: \"%.80s\": not KEY=VALUE", path, number,
			      line);
	if (string_list_add(env, line))
		return failed_errno(failure, -ENOMEM, "%s", path);
	return 0;
}

static int read_file(const char *path, struct string_list *env,
		     struct failure *failure)
{
	FILE *f __cleanup_fclose = fopen(path, "re");
	__cleanup_free char *line = NULL;
	size_t room = 0, number = 0, total = 0;
	ssize_t len;

	if (!f)
		return failed_errno(failure, -errno, "%s", path);
	while ((len = getline(&line, &room, f)) >= 0) {
		total += (size_t)len;
		if (total > FILE_MAX)
			return failed(failure, EXIT_USAGE,
				      "%s: larger than 1 MiB", path);
		if (memchr(line, 0, (size_t)len))
			return failed(failure, EXIT_USAGE,
				      "%s:%zu: not a line of text", path,
				      number + 1);
		if (add_line(path, ++number, line, env, failure))
			return -1;
	}
	return ferror(f) ? failed_errno(failure, -errno, "%s", path) : 0;
}

int env_files_read(const struct string_list *paths, struct string_list *env,
		   struct failure *failure)
{
	struct string_list all = { 0 };
	int err = 0;

	for (size_t i = 0; !err && i < paths->n; i++)
		err = read_file(paths->strings[i], &all, failure);
	for (size_t i = 0; !err && i < env->n; i++)
		if (string_list_add(&all, env->strings[i]))
			err = failed_errno(failure, -ENOMEM,
					   "reading the arguments");
	if (err) {
		string_list_free(&all);
		return err;
	}
	string_list_free(env);
	*env = all;
	return 0;
}
