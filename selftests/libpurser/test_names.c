// SPDX-License-Identifier: GPL-2.0
/* Tests the names of states, reasons, events and OOM scopes. */
#include <stdbool.h>
#include <string.h>

#include "libpurser/purser.h"
#include "tap.h"

static bool is_name(const char *s)
{
	return s && *s &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz_") == strlen(s) &&
	       strcmp(s, "unknown") != 0;
}

int main(void)
{
	for (int i = 1; i <= PURSER_STATE_MAX; i++)
		ok(is_name(purser_state_name(i)) &&
			   (int)purser_state_parse(purser_state_name(i)) == i,
		   "state %d has the name %s, which is parsed back", i,
		   purser_state_name(i));
	for (int i = 0; i <= PURSER_REASON_MAX; i++)
		ok(is_name(purser_reason_name(i)) &&
			   (int)purser_reason_parse(purser_reason_name(i)) == i,
		   "reason %d has the name %s, which is parsed back", i,
		   purser_reason_name(i));
	for (int i = 1; i <= PURSER_EVENT_MAX; i++)
		ok(is_name(purser_event_name(i)), "event %d has the name %s", i,
		   purser_event_name(i));

	for (int i = 1; i <= PURSER_OOM_SCOPE_MAX; i++)
		ok(is_name(purser_oom_scope_name(i)),
		   "OOM scope %d has the name %s", i, purser_oom_scope_name(i));

	ok(!strcmp(purser_reason_name(PURSER_REASON_HARD_LIMIT_KILLED),
		   "hard_limit_killed"),
	   "the name of a reason is that of the specification");
	ok(!strcmp(purser_state_name(0), "unknown") &&
		   !strcmp(purser_state_name(PURSER_STATE_MAX + 1),
			   "unknown") &&
		   !strcmp(purser_state_name(-1), "unknown") &&
		   !strcmp(purser_reason_name(PURSER_REASON_MAX + 1),
			   "unknown") &&
		   !strcmp(purser_reason_name(-1), "unknown") &&
		   !strcmp(purser_event_name(0), "unknown") &&
		   !strcmp(purser_event_name(0x7fffffff), "unknown") &&
		   !strcmp(purser_oom_scope_name(0), "unknown") &&
		   !strcmp(purser_oom_scope_name(PURSER_OOM_SCOPE_MAX + 1),
			   "unknown"),
	   "unknown values have the name \"unknown\"");
	ok(!purser_state_parse("Running") && !purser_state_parse("") &&
		   !purser_state_parse("unknown") &&
		   !purser_state_parse("running ") && !purser_state_parse(NULL),
	   "purser_state_parse() refuses a text that is no state");
	return tap_end();
}
