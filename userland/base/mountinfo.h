/* SPDX-License-Identifier: GPL-2.0 */
/* Reading /proc/self/mountinfo, see proc_pid_mountinfo(5). */
#ifndef BASE_MOUNTINFO_H
#define BASE_MOUNTINFO_H

#include <stdint.h>
#include <stdio.h>

#define MOUNTINFO "/proc/self/mountinfo"

/** struct mount - one mount; the strings are valid in the callback alone */
struct mount {
	uint64_t id;
	const char *fs;	  /* "MAJOR:MINOR", the number of its file system */
	const char *root; /* the folder of the file system that is mounted */
	const char *mount_point;
	const char *type;
};

/**
 * mountinfo_each() - call @fn for each mount, in the order in which they were made
 * @mountinfo: an open file as /proc/self/mountinfo
 * Returns 0, or the first value other than 0 that @fn returned.
 */
int mountinfo_each(FILE *mountinfo,
		   int (*fn)(const struct mount *mount, void *arg), void *arg);

#endif /* BASE_MOUNTINFO_H */
