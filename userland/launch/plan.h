/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The plan of a launch: everything that the child needs, worked out by the
 * parent before clone3(). The child has a copy of it, may write to that copy,
 * and allocates nothing.
 *
 * Functions named plan_*() run in the parent, functions named child_*() in the
 * child, under the rules of raw.h. With a struct failure they return 0 or -1, else 0
 * or a negative errno.
 */
#ifndef LAUNCH_PLAN_H
#define LAUNCH_PLAN_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"
#include "spec.h"

/* Names in a state folder, see rootfs.c. */
#define STATE_LOWER "lower"
#define STATE_UPPER "upper"
#define STATE_WORK  "work"
#define STATE_IMAGE "image" /* see image.c */

/* Names in the scaffold, see scaffold.c. */
#define SCAFFOLD_ROOT  "root"
#define SCAFFOLD_STATE "state"
#define SCAFFOLD_MOUNT "mount"
#define SCAFFOLD_NULL  "null"
#define SCAFFOLD_EMPTY "empty"

/* The device nodes of a minimal /dev, see devices.c; null is the first. */
#define N_DEVICES 6

/** enum launch_stage - where in the child's sequence a launch has failed */
enum launch_stage {
	STAGE_STDIO = 1,
	STAGE_SESSION,
	STAGE_LIMITS, /* index: number of the limit */
	STAGE_OOM_SCORE,
	STAGE_HOSTNAME,
	STAGE_LOOPBACK,
	STAGE_PRIVATE,
	STAGE_SOURCE, /* index: number of the mount */
	STAGE_SCAFFOLD,
	STAGE_ROOT,
	STAGE_PIVOT,
	STAGE_MOUNT, /* index: number of the mount */
	STAGE_DEVICES,
	STAGE_MASKS, /* index: number of the path in masks.c */
	STAGE_NICE,
	STAGE_CPUS,
	STAGE_CWD,
	STAGE_PRIVILEGES,
	STAGE_READY, /* no failure: execve() comes next */
	STAGE_COMMAND,
	STAGE_INTERPRETER,
};

/** struct launch_message - what the child tells over the sync socket */
struct launch_message {
	uint32_t stage;
	uint32_t index;
	int32_t error; /* negative errno */
};

/** struct mount_option - one option of a file system; value NULL: a flag */
struct mount_option {
	const char *key;
	const char *value;
};

/** struct mount_plan - a struct mount_spec as the child needs it */
struct mount_plan {
	const struct mount_spec *spec;
	char *target; /* absolute; cut up while the child walks it */
	char *below;  /* the part of it below @parent */
	struct mount_plan *parent; /* the earlier mount that it is in, or NULL */
	char *option_text;
	struct mount_option *options;
	size_t n_options;
	uint64_t attributes; /* MOUNT_ATTR_* */
	bool recursive;
	bool no_symlinks; /* none may be on the way to the target */
	bool devices;	  /* the tmpfs that /dev is made of */
	bool masked;	  /* child: it is proc or sysfs, with its masks */
	int tree;	  /* child: the mount, or -1 */
};

/** struct launch_plan - see above */
struct launch_plan {
	const struct container_spec *spec;
	int stdio[3];
	int child_sync; /* the child's end of the sync socket */
	int root_tree;	/* root or base, attached nowhere; for the child */
	int state_tree; /* the state folder, likewise, or -1 */

	struct mount_plan *mounts;
	struct sock_fprog filter;
	char oom_score_adj[sizeof("-1000")];
	char **commands; /* paths to try, in order; NULL-terminated */

	/* parent: what has become of the launch */
	bool made_state; /* what is in the state folder is of this launch */
	bool released;
	bool ready;
	bool finished;
	int result;
	struct failure error;
};

/** struct child - what the child keeps while it goes through its sequence */
struct child {
	struct launch_plan *plan;
	enum launch_stage stage; /* for the message */
	uint32_t index;		 /* likewise, where a stage has one */
	int scaffold;		 /* see scaffold.c, or -1 */
	int root;		 /* the root's mount, or -1 */
	int devices;		 /* folder of the device nodes, or -1 */
	int device_trees[N_DEVICES];
};

