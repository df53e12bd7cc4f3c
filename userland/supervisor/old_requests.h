/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bound for the requests of containers that have no record any more, because an earlier
 * supervisor ended or the machine was booted: the oldest are removed. While a supervisor
 * runs, the kernel bounds the records, and a request goes with its record.
 */
#ifndef SUPERVISOR_OLD_REQUESTS_H
#define SUPERVISOR_OLD_REQUESTS_H

#include <stddef.h>

struct old_request;

/** struct old_requests - those that may be removed; zero it before the first call */
struct old_requests {
	struct old_request *all;
	size_t n;
};

/** old_requests_add() - add one; its age is that of the file. Returns 0 or a negative errno */
int old_requests_add(struct old_requests *old, const char *state,
		     const char *id);
/** old_requests_trim() - remove the oldest, so that at most @max stay; 0 or an errno */
int old_requests_trim(struct old_requests *old, const char *state, size_t max);
void old_requests_free(struct old_requests *old);

#endif /* SUPERVISOR_OLD_REQUESTS_H */
