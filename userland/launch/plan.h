/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The plan of a launch: everything that the child needs. The parent prepares it before
 * clone3(). The child has a copy, which it may write to, and allocates nothing.
 *
 * Functions named plan_*() run in the parent. With a struct failure they return 0 or
 * -1, else 0 or a negative errno. child.h has what runs in the child.
 */
#ifndef LAUNCH_PLAN_H
#define LAUNCH_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/filter.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/quote.h"
#include "message.h"
#include "spec.h"

/* Older headers lack it. */
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

/** enum launch_stage - the step of the child that has failed */
enum launch_stage {
	STAGE_NONE, /* no report yet */
	STAGE_JOIN, /* index: number of the namespace */
	STAGE_PROCESS,
	STAGE_STDIO,
	STAGE_INHERITED,
	STAGE_CLOCKS,
	STAGE_ROOT_USER,
	STAGE_SESSION,
	STAGE_PERSONALITY,
	STAGE_LABEL,
	STAGE_HOSTNAME,
	STAGE_DOMAINNAME,
	STAGE_LOOPBACK,
	STAGE_SYSCTL, /* index: number of the sysctl */
	STAGE_PRIVATE,
	STAGE_SCAFFOLD,
	STAGE_ROOT,
	STAGE_MOUNT,   /* index: number of the mount */
	STAGE_COPY_UP, /* index: number of the mount */
	STAGE_DEVICE,  /* index: number of the device */
	STAGE_LINK,    /* index: number of the link */
	STAGE_MASK, /* index: number of the mask; or the number of masks: proc */
	STAGE_LOOKUP, /* index: 0 the user, 1 the group */
	STAGE_TERMINAL,
	STAGE_PAUSE,
	STAGE_PIVOT,
	STAGE_CWD,
	STAGE_GATE,
	/* From here on the start gate is open; see launch_explain_late(). */
	STAGE_LIMITS,
	STAGE_USER,
	STAGE_PRIVILEGES,
	STAGE_FILTER,
	STAGE_READY, /* no failure: execve() comes next */
	STAGE_COMMAND,
	STAGE_INTERPRETER,
};

/**
 * struct launch_report - the child's report of a failure, in shared memory
 * The child fills it without a system call, because its filter may refuse all of them.
 * It is complete when the child's end of the sync socket is closed.
 */
struct launch_report {
	uint32_t stage;
	uint32_t index;
	int32_t error; /* negative errno */
	int32_t pid;   /* see struct launch_plan.middle */
	char id[QUOTED_SIZE];
	char command[QUOTED_SIZE];
};

/** struct mount_option - one option of a file system; value NULL: a flag */
struct mount_option {
	const char *key;
	const char *value;
};

/** struct target - a path in the container, and the mount in which it is looked up */
struct target {
	char *path;  /* absolute; the child changes it during a lookup */
	char *below; /* the part of it below @mount */
	struct mount_plan
		*mount; /* the last mount that it is in; NULL: the root */
};

/** struct mount_plan - a struct mount_spec, prepared for the child */
struct mount_plan {
	const struct mount_spec *spec;
	struct target target;
	char *option_text;
	struct mount_option *options; /* with a place for one more */
	size_t n_options;
	char mode[8];	  /* child: an option */
	bool no_symlinks; /* the path of the target must have no symbolic links */
	bool devices;	  /* there are device nodes in it */
	bool covered;	  /* a later mount hides it */
	bool masked;	  /* child: it is proc or sysfs, and has its masks */
	int tree;	  /* the mount, detached at first, or -1 */
};

/** struct join_plan - a namespace to be joined */
struct join_plan {
	int kind; /* CLONE_NEW* */
	int fd;
	bool done; /* child */
};

/* The longest name of a user or a group, and the longest path of a home. */
#define LAUNCH_NAME_MAX	  255
#define LAUNCH_GROUPS_MAX 64

/** struct launch_ids - the user of the process, see struct process_spec */
struct launch_ids {
	uid_t uid;
	gid_t gid;
	const gid_t *groups;
	size_t n_groups;
};

/** struct launch_plan - see above */
struct launch_plan {
	const struct process_spec *process;
	const struct container_spec *spec; /* NULL: launch_enter() */
	const char *id;
	int cgroup_fd;

	struct launch_ids ids; /* child: changed by child_find_user() */
	gid_t found_groups[LAUNCH_GROUPS_MAX];	      /* child */
	char home[sizeof("HOME=") + LAUNCH_NAME_MAX]; /* child */

	int stdio[3];	/* -1: the container's null device */
	int init_fd;	/* see struct process_spec; -1: none */
	int *fds;	/* copies of struct process_spec.fds */
	int child_sync; /* the child's end of the sync socket */
	int report_fd;
	struct launch_report *report; /* shared with the child */
	int gate;		      /* -1: there is none */

