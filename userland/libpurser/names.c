// SPDX-License-Identifier: LGPL-2.1
/* The names of the values of enumerations, as in the netlink specification. */
#include <string.h>

#include "purser.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const char *const state_names[] = {
	[PURSER_STATE_STARTING] = "starting",
	[PURSER_STATE_RUNNING] = "running",
	[PURSER_STATE_STOPPING] = "stopping",
	[PURSER_STATE_KILLING] = "killing",
	[PURSER_STATE_EXITED] = "exited",
};

static const char *const reason_names[] = {
	[PURSER_REASON_NONE] = "none",
	[PURSER_REASON_EXITED] = "exited",
	[PURSER_REASON_STOPPED] = "stopped",
	[PURSER_REASON_HARD_LIMIT_KILLED] = "hard_limit_killed",
	[PURSER_REASON_KILLED] = "killed",
	[PURSER_REASON_OOM_KILLED] = "oom_killed",
};

static const char *const oom_scope_names[] = {
	[PURSER_OOM_SCOPE_GLOBAL] = "global",
	[PURSER_OOM_SCOPE_CGROUP] = "cgroup",
};

static const char *const event_names[] = {
	[PURSER_EVENT_REGISTERED] = "registered",
	[PURSER_EVENT_STARTED] = "started",
	[PURSER_EVENT_SOFT_LIMIT] = "soft_limit",
	[PURSER_EVENT_SOFT_CLEAR] = "soft_clear",
	[PURSER_EVENT_HARD_LIMIT] = "hard_limit",
	[PURSER_EVENT_LIMITS_CHANGED] = "limits_changed",
	[PURSER_EVENT_STOP_REQUESTED] = "stop_requested",
	[PURSER_EVENT_STOP_FORCED] = "stop_forced",
	[PURSER_EVENT_EXITED] = "exited",
	[PURSER_EVENT_UNREGISTERED] = "unregistered",
	[PURSER_EVENT_RECORD_DROPPED] = "record_dropped",
};

/* A value added to the interface must be added here too. */
_Static_assert(ARRAY_SIZE(state_names) == PURSER_STATE_MAX + 1, "states");
_Static_assert(ARRAY_SIZE(reason_names) == PURSER_REASON_MAX + 1, "reasons");
_Static_assert(ARRAY_SIZE(oom_scope_names) == PURSER_OOM_SCOPE_MAX + 1,
	       "OOM scopes");
_Static_assert(ARRAY_SIZE(event_names) == PURSER_EVENT_MAX + 1, "events");

/* A newer kernel may send a value that this library does not know. */
static const char *name_of(const char *const *names, size_t n, unsigned int v)
{
	return v < n && names[v] ? names[v] : "unknown";
}

const char *purser_state_name(enum purser_state state)
{
	return name_of(state_names, ARRAY_SIZE(state_names), state);
}

const char *purser_reason_name(enum purser_reason reason)
{
	return name_of(reason_names, ARRAY_SIZE(reason_names), reason);
}

const char *purser_event_name(enum purser_event_type type)
{
	return name_of(event_names, ARRAY_SIZE(event_names), type);
}

const char *purser_oom_scope_name(enum purser_oom_scope scope)
{
	return name_of(oom_scope_names, ARRAY_SIZE(oom_scope_names), scope);
}

/* Returns 0 if no value has that name. */
static int value_of(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; name && i < n; i++)
		if (names[i] && !strcmp(names[i], name))
			return i;
	return 0;
}

enum purser_state purser_state_parse(const char *name)
{
	return value_of(state_names, ARRAY_SIZE(state_names), name);
}

enum purser_reason purser_reason_parse(const char *name)
{
	return value_of(reason_names, ARRAY_SIZE(reason_names), name);
}
