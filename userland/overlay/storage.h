/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bound for what an overlay writes (--storage-max). What can be had depends on
 * the file system of the state directory:
 *
 *	project quota	where it is switched on (ext4 with prjquota, xfs with
 *			pquota). Each state folder is a project of its own, with
 *			a limit of bytes and of inodes
 *	image		elsewhere: a file of that size in the state folder, all of
 *			its space taken beforehand, with an ext4 in it that holds
 *			the layer; see image.c
 *
 * Nothing of either has to be remembered. A project belongs to its folder and goes
 * with it; an image is held by the container's overlay alone, and its loop device
 * goes with that.
 */
#ifndef OVERLAY_STORAGE_H
#define OVERLAY_STORAGE_H

#include <stdbool.h>
#include <stdint.h>

/* One inode for so many bytes, as ext4 has it. */
#define STORAGE_BYTES_PER_INODE 16384
#define STORAGE_INODES_MIN	1024

enum storage_kind {
	STORAGE_NONE,
	STORAGE_QUOTA,
	STORAGE_IMAGE,
};

/** struct storage - what the state directory's file system can do */
struct storage {
	enum storage_kind kind;
	const char *lacks;     /* STORAGE_NONE: what there is not */
	uint32_t next_project; /* STORAGE_QUOTA: to be tried next */
	uint64_t default_bytes; /* of containers that do not choose; 0: no limit */
};

/** storage_probe() - find out what can be done in the folder @dir */
void storage_probe(struct storage *s, const char *dir);

/**
 * storage_bound() - make the empty folder @path a project of @bytes at most
 * For STORAGE_QUOTA. Errors: those of quotactl(2) and FS_IOC_FSSETXATTR.
 */
int storage_bound(struct storage *s, const char *path, uint64_t bytes);

/** storage_project() - of a folder, if we have given it one, else 0 */
uint32_t storage_project(const char *path);
/** storage_forget() - the project's folder @path was removed: so is its limit */
void storage_forget(const char *path, uint32_t project);

#endif /* OVERLAY_STORAGE_H */
