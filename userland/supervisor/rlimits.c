// SPDX-License-Identifier: GPL-2.0
/* The limits of setrlimit(2) that containers get, see rlimits.h. */
#include <stdbool.h>

#include "base/array.h"
#include "rlimits.h"

#define MIB (1UL << 20)

/* These depend on the machine: containers get the supervisor's. */
static const struct {
	int resource;
	bool by_user; /* the kernel counts the resource by user */
} own[] = {
	/* The supervisor raises its own limit: there can be thousands of containers. */
	{ RLIMIT_NOFILE, false },
	/* Queued signals and POSIX timers. */
	{ RLIMIT_SIGPENDING, true },
	/* Bytes in POSIX message queues. */
	{ RLIMIT_MSGQUEUE, true },
};

/*
 * All others are as the kernel gives them to its first process, except RLIMIT_NPROC: the
 * kernel counts the processes of a user over the whole machine, and a container has
 * pids.max.
 */
static const struct resource_limit known[] = {
	{ RLIMIT_CPU, { RLIM_INFINITY, RLIM_INFINITY } },
	{ RLIMIT_FSIZE, { RLIM_INFINITY, RLIM_INFINITY } },
	{ RLIMIT_DATA, { RLIM_INFINITY, RLIM_INFINITY } },
	{ RLIMIT_STACK, { 8 * MIB, RLIM_INFINITY } },
	{ RLIMIT_CORE, { 0, RLIM_INFINITY } },
	{ RLIMIT_RSS, { RLIM_INFINITY, RLIM_INFINITY } },
	{ RLIMIT_NPROC, { RLIM_INFINITY, RLIM_INFINITY } },
	{ RLIMIT_MEMLOCK, { 8 * MIB, 8 * MIB } },
	{ RLIMIT_AS, { RLIM_INFINITY, RLIM_INFINITY } },
	{ RLIMIT_LOCKS, { RLIM_INFINITY, RLIM_INFINITY } },
	{ RLIMIT_NICE, { 0, 0 } },
	{ RLIMIT_RTPRIO, { 0, 0 } },
	{ RLIMIT_RTTIME, { RLIM_INFINITY, RLIM_INFINITY } },
};

_Static_assert(ARRAY_SIZE(own) + ARRAY_SIZE(known) == N_RLIMITS,
	       "a limit that containers inherit");

static rlim_t half(rlim_t limit)
{
	return limit == RLIM_INFINITY ? limit : limit / 2;
}

/* Whether this process may raise a hard limit. If so, this changes nothing. */
static bool may_raise(void)
{
	struct rlimit old, more;

	if (getrlimit(RLIMIT_NICE, &old) || old.rlim_max == RLIM_INFINITY)
		return false;
	more = (struct rlimit){ old.rlim_cur, old.rlim_max + 1 };
	return !setrlimit(RLIMIT_NICE, &more) && !setrlimit(RLIMIT_NICE, &old);
}

/* Without CAP_SYS_RESOURCE, no limit can be above the supervisor's hard limit. */
static void lower(struct resource_limit *l)
{
	struct rlimit now;

	if (getrlimit(l->resource, &now))
		return;
	if (l->limit.rlim_max > now.rlim_max)
		l->limit.rlim_max = now.rlim_max;
	if (l->limit.rlim_cur > l->limit.rlim_max)
		l->limit.rlim_cur = l->limit.rlim_max;
}

void container_rlimits_find(struct container_rlimits *rlimits)
{
	const bool raises = may_raise();

	rlimits->n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(own); i++) {
		struct resource_limit *l = &rlimits->limits[rlimits->n];

		l->resource = own[i].resource;
		if (getrlimit(l->resource, &l->limit) < 0)
			continue;
		if (own[i].by_user) {
			l->limit.rlim_cur = half(l->limit.rlim_cur);
			l->limit.rlim_max = half(l->limit.rlim_max);
		}
		rlimits->n++;
	}
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		struct resource_limit *l = &rlimits->limits[rlimits->n++];

		*l = known[i];
		if (!raises)
			lower(l);
	}
}
