/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a container and a process in it are to be: plain structures that the caller
 * fills and that a launch reads. Nothing here does anything, and no field has a
 * default other than zero, save for those that container_spec_init() and
 * process_spec_init() set.
 *
 * All strings and arrays belong to the caller and stay valid until launch_end().
 * Descriptors stay the caller's to close, and are needed until launch_begin() or
 * launch_enter() returns.
 */
#ifndef LAUNCH_SPEC_H
#define LAUNCH_SPEC_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct sock_fprog;

/** struct resource_limit - one limit of setrlimit(2) */
struct resource_limit {
	int resource; /* RLIMIT_* */
	struct rlimit limit;
};

/**
 * struct capability_sets - bit masks of CAP_*
 * The process gets no capability that the caller does not have, and no error is made
 * of that. The ambient set is cut to what is permitted and inheritable.
 */
struct capability_sets {
	uint64_t bounding;
	uint64_t effective;
	uint64_t permitted;
	uint64_t inheritable;
	uint64_t ambient;
};

/** struct scheduler_spec - arguments of sched_setattr(2), times in nanoseconds */
struct scheduler_spec {
	uint32_t policy; /* SCHED_* */
	uint64_t flags;	 /* SCHED_FLAG_* */
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

/** struct process_spec - a process of a container; ids are the container's */
struct process_spec {
	char *const *argv; /* NULL-terminated, at least one */
	char *const *envp; /* NULL-terminated; its PATH finds argv[0] */
	const char *cwd;   /* absolute, inside the container; NULL: "/" */
	bool make_cwd;	   /* if it is missing */

	uid_t uid;
	gid_t gid;
	const gid_t *groups; /* additional ones; all others are dropped */
	size_t n_groups;
	mode_t umask;

	struct capability_sets capabilities;
	bool no_new_privs;
	const struct sock_fprog *filter; /* of seccomp(2); NULL: none */
	unsigned int filter_flags;	 /* SECCOMP_FILTER_FLAG_* */
	const char *apparmor; /* profile from execve() on; NULL: unchanged */
	const char *selinux;  /* context from execve() on; NULL: unchanged */

	const struct resource_limit *rlimits; /* all others are inherited */
	size_t n_rlimits;
	bool has_oom_score_adj; /* if not, it is inherited */
	int oom_score_adj;	/* -1000 to 1000 */

	bool has_nice;
	int nice;	       /* -20 to 19 */
	const cpu_set_t *cpus; /* NULL: inherit */
	size_t cpus_size;      /* bytes, as sched_setaffinity() has it */
	bool has_io_priority;
	int io_priority; /* as ioprio_set(2) has it, class and level */
	const struct scheduler_spec *scheduler; /* NULL: inherit */
	bool has_personality;
	unsigned long personality; /* of personality(2) */

	/*
	 * A terminal of the container's devpts becomes stdin, stdout, stderr and the
	 * controlling terminal. Its other side is struct launch.terminal_fd.
	 */
	bool terminal;
	unsigned short rows, columns; /* 0: the kernel's default */

