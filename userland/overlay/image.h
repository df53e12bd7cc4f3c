/* SPDX-License-Identifier: GPL-2.0 */
/* A file system of a fixed size in a file, which holds a layer. */
#ifndef OVERLAY_IMAGE_H
#define OVERLAY_IMAGE_H

#include <stdint.h>

/* The name of the file in the state folder. */
#define IMAGE_NAME "image"

/**
 * image_lacks() - name a thing that image_mount() needs and this machine does not have
 * NULL: it has everything.
 */
const char *image_lacks(void);

/**
 * image_mount() - make the file in the folder @state, and mount its file system
 * Returns a detached mount, or a negative errno; -EEXIST: there is such a file already.
 */
int image_mount(int state, uint64_t bytes);

#endif /* OVERLAY_IMAGE_H */
