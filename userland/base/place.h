/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finding out where folders are, and whether one holds the other. A place is a place in
 * a file system: a bind mount is another name of the same place, and a file system that
 * is mounted below a folder is not in that folder.
 */
#ifndef BASE_PLACE_H
#define BASE_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

/** struct place - where a folder is; all zero: nowhere */
struct place {
	dev_t dev;  /* of the folder itself */
	ino_t ino;  /* of the folder itself */
	char *fs;   /* the number of its file system */
	char *type; /* of its file system */
	char *path; /* in its file system; NULL: not known */
};

/**
 * enum relation - how a folder lies to another folder
 * @RELATION_HOLDS: the other folder is inside it
 */
enum relation {
	RELATION_NONE,
	RELATION_SAME,
	RELATION_HOLDS,
	RELATION_INSIDE,
};

/**
 * place_find() - find out where an open folder is
 * @place: for place_free()
 * Errors: -ENOENT (it was removed), -EXDEV (it is in another mount namespace).
 */
int place_find(int fd, struct place *place);
void place_free(struct place *place);

/** place_compare() - tell how @a lies to @b */
enum relation place_compare(const struct place *a, const struct place *b);

/**
 * place_is_above() - tell whether a folder is on the way from the open @folder to "/"
 * Of @above only dev and ino are used. Folders above the root of a bind mount are not seen.
 */
bool place_is_above(const struct place *above, int folder);

/** place_kernel_type() - return the type if the kernel provides such file systems, or NULL */
const char *place_kernel_type(const struct place *place);

#endif /* BASE_PLACE_H */
