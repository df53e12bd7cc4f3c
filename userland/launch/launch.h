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

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/failure.h"

/**
 * struct mount_spec - one mount inside the container, made in order
 * A missing target is made in the container's root. A target under a symbolic
 * link is found as the container sees it, never outside its root; proc and sysfs
 * are not mounted through one at all. A target in an earlier mount is found from
 * that mount, and a link there is not followed.
 * Proc and sysfs get their masks wherever they are mounted, also by a bind of all
 * of it. A bind with MS_REC takes along what is mounted below its source.
 */
struct mount_spec {
	const char *source;  /* a host path for a bind mount, else any name */
	const char *target;  /* absolute path inside the container */
	const char *type;    /* file-system type; NULL for a bind mount */
	unsigned long flags; /* MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC,
				 * MS_NOATIME, MS_NODIRATIME, MS_STRICTATIME,
				 * MS_RELATIME; MS_BIND and MS_REC for a bind
				 */
	const char *data;    /* options, separated by commas; NULL: none */
};

/** struct resource_limit - one limit of setrlimit(2) */
struct resource_limit {
	int resource; /* RLIMIT_* */
	struct rlimit limit;
};

/**
 * struct container_spec - what a container is to be
 * Filled by the command line today; container_spec_init() gives the defaults.
 * Strings belong to whoever filled it and stay valid until launch_end(). Paths
 * are host paths unless said otherwise.
 */
struct container_spec {
	const char *id;	   /* its first 64 bytes are the hostname */
	char *const *argv; /* NULL-terminated, at least one */
	char *const *envp; /* NULL-terminated; its PATH finds argv[0] */
	const char *cwd;   /* inside the container; NULL: "/" */

	/* What the host has mounted below either is no part of the root. */
	const char *rootfs;	   /* the root, where overlay_lower is NULL */
	const char *overlay_lower; /* base folder of an overlay, or NULL */
	int root_fd;		   /* that folder, opened: the path only names
					 * it then. The caller's to close; -1: it
					 * is opened by its path
					 */
	const char *state_dir;	   /* existing; overlay dirs are made in it.
					 * Mode 0700, or the host's users reach
					 * what a container writes; NULL where
					 * there is no overlay
					 */

	uint64_t image_bytes; /* the overlay's dirs are in a file system
					 * of that size, in a file in state_dir;
					 * 0: in state_dir
					 */

	uint64_t namespaces; /* CLONE_NEW*; NEWNS always, never NEWUSER */
	int cgroup_fd;	     /* folder of the cgroup (v2) to be born in, the
					 * root of its cgroup namespace; -1: the
					 * caller's. The caller's to close and to
					 * remove
					 */
	const struct mount_spec *mounts;
	size_t n_mounts;
	uint64_t capabilities; /* bit mask of CAP_* to keep */
	bool no_new_privs;
	bool seccomp; /* the default filter, see seccomp.c */

	bool has_nice;
	int nice;	       /* -20 to 19 */
	const cpu_set_t *cpus; /* NULL: inherit */
	size_t cpus_size;      /* bytes, as sched_setaffinity() has it */
	const struct resource_limit *rlimits; /* all others are inherited */
	size_t n_rlimits;
	bool has_oom_score_adj; /* else it is inherited */
	int oom_score_adj;	/* -1000 to 1000 */
};

/** struct launch - one launch under way */
struct launch {
	pid_t pid;   /* a child of the caller, to be reaped by it */
	int pidfd;   /* the caller's to close */
	int sync_fd; /* readable when launch_result() has news */
	struct launch_plan *plan;
};

/* The mounts of every container: /proc, /sys (read-only), a minimal /dev. */
extern const struct mount_spec launch_default_mounts[];
extern const size_t launch_n_default_mounts;
/* What root in a container needs and cannot use to get out of it. */
extern const uint64_t launch_default_capabilities;

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
 * container_spec_init() - the defaults of every container
 * Namespaces for PIDs, mounts, hostname, IPC and cgroups (the network is the
 * host's), the default mounts and capabilities, no_new_privs, the filter, and 0 for
 * oom_score_adj: the kernel may be told to spare the caller, never its containers.
 * All else is zero: id, argv, envp and a root must be set by the caller.
 */
void container_spec_init(struct container_spec *spec);

/**
 * launch_begin() - make the process; it waits for launch_release()
 * @stdio: the container's stdin, stdout and stderr; not closed here. -1: the null
 * device of the container's own /dev. A descriptor of the host's /dev/null would
 * let the container change mode, owner and times of that
 * Makes the overlay's folders in the state folder; -EEXIST where an earlier
 * container's are still there (see launch_remove_state()).
 * Returns 0 or a negative errno with @failure filled; then nothing is left, and
 * launch_end() may but need not be called. All file descriptors are
 * close-on-exec; the child keeps none but its stdio.
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
 * Returns 1 when execve() has succeeded, 0 when there is no news yet, or a
 * negative errno with @failure filled when the launch failed; the child then exits
 * with failure->code and waits to be reaped. -ECHILD: it was killed before it
 * came to execve(). Once there is a result, further calls repeat it.
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
