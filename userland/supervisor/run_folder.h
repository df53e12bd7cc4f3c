/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A container's folder below the run directory, containers/<id>/:
 *
 *	stdout, stderr	FIFOs for its output, if it keeps a log
 *	state		a symbolic link to its state folder, if it has one
 *	cgroup		a symbolic link to its cgroup, if it has one
 *
 * It is a journal of the things that a container has on the host. It is made before
 * each thing that it names and removed after it, so that a supervisor that finds a run
 * folder knows all that a dead supervisor may have left.
 *
 * The container has its FIFOs open for reading and writing: each FIFO always has a
 * reader, so that the container goes on without SIGPIPE while no supervisor is there.
 */
#ifndef SUPERVISOR_RUN_FOLDER_H
#define SUPERVISOR_RUN_FOLDER_H

#include <stdbool.h>

#include "log/format.h"
#include "registry.h"

/* Below the run directory: the folder of all of them. */
#define RUN_FOLDERS "containers"

/* How long the dead may take to close their FIFOs, in milliseconds. */
#define LEFTOVER_MS 1000

/* Things that a run folder may name. */
#define RUN_FOLDER_STATE  "state"
#define RUN_FOLDER_CGROUP "cgroup"

/**
 * run_folder_make() - make the folder @path, empty or with FIFOs
 * A folder that is there names nothing that still exists, and is made anew.
 */
int run_folder_make(const char *path, bool fifos);
/** run_folder_note() - have it name @target, an absolute path */
int run_folder_note(const char *path, const char *thing, const char *target);
/** run_folder_read() - what was noted, for free(); -ENOENT: nothing was */
int run_folder_read(const char *path, const char *thing, char **target);
/** run_folder_remove() - remove it and all in it; no error if it is not there */
int run_folder_remove(const char *path);

/**
 * run_folder_open() - open both FIFOs with @flags of open(2)
 * @fds: set on success alone. -ENOENT: it has none.
 */
int run_folder_open(const char *path, int flags, int fds[LOG_N_STREAMS]);
/**
 * run_folder_wait_unused() - until no process has its FIFOs open for writing
 * For a supervisor that has not opened them itself. Returns 0, also if there are no
 * FIFOs; -EBUSY when @ms milliseconds are over; another negative errno.
 */
int run_folder_wait_unused(const char *path, int ms);

/** container_make_run_folder() - @layer: where its layer will be, or NULL */
int container_make_run_folder(struct container *c, const char *layer,
			      struct failure *failure);
/** container_remove_run_folder() - nothing that it names is left */
void container_remove_run_folder(struct container *c);
/** run_folder_path() - where the run folder of a container is; NULL: no memory */
char *run_folder_path(const struct supervisor *supervisor, const char *name);
/** container_names_foreign() - report that it names a thing that is not the container's */
void container_names_foreign(const struct container *c, const char *thing,
			     const char *path);

#endif /* SUPERVISOR_RUN_FOLDER_H */
