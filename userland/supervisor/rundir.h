/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A container's folder below the run directory, containers/<id>/:
 *
 *	stdout, stderr	FIFOs for its output, where it keeps a log
 *	state		a symbolic link to its state folder, where it has one
 *	cgroup		a symbolic link to its cgroup, where it has one
 *
 * It is a journal of what a container has on the host. What it speaks of is made
 * after it and removed before it, so that a supervisor that finds one knows all
 * that a dead one may have left.
 *
 * The container has its FIFOs open for reading and writing. It is never without a
 * reader then, and goes on without SIGPIPE while no supervisor is there.
 */
#ifndef SUPERVISOR_RUNDIR_H
#define SUPERVISOR_RUNDIR_H

#include <stdbool.h>

#include "log/format.h"

/* Below the run directory: the folder of all of them. */
#define RUNDIR_ALL "containers"

/* How long the dead may take to close their FIFOs, in milliseconds. */
#define LEFTOVER_MS 1000

/* What a run folder may speak of. */
#define RUNDIR_STATE  "state"
#define RUNDIR_CGROUP "cgroup"

/**
 * rundir_make() - make the folder @path, empty or with FIFOs
 * One that is there speaks of nothing any more, and is made anew.
 */
int rundir_make(const char *path, bool fifos);
/** rundir_note() - have it speak of @target, an absolute path */
int rundir_note(const char *path, const char *what, const char *target);
/** rundir_read() - what was noted, for free(); -ENOENT where nothing was */
int rundir_read(const char *path, const char *what, char **target);

/**
 * rundir_open() - open both FIFOs with @flags of open(2)
 * @fds: set on success alone. -ENOENT: it has none.
 */
int rundir_open(const char *path, int flags, int fds[LOG_N_STREAMS]);
/**
 * rundir_wait_unused() - until no process has its FIFOs open for writing
 * For a supervisor that has not opened them itself. Returns 0, also where there
 * are none; -EBUSY when @ms milliseconds are over; another negative errno.
 */
int rundir_wait_unused(const char *path, int ms);

/** rundir_remove() - remove it and all in it; no error where it is not there */
int rundir_remove(const char *path);

#endif /* SUPERVISOR_RUNDIR_H */
