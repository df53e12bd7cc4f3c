/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Launching: from a plain description of a container to a process in it.
 *
 * Nothing in this folder knows of the supervisor, the control protocol or the
 * kernel's table. A launch goes through two gates, so that the caller can enter the
 * process in the table before it does anything, and can have it wait once more before
 * it runs its command:
 *
 *	launch_begin()    clone3() into new namespaces and its cgroup; the child
 *			  waits at the gate "registered"
 *	launch_release()  the child sets up its root; if the spec has a start gate, it
 *			  waits there until launch_gate_open()
 *	launch_result()   what became of that, when launch.sync_fd is readable
 *
 * launch_enter() does the same for one more process in a container that runs.
 *
 * Each gate can be opened by another process than the one that began the launch. The
 * gate "registered" belongs to sync_fd, which can be handed to another process; if no
 * process has it any more, the child exits. The start gate is a socket in a folder,
 * and the process that began the launch may have exited long before.
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
	pid_t pid;	 /* a child of the caller, to be reaped by it */
	int pidfd;	 /* the caller's to close */
	int sync_fd;	 /* readable when launch_result() has news */
	int terminal_fd; /* -1, or from launch_result(): the caller's to close */
	struct launch_plan *plan;
};

/* What launch_result() returns beside -1. */
enum launch_state {
	LAUNCH_NO_NEWS = 0,
	LAUNCH_RUNS = 1,  /* execve() has succeeded */
	LAUNCH_WAITS = 2, /* at the start gate, with all that can be set up */
};

/**
 * launch_kernel_lacks() - what launches need and the running kernel does not have
 * Returns NULL where it has everything, else the name of what is missing, and the
 * version that brought it.
 */
const char *launch_kernel_lacks(void);

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
 * Returns 0, or -1 with @failure filled; then nothing is left, and launch_end() may
 * but need not be called. All file descriptors are close-on-exec; the child keeps
 * none but its stdio and those that the spec names.
 */
int launch_begin(struct launch *l, const struct container_spec *spec,
		 const int stdio[3], struct failure *failure);

/**
 * launch_enter() - make a process in a container that runs
 * It joins all namespaces in which the container's init is and the caller is not, and
 * is born in the cgroup given. It is the caller's child, ends with the container's pid
 * namespace, and waits for launch_release() as one of launch_begin() does. The kernel
 * reports the end of the container's init only when this process has been reaped.
 * @stdio: as above; the null device is that of the container's /dev
 */
int launch_enter(struct launch *l, const struct enter_spec *spec,
		 const int stdio[3], struct failure *failure);

/**
 * launch_release() - open the gate "registered"; once
 * Errors: -EALREADY; -EPIPE, the child is dead already.
 */
int launch_release(struct launch *l);

/** launch_release_fd() - the same in another process, which has the sync_fd */
int launch_release_fd(int sync_fd);

/**
 * launch_result() - never blocks
 * Returns an enum launch_state, or -1 with @failure filled when the launch failed: the
 * child was killed before it came to execve(), or it exits with failure->code and
 * waits to be reaped. Once the launch has ended, further calls repeat the result.
 */
int launch_result(struct launch *l, struct failure *failure);

/**
 * launch_end() - free what the launch holds, close sync_fd (no other descriptor)
 * A child that was never released exits with 125 then. May be called again.
 */
void launch_end(struct launch *l);

/** struct launch_gate - a start gate that was opened */
struct launch_gate {
	int fd;	    /* readable when launch_gate_result() has news */
	int report; /* of launch_gate_result() */
};

/**
 * launch_gate_make() - make a start gate, for struct container_spec.start_gate
 * A socket @name (at most 64 bytes) in a folder: who can write to that folder's files
 * can open the gate, so that it should belong to root alone. The caller removes the
 * name when the container has ended.
 * Returns a descriptor, which the caller closes once the launch has begun.
 */
int launch_gate_make(int folder, const char *name, struct failure *failure);

/**
 * launch_gate_open() - let the process that waits at a gate start
 * Returns 0, or -1 with @failure filled, if no process waits there.
 */
int launch_gate_open(struct launch_gate *gate, int folder, const char *name,
		     struct failure *failure);

/**
 * launch_gate_result() - what became of that; never blocks
 * Returns LAUNCH_RUNS, LAUNCH_NO_NEWS or -1, as launch_result() does.
 */
int launch_gate_result(struct launch_gate *gate, struct failure *failure);

/** launch_gate_close() - close what the gate holds; the process goes on */
void launch_gate_close(struct launch_gate *gate);

#endif /* LAUNCH_LAUNCH_H */
