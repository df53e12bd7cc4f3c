// SPDX-License-Identifier: GPL-2.0
/* Capabilities, no_new_privs, and when the seccomp filter goes in. */
#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>

#include "plan.h"
#include "raw.h"

#define CAP(name) (UINT64_C(1) << CAP_##name)

/*
 * Enough for what packages do when they are installed and for servers that
 * start as root and change to a user of their own. Not among them, though often
 * given elsewhere: MKNOD, since it makes the host's disks; NET_RAW, since the
 * network is the host's unless another is asked for, and AUDIT_WRITE, since
 * the audit log always is.
 */
const uint64_t launch_default_capabilities = CAP(CHOWN) | CAP(DAC_OVERRIDE) |
					     CAP(FOWNER) | CAP(FSETID) |
					     CAP(KILL) | CAP(NET_BIND_SERVICE) |
					     CAP(SETFCAP) | CAP(SETGID) |
					     CAP(SETPCAP) | CAP(SETUID) |
					     CAP(SYS_CHROOT);

static long prctl_raw(int option, unsigned long a, unsigned long b)
{
	return raw(SYS_prctl, option, a, b, 0UL, 0UL);
}

/* -EINVAL is how the kernel says that it knows of no more capabilities. */
static int drop_bounding_set(uint64_t keep)
{
	unsigned long cap;
	long r;

	for (cap = 0; cap < 64; cap++) {
		r = prctl_raw(PR_CAPBSET_READ, cap, 0);
		if (r == -EINVAL)
			return 0;
		if (r > 0 && !(keep & (UINT64_C(1) << cap)))
			r = prctl_raw(PR_CAPBSET_DROP, cap, 0);
		if (r < 0)
			return (int)r;
	}
	return 0;
}

/*
 * The inheritable set stays empty: root gets the permitted set back from the
 * bounding set at execve(), and another user in the container has no claim on
 * it through the inheritable bits of a file.
 */
static int drop_capabilities(uint64_t keep)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	long r;
	int i;

	r = drop_bounding_set(keep);
	if (!r)
		r = prctl_raw(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0);
	if (!r)
		r = raw(SYS_capget, &header, data);
	if (r)
		return (int)r;
	for (i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		data[i].permitted &= (uint32_t)(keep >> (32 * i));
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	return (int)raw(SYS_capset, &header, data);
}

/*
 * Without no_new_privs, installing a filter takes the capability that is about
 * to go. With it, the filter comes last, so that it need not allow for what is
 * done here.
 */
int child_privileges(struct child *c)
{
	const struct container_spec *spec = c->plan->spec;
	int r = 0;

	if (spec->no_new_privs)
		r = (int)prctl_raw(PR_SET_NO_NEW_PRIVS, 1, 0);
	if (!r && spec->seccomp && !spec->no_new_privs)
		r = child_seccomp(c);
	if (!r)
		r = drop_capabilities(spec->capabilities);
	if (!r && spec->seccomp && spec->no_new_privs)
		r = child_seccomp(c);
	return r;
}