	struct join_plan *joins;
	size_t n_joins;
	bool has_userns; /* the container has, or joins, a user namespace */
	/*
	 * A middle process joins namespaces, makes the container's process as a child
	 * of the parent, and exits; see clone.c.
	 */
	bool middle;

	int root_tree; /* the detached mount of the root, or -1 */
	struct mount_plan *mounts;
	struct target *devices;
	struct target *links;
	struct target *masks;
	struct target console;
	const struct target *null; /* of @devices, or NULL */
	struct sock_fprog filter;  /* as it is installed; len 0: none */
	unsigned long filter_key[MESSAGE_KEY]; /* see filter_key.c */
	char *clocks;	 /* for /proc/self/timens_offsets, or NULL */
	char *cwd;	 /* the working folder to make, or NULL */
	char **commands; /* paths to try, in order; NULL-terminated */

	/* The descriptors that the child keeps, see descriptors.c */
	int **kept;
	size_t n_kept;
	size_t n_kept_at_gate;

	/* parent: the result of the launch */
	bool released;
	int state; /* where the child waits: an enum launch_state */
	bool finished;
	int result;
	struct failure error;
};

/* prepare.c */
int plan_create(struct launch_plan **out, const struct container_spec *spec,
		const int stdio[3], struct failure *failure);
int plan_create_enter(struct launch_plan **out, const struct enter_spec *spec,
		      const int stdio[3], struct failure *failure);
void plan_destroy(struct launch_plan *plan);

int plan_rootfs(struct launch_plan *plan, struct failure *failure);
int plan_mounts(struct launch_plan *plan, struct failure *failure);
void plan_mounts_free(struct launch_plan *plan);
int plan_nodes(struct launch_plan *plan, struct failure *failure);
int plan_masks(struct launch_plan *plan, struct failure *failure);
int plan_joins(struct launch_plan *plan, struct failure *failure);
int plan_enter(struct launch_plan *plan, const struct enter_spec *spec,
	       struct failure *failure);
int plan_clocks(struct launch_plan *plan, struct failure *failure);
int plan_sysctls(const struct container_spec *spec, struct failure *failure);
/* plan_program() - path or name of the program */
const char *plan_program(const struct process_spec *process);
int plan_commands(struct launch_plan *plan, struct failure *failure);
void plan_commands_free(struct launch_plan *plan);
/* plan_filter() - the filter as it is installed; plan->filter.filter is for free() */
int plan_filter(struct launch_plan *plan, struct failure *failure);
int plan_descriptors(struct launch_plan *plan, struct failure *failure);
/* plan_close() - close the descriptors that only the child needs; may be called again */
void plan_close(struct launch_plan *plan);

/* plan_target() - fill @target from the absolute @path; 0 or -ENOMEM */
int plan_target(struct launch_plan *plan, struct target *target,
		const char *path, size_t n_mounts);
/* plan_path_is_root() - whether @path consists of slashes and dots only */
bool plan_path_is_root(const char *path);
/* plan_path_is_in() - whether @path is @above or below it; compares only the strings */
bool plan_path_is_in(const char *path, const char *above);

/*
 * plan_set_tree() - change attributes and propagation of a mount
 * @propagation: 0: unchanged; @flags: 0 or AT_RECURSIVE
 */
int plan_set_tree(int tree, uint64_t set, uint64_t clear,
		  unsigned long propagation, unsigned int flags);
/* plan_idmap() - map the ids of a detached mount */
int plan_idmap(int tree, const struct id_map *uids, const struct id_map *gids,
	       unsigned int flags);
/* plan_map_as() - the same, as an open user namespace has them */
int plan_map_as(int tree, int userns, unsigned int flags);
/* plan_write_maps() - write the id maps of a process' user namespace */
int plan_write_maps(pid_t pid, const struct id_map *uids,
		    const struct id_map *gids);
/* plan_settings() - set scheduling, OOM score and limits of a waiting child */
int plan_settings(const struct launch_plan *plan, pid_t pid,
		  struct failure *failure);

/* no_memory() - fill @failure; returns -1 */
int no_memory(struct failure *failure);

/** launch_exit_code() - return the child's exit code: 125, 126 or 127 */
int launch_exit_code(uint32_t stage, int error);
/** launch_explain() - fill @failure from the child's report; returns -1 */
int launch_explain(const struct launch_plan *plan, struct failure *failure);
/** launch_explain_late() - the same after the start gate, without a plan */
int launch_explain_late(const struct launch_report *report,
			struct failure *failure);

#endif /* LAUNCH_PLAN_H */
