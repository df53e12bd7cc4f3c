/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Specs: plain structures that describe a container and a process in it. The caller fills
 * them, a launch reads them. The default of a field is zero, unless container_spec_init()
 * or process_spec_init() sets another value.
 *
 * All strings and arrays belong to the caller and must stay valid until launch_end().
 * Descriptors belong to the caller, too, and must stay open until launch_begin() or
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
 * Capabilities that the caller does not have are left out, without an error. Ambient
 * capabilities that are not both permitted and inheritable are left out, too.
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

/** struct process_spec - a process of a container; all ids are those in the container */
struct process_spec {
	char *const *argv;   /* NULL-terminated, at least one */
	const char *program; /* the file to execute; NULL: argv[0] */
	/*
	 * Execute the open program @init_fd instead, with the same arguments and
	 * environment: it is to run the command. A missing command is an error all the
	 * same.
	 */
	bool has_init;
	int init_fd;
	char *const *envp; /* NULL-terminated; its PATH finds the file */
	const char *cwd;   /* absolute, inside the container; NULL: "/" */
	bool make_cwd;	   /* make it if it is missing */

	uid_t uid;
	gid_t gid;
	const gid_t *groups; /* supplementary groups; all others are dropped */
	size_t n_groups;
	/*
	 * "USER[:GROUP]", each a name or a number: instead of @uid, @gid and @groups. The
	 * child looks it up in the container's own /etc/passwd and /etc/group. Without a
	 * group, the process gets all groups of the user. NULL: as above.
	 */
	const char *user;
	bool home_of_user; /* then also replace HOME in @envp, whose memory changes */
	mode_t umask;

	struct capability_sets capabilities;
	bool no_new_privs;
	const struct sock_fprog *filter; /* of seccomp(2); NULL: none */
	unsigned int filter_flags; /* SECCOMP_FILTER_FLAG_*; for NEW_LISTENER
				    * see struct launch.notify_fd
				    */
	const char *apparmor; /* profile from execve() on; NULL: unchanged */
	const char *selinux;  /* context from execve() on; NULL: unchanged */

	const struct resource_limit *rlimits; /* all others are inherited */
	size_t n_rlimits;
	bool has_oom_score_adj; /* if not, it is inherited */
	int oom_score_adj;	/* -1000 to 1000 */

	bool has_nice; /* after @scheduler, which sets a nice value, too */
	int nice;      /* -20 to 19 */
	const cpu_set_t *cpus; /* NULL: inherit */
	size_t cpus_size;      /* in bytes, for sched_setaffinity() */
	bool has_io_priority;
	int io_priority; /* class and level, for ioprio_set(2) */
	const struct scheduler_spec *scheduler; /* NULL: inherit */
	bool has_personality;
	unsigned long personality; /* of personality(2) */
	/* Reset what else execve() keeps of the caller, see inherited.c */
	bool reset_inherited;

	/*
	 * Make a terminal in the container's devpts: stdin, stdout, stderr and controlling
	 * terminal. Its master side is struct launch.terminal_fd.
	 */
	bool terminal;
	unsigned short rows, columns; /* 0: the kernel's default */

	const int *
		fds; /* descriptors that become 3, 4 and so on in the process */
	size_t n_fds;
	bool keep_keyring; /* keep the caller's session keyring, make no new one */
};

/** struct id_range - maps @count ids, starting at @inside, to ids starting at @outside */
struct id_range {
	uint32_t inside;
	uint32_t outside;
	uint32_t count;
};

/** struct id_map - at most 340 ranges, the kernel's limit */
struct id_map {
	const struct id_range *ranges;
	size_t n;
};

/** struct namespace_spec - an existing namespace to join */
struct namespace_spec {
	uint64_t kind;	  /* one CLONE_NEW* */
	const char *path; /* of a file such as /proc/PID/ns/net */
	int fd;		  /* that file, open; -1: open @path */
};

/** struct clock_offset - the offset of a clock in a time namespace */
struct clock_offset {
	const char *clock; /* "monotonic" or "boottime" */
	int64_t seconds;
	uint32_t nanoseconds;
};

/**
 * struct root_spec - the container's "/"
 * The folder is opened once; after that, its path is used only in messages.
 */
struct root_spec {
	const char *path;
	int fd; /* that folder, open; or a detached mount; -1: open @path */
	bool is_mount;	/* @fd is a detached mount, which becomes the root */
	bool recursive; /* include the host's mounts below the folder */
	uint64_t attributes; /* MOUNT_ATTR_* */
	bool read_only; /* make it read-only after mounting everything in it */
	unsigned long propagation; /* MS_PRIVATE, MS_SLAVE, MS_SHARED,
				    * MS_UNBINDABLE; 0: MS_PRIVATE
				    */
	/* Map the ids of its files; both NULL: no mapping */
	const struct id_map *uids, *gids;
	bool is_mapped; /* instead: map them as in the user namespace @userns */
	int userns;
};

