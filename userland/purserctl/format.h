/* SPDX-License-Identifier: GPL-2.0 */
/* Values as people read them. Each writes into @buf and returns it. */
#ifndef PURSERCTL_FORMAT_H
#define PURSERCTL_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "purser.h"

/* Enough for any of them. */
#define FORMAT_LEN 64

/** format_mib() - bytes as "12.3MiB" */
const char *format_mib(uint64_t bytes, char buf[FORMAT_LEN]);
/** format_limit() - the same, "-" where there is no limit */
const char *format_limit(uint64_t bytes, char buf[FORMAT_LEN]);
/** format_seconds() - nanoseconds as "12.345678" */
const char *format_seconds(uint64_t ns, char buf[FORMAT_LEN]);
/** format_age() - since @then, on CLOCK_BOOTTIME: "12s", "3m05s", "2h01m" */
const char *format_age(uint64_t then, char buf[FORMAT_LEN]);
/**
 * format_reason() - why and how it ended: "-", "exited(0)", "stopped(SIGTERM)",
 * "stopped/forced", "hard_limit_killed", "killed(SIGSEGV)"
 */
const char *format_reason(const struct purser_container *c,
			  char buf[FORMAT_LEN]);

#endif /* PURSERCTL_FORMAT_H */
