/* SPDX-License-Identifier: GPL-2.0 */
/* The configuration that the spec command writes, for people to start from. */
#ifndef OCI_DEFAULT_CONFIG_H
#define OCI_DEFAULT_CONFIG_H

#include <json-c/json.h>

/**
 * default_config_build() - build a configuration like the one of runc: a shell in a
 * terminal, in the folder "rootfs", which is read-only
 * Returns it for json_object_put(); NULL: out of memory.
 */
struct json_object *default_config_build(void);

#endif /* OCI_DEFAULT_CONFIG_H */
