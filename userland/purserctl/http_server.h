/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An HTTP server for one page, in an event loop, without threads.
 *
 * No client can hold up another one: the server never waits for a client. It bounds the
 * number of clients, the size of a request, the time until a request is complete, and the
 * time until its answer is read. If there are too many clients, the one goes that has not
 * completed its request for the longest time. It closes each connection after the answer.
 */
#ifndef PURSERCTL_HTTP_SERVER_H
#define PURSERCTL_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/loop.h"
#include "http_answer.h"

/* The most bytes that the head of a request may have. */
#define HTTP_REQUEST_MAX 8192

/**
 * struct http_settings - what the owner sets
 * @path: of the page
 * @max_clients: above 0
 * @limit_ms: the time until a request is complete, and again until its answer is read
 * @make: makes the page. Returns 0, or -1 with @failure filled: the client gets its text,
 *	and the status 503
 */
struct http_settings {
	const char *path;
	unsigned int max_clients;
	int64_t limit_ms;
	int (*make)(bool openmetrics, struct http_page *page,
		    struct failure *failure, void *arg);
	void *arg;
};

struct http_server;

/**
 * http_server_open() - serve the clients of a socket that listens and does not block
 * @settings: must stay in place
 * Takes over @fd, also after an error. Returns 0 or a negative errno.
 */
int http_server_open(struct loop *loop, int fd,
		     const struct http_settings *settings,
		     struct http_server **out);
/** http_server_close() - close all connections; @server may be NULL */
void http_server_close(struct http_server *server);

#endif /* PURSERCTL_HTTP_SERVER_H */
