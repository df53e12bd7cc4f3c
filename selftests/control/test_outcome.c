// SPDX-License-Identifier: GPL-2.0
/* Tests outcomes: their exit statuses, their texts, and sending them in a message. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "control/outcome.h"
#include "control/protocol.h"
#include "tap.h"

static void check(struct outcome o, int status, const char *words)
{
	struct object m = message_begin("run", "ended");
	struct outcome back = { 0 };
	char text[OUTCOME_TEXT_LEN];

	is_int(outcome_status(&o), status, "%s: status", words);
	is_str(outcome_text(&o, text), words, "%s", words);
	outcome_encode(&o, &m);
	ok(!outcome_decode(m.json, &back) && back.state == o.state &&
		   back.reason == o.reason && back.exit_code == o.exit_code &&
		   back.signal == o.signal && back.started == o.started &&
		   back.forced == o.forced && back.no_handler == o.no_handler &&
		   !strcmp(back.killer, o.killer),
	   "%s: sent in a message", words);
	json_object_put(object_done(&m));
}

/* The longest text of a killer. */
static const struct purser_container longest = {
	.state = PURSER_STATE_EXITED,
	.reason = PURSER_REASON_KILLED,
	.exit_code = -1,
	.signal = SIGKILL,
	.has_killer = true,
	.killer = {
		.pid = 0x7fffffff,
		.uid = 0xffffffff,
		.comm = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
			"\xff\xff\xff",
	},
};

static void test_refused(void)
{
	struct object m = message_begin("run", "ended");
	struct outcome o = { 0 };
	char killer[DISPLAY_KILLER_LEN + 1];

	is_int(outcome_decode(m.json, &o), -EINVAL,
	       "a message without an outcome is refused");
	memset(killer, 'x', DISPLAY_KILLER_LEN);
	killer[DISPLAY_KILLER_LEN] = '\0';
	outcome_encode(&o, &m);
	object_add_string(&m, "killer", killer);
	is_int(outcome_decode(m.json, &o), -EINVAL,
	       "a killer that is too long is refused");
	object_add_int(&m, "killer", 5);
	is_int(outcome_decode(m.json, &o), -EINVAL,
	       "a killer that is not a string is refused");
	json_object_put(object_done(&m));
}

int main(void)
{
	struct outcome o;

	check(
		(struct outcome){
			.state = PURSER_STATE_EXITED,
			.reason = PURSER_REASON_EXITED,
			.exit_code = 127,
		},
		127, "exited, exit code 127");
	check(
		(struct outcome){
			.state = PURSER_STATE_EXITED,
			.started = true,
			.exit_code = -1,
		},
		125, "ended unregistered, exit status unknown");

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
	check((struct outcome){ .state = PURSER_STATE_EXITED,
				.reason = PURSER_REASON_KILLED,
				.exit_code = -1,
				.signal = SIGKILL,
				.killer = "4711 (sh), uid 1000" },
	      137, "killed, signal SIGKILL, by 4711 (sh), uid 1000");
	check((struct outcome){ .state = PURSER_STATE_EXITED,
				.reason = PURSER_REASON_OOM_KILLED,
				.exit_code = -1,
				.signal = SIGKILL,
				.killer = "the kernel" },
	      137, "oom_killed, signal SIGKILL");
	outcome_from_record(&o, &longest);
	check(o, 137,
	      "killed, signal SIGKILL, by 2147483647 "
	      "(\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff"
	      "\\xff\\xff\\xff\\xff\\xff), uid 4294967295");

	outcome_from_wait(&o, CLD_EXITED, 9);
	check(o, 9, "ended unregistered, exit code 9");
	outcome_from_wait(&o, CLD_DUMPED, SIGABRT);
	check(o, 134, "ended unregistered, signal SIGABRT");

	test_refused();
	return tap_end();
}
