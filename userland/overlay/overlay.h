/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The writable layer of a container: an overlay over a base folder. Its state folder
 * has two folders:
 *
 *	upper	the files that the container has written
 *	work	used by overlayfs itself
 *
 * If the size of the layer is limited, both may be in a file system of that size, in the
 * file "image" in the state folder.
 */
#ifndef OVERLAY_OVERLAY_H
#define OVERLAY_OVERLAY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/failure.h"

#define OVERLAY_UPPER "upper"
#define OVERLAY_WORK  "work"

/** struct overlay_map - how the ids of a layer's files are mapped in the overlay */
struct overlay_map {
	int userns; /* as in this user namespace; an open descriptor */
	uid_t root; /* what root is outside of it */
};

/** struct overlay_spec - strings and descriptors are the caller's */
struct overlay_spec {
	const char *base; /* its path */
	int base_fd;	  /* the open base; -1: open @base */
	/* An existing folder; of mode 0700, so that no user of the host can enter it. */
	const char *state_dir;
	bool reuse; /* the folder may hold the layer of an earlier container */
	uint64_t image_bytes; /* size of the file system; 0: there is no image */
	/*
	 * The ids of base and layer are mapped: on disk the files belong to the users of the
	 * container, in the overlay to those outside. Needs Linux 5.19. NULL: they are not.
	 */
	const struct overlay_map *map;
};

/**
 * overlay_mount() - make the folders of a layer and mount the overlay
 * Mounts of the host below the base are not part of the overlay. It is an error if the
 * state folder holds files of an earlier container, unless they are to be used again; they
 * stay.
 * Returns a detached mount with nodev; or -1, after everything was removed again.
 */
int overlay_mount(const struct overlay_spec *spec, struct failure *failure);

/**
 * overlay_remove() - remove a state folder and the layer in it
 * Does not follow symbolic links or enter other mounts. It is no error if the folder
 * does not exist. Errors: -ENOTEMPTY (it holds something that does not belong to a
 * layer), -EXDEV or -EBUSY (something is mounted in it). After an error, the files that
 * were not removed yet stay.
 */
int overlay_remove(const char *state_dir);

#endif /* OVERLAY_OVERLAY_H */
