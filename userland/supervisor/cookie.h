/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel keeps for the supervisor beside a container's record: enough
 * to know whose it is and where its files are, for a supervisor that knows nothing
 * else of it. A JSON object:
 *
 *	v	COOKIE_VERSION
 *	run	the run directory of the supervisor that started it
 *	rootfs	its root, or the base of its overlay
 *	overlay	whether it has one
 *	dev, ino  numbers of its root; missing in cookies of earlier versions
 *	state	the state directory of that supervisor; missing as above
 *	log	its log file; null where it keeps none
 *	driver	how that is written, as log_driver_name() has it
 *	key	its name in the log pipeline, unique in a boot
 *	token	what the request to start it called it; null where it did not
 *	command	its command; where that is too long, as many words as fit and
 *		then COOKIE_MORE
 */
#ifndef SUPERVISOR_COOKIE_H
#define SUPERVISOR_COOKIE_H

#include <stdbool.h>
#include <stddef.h>

#include "log/settings.h"
#include "libpurser/purser.h"
#include "control/request.h"

#define COOKIE_VERSION 2

#define COOKIE_MORE "..."

struct cookie_fields {
	const char *run;
	const char *rootfs;
	uint64_t root_dev;
	uint64_t root_ino; /* 0: not known */
	bool overlay;
	const char *state; /* NULL: not known */
	const char *log;   /* NULL: none */
	enum log_driver driver;
	uint64_t key;
	const char *token; /* NULL: none */
	const struct string_list *command;
};

/** struct cookie - one that was read; fields point into it */
struct cookie {
	struct cookie_fields fields;
	struct string_list command;
	struct json_object *json;
};

/**
 * cookie_build() - into @buf of PURSER_COOKIE_MAX bytes; no NUL at its end
 * Errors: -ENAMETOOLONG (the paths alone do not fit), -ENOMEM.
 */
int cookie_build(const struct cookie_fields *fields, char *buf, size_t *len);

/**
 * cookie_parse() - that of a container which a supervisor of @run registered
 * @run: NULL for that of any supervisor
 * Errors: -ENOENT (another one did, or nobody of ours), -EPROTO (it is of another
 * version), -EBADMSG (it makes no sense), -ENOMEM. After one there is nothing to
 * free, else that is for cookie_free().
 */
int cookie_parse(const struct purser_container *c, const char *run,
		 struct cookie *cookie);
void cookie_free(struct cookie *cookie);

#endif /* SUPERVISOR_COOKIE_H */
