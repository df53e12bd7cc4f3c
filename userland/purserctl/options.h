/* SPDX-License-Identifier: GPL-2.0 */
/* The options of the commands of purserctl. */
#ifndef PURSERCTL_OPTIONS_H
#define PURSERCTL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "alerts.h"
#include "libpurser/purser.h"
#include "metrics_server.h"
#include "view/follow.h"
#include "view/samples.h"

/** struct top_options - the options of "top" */
struct top_options {
	enum sample_column by;
	bool reverse;
	bool once;
	unsigned int interval_ms;
};

/** struct ctl_options - the options of all commands; each command's table fills a part */
struct ctl_options {
	struct purser_ref ref; /* exactly one field is set */
	pid_t pid;	       /* 0: the process of @pidfd */
	int pidfd;	       /* -1: none */
	const char *unit;      /* NULL: none; also of the next two */
	const char *cgroup;
	const char *comm;
	enum purser_state state; /* 0: all */
	uint64_t soft_limit;
	uint64_t hard_limit;
	bool has_soft_limit;
	bool has_hard_limit;
	int signal; /* 0: the kernel's default */
	unsigned int grace_ms;
	bool no_wait;
	bool wait_exec;
	struct event_options events;
	struct alert_options alerts;
	bool journal;
	struct top_options top;
	struct metrics_options metrics;
	bool json;
	bool no_trunc;
};

#endif /* PURSERCTL_OPTIONS_H */
