// SPDX-License-Identifier: GPL-2.0
/*
 * Finding and running the command. The paths that PATH allows for are joined
 * by the parent; the child tries them inside the container's root, with the
 * rules of execvp(), save that a file which is no program is not given to a
 * shell.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "raw.h"

/* For an environment without PATH. */
#define DEFAULT_PATH \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static const char *search_path(char *const *envp)
{
	for (; *envp; envp++)
		if (!strncmp(*envp, "PATH=", 5))
			return *envp + 5;
	return DEFAULT_PATH;
}

static size_t count_folders(const char *path)
{
	size_t n = 1;

	for (; *path; path++)
		n += *path == ':';
	return n;
}

/* An empty folder means the working folder. */
static char *join(const char *folder, size_t len, const char *name)
{
	char *s = NULL;

	if (asprintf(&s, "%.*s%s%s", (int)len, folder, len ? "/" : "", name) <
	    0)
		return NULL;
	return s;
}

int plan_commands(struct launch_plan *plan, struct failure *failure)
{
	const char *name = plan->process->argv[0];
	const char *folder = search_path(plan->process->envp);
	size_t i, len, n = 1;

	if (!strchr(name, '/') && *name)
		n = count_folders(folder);
	plan->commands = calloc(n + 1, sizeof(*plan->commands));
	if (!plan->commands)
		return no_memory(failure);
	for (i = 0; i < n; i++) {
		if (strchr(name, '/') || !*name) {
			plan->commands[i] = strdup(name);
		} else {
			len = strcspn(folder, ":");
			plan->commands[i] = join(folder, len, name);
			folder += len + 1;
		}
		if (!plan->commands[i])
			return no_memory(failure);
	}
	return 0;
}

void plan_commands_free(struct launch_plan *plan)
{
	char **command;

	if (!plan->commands)
		return;
	for (command = plan->commands; *command; command++)
		free(*command);
	free(plan->commands);
}

/* These mean that the command may still be in another folder. */
static bool not_here(long error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -EACCES;
}

/*
 * Before the process waits for its start: the one who makes it then hears of a command
 * that is not there. What a user may execute is seen at execve().
 */
int child_find_command(struct child *c)
{
	char **command;
	long r = 0;

	if (c->plan->gate < 0)
		return 0;
	for (command = c->plan->commands; *command; command++) {
		r = raw(SYS_faccessat, AT_FDCWD, *command, F_OK);
		if (!not_here(r))
			return (int)r;
	}
	return (int)r;
}

int child_exec(struct child *c)
{
	const struct process_spec *p = c->plan->process;
	char **command;
	long r, result = -ENOENT;

	c->stage = STAGE_COMMAND;
	for (command = c->plan->commands; *command; command++) {
		r = raw(SYS_execve, *command, p->argv, p->envp);
		if (!not_here(r))
			return (int)r;
		if (r == -EACCES) {
			result = r;
			c->stage = STAGE_COMMAND;
		}
		/* It is there, so what is missing is what is to run it. */
		if (r == -ENOENT && result == -ENOENT &&
		    !raw(SYS_faccessat, AT_FDCWD, *command, F_OK))
			c->stage = STAGE_INTERPRETER;
	}
	return (int)result;
}
