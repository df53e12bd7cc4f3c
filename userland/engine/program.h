/* SPDX-License-Identifier: GPL-2.0 */
/* The command line of engine, see Documentation/cli.md. */
#ifndef ENGINE_PROGRAM_H
#define ENGINE_PROGRAM_H

#include "base/command.h"

extern const struct program engine_program;

#endif /* ENGINE_PROGRAM_H */
