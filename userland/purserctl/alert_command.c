// SPDX-License-Identifier: GPL-2.0
/* The command of one event, see alert_command.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "alert_command.h"
#include "base/cleanup.h"
#include "view/event_fields.h"

#define SHELL "/bin/sh"

static int add_field(const char *name, const char *value, void *arg)
{
	__cleanup_free char *entry = NULL;

	if (asprintf(&entry, "%s=%s", name, value) < 0) {
		entry = NULL;
		return -ENOMEM;
	}
	return string_list_add(arg, entry);
}

/* The fields of another event may be in the environment: leave those out. */
static int make_environment(const struct purser_event *e,
			    struct string_list *list)
{
	static const char prefix[] = EVENT_FIELDS_CONTAINER;
	int err = 0;

	for (char **entry = environ; !err && *entry; entry++) {
		if (strncmp(*entry, prefix, sizeof(prefix) - 1) &&
		    strncmp(*entry, "PURSER_SEQ=", 11) &&
		    strncmp(*entry, "PURSER_TIME=", 12) &&
		    strncmp(*entry, "PURSER_EVENT=", 13))
			err = string_list_add(list, *entry);
	}
	return err ? err : event_fields_each(e, add_field, list);
}

/* With a shell: sh -c COMMAND sh ARGUMENT... */
static int make_arguments(const struct alert_options *o,
			  struct string_list *list)
{
	int err = 0;

	if (o->shell) {
		err = string_list_add(list, "sh");
		if (!err)
			err = string_list_add(list, "-c");
	}
	if (!err)
		err = string_list_add(list, o->command);
	if (!err && o->shell)
		err = string_list_add(list, "sh");
	for (size_t i = 0; !err && i < o->arguments.n; i++)
		err = string_list_add(list, o->arguments.strings[i]);
	return err;
}

/*
 * Signals are as in a new program, and there is no input. The command leads a process group,
 * so that it can be ended together with what it has started.
 */
static int spawn(const char *program, char **argv, char **environment,
		 pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	int err;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attributes);
	err = posix_spawn_file_actions_addopen(&files, STDIN_FILENO,
					       "/dev/null", O_RDONLY, 0);
	if (!err)
		err = posix_spawnattr_setflags(&attributes,
					       POSIX_SPAWN_SETSIGMASK |
						       POSIX_SPAWN_SETSIGDEF |
						       POSIX_SPAWN_SETPGROUP);
	if (!err)
		err = posix_spawnattr_setsigdefault(&attributes, &all);
	if (!err)
		err = posix_spawnattr_setsigmask(&attributes, &none);
	if (!err)
		err = posix_spawnp(pid, program, &files, &attributes, argv,
				   environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return -err;
}

int alert_command_start(const struct alert_options *o,
			const struct purser_event *event, pid_t *pid)
{
	struct string_list arguments = { 0 }, environment = { 0 };
	int err = make_arguments(o, &arguments);

	if (!err)
		err = make_environment(event, &environment);
	if (!err)
		err = spawn(o->shell ? SHELL : o->command, arguments.strings,
			    environment.strings, pid);
	string_list_free(&arguments);
	string_list_free(&environment);
	return err;
}
