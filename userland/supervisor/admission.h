/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Checks of a start request: its id must be free, its root must exist and be free, and
 * its cookie must fit into the kernel's record. Nothing is made on the host here.
 */
#ifndef SUPERVISOR_ADMISSION_H
#define SUPERVISOR_ADMISSION_H

#include <linux/purser.h>

#include "control/request.h"
#include "mounts.h"
#include "root.h"

/**
 * struct admission - a container until it is in the kernel's table
 * @c: the container; it is not in the registry yet
 */
struct admission {
	struct container *c;
	struct start_request *request;
	int input; /* the client's pipe or socket for its stdin, borrowed; -1: none */
	struct root root;
	struct container_mounts mounts;
	int userns; /* see userns.h; -1: the host's */
	char cookie[PURSER_COOKIE_MAX];
	size_t cookie_len;
};

/** admit() - check @a->request, and fill all other fields */
int admit(struct admission *a, struct failure *failure);
void admission_free(struct admission *a);

#endif /* SUPERVISOR_ADMISSION_H */
