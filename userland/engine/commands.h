/* SPDX-License-Identifier: GPL-2.0 */
/* The commands that ask a supervisor; each returns its exit status. */
#ifndef ENGINE_COMMANDS_H
#define ENGINE_COMMANDS_H

#include "cli.h"

int command_start(const struct start_options *options);
int command_run(const struct start_options *options);
int command_stop(const struct stop_options *options);
int command_ps(const struct ps_options *options);
int command_logs(const struct logs_options *options);

/**
 * finish_output() - flush what was printed to stdout; an enum exit_code
 * A reader that went away is no error.
 */
int finish_output(void);

#endif /* ENGINE_COMMANDS_H */
