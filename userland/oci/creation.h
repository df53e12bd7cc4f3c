/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Making a container, up to its start gate.
 *
 * Its first process is a child of ours. When we exit, it becomes the caller's: callers
 * are subreapers, and take its exit status from wait().
 */
#ifndef OCI_CREATION_H
#define OCI_CREATION_H

#include "config.h"
#include "launch/launch.h"
#include "options.h"
#include "record.h"
#include "seccomp/profile.h"

/** struct creation - a container that is being made; for creation_end() */
struct creation {
	const struct oci_options *options;
	struct oci_folder folder;
	struct oci_state state;
	struct oci_config config;
	struct seccomp_program filter;
	struct record_limits limits;
	struct cgroup_home cgroup;
	struct purser *table;
	struct launch launch;
	int bundle;
	int root; /* the folder that becomes the root */
	int gate;
	int *fds;		/* --preserve-fds */
	struct string_list env; /* with HOME */
	bool has_folder;
	bool launched;
	bool hooked; /* hooks have run */
};

/**
 * creation_make() - make a container; its first process waits at the start gate
 * If it fails, nothing is left.
 */
int creation_make(struct creation *c, const struct oci_options *options,
		  struct failure *failure);
/** creation_end() - close what we hold; the container goes on */
void creation_end(struct creation *c);

#endif /* OCI_CREATION_H */
