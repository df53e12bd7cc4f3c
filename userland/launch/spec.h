/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a container is to be: plain structures that the caller fills and that a
 * launch reads. Nothing here does anything.
 */
#ifndef LAUNCH_SPEC_H
#define LAUNCH_SPEC_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

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

/* The mounts of every container: /proc, /sys (read-only), a minimal /dev. */
extern const struct mount_spec launch_default_mounts[];
extern const size_t launch_n_default_mounts;
/* What root in a container needs and cannot use to get out of it. */
extern const uint64_t launch_default_capabilities;

/**
 * container_spec_init() - the defaults of every container
 * Namespaces for PIDs, mounts, hostname, IPC and cgroups (the network is the
 * host's), the default mounts and capabilities, no_new_privs, the filter, and 0 for
 * oom_score_adj: the kernel may be told to spare the caller, never its containers.
 * All else is zero: id, argv, envp and a root must be set by the caller.
 */
void container_spec_init(struct container_spec *spec);

#endif /* LAUNCH_SPEC_H */
