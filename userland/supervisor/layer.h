/* SPDX-License-Identifier: GPL-2.0 */
/* The writable layer of a container: making, taking over and removing its state folder. */
#ifndef SUPERVISOR_LAYER_H
#define SUPERVISOR_LAYER_H

#include "registry.h"

/** layer_path() - make the path of a container's state folder; NULL: out of memory */
char *layer_path(const struct supervisor *supervisor, const char *name);

/** container_make_layer() - make the state folder; @bytes: size limit, 0: none */
int container_make_layer(struct container *c, const char *path, uint64_t bytes,
			 struct failure *failure);

/**
 * container_take_over_layer() - find the layer that an earlier supervisor made
 * The run folder says whether there is a layer. If it has another path than c->layer.path
 * (from the cookie) or, without that, layer_path(), it is left alone: no folder is
 * removed only because a link names it. Returns 0 or a negative errno.
 */
int container_take_over_layer(struct container *c);

/**
 * container_remove_layer() - remove the layer in the background
 * Returns true if the folder is renamed or gone. Returns false if it could not be
 * renamed, for example on a full disk: then wait for container_layer_removed().
 */
bool container_remove_layer(struct container *c);
/** container_layer_removed() - the remover has finished c->layer.removal */
void container_layer_removed(struct container *c);

#endif /* SUPERVISOR_LAYER_H */
