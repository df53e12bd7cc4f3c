/* SPDX-License-Identifier: GPL-2.0 */
/* The main function of a program that command.h describes. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include "command.h"

/**
 * program_main() - do what a command line asks for
 * Prints the failure of the command, if it fails, and returns the exit status.
 */
int program_main(const struct program *program, int argc, char **argv);

#endif /* BASE_PROGRAM_H */
