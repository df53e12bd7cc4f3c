// SPDX-License-Identifier: LGPL-2.1
/* The names of capabilities, see capability.h. */
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <strings.h>

#include "capability.h"

#define PREFIX "CAP_"

#define NAME(cap) [cap] = #cap

const char *const capability_names[] = {
	NAME(CAP_CHOWN),
	NAME(CAP_DAC_OVERRIDE),
	NAME(CAP_DAC_READ_SEARCH),
	NAME(CAP_FOWNER),
	NAME(CAP_FSETID),
	NAME(CAP_KILL),
	NAME(CAP_SETGID),
	NAME(CAP_SETUID),
	NAME(CAP_SETPCAP),
	NAME(CAP_LINUX_IMMUTABLE),
	NAME(CAP_NET_BIND_SERVICE),
	NAME(CAP_NET_BROADCAST),
	NAME(CAP_NET_ADMIN),
	NAME(CAP_NET_RAW),
	NAME(CAP_IPC_LOCK),
	NAME(CAP_IPC_OWNER),
	NAME(CAP_SYS_MODULE),
	NAME(CAP_SYS_RAWIO),
	NAME(CAP_SYS_CHROOT),
	NAME(CAP_SYS_PTRACE),
	NAME(CAP_SYS_PACCT),
	NAME(CAP_SYS_ADMIN),
	NAME(CAP_SYS_BOOT),
	NAME(CAP_SYS_NICE),
	NAME(CAP_SYS_RESOURCE),
	NAME(CAP_SYS_TIME),
	NAME(CAP_SYS_TTY_CONFIG),
	NAME(CAP_MKNOD),
	NAME(CAP_LEASE),
	NAME(CAP_AUDIT_WRITE),
	NAME(CAP_AUDIT_CONTROL),
	NAME(CAP_SETFCAP),
	NAME(CAP_MAC_OVERRIDE),
	NAME(CAP_MAC_ADMIN),
	NAME(CAP_SYSLOG),
	NAME(CAP_WAKE_ALARM),
	NAME(CAP_BLOCK_SUSPEND),
	NAME(CAP_AUDIT_READ),
	NAME(CAP_PERFMON),
	NAME(CAP_BPF),
	NAME(CAP_CHECKPOINT_RESTORE),
	NULL,
};

uint64_t capability_bit(const char *name)
{
	for (int i = 0; capability_names[i]; i++)
		if (!strcmp(capability_names[i], name))
			return UINT64_C(1) << i;
	return 0;
}

int parse_capability(const char *s, uint64_t *bits)
{
	if (!strcasecmp(s, "ALL")) {
		*bits = UINT64_MAX;
		return 0;
	}
	for (int i = 0; capability_names[i]; i++) {
		const char *name = capability_names[i];

		if (!strcasecmp(name, s) ||
		    !strcasecmp(name + strlen(PREFIX), s)) {
			*bits = UINT64_C(1) << i;
			return 0;
		}
	}
	return -EINVAL;
}
