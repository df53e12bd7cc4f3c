// SPDX-License-Identifier: GPL-2.0
/* Conversion of outcomes: from records, to and from messages, to text; see outcome.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "outcome.h"
#include "base/fields.h"
#include "base/parse.h"
#include "base/failure.h"

void outcome_from_record(struct outcome *o, const struct purser_container *c)
{
	*o = (struct outcome){
		.state = c->state,
		.started = c->started_at != 0,
		.reason = c->reason,
		.exit_code = c->exit_code,
		.signal = c->signal,
		.forced = c->forced,
		.no_handler = c->no_handler,
	};
	if (c->has_killer)
		display_killer(&c->killer, o->killer);
}

void outcome_from_wait(struct outcome *o, int code, int status)
{
	bool returned = code == CLD_EXITED;

	*o = (struct outcome){
		.state = PURSER_STATE_EXITED,
		.started = true,
		.reason = PURSER_REASON_NONE,
		.exit_code = returned ? status : -1,
		.signal = returned ? 0 : status,
	};
}

#define AT(member) .offset = offsetof(struct outcome, member)

/* clang-format off */
static const struct field fields[] = {
	{ "state", FIELD_INT, FIELD_NEEDED, AT(state) },
	{ "reason", FIELD_INT, FIELD_NEEDED, AT(reason) },
	{ "exit_code", FIELD_INT, FIELD_NEEDED, AT(exit_code) },
	{ "signal", FIELD_INT, FIELD_NEEDED, AT(signal) },
	{ "started", FIELD_BOOL, FIELD_NEEDED, AT(started) },
	{ "forced", FIELD_BOOL, FIELD_NEEDED, AT(forced) },
	{ "no_handler", FIELD_BOOL, FIELD_NEEDED, AT(no_handler) },
	{ "killer", FIELD_TEXT, 0, AT(killer), .size = DISPLAY_KILLER_LEN },
	{ 0 },
};
/* clang-format on */

void outcome_encode(const struct outcome *outcome, struct object *m)
{
	fields_encode(fields, outcome, m);
}

int outcome_decode(struct json_object *m, struct outcome *outcome)
{
	const char *field;

	*outcome = (struct outcome){ 0 };
	return fields_decode(fields, m, outcome, &field) ? -EINVAL : 0;
}

int outcome_status(const struct outcome *o)
{
	if (o->exit_code >= 0)
		return o->exit_code;
	return o->signal ? 128 + o->signal : EXIT_ENGINE;
}

const char *outcome_text(const struct outcome *o, char buf[OUTCOME_TEXT_LEN])
{
	/* The other reasons already imply who ended the container. */
	bool by = o->reason == PURSER_REASON_KILLED && *o->killer;
	const char *reason = o->reason == PURSER_REASON_NONE ?
				     "ended unregistered" :
				     purser_reason_name(o->reason);
	char name[32], status[48];

	if (o->exit_code >= 0)
		snprintf(status, sizeof(status), "exit code %d", o->exit_code);
	else if (!o->signal)
		snprintf(status, sizeof(status), "exit status unknown");
	else
		snprintf(status, sizeof(status), "signal %s",
			 signal_name(o->signal, name, sizeof(name)));
	snprintf(buf, OUTCOME_TEXT_LEN, "%s%s%s, %s%s%s", reason,
		 o->forced ? ", forced" : "",
		 o->no_handler ? ", no handler" : "", status, by ? ", by " : "",
		 by ? o->killer : "");
	return buf;
}
