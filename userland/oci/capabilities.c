// SPDX-License-Identifier: GPL-2.0
/* Capabilities by name, see capabilities.h. */
#include <linux/capability.h>
#include <string.h>

#include "base/quote.h"
#include "capabilities.h"

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

static uint64_t read_set(struct reader *r, const struct node *sets,
			 const char *key)
{
	uint64_t set = 0, bit;
	struct node array;

	if (!reader_array(r, sets, key, ITEMS_MAX, &array))
		return 0;
	for (size_t i = 0; i < reader_length(r, &array); i++) {
		const char *name = reader_item_string(r, &array, i);

		bit = name ? capability_bit(name) : 0;
		if (name && !bit)
			reader_warn(r, &array, NULL,
				    "unknown capability \"%s\" is ignored",
				    QUOTE(name));
		set |= bit;
	}
	return set;
}

bool read_capabilities(struct reader *r, const struct node *process,
		       struct capability_sets *sets)
{
	struct node node;

	if (!reader_object(r, process, "capabilities", &node))
		return false;
	sets->bounding = read_set(r, &node, "bounding");
	sets->effective = read_set(r, &node, "effective");
	sets->permitted = read_set(r, &node, "permitted");
	sets->inheritable = read_set(r, &node, "inheritable");
	sets->ambient = read_set(r, &node, "ambient");
	return true;
}
