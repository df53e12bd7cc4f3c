/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Making a running supervisor leave: "engine supervisor --take-over" takes its place, and
 * "engine shutdown" ends it.
 */
#ifndef SUPERVISOR_TAKEOVER_H
#define SUPERVISOR_TAKEOVER_H

#include <stdbool.h>

#include "base/failure.h"

/**
 * take_over() - have the supervisor that serves @run_dir leave, and wait until it is dead
 * It leaves everything as it is, for recover(). Does nothing if no supervisor serves the
 * directory.
 */
int take_over(const char *run_dir, struct failure *failure);

/**
 * shut_down() - end the supervisor that serves @run_dir, and wait until it is dead
 * @keep_containers: as take_over(); otherwise it stops all containers in order, see
 *	shutdown.h. It is a failure if no supervisor serves the directory.
 */
int shut_down(const char *run_dir, bool keep_containers,
	      struct failure *failure);

#endif /* SUPERVISOR_TAKEOVER_H */
