/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where folders are, and whether one holds the other. What counts is the place in
 * the file system: a bind mount is one more name of the same folder, and what is
 * mounted below a folder is not in it.
 */
#ifndef BASE_PLACE_H
#define BASE_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

/** struct place - all zero: nowhere */
struct place {
	dev_t dev; /* of the folder itself, with its inode */
	ino_t ino;
	char *fs;   /* the number of its file system */
	char *type; /* of that */
	char *path; /* in its file system; NULL: not known */
};

/**
 * enum relation - of a folder to another one
 * @RELATION_HOLDS: the other one is inside it
 */
enum relation {
	RELATION_NONE,
	RELATION_SAME,
	RELATION_HOLDS,
	RELATION_INSIDE,
};

/**
 * place_find() - where an open folder is; for place_free()
 * Errors: -ENOENT, it was removed; -EXDEV, it is in another mount namespace.
 */
int place_find(int fd, struct place *place);
void place_free(struct place *place);

enum relation place_compare(const struct place *a, const struct place *b);

/**
 * place_is_above() - whether a folder is above an open one, on its way to "/"
 * It may be known by its number alone. What a bind mount hides of the way is not seen.
 */
bool place_is_above(const struct place *above, int folder);

/** place_kernel_type() - the type, if that is a file system of the kernel's own */
const char *place_kernel_type(const struct place *place);

#endif /* BASE_PLACE_H */
