/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What purser-oci writes down of a container: what is constant, and where things are.
 * Whether the container lives and how it ended is in the kernel's table alone.
 */
#ifndef OCI_STATE_H
#define OCI_STATE_H

#include <stdint.h>

#include <json-c/json.h>

#include "cgroup/home.h"
#include "folder.h"

/** struct oci_state - the text of state.json, for state_free() */
struct oci_state {
	char *version;	 /* ociVersion of the configuration */
	char *bundle;	 /* absolute */
	char *rootfs;	 /* absolute */
	char *created;	 /* as RFC 3339 has times */
	char *owner;	 /* the name of the user who created it, or "" */
	char *token;	 /* the record's cookie has it too, see record.h */
	uint64_t record; /* its id in the kernel's table; 0: not registered yet */
	int manager;	 /* an enum cgroup_manager */
	char *cgroup;	 /* its path, or NULL */
	char *scope;	 /* systemd's unit, or NULL */
	bool own_pids;	 /* it has a PID namespace of its own */
	bool plain_start; /* start does not need the configuration */
	struct json_object *annotations; /* or NULL */
};

int state_write(const struct oci_state *state, const struct oci_folder *folder,
		struct failure *failure);
/**
 * state_read() - fill @state
 * Returns 1 if the folder has no state yet: its container was never made.
 */
int state_read(struct oci_state *state, const struct oci_folder *folder,
	       struct failure *failure);
void state_free(struct oci_state *state);

#endif /* OCI_STATE_H */
