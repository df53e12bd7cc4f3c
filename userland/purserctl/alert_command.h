/* SPDX-License-Identifier: GPL-2.0 */
/* The command of one event: its arguments, its environment, its start. */
#ifndef PURSERCTL_ALERT_COMMAND_H
#define PURSERCTL_ALERT_COMMAND_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/strings.h"
#include "libpurser/purser.h"

/** struct alert_options - the options of "monitor" for commands */
struct alert_options {
	const char *command;	      /* NULL: none */
	struct string_list arguments; /* of the command */
	bool shell;		      /* the command is a text for sh(1) */
	unsigned int most;	      /* so many run at a time */
	unsigned int queue;	      /* so many events wait in memory */
	unsigned int limit_ms; /* a command gets SIGTERM then; 0: never */
};

/**
 * alert_command_start() - start the command for an event
 * It leads a process group of its own. Returns 0 with @pid filled, or a negative errno.
 */
int alert_command_start(const struct alert_options *options,
			const struct purser_event *event, pid_t *pid);

#endif /* PURSERCTL_ALERT_COMMAND_H */
