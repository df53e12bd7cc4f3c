/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A container's record in the kernel's table. Its cookie holds the path of the state
 * folder and a random token that the state has, too: so the record of another container
 * with the same name is not mistaken for it.
 */
#ifndef OCI_RECORD_H
#define OCI_RECORD_H

#include "libpurser/purser.h"
#include "state.h"

/** record_table() - connect to the kernel's table */
int record_table(struct purser **table, struct failure *failure);

/** record_check_name() - fail if a live container has that name; registering decides */
int record_check_name(struct purser *table, const char *name,
		      struct failure *failure);

/** struct record_limits - limits of the module, in bytes; 0: none */
struct record_limits {
	uint64_t soft, hard;
};

/**
 * record_register() - enter the process of a launch in the table
 * @name: a name for people, or NULL
 * Sets state->record.
 */
int record_register(struct purser *table, struct oci_state *state,
		    const struct oci_folder *folder, const char *name,
		    pid_t pid, int pidfd, const struct record_limits *limits,
		    struct failure *failure);

/**
 * record_find() - read the record of a container
 * Returns 1 if it is found, 0 if the table has none (any more), -1 with @failure filled.
 */
int record_find(struct purser *table, const struct oci_state *state,
		const struct oci_folder *folder,
		struct purser_container *record, struct failure *failure);

/** record_is_live() - tell whether the container has not ended */
bool record_is_live(const struct purser_container *record);

#endif /* OCI_RECORD_H */