int plan_create(struct launch_plan **out, const struct container_spec *spec,
		const int stdio[3], struct failure *failure);
void plan_destroy(struct launch_plan *plan);

int plan_rootfs(struct launch_plan *plan, struct failure *failure);
void plan_rootfs_undo(struct launch_plan *plan);
/* plan_image() - returns a mount of it, attached nowhere, or a negative errno */
int plan_image(int state, uint64_t bytes);
/* plan_rootfs_close() - the child has its own; may be called again */
void plan_rootfs_close(struct launch_plan *plan);
int plan_mounts(struct launch_plan *plan, struct failure *failure);
void plan_mounts_free(struct launch_plan *plan);
int plan_seccomp(struct launch_plan *plan, struct failure *failure);
int plan_commands(struct launch_plan *plan, struct failure *failure);
void plan_commands_free(struct launch_plan *plan);

/* The child's way, from its first instruction to execve(). */
__attribute__((noreturn)) void child_main(struct launch_plan *plan);

/*
 * Paths inside the container, see path.c; @root: the folder that "/" is, @resolve:
 * further RESOLVE_* flags. Both return a file descriptor; child_make() makes what
 * is missing, and its is good for *at() calls and as the target of a mount only
 * (O_PATH).
 */
int child_open(int root, const char *path, uint64_t flags, uint64_t resolve);
int child_make(int root, char *path, bool is_folder, uint64_t resolve);

/*
 * Mounts, attached nowhere at first. child_new_mount() returns a file
 * descriptor of one; @attributes are MOUNT_ATTR_*, @flags 0 or AT_RECURSIVE.
 */
int child_new_mount(const char *type, const struct mount_option *options,
		    size_t n_options, uint64_t attributes);
int child_set_attributes(int tree, uint64_t attributes, unsigned int flags);
int child_attach(int tree, int target);
/* child_attach_at() - on a name that nobody but the child can change */
int child_attach_at(int tree, int folder, const char *name);
/* child_is_same() - whether two folders are the same one in the same mount */
int child_is_same(int a, int b);

int child_loopback(struct child *c);
int child_mount_sources(struct child *c);
int child_device_sources(struct child *c);
int child_scaffold(struct child *c);
int child_make_null(struct child *c);
/* child_clone_scaffold() - a mount of what has that name in the scaffold */
int child_clone_scaffold(struct child *c, const char *name);
int child_attach_root(struct child *c);
int child_mounts(struct child *c);
/* child_masks() - on @m, if it is proc or sysfs; attached in the scaffold then */
int child_masks(struct child *c, struct mount_plan *m);
int child_devices(struct child *c);
/* child_open_null() - the null device of /dev, or the scaffold's where none is */
int child_open_null(struct child *c);
int child_pivot(struct child *c);
int child_check_mounts(struct child *c);
int child_privileges(struct child *c);
/* child_seccomp() - install the filter that plan_seccomp() made */
int child_seccomp(struct child *c);
/* child_exec() - returns only on failure */
int child_exec(struct child *c);

/* Path of the masked or read-only path with that number, for messages. */
const char *mask_path(uint32_t index);

/*
 * QUOTE() makes a name fit for a message: control characters become \xNN, and one
 * that is too long is cut where "..." says so. The text lives until the end of the
 * enclosing block.
 */
struct quoted {
	char text[160];
};

const char *launch_quote(struct quoted *q, const char *name);
#define QUOTE(name) launch_quote(&(struct quoted){ 0 }, name)

/* no_memory() - fill @failure; returns -1 */
int no_memory(struct failure *failure);

/** launch_exit_code() - what the child exits with: 125, 126 or 127 */
int launch_exit_code(enum launch_stage stage, int error);
/** launch_explain() - put what the child has told into words; returns -1 */
int launch_explain(const struct launch_plan *plan,
		   const struct launch_message *message,
		   struct failure *failure);

#endif /* LAUNCH_PLAN_H */
