// SPDX-License-Identifier: GPL-2.0
/*
 * The default seccomp filter: what is refused to every container, whatever its
 * capabilities. It is a second wall: most of these calls also need a capability
 * that containers are not given, and were a way out of them all the same.
 *
 * Refused calls fail with EPERM, as they would without the capability, so that
 * programs which can do without go on. System calls of another architecture or
 * ABI, which the rules below do not see, kill the process.
 */
#include <errno.h>
#include <linux/filter.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/array.h"
#include "filter.h"
#include "launch/filter.h"

/* Newer than the library's table; numbers from 424 on are the same anywhere. */
#define NR_OPEN_TREE_ATTR 467

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef AF_VSOCK
#define AF_VSOCK 40
#endif

/* clang-format off */
static const char *const refused[] = {
	/* Code in the kernel. */
	"init_module", "finit_module", "delete_module", "create_module",
	"query_module", "get_kernel_syms", "kexec_load", "kexec_file_load",
	"bpf",
	/* Mounts: the masks over /proc and /sys are mounts. */
	"mount", "umount", "umount2", "pivot_root", "open_tree", "move_mount",
	"fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr",
	/* Other namespaces; see also clone() and unshare() below. */
	"setns",
	/* Files by number, past every mount and every root. */
	"name_to_handle_at", "open_by_handle_at",
	/* The kernel's keys, which no namespace keeps apart. */
	"add_key", "request_key", "keyctl",
	/* The kernel's log, and what else tells where things are in memory. */
	"syslog", "perf_event_open", "lookup_dcookie",
	/* Large parts of the kernel that a container rarely needs, and by which
	 * holes in it have been opened wide: faults that user space holds up,
	 * and requests that are run by kernel threads past this filter.
	 */
	"userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register",
	/* The machine: its power, clock, swap, quotas, accounting, ports. */
	"reboot", "settimeofday", "clock_settime", "clock_settime64",
	"clock_adjtime", "clock_adjtime64", "adjtimex", "stime", "swapon",
	"swapoff", "acct", "quotactl", "quotactl_fd", "iopl", "ioperm",
	"vhangup",
	/* Gone from the kernel, or kept for programs that are. */
	"nfsservctl", "_sysctl", "sysfs", "ustat", "uselib", "vm86", "vm86old",
};
/* clang-format on */

/* Namespaces of one's own mean capabilities of one's own, in a user namespace. */
static const unsigned int namespaces[] = {
	CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,    CLONE_NEWUTS,
	CLONE_NEWIPC,  CLONE_NEWNET, CLONE_NEWCGROUP,
};

/* Typing on a terminal, as if at its keyboard: whoever else reads from it. */
static const unsigned int ioctls[] = { TIOCSTI, TIOCLINUX };

/*
 * The hypervisor and its other guests, which no network namespace keeps apart; and
 * the kernel's ciphers, a large part of it that libraries do without, whose modules
 * are loaded for whoever asks.
 */
static const unsigned int families[] = { AF_VSOCK, AF_ALG };

/* The kernel reads these arguments as 32 bits; more would get past a rule. */
#define LOW(arg, mask, value) SCMP_CMP64(arg, SCMP_CMP_MASKED_EQ, mask, value)
#define ALL_BITS	      UINT64_C(0xffffffff)

/* s390 has clone()'s first two arguments the other way round. */
#ifdef __s390x__
#define CLONE_FLAGS 1
#else
#define CLONE_FLAGS 0
#endif

static int refuse_calls(scmp_filter_ctx filter, uint32_t action)
{
	size_t i;
	int nr, r;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		nr = seccomp_syscall_resolve_name(refused[i]);
		/* Not on this architecture, which negative numbers also say. */
		if (nr < 0)
			continue;
		r = seccomp_rule_add(filter, action, nr, 0);
		if (r)
			return r;
	}
	return seccomp_rule_add(filter, action, NR_OPEN_TREE_ATTR, 0);
}

static int refuse_namespaces(scmp_filter_ctx filter, uint32_t action)
{
	uint64_t flag;
	size_t i;
	int r;

	for (i = 0; i < ARRAY_SIZE(namespaces); i++) {
		flag = namespaces[i];
		r = seccomp_rule_add(filter, action, SCMP_SYS(clone), 1,
				     LOW(CLONE_FLAGS, flag, flag));
		if (!r)
			r = seccomp_rule_add(filter, action, SCMP_SYS(unshare),
					     1, LOW(0, flag, flag));
		if (r)
			return r;
	}
	/* To clone() this bit is part of a signal's number. */
	r = seccomp_rule_add(filter, action, SCMP_SYS(unshare), 1,
			     LOW(0, CLONE_NEWTIME, CLONE_NEWTIME));
	if (r)
		return r;
	/*
	 * Its flags are in memory, where a filter cannot look. C libraries take
	 * this error for an old kernel and call clone() instead.
	 */
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
				SCMP_SYS(clone3), 0);
}

static int fill(scmp_filter_ctx filter)
{
	const uint32_t eperm = SCMP_ACT_ERRNO(EPERM);
	size_t i;
	int r;

	/* A launch sets no_new_privs itself, where it is asked for. */
	r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	if (!r)
		r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
				     SCMP_ACT_KILL_PROCESS);
	if (!r)
		r = refuse_calls(filter, eperm);
	if (!r)
		r = refuse_namespaces(filter, eperm);
	for (i = 0; !r && i < ARRAY_SIZE(ioctls); i++)
		r = seccomp_rule_add(filter, eperm, SCMP_SYS(ioctl), 1,
				     LOW(1, ALL_BITS, ioctls[i]));
	for (i = 0; !r && i < ARRAY_SIZE(families); i++)
		r = seccomp_rule_add(filter, eperm, SCMP_SYS(socket), 1,
				     LOW(0, ALL_BITS, families[i]));
	return r;
}

static int make_program(struct sock_fprog *program)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int err;

	if (!filter)
		return -ENOMEM;
	err = fill(filter);
	if (!err)
		err = filter_export(filter, program);
	seccomp_release(filter);
	return err;
}

const struct sock_fprog *policy_filter(struct failure *failure)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct sock_fprog program;
	int err = 0;

	pthread_mutex_lock(&lock);
	if (!program.filter)
		err = make_program(&program);
	pthread_mutex_unlock(&lock);
	if (!err)
		return &program;
	failed(failure, EXIT_ENGINE, "cannot make the seccomp filter: %s",
	       strerror(-err));
	return NULL;
}
