/* SPDX-License-Identifier: GPL-2.0 */
/* The options of mounts: the words that the runtime-spec has for them. */
#ifndef OCI_MOUNT_OPTIONS_H
#define OCI_MOUNT_OPTIONS_H

#include "launch/spec.h"
#include "document/reader.h"

/** struct mount_options - what the options of one mount ask for, beside the mount */
struct mount_options {
	bool bind;
	bool idmap;   /* "idmap" or "ridmap" */
	bool map_all; /* "ridmap" */
};

/** mount_option_name() - word @i that is known, for features; NULL: there are no more */
const char *mount_option_name(size_t i);

/**
 * read_mount_options() - fill @mount from the options of the mount @node
 * A word that is not known is data for the file system. A bind mount has no file system
 * of its own: options of a file system are ignored there, as mount(2) does.
 */
void read_mount_options(struct reader *r, const struct node *node,
			struct mount_spec *mount,
			struct mount_options *options);

/** propagation_of() - MS_SHARED and so on from "shared" or "rshared"; 0: unknown */
unsigned long propagation_of(const char *word);

#endif /* OCI_MOUNT_OPTIONS_H */
