/* SPDX-License-Identifier: GPL-2.0 */
/* The help of a program, from its tables. It goes to stdout. */
#ifndef BASE_HELP_H
#define BASE_HELP_H

#include "command.h"

/** help_print() - all commands, or all options of @command if it is not NULL */
void help_print(const struct program *program, const struct command *command);

#endif /* BASE_HELP_H */
