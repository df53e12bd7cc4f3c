/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The writable layer of a container: an overlay of a base folder, with what the
 * container writes in a state folder:
 *
 *	upper	what the container has written
 *	work	the overlay's own
 *
 * If what it writes has a bound, the two may be in a file system of that size, which
 * is in the file "image" in the state folder.
 */
#ifndef OVERLAY_OVERLAY_H
#define OVERLAY_OVERLAY_H

#include <stdint.h>

#include "base/failure.h"

#define OVERLAY_UPPER "upper"
#define OVERLAY_WORK  "work"

/** struct overlay_spec - strings and descriptors are the caller's */
struct overlay_spec {
	const char *base; /* its name */
	int base_fd;	  /* the same, opened; -1: @base is followed */
	/*
	 * An existing folder. Mode 0700, or the host's users reach what a container
	 * writes.
	 */
	const char *state_dir;
	uint64_t image_bytes; /* size of the file system; 0: none of its own */
};

/**
 * overlay_mount() - make the folders of a layer and mount the overlay
 * What the host has mounted below the base is no part of it. An earlier container's
 * files in the state folder are an error, and stay.
 * Returns a mount (nodev) that is attached nowhere; or -1, and nothing is left then.
 */
int overlay_mount(const struct overlay_spec *spec, struct failure *failure);

/**
 * overlay_remove() - remove a state folder and the layer in it
 * Symbolic links are not followed, and mounts are not crossed. A folder that does not
 * exist is no error.
 * Errors: -ENOTEMPTY, there is something in it that is no layer's; -EXDEV or -EBUSY,
 * something is mounted in it. What could not be removed, and what had not been reached
 * by then, stays.
 */
int overlay_remove(const char *state_dir);

#endif /* OVERLAY_OVERLAY_H */
