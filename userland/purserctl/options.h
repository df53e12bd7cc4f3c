/* SPDX-License-Identifier: GPL-2.0 */
/* The options of the commands of purserctl. */
#ifndef PURSERCTL_OPTIONS_H
#define PURSERCTL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "libpurser/purser.h"
#include "metrics_server.h"
#include "view/follow.h"

/** struct ctl_options - the options of all commands; each command's table fills a part */
struct ctl_options {
	struct purser_ref ref;	 /* exactly one field is set */
	pid_t pid;		 /* 0: the process of @pidfd */
	int pidfd;		 /* -1: none */
	enum purser_state state; /* 0: all */
	uint64_t soft_limit;
	uint64_t hard_limit;
	bool has_soft_limit;
	bool has_hard_limit;
	int signal; /* 0: the kernel's default */
	unsigned int grace_ms;
	bool no_wait;
	struct event_options events;
	struct metrics_options metrics;
	bool json;
	bool no_trunc;
};

#endif /* PURSERCTL_OPTIONS_H */
