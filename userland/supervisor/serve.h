/* SPDX-License-Identifier: GPL-2.0 */
/* Running a supervisor. */
#ifndef SUPERVISOR_SERVE_H
#define SUPERVISOR_SERVE_H

#include "base/failure.h"
#include "settings.h"

/**
 * supervisor_run() - run a supervisor until it is asked to exit
 * @argv: the program's arguments; it may execute itself again, see launch/program.c
 */
int supervisor_run(const struct supervisor_options *options, char *const argv[],
		   struct failure *failure);

#endif /* SUPERVISOR_SERVE_H */
