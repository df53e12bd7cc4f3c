/* SPDX-License-Identifier: LGPL-2.1 */
/* Formatting of values for people. Each function writes into @buf and returns it. */
#ifndef VIEW_DISPLAY_H
#define VIEW_DISPLAY_H

#include <stddef.h>
#include <stdint.h>

#include "libpurser/purser.h"

/* Enough for every function here but display_killer(). */
#define DISPLAY_LEN 64

/** display_mib() - bytes as "12.3MiB" */
const char *display_mib(uint64_t bytes, char buf[DISPLAY_LEN]);
/** display_limit() - the same; "-": there is no limit */
const char *display_limit(uint64_t bytes, char buf[DISPLAY_LEN]);
/** display_seconds() - nanoseconds as "12.345678" */
const char *display_seconds(uint64_t ns, char buf[DISPLAY_LEN]);
/** display_duration() - nanoseconds as "12s", "3m05s", "2h01m", "4d07h" */
const char *display_duration(uint64_t ns, char buf[DISPLAY_LEN]);
/** display_age() - the time since @then, CLOCK_BOOTTIME in ns, as display_duration() */
const char *display_age(uint64_t then, char buf[DISPLAY_LEN]);
/**
 * display_reason() - how a container ended: "-", "exited(0)", "stopped(SIGTERM)",
 * "stopped/forced", "hard_limit_killed", "oom_killed", "killed(SIGSEGV)"
 */
const char *display_reason(const struct purser_container *c,
			   char buf[DISPLAY_LEN]);

/* Enough for display_killer(). */
#define DISPLAY_KILLER_LEN 96
/** display_killer() - "1234 (bash), uid 0", or "the kernel" */
const char *display_killer(const struct purser_killer *k,
			   char buf[DISPLAY_KILLER_LEN]);

#endif /* VIEW_DISPLAY_H */
