/* SPDX-License-Identifier: GPL-2.0 */
/* A file system of a fixed size in a file, for a layer. */
#ifndef OVERLAY_IMAGE_H
#define OVERLAY_IMAGE_H

#include <stdint.h>

/* Its name in the folder. */
#define IMAGE_NAME "image"

/**
 * image_lacks() - what this machine does not have and image_mount() needs
 * Returns NULL where it has everything.
 */
const char *image_lacks(void);

/**
 * image_mount() - make the file in the folder @state, and mount what is in it
 * Returns a mount that is attached nowhere, or a negative errno; -EEXIST, if there is
 * such a file already.
 */
int image_mount(int state, uint64_t bytes);

#endif /* OVERLAY_IMAGE_H */
