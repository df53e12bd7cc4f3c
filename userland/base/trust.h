/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which folders the supervisor may keep its files in: those that nobody but root
 * can write, at a place where nobody but root can put another one. Else a user of
 * the host could choose what root reads, writes and removes.
 *
 * "Root" is, for a program that is not run by it, also the user who runs it.
 *
 * Where a function returns -EPERM it says in @why, for free(), what is wrong; NULL
 * where it was the kernel that refused something.
 */
#ifndef BASE_TRUST_H
#define BASE_TRUST_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * trust_make() - open a folder, and make it and those above it where they are missing
 * @mode: of the folder itself where it is made; those above it are made 0755
 * @groups: a group may write those above it. @why then names one, for free(), also
 * where 0 is returned. Some systems have a /var/log like this.
 * Each folder on the way is opened from the one before. Each has to be root's, and
 * may be written by others only with the sticky bit; symbolic links have to be
 * root's. The folder itself may be written by nobody else.
 * Returns a descriptor (O_PATH) or a negative errno.
 */
int trust_make(const char *path, mode_t mode, bool groups, char **why);

/** trust_make_below() - the same for @name in a folder that is trusted already */
int trust_make_below(int folder, const char *name, mode_t mode, char **why);

/**
 * trust_entry() - whether @name in a trusted folder is root's, and root's alone
 * It is not followed. 0 also where it is not there.
 */
int trust_entry(int folder, const char *name, char **why);

/** trust_entries() - trust_entry() of all that is in a trusted folder */
int trust_entries(int folder, char **why);

#endif /* BASE_TRUST_H */
