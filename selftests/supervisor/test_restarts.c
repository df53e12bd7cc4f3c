// SPDX-License-Identifier: GPL-2.0
/* Tests restart policies: which ends they follow, the delays, the list of waiting names. */
#include <unistd.h>

#include "base/clock.h"
#include "supervisor/restarts.h"
#include "tap.h"

static struct loop loop;
static struct restarts list;
static char started[128];

/* When "again" is started, it is added once more; when "gone" is, it is cancelled. */
static void start(struct restarts *restarts, const char *name)
{
	const size_t len = strlen(started);

	snprintf(started + len, sizeof(started) - len, "%s ", name);
	if (!strcmp(name, "again"))
		restarts_add(restarts, name, false);
	if (!strcmp(name, "gone"))
		restarts_cancel(restarts, name);
}

static bool follows(enum restart_policy policy, uint32_t max, uint32_t restarts,
		    enum purser_reason reason, int exit_code)
{
	const struct container_again again = {
		.policy = policy,
		.max = max,
		.restarts = restarts,
	};
	const struct outcome outcome = {
		.state = PURSER_STATE_EXITED,
		.reason = reason,
		.exit_code = exit_code,
	};

	return restart_follows(&again, &outcome);
}

static void policies(void)
{
	static const enum purser_reason kills[] = {
		PURSER_REASON_KILLED,
		PURSER_REASON_OOM_KILLED,
		PURSER_REASON_HARD_LIMIT_KILLED,
	};

	for (int policy = RESTART_NO; policy <= RESTART_ALWAYS; policy++) {
		const char *name = restart_policy_names[policy];

		is_int(follows(policy, 0, 0, PURSER_REASON_EXITED, 0),
		       policy == RESTART_ALWAYS, "%s: after a success", name);
		is_int(follows(policy, 0, 0, PURSER_REASON_EXITED, 1),
		       policy != RESTART_NO, "%s: after a failure", name);
		is_int(follows(policy, 0, 0, PURSER_REASON_STOPPED, 0), false,
		       "%s: not after a stop", name);
		is_int(follows(policy, 0, 0, PURSER_REASON_STOPPED, -1), false,
		       "%s: not after a forced stop", name);
		is_int(follows(policy, 0, 0, PURSER_REASON_NONE, 0), false,
		       "%s: not if it was unregistered", name);
		for (int i = 0; i < 3; i++)
			is_int(follows(policy, 0, 0, kills[i], -1),
			       policy != RESTART_NO, "%s: after %s", name,
			       purser_reason_name(kills[i]));
	}
	ok(follows(RESTART_ON_FAILURE, 2, 1, PURSER_REASON_EXITED, 1),
	   "on-failure:2 starts it the second time");
	ok(!follows(RESTART_ON_FAILURE, 2, 2, PURSER_REASON_EXITED, 1),
	   "and not the third time");
	ok(follows(RESTART_ON_FAILURE, 0, UINT32_MAX, PURSER_REASON_EXITED, 1),
	   "on-failure has no limit");
}

static void delays(void)
{
	int64_t delay = 0;

	delay = restart_delay(delay, 0);
	is_int(delay, 100, "the first delay is 100 ms");
	is_int(restart_delay(100, 50), 200, "the second is twice as long");
	for (int i = 0; i < 20; i++)
		delay = restart_delay(delay, 0);
	is_int(delay, 60000, "the longest is a minute");
	is_int(restart_delay(delay, 9999), 60000, "and stays");
	is_int(restart_delay(delay, 10000), 100,
	       "after 10 seconds of running it is 100 ms again");
}

static void waiting(void)
{
	int64_t begin;

	restarts_init(&list, &loop, start);
	ok(!restarts_waits(&list, "web"), "nobody waits at first");
	ok(!restarts_cancel(&list, "web"), "there is nothing to cancel");
	is_int(restarts_add(&list, "late", false), 0, "one waits");
	is_int(restarts_add(&list, "web", true), 0, "one is due at once");
	is_int(restarts_add(&list, "off", true), 0, "and another one");
	ok(restarts_waits(&list, "late") && restarts_waits(&list, "web"),
	   "both wait");
	ok(restarts_cancel(&list, "off"), "one is cancelled");
	begin = clock_ns(CLOCK_MONOTONIC);
	loop_turn(&loop);
	is_str(started, "web ", "the one that is due is started");
	ok(!restarts_waits(&list, "web"), "it does not wait any more");
	loop_turn(&loop);
	is_str(started, "web late ", "the other one follows");
	ok(clock_ns(CLOCK_MONOTONIC) - begin > 90 * NSEC_PER_MSEC,
	   "after its delay");
}

static void from_the_callback(void)
{
	int64_t begin;

	started[0] = '\0';
	restarts_add(&list, "again", false);
	restarts_add(&list, "gone", true);
	loop_turn(&loop);
	is_str(started, "gone ", "a callback may cancel what it starts");
	loop_turn(&loop);
	begin = clock_ns(CLOCK_MONOTONIC);
	is_str(started, "gone again ", "a callback may add what it starts");
	loop_turn(&loop);
	is_str(started, "gone again again ", "it is started once more");
	ok(clock_ns(CLOCK_MONOTONIC) - begin > 190 * NSEC_PER_MSEC,
	   "after twice the delay");
	restarts_clear(&list);
	ok(!restarts_waits(&list, "again"), "all are forgotten");
}

int main(void)
{
	if (loop_open(&loop))
		bail("cannot make a loop");
	policies();
	delays();
	waiting();
	from_the_callback();
	loop_close(&loop);
	return tap_end();
}
