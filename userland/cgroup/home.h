/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cgroup of an OCI container, at the place that the configuration names. Purser makes
 * it, or asks systemd to. cgroup.h is the same for the containers of the supervisor.
 *
 * Only cgroup v2 will do. On a host whose controllers are in cgroup v1 every container
 * with a cgroup is refused.
 */
#ifndef CGROUP_HOME_H
#define CGROUP_HOME_H

#include <sys/types.h>

#include "device_rules.h"
#include "resources.h"

/** enum cgroup_manager - who makes the cgroup */
enum cgroup_manager {
	CGROUP_MANAGER_CGROUPFS, /* Purser */
	CGROUP_MANAGER_SYSTEMD,
	CGROUP_MANAGER_DISABLED, /* nobody: the container stays in the caller's */
};

/** struct cgroup_home - the cgroup of one container; for cgroup_home_free() */
struct cgroup_home {
	enum cgroup_manager manager;
	char *path;  /* absolute, "/sys/fs/cgroup/..."; NULL: none */
	char *scope; /* the unit of systemd; NULL: none */
	char *slice; /* that systemd makes it in; NULL: none, or not known */
	/*
	 * Marks the cgroup as this container's, by an extended attribute. In a cgroup
	 * with another mark or none, cgroup_home_remove() kills no process. The caller's.
	 */
	const char *mark;
	int fd;	      /* its folder; -1: none, or not open */
	pid_t holder; /* the process that keeps an empty scope; 0: none */
};

/** cgroup_home_init() - no cgroup; to be called before the fields are filled */
void cgroup_home_init(struct cgroup_home *home);
/** cgroup_home_free() - free the memory, close descriptors; the cgroup itself stays */
void cgroup_home_free(struct cgroup_home *home);

/**
 * cgroup_home_place() - find out where the cgroup is to be; nothing is made yet
 * @home: initialised here. Gets @path, or @scope for systemd, which chooses the path, so
 *	that the caller can store it before there is anything that a killed caller would
 *	leave behind
 * @cgroups_path: of the configuration: "/a/b" or "a/b", from the root of cgroup v2; for
 *	systemd "slice:prefix:name" with an empty slice for the default; NULL: a default
 *	made from @id
 * Returns 0, or -1 with @failure filled.
 */
int cgroup_home_place(struct cgroup_home *home, enum cgroup_manager manager,
		      const char *cgroups_path, const char *id,
		      struct failure *failure);

/**
 * cgroup_home_make() - make the cgroup and set its resources and device rules
 * @home: has its place and its mark
 *
 * If the cgroup exists, no processes may be in it or below. All controllers are turned on
 * in the cgroups above it; it is an error only if a resource needs one that cannot be.
 *
 * systemd makes a scope only around a process. This is the holder, a child of the calling
 * thread. It exits when cgroup_home_settle() is called, or when that thread exits.
 *
 * In a user namespace device rules are not set, because the kernel does not let anyone
 * do so there.
 *
 * Returns 0, or -1 with @failure filled; then no cgroup is left.
 */
int cgroup_home_make(struct cgroup_home *home, const char *id,
		     const struct cgroup_resources *resources,
		     const struct device_rule *rules, size_t n_rules,
		     struct failure *failure);

/**
 * cgroup_home_delegate() - let a user of the host make cgroups below, and move processes
 * Changes the owner of the folder and of the files that the kernel lists for that. Limits
 * stay the caller's.
 */
int cgroup_home_delegate(const struct cgroup_home *home, uid_t uid,
			 struct failure *failure);

/** cgroup_home_settle() - end the holder: the container's first process is there now */
void cgroup_home_settle(struct cgroup_home *home);

/**
 * cgroup_home_open() - open the cgroup again
 * The caller has filled @manager, @path, @scope and @mark; path and scope are for free().
 * @path may be NULL if there is a scope that was never settled: then it can only be removed.
 * Returns 0 or a negative errno; -ENOENT: the cgroup is gone, or it has not our mark.
 */
int cgroup_home_open(struct cgroup_home *home);

/*
 * The following need an open cgroup. With CGROUP_MANAGER_DISABLED they fail, except that
 * there is nothing to remove.
 */

/** cgroup_home_update() - change resources; also what systemd knows of them */
int cgroup_home_update(struct cgroup_home *home,
		       const struct cgroup_resources *resources,
		       struct failure *failure);

/**
 * cgroup_home_freeze() - freeze or thaw all processes, and wait until that is done
 * Waits 10 s at most. If processes cannot be frozen, they are thawed again.
 */
int cgroup_home_freeze(struct cgroup_home *home, bool freeze,
		       struct failure *failure);

/** cgroup_home_frozen() - tell whether it is frozen: 1, 0 or a negative errno */
int cgroup_home_frozen(const struct cgroup_home *home);

/**
 * cgroup_home_pids() - list the processes in the cgroup and below
 * @pids: PIDs in ascending order, each once, for free(); NULL if there are none
 */
int cgroup_home_pids(const struct cgroup_home *home, pid_t **pids, size_t *n,
		     struct failure *failure);

/**
 * cgroup_home_remove() - kill all processes, and remove the cgroup and those below it
 * A cgroup without our mark is removed only if it is empty. It is another container's, or
 * we were killed before we could mark it.
 * Waits 10 s at most for the processes to exit. Stops the scope. It is no error if the
 * cgroup is gone, or was not opened because it was gone.
 */
int cgroup_home_remove(struct cgroup_home *home, struct failure *failure);

#endif /* CGROUP_HOME_H */
