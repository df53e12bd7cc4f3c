/* SPDX-License-Identifier: GPL-2.0 */
/* Removing the folder that a test has worked in. */
#ifndef SELFTESTS_SCRATCH_H
#define SELFTESTS_SCRATCH_H

#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

static inline int scratch_remove_one(const char *path, const struct stat *st,
				     int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

/** scratch_remove() - remove a folder with all that is in it; 0, or -1 with errno */
static inline int scratch_remove(const char *path)
{
	return nftw(path, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif /* SELFTESTS_SCRATCH_H */
