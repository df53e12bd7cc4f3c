/* SPDX-License-Identifier: GPL-2.0 */
/* A container that exists: its state folder, its state and its record together. */
#ifndef OCI_CONTAINER_H
#define OCI_CONTAINER_H

#include "options.h"
#include "record.h"

/** enum oci_status - as the runtime-spec has it, and "paused" as all runtimes do */
enum oci_status {
	OCI_CREATING,
	OCI_CREATED,
	OCI_RUNNING,
	OCI_PAUSED,
	OCI_STOPPED,
};

extern const char *const oci_status_names[];

/** struct oci_container - see above; for container_close() */
struct oci_container {
	struct oci_folder folder;
	struct oci_state state;
	struct purser *table; /* NULL: the module is not loaded */
	struct purser_container record;
	bool has_record;
	struct cgroup_home cgroup; /* open while it exists */
	enum oci_status status;
};

/** container_root() - where the state folders are, for free(); NULL: out of memory */
char *container_root(const struct oci_options *options);

/** container_exists() - tell whether there is a state folder of that id */
bool container_exists(const struct oci_options *options);

/**
 * container_open() - open a container, and find out its status
 * @lock: wait until no other command changes it, and keep others from doing so
 */
int container_open(struct oci_container *c, const struct oci_options *options,
		   bool lock, struct failure *failure);
void container_close(struct oci_container *c);

/** container_look() - read the record and the status again */
int container_look(struct oci_container *c, struct failure *failure);

/** container_is_live() - tell whether the container has a process that has not ended */
bool container_is_live(const struct oci_container *c);

/**
 * container_pidfd() - open a pidfd of the container's first process
 * Returns a descriptor, or -1 with @failure filled: "container not running".
 */
int container_pidfd(struct oci_container *c, struct failure *failure);

/** container_json() - the state of the container as the runtime-spec has it */
struct json_object *container_json(const struct oci_container *c);

/** state_json() - the same with a status and a PID (0: none) of the caller's choice */
struct json_object *state_json(const struct oci_state *state, const char *id,
			       enum oci_status status, pid_t pid);

#endif /* OCI_CONTAINER_H */