/**
 * struct mount_spec - a mount in the container; mounts are made in order
 * A missing target is made. Symbolic links in the path of a target are resolved in the
 * container's root, and never lead out of it; the path of a proc or sysfs must have none.
 * A target in an earlier mount is looked up in that mount, without following links.
 * Proc and sysfs get their masks wherever they are mounted, even by a bind mount of their
 * root. If the container has a user namespace and the caller's network namespace, its sysfs
 * is made by the caller: the kernel would refuse it to the container. A new file system becomes read-only after all else is mounted and made in it.
 */
struct mount_spec {
	const char *source; /* a host path for a bind mount, else any name */
	bool is_open;	    /* bind: @fd is the source, which may be O_PATH */
	int fd;
	const char *target; /* absolute path inside the container */
	bool optional; /* leave it out if the target cannot be used, or if the folder
			* of the target is missing
			*/
	bool no_crossing; /* no symbolic link may lead into another mount, such as /proc */
	const char *type; /* file-system type; NULL for a bind mount */
	const char *data; /* options, separated by commas; NULL: none */
	uint64_t set;	  /* MOUNT_ATTR_* of this mount */
	uint64_t clear;	  /* bind: MOUNT_ATTR_* of the source to clear */
	bool recursive;	  /* bind: include the mounts below the source */
	uint64_t all_set,
		all_clear; /* bind: the same, also for the mounts below */
	unsigned long propagation; /* of all of them, as in struct root_spec */
	bool copy_up; /* tmpfs: copy the content of the target into it */
	const char *
		label; /* SELinux context of all files of a file system; NULL: as
			    * the policy has it. Ignored if SELinux is off
			    */
	bool keep_mode; /* tmpfs: take the mode of the target, if it is there and
			 * @data has no "mode"
			 */
	/* bind: map the ids of its files; both NULL: no mapping */
	const struct id_map *uids, *gids;
	bool is_mapped; /* instead: map them as in the user namespace @userns */
	int userns;
	bool map_first; /* not those of the mounts below */
};

/**
 * struct device_spec - a device node or FIFO in the container
 * If the caller may not make device nodes, the host's node with the same path and number
 * is bound there instead, read-only.
 */
struct device_spec {
	const char *path; /* absolute, inside the container */
	mode_t mode;	  /* S_IFCHR, S_IFBLK or S_IFIFO, and permissions */
	unsigned int major, minor;
	uid_t uid;
	gid_t gid;
};

/** struct link_spec - a symbolic link in the container; an existing file stays */
struct link_spec {
	const char *path; /* absolute, inside the container */
	const char *target;
};

/**
 * struct mask_spec - a path in the container that is hidden or read-only
 * A path that begins with /proc/ or /sys/ applies to every proc or sysfs in the container,
 * wherever it is mounted. It is no error if the path does not exist.
 */
struct mask_spec {
	const char *path; /* absolute */
	bool read_only;	  /* false: hidden, an empty file or an empty folder */
};

/**
 * struct sysctl_spec - a sysctl of one of the container's namespaces
 * The key may be net.* if the network namespace is not the caller's; and fs.mqueue.* or a
 * System V IPC setting in kernel.* if the IPC namespace is not the caller's.
 */
struct sysctl_spec {
	const char *key; /* separated by dots, or by slashes */
	const char *value;
};

/** struct container_spec - a container and its first process */
struct container_spec {
	const char *id; /* for messages */
	struct process_spec process;

	uint64_t namespaces; /* new ones: CLONE_NEW*, always with CLONE_NEWNS */
	const struct namespace_spec *joined; /* the others are the caller's */
	size_t n_joined;
	struct id_map uids, gids;	   /* of a new user namespace */
	const struct clock_offset *clocks; /* of a new time namespace */
	size_t n_clocks;
	const char *hostname, *domainname; /* NULL: unchanged */
	const struct sysctl_spec *sysctls;
	size_t n_sysctls;

	int cgroup_fd; /* folder of its cgroup (v2), also the root of its cgroup
			* namespace; -1: the caller's
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
	bool proc_read_only; /* all entries of proc that belong to no process */

	int start_gate;		 /* from launch_gate_make(); -1: none */
	bool pause_before_pivot; /* see launch_continue(); not with root.is_mount */
};

/** struct enter_spec - another process in a running container */
struct enter_spec {
	const char *id; /* for messages */
	pid_t pid;	/* of the container's init */
	int pidfd; /* of the same process: the PID may have been used again */
	int cgroup_fd; /* as above */
	struct process_spec process;
};

/** process_spec_init() - set the umask to 022, and everything else to zero */
void process_spec_init(struct process_spec *process);

/**
 * container_spec_init() - set CLONE_NEWNS, all descriptors to -1, everything else to zero
 * It calls process_spec_init() for the process.
 */
void container_spec_init(struct container_spec *spec);

#endif /* LAUNCH_SPEC_H */
