/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The plan of a launch: everything that the child needs, worked out by the
 * parent before clone3(). The child has a copy of it, may write to that copy,
 * and allocates nothing.
 *
 * Functions named plan_*() run in the parent, functions named child_*() in the
 * child, under the rules of raw.h. Both return 0 or a negative errno.
 */
#ifndef ENGINE_LAUNCH_PLAN_H
#define ENGINE_LAUNCH_PLAN_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "launch.h"

/* Names in a state folder, see rootfs.c. */
#define STATE_LOWER "lower"
#define STATE_UPPER "upper"
#define STATE_WORK  "work"

/* The device nodes of a minimal /dev, see devices.c. */
#define N_DEVICES 6

/* Paths that are hidden or read-only, see masks.c. */
#define N_MASKS 25

/** enum launch_stage - where in the child's sequence a launch has failed */
enum launch_stage {
	STAGE_STDIO = 1,
	STAGE_SESSION,
	STAGE_HOSTNAME,
	STAGE_LOOPBACK,
	STAGE_PRIVATE,
	STAGE_SOURCE,		/* index: number of the mount */
	STAGE_ROOT,
	STAGE_PIVOT,
	STAGE_MOUNT,		/* index: number of the mount */
	STAGE_DEVICES,
	STAGE_MASKS,		/* index: number of the path in masks.c */
	STAGE_NICE,
	STAGE_CPUS,
	STAGE_CWD,
	STAGE_PRIVILEGES,
	STAGE_READY,		/* no failure: execve() comes next */
	STAGE_COMMAND,
	STAGE_INTERPRETER,
};

/** struct launch_message - what the child tells over the sync socket */
struct launch_message {
	uint32_t stage;
	uint32_t index;
	int32_t error;		/* negative errno */
};

/** struct mount_option - one option of a file system; value NULL: a flag */
struct mount_option {
	const char *key;
	const char *value;
};

/** struct mount_plan - a struct mount_spec as the child needs it */
struct mount_plan {
	const struct mount_spec *spec;
	char *target;		/* absolute; cut up while the child walks it */
	char *option_text;
	struct mount_option *options;
	size_t n_options;
	uint64_t attributes;	/* MOUNT_ATTR_* */
	bool recursive;
	bool no_symlinks;	/* none may be on the way to the target */
	bool devices;		/* the tmpfs that /dev is made of */
	int tree;		/* child: what is to be attached, or -1 */
};

/** struct launch_plan - see above */
struct launch_plan {
	const struct container_spec *spec;
	int stdio[3];
	int child_sync;		/* the child's end of the sync socket, >= 3 */

	struct mount_plan *mounts;
	struct sock_fprog filter;
	char **commands;	/* paths to try, in order; NULL-terminated */

	/* parent: what has become of the launch */
	bool made_state;	/* the overlay's folders are of this launch */
	bool released;
	bool ready;
	bool finished;
	int result;
	struct launch_error error;
};

/** struct child - what the child keeps while it goes through its sequence */
struct child {
	struct launch_plan *plan;
	uint32_t index;		/* for the message, where a stage has one */
	int root;		/* the root's mount, until pivot_root() */
	int devices;		/* folder of the device nodes, or -1 */
	int device_trees[N_DEVICES];
	int mask_trees[N_MASKS];
};

int plan_create(struct launch_plan **out, const struct container_spec *spec,
		const int stdio[3], struct launch_error *err);
void plan_destroy(struct launch_plan *plan);

int plan_rootfs(struct launch_plan *plan, struct launch_error *err);
void plan_rootfs_undo(struct launch_plan *plan);
int plan_mounts(struct launch_plan *plan, struct launch_error *err);
void plan_mounts_free(struct launch_plan *plan);
int plan_seccomp(struct launch_plan *plan, struct launch_error *err);
int plan_commands(struct launch_plan *plan, struct launch_error *err);
void plan_commands_free(struct launch_plan *plan);

/* The child's way, from its first instruction to execve(). */
__attribute__((noreturn)) void child_main(struct launch_plan *plan);

/*
 * Paths inside the container, see path.c; @resolve: further RESOLVE_* flags.
 * Both return a file descriptor; child_make() makes what is missing, and its is
 * good for *at() calls and as the target of a mount only (O_PATH).
 */
int child_open(const char *path, uint64_t flags, uint64_t resolve);
int child_make(char *path, bool is_folder, uint64_t resolve);

/*
 * Mounts, attached nowhere at first. child_new_mount() returns a file
 * descriptor of one; @attributes are MOUNT_ATTR_*, @flags 0 or AT_RECURSIVE.
 */
int child_new_mount(const char *type, const struct mount_option *options,
		    size_t n_options, uint64_t attributes);
int child_set_attributes(int tree, uint64_t attributes, unsigned int flags);
int child_attach(int tree, int target);

int child_loopback(struct child *c);
int child_mount_sources(struct child *c);
int child_attach_root(struct child *c);
int child_pivot(struct child *c);
int child_mounts(struct child *c);
int child_devices(struct child *c);
int child_device_sources(struct child *c);
int child_mask_sources(struct child *c);
int child_masks(struct child *c);
int child_privileges(struct child *c);
/* child_seccomp() - install the filter that plan_seccomp() made */
int child_seccomp(struct child *c);
/* child_exec() - returns only on failure, with the stage in @stage */
int child_exec(struct child *c, enum launch_stage *stage);

/* Path of the masked or read-only path with that number, for messages. */
const char *mask_path(uint32_t index);

/*
 * Messages: launch_fail() fills @err and returns @error. QUOTE() makes a name
 * fit for one: control characters become \xNN, and one that is too long is cut
 * where "..." says so. The text lives until the end of the enclosing block.
 */
struct quoted {
	char text[160];
};

const char *launch_quote(struct quoted *q, const char *name);
#define QUOTE(name) launch_quote(&(struct quoted){ 0 }, name)

int launch_fail(struct launch_error *err, int exit_code, int error,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));
int launch_fail_memory(struct launch_error *err);

/** launch_exit_code() - what the child exits with: 125, 126 or 127 */
int launch_exit_code(enum launch_stage stage, int error);
/** launch_explain() - put what the child has told into words */
int launch_explain(const struct launch_plan *plan,
		   const struct launch_message *message,
		   struct launch_error *err);

#endif /* ENGINE_LAUNCH_PLAN_H */
