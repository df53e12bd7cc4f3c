/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of engine, see struct command in base/command.h. */
#ifndef ENGINE_COMMANDS_H
#define ENGINE_COMMANDS_H

#include "base/command.h"
#include "options.h"
#include "options_words.h"

int command_supervisor(const struct command_line *line,
		       struct failure *failure);
int command_shutdown(const struct command_line *line, struct failure *failure);
int command_start(const struct command_line *line, struct failure *failure);
int command_run(const struct command_line *line, struct failure *failure);
int command_stop(const struct command_line *line, struct failure *failure);
int command_restart(const struct command_line *line, struct failure *failure);
int command_set(const struct command_line *line, struct failure *failure);
int command_rm(const struct command_line *line, struct failure *failure);
int command_ps(const struct command_line *line, struct failure *failure);
int command_exec(const struct command_line *line, struct failure *failure);
int command_kill(const struct command_line *line, struct failure *failure);
int command_wait(const struct command_line *line, struct failure *failure);
int command_pause(const struct command_line *line, struct failure *failure);
int command_unpause(const struct command_line *line, struct failure *failure);
int command_stats(const struct command_line *line, struct failure *failure);
int command_inspect(const struct command_line *line, struct failure *failure);
int command_events(const struct command_line *line, struct failure *failure);
int command_info(const struct command_line *line, struct failure *failure);
int command_version(const struct command_line *line, struct failure *failure);
int command_check(const struct command_line *line, struct failure *failure);
int command_logs(const struct command_line *line, struct failure *failure);

#endif /* ENGINE_COMMANDS_H */
