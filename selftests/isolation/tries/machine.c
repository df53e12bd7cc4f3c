// SPDX-License-Identifier: GPL-2.0
/* Tries to change the machine: power, clock, name, swap, quotas, accounting, ports. */
#include <fcntl.h>
#include <sys/quota.h>
#include <sys/reboot.h>
#include <sys/swap.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>
#ifdef __x86_64__
#include <sys/io.h>
#endif

#include "try.h"

/* Let Ctrl-Alt-Del reboot the machine, which is the default. */
CALL(set_keys, reboot(RB_ENABLE_CAD))

static int set_clock(const struct attempt *t)
{
	struct timespec now;

	(void)t;
	return clock_gettime(CLOCK_REALTIME, &now) ?
		       -errno :
		       result(clock_settime(CLOCK_REALTIME, &now));
}

static int set_time(const struct attempt *t)
{
	struct timeval now;

	(void)t;
	return gettimeofday(&now, NULL) ? -errno :
					  result(settimeofday(&now, NULL));
}

/* Set the clock's tick to its default. */
static const struct timex tick = { .modes = ADJ_TICK, .tick = 10000 };

static int adjust_clock(const struct attempt *t)
{
	struct timex x = tick;

	(void)t;
	return result(adjtimex(&x));
}

static int adjust_named_clock(const struct attempt *t)
{
	struct timex x = tick;

	(void)t;
	return result(clock_adjtime(CLOCK_REALTIME, &x));
}

static int set_name(const struct attempt *t)
{
	char name[65];

	(void)t;
	return gethostname(name, sizeof(name)) ?
		       -errno :
		       result(sethostname(name, sizeof(name) - 1));
}

static int set_domain(const struct attempt *t)
{
	char name[65];

	(void)t;
	return getdomainname(name, sizeof(name)) ?
		       -errno :
		       result(setdomainname(name, 6));
}

/* The file is no swap file; the kernel checks the caller before it sees that. */
static int swap_file(const struct attempt *t)
{
	int fd = open("swap", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int r = result(t->number ? swapon("swap", 0) : swapoff("swap"));

	close(fd);
	unlink("swap");
	return r;
}

CALL(sync_quotas, quotactl(QCMD(Q_SYNC, USRQUOTA), NULL, 0, NULL))
CALL(stop_accounting, acct(NULL))
CALL(hang_up, vhangup())
CALL(wake_up, timerfd_create(CLOCK_BOOTTIME_ALARM, TFD_CLOEXEC))

#ifdef __x86_64__
CALL(set_level, iopl(3))
CALL(take_ports, ioperm(0x80, 1, 1))
#endif

const struct attempt machine_tries[] = {
	TRY("reboot()", set_keys, "EPERM"),
	TRY("clock_settime()", set_clock, "EPERM"),
	TRY("settimeofday()", set_time, "EPERM"),
	TRY("adjtimex()", adjust_clock, "EPERM"),
	TRY("clock_adjtime()", adjust_named_clock, "EPERM"),
	TRY("sethostname()", set_name, "EPERM", .only = CAPABILITIES),
	TRY("setdomainname()", set_domain, "EPERM", .only = CAPABILITIES),
	TRY("swapon()", swap_file, "EPERM", .off = "EINVAL", .number = 1),
	TRY("swapoff()", swap_file, "EPERM", .off = "EINVAL"),
	TRY("quotactl()", sync_quotas, "EPERM", .only = FILTER),
	TRY("acct()", stop_accounting, "EPERM"),
	TRY("vhangup()", hang_up, "EPERM"),
	TRY("making a timer that wakes the machine", wake_up, "EPERM",
	    .only = CAPABILITIES),
#ifdef __x86_64__
	TRY("iopl()", set_level, "EPERM"),
	TRY("ioperm()", take_ports, "EPERM"),
#endif
	{ 0 },
};
