// SPDX-License-Identifier: GPL-2.0
/*
 * The default seccomp filter: the system calls that every container is refused, whatever
 * its capabilities. Most of these calls also need a capability that containers do not
 * have. But holes in them have let containers escape, so the filter is a second barrier.
 *
 * Refused calls fail with EPERM, as without the capability, so that programs that can do
 * without them go on. The rules do not apply to system calls of another architecture or
 * ABI: these kill the process.
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

/* Not in libseccomp's table yet. Numbers from 424 on are the same on all architectures. */
#define NR_OPEN_TREE_ATTR 467

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef AF_VSOCK
#define AF_VSOCK 40
#endif

/* clang-format off */
static const char *const refused[] = {
	/* Loading code into the kernel. */
	"init_module", "finit_module", "delete_module", "create_module",
	"query_module", "get_kernel_syms", "kexec_load", "kexec_file_load",
	"bpf",
	/* Mounts, because the masks over /proc and /sys are mounts. */
	"mount", "umount", "umount2", "pivot_root", "open_tree", "move_mount",
	"fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr",
	/* Entering other namespaces; see also clone() and unshare() below. */
	"setns",
	/* Opening files by inode, whatever the root and the mounts are. */
	"name_to_handle_at", "open_by_handle_at",
	/* The kernel's keyrings, which are not separated by namespaces. */
	"add_key", "request_key", "keyctl",
	/* The kernel's log and other sources of kernel addresses. */
	"syslog", "perf_event_open", "lookup_dcookie",
	/*
	 * Large parts of the kernel that a container rarely needs and that exploits
	 * use: page faults that user space can delay, and requests that kernel
	 * threads run without this filter.
	 */
	"userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register",
	/* The machine's power, clock, swap, quotas, accounting and I/O ports. */
	"reboot", "settimeofday", "clock_settime", "clock_settime64",
	"clock_adjtime", "clock_adjtime64", "adjtimex", "stime", "swapon",
	"swapoff", "acct", "quotactl", "quotactl_fd", "iopl", "ioperm",
	"vhangup",
	/* Obsolete calls. */
	"nfsservctl", "_sysctl", "sysfs", "ustat", "uselib", "vm86", "vm86old",
};
/* clang-format on */

/* New namespaces: a process in a new user namespace has all capabilities in it. */
static const unsigned int namespaces[] = {
	CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,    CLONE_NEWUTS,
	CLONE_NEWIPC,  CLONE_NEWNET, CLONE_NEWCGROUP,
};

/* Requests that put input into a terminal, which another program may read as commands. */
static const unsigned int ioctls[] = { TIOCSTI, TIOCLINUX };

/*
 * AF_VSOCK reaches the hypervisor and other guests from any network namespace. AF_ALG
 * gives access to a large part of the kernel that libraries do not need, and loads
 * modules for any user.
 */
static const unsigned int families[] = { AF_VSOCK, AF_ALG };

/* The kernel reads these arguments as 32 bits: ignore the upper bits in a rule. */
#define LOW(arg, mask, value) SCMP_CMP64(arg, SCMP_CMP_MASKED_EQ, mask, value)
#define ALL_BITS	      UINT64_C(0xffffffff)

/* On s390, the first two arguments of clone() are swapped. */
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
		/* The call does not exist on this architecture. */
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
	/* Only for unshare(): in clone() this bit is part of the signal number. */
	r = seccomp_rule_add(filter, action, SCMP_SYS(unshare), 1,
			     LOW(0, CLONE_NEWTIME, CLONE_NEWTIME));
	if (r)
		return r;
	/*
	 * The flags of clone3() are in memory, which a filter cannot read. After ENOSYS,
	 * C libraries call clone() instead, as on an old kernel.
	 */
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
				SCMP_SYS(clone3), 0);
}

static int fill(scmp_filter_ctx filter)
{
	const uint32_t eperm = SCMP_ACT_ERRNO(EPERM);
	size_t i;
	int r;

	/* The launch sets no_new_privs if the spec says so. */
	r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	if (!r)
		r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
				     SCMP_ACT_KILL_PROCESS);
	/*
	 * Compare numbers in a tree, not in a list: the kernel runs the filter for each
	 * system call when it is installed.
	 */
	if (!r)
		r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
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
