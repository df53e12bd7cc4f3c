/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The size limit of a writable layer (--storage-max). How it is enforced depends on the
 * file system of the state directory:
 *
 *	project quota	if it is enabled (ext4 with prjquota, xfs with pquota). Each
 *			state folder is a project, with a limit for bytes and inodes
 *	image		otherwise: an ext4 file system of that size in a file in the
 *			state folder holds the layer; see image.c
 *
 * A supervisor that takes over needs no record of either: the file system stores the
 * project with the folder, and only the container's overlay uses the image.
 */
#ifndef OVERLAY_STORAGE_H
#define OVERLAY_STORAGE_H

#include <stdbool.h>
#include <stdint.h>

/* One inode for this many bytes, as in ext4. */
#define STORAGE_BYTES_PER_INODE 16384
#define STORAGE_INODES_MIN	1024

enum storage_kind {
	STORAGE_NONE,
	STORAGE_QUOTA,
	STORAGE_IMAGE,
};

/** struct storage - how the state directory's file system limits a layer */
struct storage {
	enum storage_kind kind;
	const char *lacks;	/* STORAGE_NONE: the missing thing */
	uint32_t next_project;	/* STORAGE_QUOTA: the next id to try */
	uint64_t default_bytes; /* if the request has no limit; 0: no limit */
};

/** storage_probe() - find out how the size of a layer in the folder @dir can be limited */
void storage_probe(struct storage *s, const char *dir);

/**
 * storage_bound() - make the empty folder @path a project of at most @bytes
 * Only for STORAGE_QUOTA. Errors: those of quotactl(2) and FS_IOC_FSSETXATTR.
 */
int storage_bound(struct storage *s, const char *path, uint64_t bytes);

/**
 * storage_bound_again() - set another limit for a folder that storage_bound() had
 * Errors: -ENODATA (it belongs to no project: it was made without a limit).
 */
int storage_bound_again(const char *path, uint64_t bytes);

/** storage_project() - return the project of a folder; 0: storage_bound() gave it none */
uint32_t storage_project(const char *path);
/** storage_forget() - remove the limit of a project whose folder @path was removed */
void storage_forget(const char *path, uint32_t project);

#endif /* OVERLAY_STORAGE_H */
