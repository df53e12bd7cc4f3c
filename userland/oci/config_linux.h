/* SPDX-License-Identifier: GPL-2.0 */
/* What else is in "linux": settings, paths, and what is not supported. */
#ifndef OCI_CONFIG_LINUX_H
#define OCI_CONFIG_LINUX_H

#include "launch/spec.h"
#include "document/reader.h"

/**
 * read_linux_settings() - read rootfsPropagation, sysctl, maskedPaths, readonlyPaths and
 * personality; fail if something is asked for that is not supported
 */
void read_linux_settings(struct reader *r, const struct node *linux_node,
			 struct container_spec *spec);

/** read_cgroups_path() - read cgroupsPath; NULL: it is missing */
const char *read_cgroups_path(struct reader *r, const struct node *linux_node);

/** read_seccomp() - find the profile; NULL: there is none, or it asks for nothing */
struct json_object *read_seccomp(struct reader *r,
				 const struct node *linux_node);

#endif /* OCI_CONFIG_LINUX_H */
