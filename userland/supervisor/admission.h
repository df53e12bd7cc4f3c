/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether a request may become a container: its id is free, its root is there and
 * nobody else's, the kernel can take its cookie. Nothing is made here.
 */
#ifndef SUPERVISOR_ADMISSION_H
#define SUPERVISOR_ADMISSION_H

#include <linux/purser.h>

#include "control/request.h"
#include "root.h"

/**
 * struct admission - what is needed until the container is in the kernel's table
 * @c: the container; it is not in the registry yet
 */
struct admission {
	struct container *c;
	struct start_request *request;
	struct root root;
	char cookie[PURSER_COOKIE_MAX];
	size_t cookie_len;
};

/** admit() - check the request, and fill in the container and the rest */
int admit(struct admission *a, struct failure *failure);
void admission_free(struct admission *a);

#endif /* SUPERVISOR_ADMISSION_H */
