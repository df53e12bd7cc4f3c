/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The writable layer of a container: making, taking over and removing its state folder.
 *
 * If the request says so, the layer is kept when the container ends: it moves to
 * <state>/.layers/<id>. The next container of that id whose request says so, too, takes it
 * from there. It is removed with "engine rm".
 */
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

/* The folder of layers that are kept, below the state directory. */
#define KEPT_LAYERS ".layers"

/**
 * layer_keep() - keep the layer in the state folder @path of container @name
 * Removes one that was kept before. Returns 0 or a negative errno; -ENOENT: there is none.
 */
int layer_keep(struct supervisor *supervisor, const char *name,
	       const char *path);
/** layer_forget_kept() - remove a layer that is kept, in the background */
void layer_forget_kept(struct supervisor *supervisor, const char *name);

/**
 * container_remove_layer() - keep the layer, or remove it in the background
 * Returns true if the folder is renamed or gone. Returns false if it could not be
 * renamed, for example on a full disk: then wait for container_layer_removed().
 */
bool container_remove_layer(struct container *c);
/** container_layer_removed() - the remover has finished c->layer.removal */
void container_layer_removed(struct container *c);

#endif /* SUPERVISOR_LAYER_H */
