// SPDX-License-Identifier: LGPL-2.1
/* The names of commands and attributes, as in the netlink specification. */
#include <linux/netlink.h>
#include <linux/purser.h>

#include "base/array.h"
#include "policy.h"

static const char *const command_names[] = {
	[PURSER_CMD_REGISTER] = "register",
	[PURSER_CMD_UNREGISTER] = "unregister",
	[PURSER_CMD_GET] = "get",
	[PURSER_CMD_SET] = "set",
	[PURSER_CMD_STOP] = "stop",
	[PURSER_CMD_EVENT_GET] = "event-get",
	[PURSER_CMD_INFO] = "info",
	[PURSER_CMD_EVENT] = "event",
};

static const char *const container_names[] = {
	[PURSER_A_CONTAINER_PAD] = "pad",
	[PURSER_A_CONTAINER_ID] = "id",
	[PURSER_A_CONTAINER_NAME] = "name",
	[PURSER_A_CONTAINER_PID] = "pid",
	[PURSER_A_CONTAINER_PIDNS] = "pidns",
	[PURSER_A_CONTAINER_STATE] = "state",
	[PURSER_A_CONTAINER_REASON] = "reason",
	[PURSER_A_CONTAINER_EXIT_CODE] = "exit-code",
	[PURSER_A_CONTAINER_SIGNAL] = "signal",
	[PURSER_A_CONTAINER_FORCED] = "forced",
	[PURSER_A_CONTAINER_NO_HANDLER] = "no-handler",
	[PURSER_A_CONTAINER_SOFT_LIMIT] = "soft-limit",
	[PURSER_A_CONTAINER_HARD_LIMIT] = "hard-limit",
	[PURSER_A_CONTAINER_RSS] = "rss",
	[PURSER_A_CONTAINER_USAGE] = "usage",
	[PURSER_A_CONTAINER_PEAK] = "peak",
	[PURSER_A_CONTAINER_PROCESSES] = "processes",
	[PURSER_A_CONTAINER_CPU_TIME] = "cpu-time",
	[PURSER_A_CONTAINER_REGISTERED_AT] = "registered-at",
	[PURSER_A_CONTAINER_STARTED_AT] = "started-at",
	[PURSER_A_CONTAINER_EXITED_AT] = "exited-at",
	[PURSER_A_CONTAINER_SOFT_CROSSINGS] = "soft-crossings",
	[PURSER_A_CONTAINER_COOKIE] = "cookie",
	[PURSER_A_CONTAINER_STOP_SIGNAL] = "stop-signal",
	[PURSER_A_CONTAINER_GRACE_MS] = "grace-ms",
	[PURSER_A_CONTAINER_KILLER] = "killer",
	[PURSER_A_CONTAINER_OOM_SCOPE] = "oom-scope",
	[PURSER_A_CONTAINER_PIDFD] = "pidfd",
	[PURSER_A_CONTAINER_CROSSED_BY] = "crossed-by",
	[PURSER_A_CONTAINER_FIFO] = "fifo",
	[PURSER_A_CONTAINER_RELEASE_FIFOS] = "release-fifos",
	[PURSER_A_CONTAINER_OUTSIDE] = "outside",
	[PURSER_A_CONTAINER_SOFT_HELD] = "soft-held",
	[PURSER_A_CONTAINER_NO_FORCE] = "no-force",
};

static const char *const event_names[] = {
	[PURSER_A_EVENT_PAD] = "pad",
	[PURSER_A_EVENT_SEQ] = "seq",
	[PURSER_A_EVENT_TIME] = "time",
	[PURSER_A_EVENT_TYPE] = "type",
	[PURSER_A_EVENT_CONTAINER] = "container",
};

static const char *const info_names[] = {
	[PURSER_A_INFO_PAD] = "pad",
	[PURSER_A_INFO_LIVE] = "live",
	[PURSER_A_INFO_ENDED] = "ended",
	[PURSER_A_INFO_MEMBERS] = "members",
	[PURSER_A_INFO_EVENTS] = "events",
	[PURSER_A_INFO_EVENTS_DROPPED] = "events-dropped",
	[PURSER_A_INFO_KERNEL_VERSION] = "kernel-version",
	[PURSER_A_INFO_MODULE_VERSION] = "module-version",
	[PURSER_A_INFO_TRACEPOINT] = "tracepoint",
	[PURSER_A_INFO_END] = "end",
};

static const char *const type_names[] = {
	[NL_ATTR_TYPE_FLAG] = "flag",
	[NL_ATTR_TYPE_U8] = "u8",
	[NL_ATTR_TYPE_U16] = "u16",
	[NL_ATTR_TYPE_U32] = "u32",
	[NL_ATTR_TYPE_U64] = "u64",
	[NL_ATTR_TYPE_S8] = "s8",
	[NL_ATTR_TYPE_S16] = "s16",
	[NL_ATTR_TYPE_S32] = "s32",
	[NL_ATTR_TYPE_S64] = "s64",
	[NL_ATTR_TYPE_BINARY] = "binary",
	[NL_ATTR_TYPE_STRING] = "string",
	[NL_ATTR_TYPE_NUL_STRING] = "nul-string",
	[NL_ATTR_TYPE_NESTED] = "nested",
	[NL_ATTR_TYPE_NESTED_ARRAY] = "nested-array",
	[NL_ATTR_TYPE_BITFIELD32] = "bitfield32",
};

/* A value added to the interface must be added here too. */
_Static_assert(ARRAY_SIZE(command_names) == PURSER_CMD_MAX + 1, "commands");
_Static_assert(ARRAY_SIZE(container_names) == PURSER_A_CONTAINER_MAX + 1,
	       "attributes of containers");
_Static_assert(ARRAY_SIZE(event_names) == PURSER_A_EVENT_MAX + 1,
	       "attributes of events");
_Static_assert(ARRAY_SIZE(info_names) == PURSER_A_INFO_MAX + 1,
	       "attributes of the module");

#define NAME_OF(names, n) ((n) < ARRAY_SIZE(names) ? (names)[n] : NULL)

const char *policy_command_name(uint32_t command)
{
	return NAME_OF(command_names, command);
}

const char *policy_attr_name(uint32_t command, uint32_t number)
{
	switch (command) {
	case PURSER_CMD_EVENT_GET:
		return NAME_OF(event_names, number);
	case PURSER_CMD_INFO:
		return NAME_OF(info_names, number);
	default:
		return NAME_OF(container_names, number);
	}
}

const char *policy_type_name(uint32_t type)
{
	return NAME_OF(type_names, type);
}
