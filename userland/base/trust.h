/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Folders that can be trusted: only root can write them, and only root can put another
 * folder in their place. If the supervisor kept its files elsewhere, a user of the host
 * could choose what root reads, writes and removes.
 *
 * For a program that another user runs, "root" means that user as well.
 *
 * A function that returns -EPERM sets @why to the reason, for free(). It sets @why to
 * NULL if the kernel refused something.
 */
#ifndef BASE_TRUST_H
#define BASE_TRUST_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * trust_make() - open a folder; make it, and the folders above it, if they are missing
 * @mode: for the folder itself, if it is made; the folders above it are made 0755
 * @groups: accept folders above it that a group may write, as /var/log is on some
 *	systems. @why then names one of them, also if the function succeeds.
 * Opens each folder on the way from the one above it. Each must belong to root. Others
 * may write those above only if these are sticky, and may not write the folder itself.
 * Symbolic links on the way must belong to root.
 * Returns a descriptor (O_PATH) or a negative errno.
 */
int trust_make(const char *path, mode_t mode, bool groups, char **why);

/** trust_make_below() - open the folder @name in a trusted folder; make it if it is missing */
int trust_make_below(int folder, const char *name, mode_t mode, char **why);

/**
 * trust_entry() - check that only root owns and can write @name in a trusted folder
 * Does not follow a symbolic link. Returns 0 also if there is no such entry.
 */
int trust_entry(int folder, const char *name, char **why);

/** trust_entries() - call trust_entry() for each entry of a trusted folder */
int trust_entries(int folder, char **why);

#endif /* BASE_TRUST_H */
