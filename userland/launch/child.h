/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The child of a launch: its state, and the steps that it goes through. All functions
 * obey the rules in raw.h. Unless their comment says otherwise, functions return 0 or a
 * negative errno. Functions that return a descriptor return a negative errno on failure.
 */
#ifndef LAUNCH_CHILD_H
#define LAUNCH_CHILD_H

#include <sys/stat.h>

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
	uint32_t index;		 /* for the report, if the stage has an index */
	int host;		 /* the host's "/", or -1 */
	int scaffold;		 /* see scaffold.c, or -1 */
	int place;	/* the folder at the root's path, see pause.c, or -1 */
	int starter;	/* the connection that opened the start gate, or -1 */
	int root;	/* the container's "/", or -1 */
	bool cwd_later; /* root cannot enter the working folder: the user may */
};

/* The child, from its first instruction to execve(). */
__attribute__((noreturn)) void child_main(struct launch_plan *plan);

/* descriptors.c: close all descriptors that the child does not need */
int child_take_descriptors(struct child *c);
int child_close_rest(struct child *c);
int child_null_stdio(struct child *c);

/* gates.c: child_wait_for_parent() exits if there is no parent any more */
void child_wait_for_parent(struct child *c);
int child_wait_for_start(struct child *c);

/* namespaces.c */
int child_join(struct child *c);
int child_clocks(struct child *c);
int child_loopback(struct child *c);

/* inherited.c */
int child_reset_inherited(struct child *c);

/* session.c */
int child_root_user(struct child *c);
int child_session(struct child *c);
int child_leave_groups(struct child *c);
long child_groups(const struct child *c, const gid_t *groups, size_t n);
int child_personality(struct child *c);
int child_label(struct child *c);
int child_hostname(struct child *c);
int child_domainname(struct child *c);
int child_sysctls(struct child *c);

/*
 * Paths inside the container, see path.c; @root: the folder that is "/"; @resolve: more
 * RESOLVE_* flags. child_make() makes missing folders and files, and returns an O_PATH
 * descriptor.
 */
int child_open(int root, const char *path, uint64_t flags, uint64_t resolve);
int child_make(int root, char *path, bool is_folder, uint64_t resolve);
/* The same for a target; a target below a mount is looked up in that mount. */
int child_open_target(const struct child *c, const struct target *target,
		      uint64_t flags, uint64_t resolve);
int child_make_target(const struct child *c, const struct target *target,
		      bool is_folder, uint64_t resolve);
/* child_make_above() - make and open the parent of @target; *@name: its last component */
int child_make_above(const struct child *c, const struct target *target,
		     const char **name);

/*
 * tree.c: detached mounts. @attributes: MOUNT_ATTR_*; @flags: 0 or AT_RECURSIVE
 */
int child_new_mount(const char *type, const struct mount_option *options,
		    size_t n_options, uint64_t attributes);
int child_set_attributes(int tree, uint64_t attributes, unsigned int flags);
int child_attach(int tree, int target);
/* child_attach_at() - attach to a name that only the child can change */
int child_attach_at(int tree, int folder, const char *name);
/* child_is_same() - whether two descriptors are the same file in the same mount */
int child_is_same(int a, int b);
/* child_stat() - fstat(), which takes no path, not even an empty one */
int child_stat(int fd, struct stat *st);
/* child_is_folder() - 1 or 0 */
int child_is_folder(int fd);

/* scaffold.c */
int child_scaffold(struct child *c);
/* child_clone_scaffold() - make a detached mount of @name in the scaffold */
int child_clone_scaffold(struct child *c, const char *name);

/* rootfs.c */
int child_private(struct child *c);
int child_attach_root(struct child *c);
int child_finish_root(struct child *c);
int child_pivot(struct child *c);

/* mounts.c */
int child_mounts(struct child *c);
/* child_seal_mounts() - make new file systems read-only, now that all in them is made */
int child_seal_mounts(struct child *c);
int child_check_mounts(struct child *c);
/* copy_up.c: copy the content of the folder @from into the empty folder @to */
int child_copy_up(int from, int to);

/* masks.c: child_mask_mount() masks a proc or sysfs, child_masks() all other paths */
int child_mask_mount(struct child *c, struct mount_plan *m);
int child_masks(struct child *c);

/* devices.c: child_make_node() makes @name in a folder, or binds the host's node */
int child_make_node(struct child *c, int folder, const char *name,
		    const struct device_spec *spec);
int child_devices(struct child *c);
int child_links(struct child *c);
/* child_open_null() - open the null device in /dev or, without one, in the scaffold */
int child_open_null(struct child *c);

/* pause.c */
int child_open_place(struct child *c);
int child_pause(struct child *c);

/* lookup.c: find the user by name; it reads files of the container */
int child_find_user(struct child *c);

/* terminal.c */
int child_terminal(struct child *c);

/* user.c: ids, capabilities, no_new_privs and the filter */
int child_limits(struct child *c);
/* child_make_cwd() - make the working folder, before the root becomes read-only */
int child_make_cwd(struct child *c);
int child_cwd(struct child *c);
int child_user(struct child *c);
int child_privileges(struct child *c);

/* filter_key.c: install the filter, and send its notify descriptor */
int child_install_filter(struct child *c);

/* command.c: find the command; execute it. child_exec() returns only on failure. */
int child_find_command(struct child *c);
int child_exec(struct child *c);

#endif /* LAUNCH_CHILD_H */
