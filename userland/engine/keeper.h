/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The keeper of a process in a running container: a process of engine that starts it, and
 * reaps it. The kernel completes the end of a container only after all processes in it
 * were reaped. The program that the user sees can be stopped, by Ctrl-Z or by reading the
 * terminal in the background. The keeper has a session of its own, so it goes on.
 */
#ifndef ENGINE_KEEPER_H
#define ENGINE_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/failure.h"
#include "launch/spec.h"

/** enum keeper_state - what has become of the process */
enum keeper_state {
	KEEPER_STARTING,
	KEEPER_FAILED, /* it could not be started */
	KEEPER_RUNS,
	KEEPER_ENDED,
};

struct keeper_report;

/** struct keeper - for keeper_end() */
struct keeper {
	pid_t pid;
	int socket;   /* readable when keeper_look() has news */
	bool runs;    /* the process runs, or has run */
	int terminal; /* the master side of its terminal; -1: none */
	struct keeper_report *report;
};

/**
 * keeper_begin() - make a keeper, which enters the container as @spec describes
 * @stdio: as for launch_enter(); the caller should close its own
 * If the caller ends before the process runs, the keeper kills the process.
 */
int keeper_begin(struct keeper *k, const struct enter_spec *spec,
		 const int stdio[3], struct failure *failure);

/**
 * keeper_look() - find out what has become of the process; never blocks
 * @status: set with %KEEPER_ENDED: its exit code, or 128 + N if signal N ended it
 * Returns an enum keeper_state; with %KEEPER_FAILED, @failure is filled.
 */
enum keeper_state keeper_look(struct keeper *k, int *status,
			      struct failure *failure);

/**
 * keeper_signal() - send a signal to the process; @group: to all of its process group
 * If the process does not run yet, any signal ends it: keeper_look() then returns
 * %KEEPER_FAILED.
 */
void keeper_signal(const struct keeper *k, int sig, bool group);

/** keeper_end() - close and free; a process that runs goes on */
void keeper_end(struct keeper *k);

#endif /* ENGINE_KEEPER_H */
