/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The child of a launch: what it keeps while it goes through its sequence, and the
 * steps of that sequence. All of it is under the rules of raw.h. Functions return 0
 * or a negative errno, unless they say otherwise; those that return a descriptor
 * return a negative errno if they fail.
 */
#ifndef LAUNCH_CHILD_H
#define LAUNCH_CHILD_H

#include "plan.h"

/* Names in the scaffold, see scaffold.c. */
#define SCAFFOLD_ROOT  "root"
#define SCAFFOLD_MOUNT "mount"
#define SCAFFOLD_NULL  "null"
#define SCAFFOLD_EMPTY "empty"

/** struct child - see above */
struct child {
	struct launch_plan *plan;
	enum launch_stage stage; /* for the report */
	uint32_t index;		 /* likewise, if a stage has one */
	int host;		 /* the host's "/", or -1 */
	int scaffold;		 /* see scaffold.c, or -1 */
	int root;		 /* the container's "/", or -1 */
	bool cwd_later;		 /* root may not enter it, its user may */
};

/* The child's way, from its first instruction to execve(). */
__attribute__((noreturn)) void child_main(struct launch_plan *plan);

/* descriptors.c: @keep is what the child goes on with, and nothing else is open */
int child_take_descriptors(struct child *c);
int child_close_rest(struct child *c);
int child_null_stdio(struct child *c);

/* gates.c */
void child_wait_for_registration(struct child *c);
int child_wait_for_start(struct child *c);

/* namespaces.c */
int child_join(struct child *c);
int child_clocks(struct child *c);
int child_loopback(struct child *c);

/* session.c */
int child_root_user(struct child *c);
int child_session(struct child *c);
int child_personality(struct child *c);
int child_label(struct child *c);
int child_hostname(struct child *c);
int child_domainname(struct child *c);
int child_sysctls(struct child *c);

/*
 * Paths inside the container, see path.c; @root: the folder that "/" is, @resolve:
 * further RESOLVE_* flags. What child_make() returns is good for *at() calls and as
 * the target of a mount only (O_PATH), and it makes what is missing.
 */
int child_open(int root, const char *path, uint64_t flags, uint64_t resolve);
int child_make(int root, char *path, bool is_folder, uint64_t resolve);
/* The same for a target; one below a mount is found from there. */
int child_open_target(const struct child *c, const struct target *target,
		      uint64_t flags, uint64_t resolve);
int child_make_target(const struct child *c, const struct target *target,
		      bool is_folder, uint64_t resolve);
/* child_make_above() - the folder that @target is in; its own name is in *@name */
int child_make_above(const struct child *c, const struct target *target,
		     const char **name);

/*
 * tree.c: mounts, attached nowhere at first. @attributes are MOUNT_ATTR_*, @flags 0
 * or AT_RECURSIVE.
 */
int child_new_mount(const char *type, const struct mount_option *options,
		    size_t n_options, uint64_t attributes);
int child_set_attributes(int tree, uint64_t attributes, unsigned int flags);
int child_attach(int tree, int target);
/* child_attach_at() - on a name that nobody but the child can change */
int child_attach_at(int tree, int folder, const char *name);
/* child_is_same() - whether two files are the same one in the same mount */
int child_is_same(int a, int b);
/* child_is_folder() - 1 or 0 */
int child_is_folder(int fd);

/* scaffold.c */
int child_scaffold(struct child *c);
/* child_clone_scaffold() - a mount of what has that name in the scaffold */
int child_clone_scaffold(struct child *c, const char *name);

/* rootfs.c */
int child_private(struct child *c);
int child_attach_root(struct child *c);
int child_finish_root(struct child *c);
int child_pivot(struct child *c);

/* mounts.c */
int child_mounts(struct child *c);
int child_check_mounts(struct child *c);
/* copy_up.c: what the folder @from holds, in the empty folder @to */
int child_copy_up(int from, int to);

/* masks.c: child_mask_mount() masks proc and sysfs, child_masks() all else */
int child_mask_mount(struct child *c, struct mount_plan *m);
int child_masks(struct child *c);

/* devices.c: child_make_node() makes @name in a folder, or binds the host's */
int child_make_node(struct child *c, int folder, const char *name,
		    const struct device_spec *spec);
int child_devices(struct child *c);
int child_links(struct child *c);
/* child_open_null() - the null device of /dev, or the scaffold's if there is none */
int child_open_null(struct child *c);

/* terminal.c */
int child_terminal(struct child *c);

/* user.c: ids, capabilities, no_new_privs and the filter */
int child_limits(struct child *c);
/* child_make_cwd() - while the root can still be written to */
int child_make_cwd(struct child *c);
int child_cwd(struct child *c);
int child_user(struct child *c);
int child_privileges(struct child *c);

/* command.c: child_find_command() fails if there is none; the other one if it returns */
int child_find_command(struct child *c);
int child_exec(struct child *c);

#endif /* LAUNCH_CHILD_H */
