/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cookie that the kernel keeps with a container's record. It tells a supervisor
 * that knows nothing else of the container who started it and where its files are. A
 * JSON object:
 *
 *	v	COOKIE_VERSION
 *	run	the run directory of the supervisor that started it
 *	rootfs	its root, or the base of its overlay
 *	overlay	whether it has one
 *	dev, ino  numbers of its root; missing in cookies of earlier versions
 *	state	the state directory of that supervisor; missing as above
 *	log	its log file; null if it keeps none
 *	driver	how that is written, one of log_driver_names
 *	key	its name in the log pipeline, unique in a boot
 *	token	the token of the request that started it; null if it had none
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

/** struct cookie - one that was parsed owns all that it points to */
struct cookie {
	char *run;
	char *rootfs;
	uint64_t root_dev;
	uint64_t root_ino; /* 0: not known */
	bool overlay;
	char *state; /* NULL: not known */
	char *log;   /* NULL: none */
	enum log_driver driver;
	uint64_t key;
	char *token; /* NULL: none */
	struct string_list command;
};

/**
 * cookie_build() - into @buf of PURSER_COOKIE_MAX bytes; no NUL at its end
 * Errors: -ENAMETOOLONG (the paths alone do not fit), -ENOMEM.
 */
int cookie_build(const struct cookie *cookie, char *buf, size_t *len);

/**
 * cookie_parse() - the cookie of a container that a supervisor of @run registered
 * @run: NULL for any supervisor
 * Errors: -ENOENT (another program registered it, or the supervisor of another run
 * directory), -EPROTO (it is of another version), -EBADMSG (it makes no sense),
 * -ENOMEM. After an error there is nothing to free; else cookie_free() does.
 */
int cookie_parse(const struct purser_container *c, const char *run,
		 struct cookie *cookie);
void cookie_free(struct cookie *cookie);

#endif /* SUPERVISOR_COOKIE_H */
