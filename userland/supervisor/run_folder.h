/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A container's folder below the run directory, containers/<id>/:
 *
 *	stdout, stderr	FIFOs for its output, if it keeps a log
 *	state		a symbolic link to its state folder, if it has one
 *	cgroup		a symbolic link to its cgroup, if it has one
 *	hosts, hostname, resolv.conf
 *			the container's files in /etc, see etc_files.h
 *
 * The run folder is a journal of the things that a container has on the host. It is made
 * before the things that it names, and removed after them. So a supervisor that finds a
 * run folder knows everything that a dead supervisor may have left.
 *
 * The FIFOs let every user write, because a program of the container may change its user
 * and then open /dev/stdout. But only root can enter the folder.
 *
 * The container has its FIFOs open for reading and writing, so each FIFO always has a
 * reader: while there is no supervisor, the container gets no SIGPIPE.
 */
#ifndef SUPERVISOR_RUN_FOLDER_H
#define SUPERVISOR_RUN_FOLDER_H

#include <stdbool.h>

#include "log/format.h"
#include "registry.h"

/* The folder of all run folders, below the run directory. */
#define RUN_FOLDERS "containers"

/* How long to wait until dying processes have closed their FIFOs, in milliseconds. */
#define LEFTOVER_MS 1000

/* Things that a run folder may name. */
#define RUN_FOLDER_STATE  "state"
#define RUN_FOLDER_CGROUP "cgroup"

/* The names of the files for /etc. */
#define N_ETC_FILES 3
extern const char *const run_folder_etc[N_ETC_FILES];

/**
 * run_folder_make() - make the folder @path, empty or with FIFOs
 * Replaces an existing folder: the caller must make sure that it is unused.
 */
int run_folder_make(const char *path, bool fifos);
/** run_folder_fifo() - the name of the FIFO of a stream */
const char *run_folder_fifo(enum log_stream stream);
/** run_folder_note() - make the symbolic link @thing to @target, an absolute path */
int run_folder_note(const char *path, const char *thing, const char *target);
/** run_folder_read() - read such a link; the caller must free() @target; -ENOENT: none */
int run_folder_read(const char *path, const char *thing, char **target);
/** run_folder_remove() - remove it and everything in it; it is no error if it is missing */
int run_folder_remove(const char *path);

/**
 * run_folder_open() - open both FIFOs with @flags of open(2)
 * @fds: set only on success
 * Errors: -ENOENT (it has no FIFOs), those of open(2).
 */
int run_folder_open(const char *path, int flags, int fds[LOG_N_STREAMS]);
/**
 * run_folder_wait_unused() - wait until no process has its FIFOs open for writing
 * The caller must not have them open. Returns 0, even if there are no FIFOs; -EBUSY after
 * @ms milliseconds; or another negative errno.
 */
int run_folder_wait_unused(const char *path, int ms);

/** container_make_run_folder() - make it, with all links; @layer: path of the layer or NULL */
int container_make_run_folder(struct container *c, const char *layer,
			      struct failure *failure);
/** container_remove_run_folder() - remove it, after the things that it names */
void container_remove_run_folder(struct container *c);
/** run_folder_path() - make the path of a container's run folder; NULL: out of memory */
char *run_folder_path(const struct supervisor *supervisor, const char *name);
/** container_names_foreign() - report a link to a thing that the container does not own */
void container_names_foreign(const struct container *c, const char *thing,
			     const char *path);

#endif /* SUPERVISOR_RUN_FOLDER_H */
