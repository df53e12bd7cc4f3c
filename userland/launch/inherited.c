// SPDX-License-Identifier: GPL-2.0
/*
 * Resetting attributes that fork() and execve() keep and that no field of a spec
 * describes. The caller may have others than the kernel's defaults: for example, it may run
 * under systemd or taskset.
 *
 * Some attributes can only become stricter, and stay as they are: no_new_privs, a seccomp
 * filter, a Landlock domain, the mitigations of PR_SET_SPECULATION_CTRL, and PR_SET_MDWE.
 */
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <sys/prctl.h>

#include "child.h"
#include "raw.h"

#ifndef PR_SET_MEMORY_MERGE
#define PR_SET_MEMORY_MERGE 67
#endif

/* The kernel's default, in nanoseconds. */
#define TIMER_SLACK 50000UL

/* The kernel's default: anonymous memory, ELF headers and huge pages. */
#define COREDUMP_FILTER "0x33"

static long prctl_raw(int option, unsigned long value)
{
	return raw(SYS_prctl, option, value, 0UL, 0UL, 0UL);
}

/* A kernel may lack any of these, and the last one needs a capability: ignore errors. */
static void reset_settings(void)
{
	prctl_raw(PR_SET_TIMERSLACK, TIMER_SLACK);
	prctl_raw(PR_SET_THP_DISABLE, 0);
	prctl_raw(PR_SET_MEMORY_MERGE, 0);
	prctl_raw(PR_SET_TSC, PR_TSC_ENABLE);
	prctl_raw(PR_SET_IO_FLUSHER, 0);
	raw(SYS_set_mempolicy, (long)MPOL_DEFAULT, NULL, 0UL);
}

static void reset_coredump_filter(const struct child *c)
{
	int fd __cleanup_raw_close = (int)raw(SYS_openat, c->host,
					      "proc/self/coredump_filter",
					      O_WRONLY | O_CLOEXEC, 0);

	if (fd >= 0)
		raw(SYS_write, fd, COREDUMP_FILTER,
		    sizeof(COREDUMP_FILTER) - 1);
}

int child_reset_inherited(struct child *c)
{
	long bits;

	if (!c->plan->process->reset_inherited)
		return 0;
	reset_settings();
	reset_coredump_filter(c);
	/* With these, root would have other capabilities after execve() than it should. */
	bits = prctl_raw(PR_GET_SECUREBITS, 0);
	return bits > 0 ? (int)prctl_raw(PR_SET_SECUREBITS, 0) : 0;
}
