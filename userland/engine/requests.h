/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One request for each of several containers. All requests are sent before the first
 * answer is awaited, each on a connection of its own: stopping ten containers takes as
 * long as stopping the slowest one.
 */
#ifndef ENGINE_REQUESTS_H
#define ENGINE_REQUESTS_H

#include "base/strings.h"
#include "control/connection.h"

/**
 * struct requests - requests of one kind; both functions return 0, or -1 with @failure filled
 * @send: send the request for @id
 * @take: handle the answers to it
 */
struct requests {
	int (*send)(struct connection *connection, const char *id,
		    const void *options, struct failure *failure);
	int (*take)(struct connection *connection, const char *id,
		    struct failure *failure);
	const void *options;
};

/**
 * requests_send() - send the request for all ids, and handle the answers
 * Returns the exit status, or -1 with @failure filled. If there are several ids, it
 * prints each failure, goes on, and returns the code of the first one.
 */
int requests_send(const struct requests *requests, const char *run_dir,
		  const struct string_list *ids, struct failure *failure);

#endif /* ENGINE_REQUESTS_H */
