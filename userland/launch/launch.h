/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Launching: from a plain description of a container to a process in it.
 *
 * Nothing in this folder knows of the supervisor, the control protocol or the
 * kernel's table. A launch has three steps, so that the caller can enter the
 * process in the table before it does anything:
 *
 *	launch_begin()    clone3() into new namespaces and its cgroup; the child
 *			  waits
 *	launch_release()  the child sets up its root and calls execve()
 *	launch_result()   what became of that, when launch.sync_fd is readable
 *
 * The caller may be multi-threaded, and several threads may launch at once.
 * The child therefore lives, from clone3() to execve(), under the rules of a
 * signal handler: no malloc(), no stdio, no locks; all memory that it needs was
 * prepared by launch_begin().
 *
 * Every mount is made in the container's own mount namespace and goes with it:
 * the host sees none of them, and none is left when the container ends.
 */
#ifndef LAUNCH_LAUNCH_H
#define LAUNCH_LAUNCH_H

#include <sys/types.h>

#include "base/failure.h"
#include "spec.h"

/** struct launch - one launch under way */
struct launch {
	pid_t pid;   /* a child of the caller, to be reaped by it */
	int pidfd;   /* the caller's to close */
	int sync_fd; /* readable when launch_result() has news */
	struct launch_plan *plan;
};

/**
 * launch_kernel_lacks() - what launches need and the running kernel does not have
 * Returns NULL where it has everything, else the name of what is missing, and the
 * version that brought it.
 */
const char *launch_kernel_lacks(void);

/**
 * launch_image_lacks() - what this machine does not have and image_bytes needs
 * Returns NULL where it has everything.
 */
const char *launch_image_lacks(void);

/**
 * launch_protect_program() - keep containers off the caller's program file
 * To be called with its arguments first of all by a program that launches: one
 * whose file can be written executes itself anew from a read-only mount of it,
 * and comes here again; see program.c. Returns 0 once it is protected.
 */
int launch_protect_program(char *const argv[]);

/**
 * launch_begin() - make the process; it waits for launch_release()
 * @stdio: the container's stdin, stdout and stderr; not closed here. -1: the null
 * device of the container's own /dev. A descriptor of the host's /dev/null would
 * let the container change mode, owner and times of that
 * Makes the overlay's folders in the state folder, and fails if an earlier container's
 * are still there (see launch_remove_state()).
 * Returns 0, or -1 with @failure filled; then nothing is left, and launch_end() may
 * but need not be called. All file descriptors are close-on-exec; the child keeps
 * none but its stdio.
 */
int launch_begin(struct launch *l, const struct container_spec *spec,
		 const int stdio[3], struct failure *failure);

/**
 * launch_release() - let the child go on; once
 * Errors: -EALREADY; -EPIPE, the child is dead already.
 */
int launch_release(struct launch *l);

/**
 * launch_result() - never blocks
 * Returns 1 when execve() has succeeded, 0 when there is no news yet, or -1 with
 * @failure filled when the launch failed: the child was killed before it came to
 * execve(), or it exits with failure->code and waits to be reaped. Once there is a
 * result, further calls repeat it.
 */
int launch_result(struct launch *l, struct failure *failure);

/**
 * launch_end() - free what the launch holds, close sync_fd (not pidfd)
 * A child that was never released exits with 125 then. May be called again.
 */
void launch_end(struct launch *l);

/**
 * launch_remove_state() - remove what launches left in a state folder
 * Removes overlay folders and the folder itself, without following symbolic
 * links or crossing mounts. A folder that does not exist is no error.
 * Errors: -ENOTEMPTY, there is something in it that no launch has made;
 * -EXDEV or -EBUSY, something is mounted in it. What could not be removed, and
 * what had not been reached by then, stays.
 */
int launch_remove_state(const char *state_dir);

#endif /* LAUNCH_LAUNCH_H */
