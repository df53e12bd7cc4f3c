/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Launching a process in a new or a running container, as spec.h describes it.
 *
 * This folder does not depend on the supervisor, the control protocol or the kernel's
 * table. A launch has two gates where the child waits. At the first one the caller can
 * register it in the table, before it does anything. At the second one it is ready to
 * run its command:
 *
 *	launch_begin()    clone3() into new namespaces and its cgroup; the child
 *			  waits at the gate "registered"
 *	launch_release()  the child sets up its root; if the spec has a start gate, it
 *			  waits there until launch_gate_open()
 *	launch_result()   returns the result, when launch.sync_fd is readable
 *
 * If the spec has pause_before_pivot, the child pauses when its namespaces and mounts are
 * made, while "/" is still the host's. In its mount namespace, the container's tree is then
 * mounted at the path of its root. The caller can start hooks there with launch_enter():
 * they find their programs in the host's tree, and what they mount below that path is in
 * the container afterwards. launch_continue() ends the pause.
 *
 * launch_enter() replaces launch_begin() for another process in a running container.
 *
 * Another process than the one that began the launch can open a gate. The gate
 * "registered" belongs to sync_fd, which can be sent to another process; if no process
 * has it open any more, the child exits. The start gate is a socket in a folder; the
 * process that began the launch may have exited before.
 *
 * The caller may have several threads, which may launch at the same time. So from clone3()
 * to execve() the child obeys the rules of a signal handler: no malloc(), no stdio, no
 * locks. launch_begin() prepares all memory that it needs.
 *
 * All mounts are made in the container's mount namespace: the host does not see them, and
 * they disappear with the container.
 */
#ifndef LAUNCH_LAUNCH_H
#define LAUNCH_LAUNCH_H

#include <sys/types.h>

#include "base/failure.h"
#include "spec.h"

/** struct launch - one launch under way */
struct launch {
	pid_t pid;   /* a child of the caller, which must reap it */
	int pidfd;   /* the caller must close it */
	int sync_fd; /* readable when launch_result() has a new result */
	int terminal_fd; /* -1, or set by launch_result(): the caller must close it */
	/*
	 * The notify descriptor of a filter with SECCOMP_FILTER_FLAG_NEW_LISTENER: -1, or
	 * set by launch_result(); the caller must close it. The call that sets it returns
	 * LAUNCH_NO_NEWS, also if the result has come since. The caller must serve the
	 * descriptor at once: if the filter notifies execve(), the child waits for an
	 * answer. If there is a start gate, launch_gate_result() sets
	 * launch_gate.notify_fd in the same way instead.
	 */
	int notify_fd;
	struct launch_plan *plan;
};

/* Results of launch_result(), besides -1. */
enum launch_state {
	LAUNCH_NO_NEWS = 0,
	LAUNCH_RUNS = 1,   /* execve() has succeeded */
	LAUNCH_WAITS = 2,  /* the child waits at the start gate */
	LAUNCH_PAUSED = 3, /* the child waits for launch_continue() */
};

/**
 * launch_kernel_lacks() - check whether the kernel has everything that launches need
 * Returns NULL, or the name of a missing system call and the version that has it.
 */
const char *launch_kernel_lacks(void);

/**
 * launch_protect_program() - make sure that containers cannot write to the program file
 * A program that launches must call this first. If its file can be written, the program
 * executes itself again from a read-only mount, and comes here again; see program.c.
 * Returns 0 if it is protected, or a negative errno.
 */
int launch_protect_program(char *const argv[]);

/**
 * launch_userns_lacks() - check whether containers can have user namespaces here
 * Returns NULL, or what is in the way, as words for a message.
 */
const char *launch_userns_lacks(void);

/* The owner of a user namespace is the caller. */
#define LAUNCH_OWNER_IS_CALLER ((uid_t)-1)

