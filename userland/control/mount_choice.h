/* SPDX-License-Identifier: GPL-2.0 */
/* The mounts in a request: volumes and tmpfs. */
#ifndef CONTROL_MOUNT_CHOICE_H
#define CONTROL_MOUNT_CHOICE_H

#include <stdbool.h>

#include "base/failure.h"

/** struct volume_choice - "SRC:DST[:ro|rw]", for volume_free() */
struct volume_choice {
	char *source; /* an absolute path of the host */
	char *target; /* an absolute path in the container */
	bool read_only;
};

/** volume_parse() - read a volume; nothing is to be freed after a failure */
int volume_parse(const char *text, struct volume_choice *volume,
		 struct failure *failure);
void volume_free(struct volume_choice *volume);

/** struct tmpfs_choice - "DST[:OPTION,...]", for tmpfs_free() */
struct tmpfs_choice {
	char *target;
	char *data; /* options of the file system, always with size and nr_inodes */
	bool read_only;
	bool exec; /* programs in it may be executed */
};

/**
 * tmpfs_parse() - read a tmpfs; nothing is to be freed after a failure
 * Options: size=SIZE, nr_inodes=N, mode=OCTAL, uid=N, gid=N, ro, rw, exec, noexec. nosuid
 * and nodev are allowed, and always set.
 */
int tmpfs_parse(const char *text, struct tmpfs_choice *tmpfs,
		struct failure *failure);
void tmpfs_free(struct tmpfs_choice *tmpfs);

#endif /* CONTROL_MOUNT_CHOICE_H */
