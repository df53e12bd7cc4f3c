// SPDX-License-Identifier: GPL-2.0
/* Environment variables, see env_file.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "env_file.h"

/* A request has no more room. */
#define FILE_MAX (1 << 20)

/* Returns 0, -EINVAL: @entry has no key, or -ENOMEM. */
static int add_entry(const char *entry, struct string_list *env)
{
	__cleanup_free char *made = NULL;
	const char *value;

	if (!*entry || *entry == '=')
		return -EINVAL;
	if (strchr(entry, '='))
		return string_list_add(env, entry);
	value = getenv(entry);
	if (!value)
		return 0;
	if (asprintf(&made, "%s=%s", entry, value) < 0) {
		made = NULL;
		return -ENOMEM;
	}
	return string_list_add(env, made);
}

static int add_line(const char *path, size_t number, char *line,
		    struct string_list *env, struct failure *failure)
{
	int err;

	line[strcspn(line, "\r\n")] = '\0';
	if (!*line || *line == '#')
		return 0;
	err = add_entry(line, env);
	if (err == -EINVAL)
		return failed(failure, EXIT_USAGE,
			      "%s:%zu: \"%.80s\": neither KEY=VALUE nor KEY",
			      path, number, line);
	return failed_if(failure, err, "%s", path);
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

static int add_option(const char *entry, struct string_list *env,
		      struct failure *failure)
{
	int err = add_entry(entry, env);

	if (err == -EINVAL)
		return failed(failure, EXIT_USAGE,
			      "--env: \"%.80s\" is neither KEY=VALUE nor KEY",
			      entry);
	return failed_if(failure, err, "reading the arguments");
}

int env_complete(const struct string_list *paths, struct string_list *env,
		 struct failure *failure)
{
	struct string_list all = { 0 };
	int err = 0;

	for (size_t i = 0; !err && i < paths->n; i++)
		err = read_file(paths->strings[i], &all, failure);
	for (size_t i = 0; !err && i < env->n; i++)
		err = add_option(env->strings[i], &all, failure);
	if (err) {
		string_list_free(&all);
		return err;
	}
	string_list_free(env);
	*env = all;
	return 0;
}