/**
 * launch_user_namespace() - make a user namespace for a container to join, and for mounts
 * @owner: this user of the host owns it: the kernel counts against this user, too, what the
 *	users of the namespace have
 * Returns a descriptor or a negative errno.
 */
int launch_user_namespace(const struct id_map *uids, const struct id_map *gids,
			  uid_t owner);

/**
 * launch_map_folder() - make a detached mount of a folder, its ids mapped as in @userns
 * Returns a descriptor or a negative errno; -EINVAL: its file system cannot map ids.
 */
int launch_map_folder(int folder, int userns);

/**
 * launch_begin() - make the process; it waits for launch_release()
 * @stdio: stdin, stdout and stderr of the container; the caller keeps them. -1: the null
 *	device in the container's /dev. Do not pass the host's /dev/null: the container
 *	could change its mode, owner and times
 * Returns 0, or -1 with @failure filled; then launch_end() may be called, but need not.
 * The child keeps only stdio and the descriptors in the spec.
 */
int launch_begin(struct launch *l, const struct container_spec *spec,
		 const int stdio[3], struct failure *failure);

/**
 * launch_enter() - make a process in a running container
 * @stdio: as above
 * The process joins every namespace of the container's init that differs from the
 * caller's, and is made in the cgroup in the spec. It is a child of the caller, ends with
 * the container's PID namespace, and waits for launch_release(). The kernel reports the
 * end of the container's init only after this process was reaped. If the container is
 * paused, "/" and all paths are the host's.
 */
int launch_enter(struct launch *l, const struct enter_spec *spec,
		 const int stdio[3], struct failure *failure);

/**
 * launch_release() - open the gate "registered"
 * Errors: -EALREADY (it was opened before), -EPIPE (the child is dead).
 */
int launch_release(struct launch *l);

/** launch_release_fd() - the same, in another process that has received the sync_fd */
int launch_release_fd(int sync_fd);

/**
 * launch_continue() - end a pause
 * Errors: -EINVAL: launch_result() has not returned LAUNCH_PAUSED; -EPIPE: the child is
 * dead already.
 */
int launch_continue(struct launch *l);

/**
 * launch_result() - return the result so far; never blocks
 * Returns an enum launch_state. Returns -1 with @failure filled if the launch failed: the
 * child was killed before execve(), or it exits with failure->code; the caller must reap
 * it. After a final result, further calls return the same.
 */
int launch_result(struct launch *l, struct failure *failure);

/**
 * launch_end() - free the memory of the launch, and close sync_fd
 * A child that was not released, or is paused, then exits with 125. May be called again.
 */
void launch_end(struct launch *l);

/** struct launch_gate - a start gate that was opened */
struct launch_gate {
	int fd;	       /* readable when launch_gate_result() has a result */
	int report;    /* for launch_gate_result() */
	int notify_fd; /* as in struct launch, set by launch_gate_result() */
};

/**
 * launch_gate_make() - make a start gate, for struct container_spec.start_gate
 * @name: of the socket in @folder, at most 64 bytes
 * Only the caller's user and root can connect (mode 0600). The folder should belong to
 * root alone. The caller must remove the name when the container has ended.
 * Returns a descriptor, which the caller must close after the launch has begun; or -1.
 */
int launch_gate_make(int folder, const char *name, struct failure *failure);

/**
 * launch_gate_open() - start the process that waits at a gate
 * Returns 0, or -1 with @failure filled if no process waits there.
 */
int launch_gate_open(struct launch_gate *gate, int folder, const char *name,
		     struct failure *failure);

/**
 * launch_gate_result() - return the result of the start; never blocks
 * Returns LAUNCH_RUNS, LAUNCH_NO_NEWS or -1, as launch_result() does.
 */
int launch_gate_result(struct launch_gate *gate, struct failure *failure);

/** launch_gate_close() - close fd and report; this does not end the process */
void launch_gate_close(struct launch_gate *gate);

#endif /* LAUNCH_LAUNCH_H */
