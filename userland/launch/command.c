// SPDX-License-Identifier: GPL-2.0
/*
 * Finding and running the command. The parent makes a list of paths from PATH. The child
 * tries them inside the container's root, as execvp() does; but it does not run a file
 * of an unknown format with a shell.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "child.h"
#include "raw.h"

/* The PATH, if the environment has none. */
#define DEFAULT_PATH \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

const char *plan_program(const struct process_spec *process)
{
	return process->program ? process->program : process->argv[0];
}

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

/* An empty component of PATH means the working folder. */
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
	const char *name = plan_program(plan->process);
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

/* Whether to try the next folder after this error. */
static bool not_here(long error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -EACCES;
}

/* Returns 0, or the error that execve() has for @command whoever the user is. */
static long check_command(const char *command)
{
	struct statx st;
	long r = raw(SYS_statx, AT_FDCWD, command, AT_NO_AUTOMOUNT,
		     STATX_TYPE | STATX_MODE, &st);

	if (r)
		return r;
	return S_ISREG(st.stx_mode) && st.stx_mode & 0111 ? 0 : -EACCES;
}

/*
 * Look for the command before the start gate, so that the caller learns early if it is
 * missing or no program; or before an init program runs it. Whether the user may execute it is known only at execve().
 */
int child_find_command(struct child *c)
{
	long r, result = -ENOENT;
	char **command;

	if (c->plan->gate < 0 && c->plan->init_fd < 0)
		return 0;
	for (command = c->plan->commands; *command; command++) {
		r = check_command(*command);
		if (!not_here(r))
			return (int)r;
		if (r == -EACCES)
			result = r;
	}
	return (int)result;
}

int child_exec(struct child *c)
{
	const struct process_spec *p = c->plan->process;
	char **command;
	long r, result = -ENOENT;

	c->stage = STAGE_COMMAND;
	if (c->plan->init_fd >= 0)
		return (int)raw(SYS_execveat, c->plan->init_fd, "", p->argv,
				p->envp, (unsigned long)AT_EMPTY_PATH);
	for (command = c->plan->commands; *command; command++) {
		r = raw(SYS_execve, *command, p->argv, p->envp);
		if (!not_here(r))
			return (int)r;
		if (r == -EACCES) {
			result = r;
			c->stage = STAGE_COMMAND;
		}
		/* The file exists, so its interpreter is missing. */
		if (r == -ENOENT && result == -ENOENT &&
		    !raw(SYS_faccessat, AT_FDCWD, *command, F_OK))
			c->stage = STAGE_INTERPRETER;
	}
	return (int)result;
}
