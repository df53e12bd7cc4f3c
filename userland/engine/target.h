/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Containers for the commands that need no supervisor. They use the kernel's record, the
 * cookie in it, the container's first process, and its cgroup.
 */
#ifndef ENGINE_TARGET_H
#define ENGINE_TARGET_H

#include <stdbool.h>

#include "base/failure.h"
#include "libpurser/purser.h"
#include "supervisor/cookie.h"

/**
 * struct target - a container; for target_close()
 * The cgroup is known only of a container that engine has started, and that has one of
 * its own.
 */
struct target {
	struct purser_container record;
	bool has_cookie; /* engine has started it */
	struct cookie cookie;
	char *cgroup_path; /* NULL: not known */
	int cgroup;	   /* its folder; -1: not open */
	int pidfd;	   /* of its init; -1: not open */
};

/** target_find() - read the record, and what it leads to; the container may have ended */
int target_find(struct target *t, struct purser *table, const char *id,
		struct failure *failure);

/**
 * target_of_record() - the same for a record that the caller has read
 * Never fails; what cannot be found is not known.
 */
void target_of_record(struct target *t, const struct purser_container *record);

/**
 * target_open() - find a live container, and open a pidfd of its init
 * Fails if the container has ended. The pidfd is that of the record's init.
 */
int target_open(struct target *t, struct purser *table, const char *id,
		struct failure *failure);

/** target_need_cookie() - fail with the reason if engine has not started it */
int target_need_cookie(const struct target *t, struct failure *failure);

/** target_need_cgroup() - fail with the reason if the cgroup is not known */
int target_need_cgroup(const struct target *t, struct failure *failure);

/** target_is_live() - whether its init still lives; needs the pidfd */
bool target_is_live(const struct target *t);

/** target_is_paused() - whether the kernel has frozen its processes */
bool target_is_paused(const struct target *t);

/** container_is_paused() - the same for a live container, by its supervisor's run directory */
bool container_is_paused(const char *run, const char *name);

/** target_ended() - fill @failure: it has ended, and how */
int target_ended(const struct purser_container *record,
		 struct failure *failure);

void target_close(struct target *t);

#endif /* ENGINE_TARGET_H */
