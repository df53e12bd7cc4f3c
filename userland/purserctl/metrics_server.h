/* SPDX-License-Identifier: GPL-2.0 */
/* "purserctl metrics --listen": serving the metrics over HTTP. */
#ifndef PURSERCTL_METRICS_SERVER_H
#define PURSERCTL_METRICS_SERVER_H

#include <stdbool.h>

#include "base/failure.h"
#include "listen_address.h"
#include "view/exposition.h"

#define METRICS_PATH	    "/metrics"
#define METRICS_MAX_CLIENTS 1024

/** struct metrics_options - the options of "purserctl metrics" */
struct metrics_options {
	enum exposition_format format;
	bool has_format;
	const char *textfile;	      /* NULL: none */
	struct listen_address listen; /* .len is 0: none */
	unsigned int max_clients;
	bool has_max_clients;
	unsigned int limit_ms;
	bool has_limit;
	int ready_fd; /* -1: none */
};

/** metrics_serve() - serve until SIGINT or SIGTERM; returns 0, or -1 with @failure filled */
int metrics_serve(const struct metrics_options *options,
		  struct failure *failure);

#endif /* PURSERCTL_METRICS_SERVER_H */
