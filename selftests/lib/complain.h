/* SPDX-License-Identifier: GPL-2.0 */
/* Error messages of programs with many threads: prints the first ones, counts all. */
#ifndef SELFTESTS_COMPLAIN_H
#define SELFTESTS_COMPLAIN_H

#include <stdatomic.h>

#include "../workloads/workload.h"

static atomic_ulong complaints;

/** complain() - count a complaint; print it if it is one of the first 20 */
static inline void __attribute__((format(printf, 1, 2)))
complain(const char *fmt, ...)
{
	char line[512];
	va_list ap;

	if (atomic_fetch_add(&complaints, 1) >= 20)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	say("%s\n", line);
}

#endif /* SELFTESTS_COMPLAIN_H */
