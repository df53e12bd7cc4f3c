/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the ids of containers with a user namespace come from, and which ids a process has:
 * what needs no supervisor. ids.h has the rest.
 */
#ifndef SUPERVISOR_ID_POOL_H
#define SUPERVISOR_ID_POOL_H

#include <stdint.h>
#include <sys/types.h>

#define IDS_PER_CONTAINER 65536u

/*
 * No distribution gives these ids to users, systemd gives them to nothing, and they are
 * positive as signed numbers.
 */
#define IDS_DEFAULT_FIRST  1879048192u
#define IDS_DEFAULT_RANGES 4094u

/** struct id_pool - where ranges come from */
struct id_pool {
	uint32_t first;
	uint32_t n; /* how many ranges */
	uint32_t next; /* where to look first, so that a range is not used again soon */
};

/** ids_parse() - parse "FIRST" or "FIRST:RANGES" */
int ids_parse(const char *text, struct id_pool *pool);

typedef int (*id_range_fn)(uint32_t inside, uint32_t outside, uint32_t count,
			   void *arg);

/**
 * ids_each_range() - call @fn for each range of a process's "uid_map" or "gid_map"
 * Processes of the host's user namespace have none.
 * Returns 0, the first other value of @fn, or a negative errno.
 */
int ids_each_range(pid_t pid, const char *map, id_range_fn fn, void *arg);

/*
 * Where the machine has written down which ids it has given to users. An entry of the user
 * IDS_OWNER is ours.
 */
#define IDS_OF_USERS  "/etc/subuid"
#define IDS_OF_GROUPS "/etc/subgid"
#define IDS_OWNER     "purser"

/**
 * ids_each_given() - call @fn for each range in a file such as %IDS_OF_USERS
 * Ranges of %IDS_OWNER are left out. A file that does not exist has none.
 * Returns 0, the first other value of @fn, or a negative errno.
 */
int ids_each_given(const char *path, id_range_fn fn, void *arg);

/**
 * ids_of_process() - find out what root of a process's user namespace is for us
 * Returns 0 or a negative errno; -ENOENT: it is in our user namespace, or has no root.
 */
int ids_of_process(pid_t pid, uint32_t *root);

#endif /* SUPERVISOR_ID_POOL_H */
