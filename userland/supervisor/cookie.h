/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cookie that the kernel keeps with a container's record. It tells another
 * supervisor which supervisor started the container and where its files are. It is a
 * JSON object:
 *
 *	v	COOKIE_VERSION
 *	run	the run directory of the supervisor that started it
 *	rootfs	its root, or the base of its overlay
 *	overlay	whether it has an overlay
 *	dev, ino  device and inode of rootfs; missing in cookies of earlier versions
 *	state	the state directory of that supervisor; may be missing, too
 *	log	its log file; null: it has no log
 *	driver	the log driver, one of log_driver_names
 *	key	the key of its log in the pipeline, unique in a boot
 *	token	the token of the request that started it, or null
 *	command	its command; if that is too long, as many words as fit and
 *		then COOKIE_MORE
 */
#ifndef SUPERVISOR_COOKIE_H
#define SUPERVISOR_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strings.h"
#include "libpurser/purser.h"
#include "log/settings.h"

#define COOKIE_VERSION 2

#define COOKIE_MORE "..."

/** struct cookie - if cookie_parse() has filled it, it owns everything that it points to */
struct cookie {
	char *run;
	char *rootfs;
	uint64_t root_dev;
	uint64_t root_ino; /* 0: not known */
	bool overlay;
	char *state; /* NULL: not known */
	char *log;   /* NULL: no log */
	enum log_driver driver;
	uint64_t key;
	char *token; /* NULL: none */
	struct string_list command;
};

/**
 * cookie_build() - write a cookie into @buf of PURSER_COOKIE_MAX bytes, without a NUL
 * Errors: -ENAMETOOLONG (the paths alone do not fit), -ENOMEM.
 */
int cookie_build(const struct cookie *cookie, char *buf, size_t *len);

/**
 * cookie_parse() - read the cookie of a container that a supervisor of @run registered
 * @run: NULL: any supervisor
 * Errors: -ENOENT (another program or the supervisor of another run directory
 * registered it), -EPROTO (another version), -EBADMSG (invalid), -ENOMEM. The caller must
 * call cookie_free() after success.
 */
int cookie_parse(const struct purser_container *c, const char *run,
		 struct cookie *cookie);
void cookie_free(struct cookie *cookie);

#endif /* SUPERVISOR_COOKIE_H */
