/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of purserctl, see struct command in base/command.h. */
#ifndef PURSERCTL_COMMANDS_H
#define PURSERCTL_COMMANDS_H

#include "base/command.h"
#include "options.h"

int cmd_list(const struct command_line *line, struct failure *failure);
int cmd_show(const struct command_line *line, struct failure *failure);
int cmd_register(const struct command_line *line, struct failure *failure);
int cmd_unregister(const struct command_line *line, struct failure *failure);
int cmd_set(const struct command_line *line, struct failure *failure);
int cmd_stop(const struct command_line *line, struct failure *failure);
int cmd_wait(const struct command_line *line, struct failure *failure);
int cmd_info(const struct command_line *line, struct failure *failure);
int cmd_policy(const struct command_line *line, struct failure *failure);
int cmd_top(const struct command_line *line, struct failure *failure);
int cmd_metrics(const struct command_line *line, struct failure *failure);
int cmd_monitor(const struct command_line *line, struct failure *failure);
int cmd_events(const struct command_line *line, struct failure *failure);

#endif /* PURSERCTL_COMMANDS_H */
