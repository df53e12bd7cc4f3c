// SPDX-License-Identifier: GPL-2.0
/* The limits of setrlimit(2) that containers get, see rlimits.h. */
#include <stdbool.h>

#include "rlimits.h"

static const struct {
	int resource;
	bool by_user; /* the kernel counts the resource by user */
} kinds[N_RLIMITS] = {
	/* The supervisor raises its own limit: there can be thousands of containers. */
	{ RLIMIT_NOFILE, false },
	/* Queued signals and POSIX timers. */
	{ RLIMIT_SIGPENDING, true },
	/* Bytes in POSIX message queues. */
	{ RLIMIT_MSGQUEUE, true },
};

static rlim_t half(rlim_t limit)
{
	return limit == RLIM_INFINITY ? limit : limit / 2;
}

void container_rlimits_find(struct container_rlimits *rlimits)
{
	rlimits->n = 0;
	for (int i = 0; i < N_RLIMITS; i++) {
		struct resource_limit *l = &rlimits->limits[rlimits->n];

		l->resource = kinds[i].resource;
		if (getrlimit(l->resource, &l->limit) < 0)
			continue;
		if (kinds[i].by_user) {
			l->limit.rlim_cur = half(l->limit.rlim_cur);
			l->limit.rlim_max = half(l->limit.rlim_max);
		}
		rlimits->n++;
	}
}
