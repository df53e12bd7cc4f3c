/* SPDX-License-Identifier: GPL-2.0 */
/* A gate that makes several workloads begin together, and the clock they measure with. */
#ifndef GATE_H
#define GATE_H

#include <signal.h>
#include <stdint.h>

#include "workload.h"

/** wait_at_gate() - print "PROGRAM: at the gate", and return when SIGUSR1 arrives */
static inline void wait_at_gate(const char *program)
{
	sigset_t set;
	int signal;

	/*
	 * The init of a PID namespace gets no signal that it neither handles nor
	 * blocks.
	 */
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