	const int *
		fds; /* descriptors that become 3, 4 and so on in the process */
	size_t n_fds;
	bool keep_keyring; /* the caller's session keyring, not one of its own */
};

/** struct id_range - @count ids from @inside on are those from @outside on */
struct id_range {
	uint32_t inside;
	uint32_t outside;
	uint32_t count;
};

/** struct id_map - at most 340 ranges, as the kernel has it */
struct id_map {
	const struct id_range *ranges;
	size_t n;
};

/** struct namespace_spec - a namespace that is there already, to be joined */
struct namespace_spec {
	uint64_t kind;	  /* one CLONE_NEW* */
	const char *path; /* of a file like /proc/PID/ns/net */
	int fd;		  /* that file, opened; -1: the path is */
};

/** struct clock_offset - what a time namespace adds to a clock */
struct clock_offset {
	const char *clock; /* "monotonic" or "boottime" */
	int64_t seconds;
	uint32_t nanoseconds;
};

/**
 * struct root_spec - what "/" is in the container
 * The folder is opened once; its path only names it in messages then.
 */
struct root_spec {
	const char *path;
	int fd; /* that folder, opened, or a mount of it; -1: open @path */
	bool is_mount; /* @fd is a mount attached nowhere: it becomes the root */
	bool recursive; /* with what the host has mounted below the folder */
	uint64_t attributes; /* MOUNT_ATTR_* */
	bool read_only;	     /* once all that is mounted in it has its place */
	unsigned long propagation; /* MS_PRIVATE, MS_SLAVE, MS_SHARED,
				    * MS_UNBINDABLE; 0: MS_PRIVATE
				    */
	/* The ids of its files are mapped; both NULL: they are not. */
	const struct id_map *uids, *gids;
};

/**
 * struct mount_spec - one mount inside the container, made in order
 * A missing target is made in the container's root. A target under a symbolic
 * link is found as the container sees it, never outside its root; proc and sysfs
 * are not mounted through one at all. A target in an earlier mount is found from
 * that mount, and a link there is not followed.
 * Proc and sysfs get their masks wherever they are mounted, also by a bind of all
 * of it.
 */
struct mount_spec {
	const char *source; /* a host path for a bind mount, else any name */
	const char *target; /* absolute path inside the container */
	const char *type;   /* file-system type; NULL for a bind mount */
	const char *data;   /* options, separated by commas; NULL: none */
	uint64_t set;	    /* MOUNT_ATTR_* of this mount */
	uint64_t clear; /* bind: those of the source that it does not have */
	bool recursive; /* bind: with what is mounted below the source */
	uint64_t all_set,
		all_clear;	   /* bind: likewise, of all mounts below too */
	unsigned long propagation; /* of them all, as in struct root_spec */
	bool copy_up; /* tmpfs: starts with a copy of what the target holds */
	/* bind: the ids of its files are mapped; both NULL: they are not. */
	const struct id_map *uids, *gids;
};

/**
 * struct device_spec - a node in the container
 * If the caller may not make nodes, the one with the same path and number on the
 * host is bound there instead, read-only.
 */
struct device_spec {
	const char *path; /* absolute, inside the container */
	mode_t mode;	  /* S_IFCHR, S_IFBLK or S_IFIFO, and permissions */
	unsigned int major, minor;
	uid_t uid;
	gid_t gid;
};

/** struct link_spec - a symbolic link in the container; one that is there stays */
struct link_spec {
	const char *path; /* absolute, inside the container */
	const char *target;
};

/**
 * struct mask_spec - a path in the container that is hidden or read-only
 * If it begins with /proc/ or /sys/, it applies to all proc or sysfs in the
 * container, wherever that is mounted. A path that is not there needs no mask.
 */
struct mask_spec {
	const char *path; /* absolute */
	bool read_only; /* else hidden: a file looks empty, and so does a folder */
};

/**
 * struct sysctl_spec - a setting that belongs to one of the container's namespaces
 * The keys allowed are net.*, if the network namespace is not the caller's,
 * fs.mqueue.* and System V's in kernel.*, if the IPC namespace is not.
 */
struct sysctl_spec {
	const char *key; /* separated by dots, or by slashes */
	const char *value;
};

/** struct container_spec - what a container is to be */
struct container_spec {
	const char *id; /* for messages */
	struct process_spec process;

	uint64_t namespaces; /* new ones, CLONE_NEW*; CLONE_NEWNS always */
	const struct namespace_spec *joined; /* all others are inherited */
	size_t n_joined;
	struct id_map uids, gids;	   /* of a new user namespace */
	const struct clock_offset *clocks; /* of a new time namespace */
	size_t n_clocks;
	const char *hostname, *domainname; /* NULL: unchanged */
	const struct sysctl_spec *sysctls;
	size_t n_sysctls;

	int cgroup_fd; /* folder of the cgroup (v2) to be born in, the root of its
			* cgroup namespace; -1: the caller's
			*/

	struct root_spec root;
	const struct mount_spec *mounts;
	size_t n_mounts;
	const struct device_spec *devices;
	size_t n_devices;
	const struct link_spec *links;
	size_t n_links;
	const struct mask_spec *masks;
	size_t n_masks;
	bool proc_read_only; /* all of proc that is no process' */

	int start_gate; /* see launch_gate_make(); -1: there is none */
};

/** struct enter_spec - one more process in a container that runs */
struct enter_spec {
	const char *id; /* for messages */
	pid_t pid;	/* the container's init, and its */
	int pidfd;	/* pidfd: the number alone may be another's by now */
	int cgroup_fd;	/* as above */
	struct process_spec process;
};

/** process_spec_init() - umask 022, all else zero */
void process_spec_init(struct process_spec *process);

/**
 * container_spec_init() - a new mount namespace, no descriptors, all else zero
 * The process is as process_spec_init() has it.
 */
void container_spec_init(struct container_spec *spec);

#endif /* LAUNCH_SPEC_H */
