/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether a request may become a container: its id is free, its root is there
 * and nobody else's, the kernel can take its cookie. Nothing is made here.
 */
#ifndef SUPERVISOR_ADMISSION_H
#define SUPERVISOR_ADMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/purser.h>

#include "launch/launch.h"
#include "base/place.h"
#include "control/request.h"

struct supervisor;

/**
 * struct admission - the first two fields are given, the rest is found out
 * @root_fd: -1 at first
 */
struct admission {
	struct supervisor *supervisor;
	struct start_request *request;
	int root_fd;  /* the root, or the base of its overlay */
	char *rootfs; /* its name when it was opened */
	struct place root;
	char *warning; /* that goes with the answer; NULL: none */
	struct log_settings log;
	char *log_path; /* NULL: it keeps no log */
	uint64_t log_key;
	char cookie[PURSER_COOKIE_MAX];
	size_t cookie_len;
	struct failure error; /* why not, where it may not */
};

/** admit() - look at a request; true, or false with the error filled */
bool admit(struct admission *a);
void admission_free(struct admission *a);

/** refuse() - fill in why a start fails; false, so that it can be returned */
bool refuse(struct failure *error, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* SUPERVISOR_ADMISSION_H */
