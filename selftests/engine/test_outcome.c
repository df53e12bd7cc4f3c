// SPDX-License-Identifier: GPL-2.0
/* Outcomes: exit statuses, words, and their way through a message. */
#include <signal.h>
#include <sys/wait.h>

#include "outcome.h"
#include "protocol.h"
#include "tap.h"

static void check(struct outcome o, int status, const char *words)
{
	struct json_object *m = message_new("run", "ended");
	struct outcome back = { 0 };
	char text[128];

	is_int(outcome_status(&o), status, "%s: status", words);
	is_str(outcome_text(&o, text, sizeof(text)), words, "%s", words);
	ok(!outcome_encode(&o, m) && !outcome_decode(m, &back) &&
		   back.state == o.state && back.reason == o.reason &&
		   back.exit_code == o.exit_code && back.signal == o.signal &&
		   back.forced == o.forced && back.no_handler == o.no_handler,
	   "%s: through a message", words);
	json_object_put(m);
}

int main(void)
{
	struct json_object *m;
	struct outcome o;

	check((struct outcome){ .state = PURSER_STATE_EXITED,
				.reason = PURSER_REASON_EXITED },
	      0, "exited, exit code 0");
	check((struct outcome){ .state = PURSER_STATE_EXITED,
				.reason = PURSER_REASON_EXITED,
				.exit_code = 255 },
	      255, "exited, exit code 255");
	check((struct outcome){ .state = PURSER_STATE_EXITED,
				.reason = PURSER_REASON_STOPPED,
				.exit_code = -1,
				.signal = SIGTERM },
	      143, "stopped, signal SIGTERM");
	check((struct outcome){ .state = PURSER_STATE_EXITED,
				.reason = PURSER_REASON_STOPPED,
				.exit_code = -1,
				.signal = SIGKILL,
				.forced = true,
				.no_handler = true },
	      137, "stopped, forced, no handler, signal SIGKILL");
	check((struct outcome){ .state = PURSER_STATE_EXITED,
				.reason = PURSER_REASON_HARD_LIMIT_KILLED,
				.exit_code = -1,
				.signal = SIGKILL },
	      137, "hard_limit_killed, signal SIGKILL");
	check((struct outcome){ .state = PURSER_STATE_EXITED,
				.reason = PURSER_REASON_KILLED,
				.exit_code = -1,
				.signal = SIGSEGV },
	      139, "killed, signal SIGSEGV");

	outcome_from_wait(&o, CLD_EXITED, 9);
	check(o, 9, "ended unregistered, exit code 9");
	outcome_from_wait(&o, CLD_DUMPED, SIGABRT);
	check(o, 134, "ended unregistered, signal SIGABRT");

	m = message_new("run", "ended");
	is_int(outcome_decode(m, &o), -EINVAL, "a message without one");
	json_object_put(m);
	return tap_end();
}
