/* SPDX-License-Identifier: GPL-2.0 */
/* The writable layer of a container: its state folder, which holds what its overlay writes. */
#ifndef SUPERVISOR_LAYER_H
#define SUPERVISOR_LAYER_H

#include "registry.h"

/** layer_path() - where the layer of a container is; NULL: memory ran out */
char *layer_path(const struct supervisor *supervisor, const char *name);

/** container_make_layer() - @bytes: how much may be written; 0: no bound */
int container_make_layer(struct container *c, const char *path, uint64_t bytes,
			 struct failure *failure);

/**
 * container_take_over_layer() - from an earlier supervisor
 * The run folder tells whether there is a layer. The id tells where, and the options
 * or, if that supervisor had others, the cookie: c->layer.path. No folder is removed
 * only because a link names it. Returns 0 or a negative errno.
 */
int container_take_over_layer(struct container *c);

/**
 * container_remove_layer() - true: it is gone, or will be removed in the background
 * Only a folder that cannot be renamed, such as on a disk without room for one more
 * name, is waited for: false; then container_layer_removed() will be called.
 */
bool container_remove_layer(struct container *c);
/** container_layer_removed() - the job c->layer.removal is back */
void container_layer_removed(struct container *c);

#endif /* SUPERVISOR_LAYER_H */
