/* SPDX-License-Identifier: GPL-2.0 */
/* Workloads that are to begin together, and the clock that they go by. */
#ifndef GATE_H
#define GATE_H

#include <signal.h>
#include <stdint.h>

#include "workload.h"

/** wait_at_gate() - say so, and return at the first SIGUSR1 */
static inline void wait_at_gate(const char *program)
{
	sigset_t set;
	int signal;

	/* The init of a PID namespace would not see it but for that. */
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		fail("%s: cannot block SIGUSR1", program);
	say("%s: at the gate\n", program);
	errno = sigwait(&set, &signal);
	if (errno)
		fail("%s: cannot wait at the gate", program);
}

static inline uint64_t now_ns(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts))
		fail("cannot read the clock");
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

#endif /* GATE_H */
