/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel keeps for the supervisor beside a container's record: enough
 * to know whose it is and where its files are. A JSON object:
 *
 *	v	1
 *	run	the run directory of the supervisor that started it
 *	rootfs	its root, or the base of its overlay
 *	overlay	whether it has one
 *	log	its log file
 *	command	its command; where that is too long, as many words as fit and
 *		then COOKIE_MORE
 */
#ifndef ENGINE_COOKIE_H
#define ENGINE_COOKIE_H

#include <stdbool.h>
#include <stddef.h>

#include "purser.h"
#include "request.h"

#define COOKIE_MORE "..."

struct cookie_fields {
	const char *run;
	const char *rootfs;
	bool overlay;
	const char *log;
	const struct string_list *command;
};

/**
 * cookie_build() - into @buf of PURSER_COOKIE_MAX bytes; no NUL at its end
 * Errors: -ENAMETOOLONG (the paths alone do not fit), -ENOMEM.
 */
int cookie_build(const struct cookie_fields *fields, char *buf, size_t *len);

/** cookie_is_of() - whether a supervisor of run directory @run registered it */
bool cookie_is_of(const struct purser_container *c, const char *run);

#endif /* ENGINE_COOKIE_H */
