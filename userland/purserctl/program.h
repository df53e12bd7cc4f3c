/* SPDX-License-Identifier: GPL-2.0 */
/* The command line of purserctl, see Documentation/cli.md. */
#ifndef PURSERCTL_PROGRAM_H
#define PURSERCTL_PROGRAM_H

#include "base/command.h"

extern const struct program purserctl_program;

#endif /* PURSERCTL_PROGRAM_H */
