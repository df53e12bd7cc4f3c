// SPDX-License-Identifier: GPL-2.0
/*
 * dies timer SIGNAL | cpu-timer SIGNAL | raise SIGNAL | fault
 *
 * Gets SIGNAL from a timer of real time or of CPU time, or sends it to itself, or
 * makes a fault for which the kernel sends SIGSEGV.
 */
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../workloads/workload.h"

static const char usage[] =
	"dies timer SIGNAL | cpu-timer SIGNAL | raise SIGNAL | fault";

static void by_timer(clockid_t clock, int sig)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = sig,
	};
	struct itimerspec soon = { .it_value.tv_nsec = 1000000 };
	timer_t timer;

	if (timer_create(clock, &event, &timer) ||
	    timer_settime(timer, 0, &soon, NULL))
		fail("dies: cannot set a timer");
}

static void burn(int sig)
{
	by_timer(CLOCK_PROCESS_CPUTIME_ID, sig);
	for (;;)
		;
}

static void by_fault(void)
{
	volatile char *page = mmap(NULL, 4096, PROT_NONE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		fail("dies: cannot map a page");
	*page = 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "fault"))
		by_fault();
	else if (argc == 3 && !strcmp(argv[1], "timer"))
		by_timer(CLOCK_MONOTONIC,
			 number(usage, "SIGNAL", argv[2], 1, 64));
	else if (argc == 3 && !strcmp(argv[1], "cpu-timer"))
		burn(number(usage, "SIGNAL", argv[2], 1, 64));
	else if (argc == 3 && !strcmp(argv[1], "raise"))
		raise(number(usage, "SIGNAL", argv[2], 1, 64));
	else
		bad_usage(usage);
	for (;;)
		pause();
}
