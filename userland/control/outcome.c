// SPDX-License-Identifier: GPL-2.0
/* Outcomes: from records, to and from messages, to text; see outcome.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "outcome.h"
#include "base/parse.h"
#include "protocol.h"
#include "base/report.h"

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

int outcome_encode(const struct outcome *o, struct json_object *m)
{
	if (message_set_int(m, "state", o->state) ||
	    message_set_int(m, "reason", o->reason) ||
	    message_set_int(m, "exit_code", o->exit_code) ||
	    message_set_int(m, "signal", o->signal) ||
	    message_set_bool(m, "started", o->started) ||
	    message_set_bool(m, "forced", o->forced) ||
	    message_set_bool(m, "no_handler", o->no_handler) ||
	    (*o->killer && message_set_string(m, "killer", o->killer)))
		return -ENOMEM;
	return 0;
}

int outcome_decode(struct json_object *m, struct outcome *o)
{
	const char *killer = "";
	int state, reason, err;

	if (message_get_int(m, "state", &state) ||
	    message_get_int(m, "reason", &reason) ||
	    message_get_int(m, "exit_code", &o->exit_code) ||
	    message_get_int(m, "signal", &o->signal) ||
	    message_get_bool(m, "started", &o->started) ||
	    message_get_bool(m, "forced", &o->forced) ||
	    message_get_bool(m, "no_handler", &o->no_handler))
		return -EINVAL;
	err = message_get_string(m, "killer", &killer);
	if (err && err != -ENOENT)
		return -EINVAL;
	if (snprintf(o->killer, sizeof(o->killer), "%s", killer) >=
	    (int)sizeof(o->killer))
		return -EINVAL;
	o->state = state;
	o->reason = reason;
	return 0;
}

int outcome_status(const struct outcome *o)
{
	if (o->exit_code >= 0)
		return o->exit_code;
	return o->signal ? 128 + o->signal : EXIT_ENGINE;
}

const char *outcome_text(const struct outcome *o, char buf[OUTCOME_TEXT_LEN])
{
	/* Other reasons say who it was themselves. */
	bool by = o->reason == PURSER_REASON_KILLED && *o->killer;
	const char *reason = o->reason == PURSER_REASON_NONE ?
				     "ended unregistered" :
				     purser_reason_name(o->reason);
	char name[32], status[48];

	if (o->exit_code >= 0)
		snprintf(status, sizeof(status), "exit code %d", o->exit_code);
	else if (!o->signal)
		snprintf(status, sizeof(status), "nobody knows how");
	else
		snprintf(status, sizeof(status), "signal %s",
			 signal_name(o->signal, name, sizeof(name)));
	snprintf(buf, OUTCOME_TEXT_LEN, "%s%s%s, %s%s%s", reason,
		 o->forced ? ", forced" : "",
		 o->no_handler ? ", no handler" : "", status, by ? ", by " : "",
		 by ? o->killer : "");
	return buf;
}
