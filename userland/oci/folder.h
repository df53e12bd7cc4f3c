/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state folder of a container, ROOT/ID. It belongs to root alone, and holds
 *
 *	config.json	the configuration as it was when the container was created
 *	state.json	what the runtime must know and the kernel cannot, see state.h
 *	start		the socket of the start gate, see launch_gate_make()
 *
 * ROOT/.seccomp is no container's, see seccomp_cache.h: no id begins with a dot.
 *
 * A command that changes a container holds the lock of its folder. The lock ends with its
 * holder, so a runtime that is killed leaves none.
 */
#ifndef OCI_FOLDER_H
#define OCI_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"

#define FOLDER_CONFIG "config.json"
#define FOLDER_STATE  "state.json"
#define FOLDER_GATE   "start"

/** struct oci_folder - an open state folder, for folder_close() */
struct oci_folder {
	char *path; /* absolute */
	const char *id;
	int root; /* the folder that it is in */
	int fd;
};

/** folder_default_root() - where state folders are if no --root is given, for free() */
char *folder_default_root(void);

/** folder_make() - make the folder of a new container, and lock it */
int folder_make(struct oci_folder *folder, const char *root, const char *id,
		struct failure *failure);
/** folder_open() - open the folder of a container */
int folder_open(struct oci_folder *folder, const char *root, const char *id,
		struct failure *failure);
/** folder_lock() - wait for the lock, and take it */
int folder_lock(struct oci_folder *folder, struct failure *failure);
/** folder_is_locked() - tell whether another process holds the lock */
bool folder_is_locked(const struct oci_folder *folder);
/** folder_remove() - remove the folder with all that is in it */
int folder_remove(struct oci_folder *folder, struct failure *failure);
void folder_close(struct oci_folder *folder);

/** folder_write() - write a file anew; it has the old text or the whole new one */
int folder_write(const struct oci_folder *folder, const char *name,
		 const char *text, size_t len, struct failure *failure);

/** folder_each() - call @fn with the id of each state folder below @root */
int folder_each(const char *root,
		int (*fn)(const char *id, void *arg, struct failure *failure),
		void *arg, struct failure *failure);

#endif /* OCI_FOLDER_H */
