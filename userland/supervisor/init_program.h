/* SPDX-License-Identifier: GPL-2.0 */
/* The program that --init runs as the first process, userland/init/main.c. */
#ifndef SUPERVISOR_INIT_PROGRAM_H
#define SUPERVISOR_INIT_PROGRAM_H

#include "base/failure.h"

/**
 * init_program() - return the program as an open file that nobody can change
 * The first call makes it, in memory; it stays open. Returns -1 with @failure filled if
 * that fails.
 */
int init_program(struct failure *failure);

#endif /* SUPERVISOR_INIT_PROGRAM_H */
