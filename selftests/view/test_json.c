// SPDX-License-Identifier: GPL-2.0
/* Tests records, events and counters as JSON. */
#include <stdlib.h>
#include <string.h>

#include "view/json.h"
#include "tap.h"
#include "cases.h"

#define PLAIN (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

/* All values differ, so that the test sees two that are swapped. */
static const struct purser_container full = {
	.id = UINT64_MAX,
	.name = "web-1",
	.pid = 4711,
	.pidns = 4026531836,
	.state = PURSER_STATE_EXITED,
	.reason = PURSER_REASON_STOPPED,
	.exit_code = 0,
	.signal = 9,
	.forced = true,
	.no_handler = true,
	.has_killer = true,
	.killer = { .pid = 13, .uid = 14, .comm = "sh" },
	.oom_scope = PURSER_OOM_SCOPE_CGROUP,
	.soft_limit = 1,
	.hard_limit = 2,
	.rss = 3,
	.usage = 4,
	.peak = 5,
	.has_crossed_by = true,
	.crossed_by = { .pid = 15, .uid = 16, .comm = "hog" },
	.processes = 6,
	.outside = 9,
	.cpu_time = 7,
	.registered_at = 8,
	.started_at = 10,
	.exited_at = 11,
	.soft_crossings = 12,
	.soft_held = 13,
};

#define FULL_JSON                                                             \
	"{\"id\":18446744073709551615,\"name\":\"web-1\",\"pid\":4711,"       \
	"\"pidns\":4026531836,\"state\":\"exited\",\"reason\":\"stopped\","   \
	"\"exit_code\":0,\"signal\":9,\"forced\":true,\"no_handler\":true,"   \
	"\"killer\":{\"pid\":13,\"uid\":14,\"comm\":\"sh\"},"                 \
	"\"oom_scope\":\"cgroup\","                                           \
	"\"soft_limit\":1,\"hard_limit\":2,\"rss\":3,\"usage\":4,\"peak\":5," \
	"\"crossed_by\":{\"pid\":15,\"uid\":16,\"comm\":\"hog\"},"            \
	"\"processes\":6,\"outside\":9,\"cpu_time\":7,\"registered_at\":8,"   \
	"\"started_at\":10,\"exited_at\":11,\"soft_crossings\":12,\"soft_held\":13}"

static void is_json(struct json_object *o, const char *want, const char *what)
{
	const char *got = o ? json_object_to_json_string_ext(o, PLAIN) : NULL;

	if (!ok(got && !strcmp(got, want), "%s", what))
		printf("# got  %s\n# want %s\n", got ? got : "(null)", want);
	json_object_put(o);
}

static void test_container(void)
{
	struct purser_container c = full;

	is_json(purser_container_json(&c), FULL_JSON,
		"a record has all keys in order");

	c = (struct purser_container){
		.id = 1,
		.name = "a",
		.pid = 2,
		.exit_code = -1,
		.state = PURSER_STATE_STARTING,
	};
	is_json(purser_container_json(&c),
		"{\"id\":1,\"name\":\"a\",\"pid\":2,\"pidns\":0,"
		"\"state\":\"starting\",\"reason\":\"none\","
		"\"exit_code\":null,\"signal\":null,\"forced\":false,"
		"\"no_handler\":false,\"killer\":null,"
		"\"oom_scope\":null,\"soft_limit\":0,\"hard_limit\":0,"
		"\"rss\":0,\"usage\":0,\"peak\":0,"
		"\"crossed_by\":null,\"processes\":0,\"outside\":0,"
		"\"cpu_time\":0,\"registered_at\":0,\"started_at\":null,"
		"\"exited_at\":null,\"soft_crossings\":0,\"soft_held\":0}",
		"a value that does not exist is null");

	c.state = 77;
	c.reason = 78;
	json_object *o = purser_container_json(&c);

	ok(!strcmp(json_object_get_string(json_object_object_get(o, "state")),
		   "unknown") &&
		   !strcmp(json_object_get_string(
				   json_object_object_get(o, "reason")),
			   "unknown"),
	   "an unknown state and an unknown reason are \"unknown\"");
	json_object_put(o);
}

static void test_cookie(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *key, *value;
	} cases[] = {
		{ "{\"log\":\"/x\"}", 12, "cookie", "{\"log\":\"/x\"}" },
		{ "\xc3\xa4\n", 3, "cookie", "\xc3\xa4\n" },
		{ "a\0b", 3, "cookie_hex", "610062" },
		{ "\x1b", 1, "cookie_hex", "1b" },
		{ "\xff\x00\xfe", 3, "cookie_hex", "ff00fe" },
	};
	struct purser_container c = full;
	json_object *o, *v;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		memcpy(c.cookie, cases[i].bytes, cases[i].len);
		c.cookie_len = cases[i].len;
		o = purser_container_json(&c);
		v = json_object_object_get(o, cases[i].key);
		ok(v && !strcmp(json_object_get_string(v), cases[i].value) &&
			   json_object_object_length(o) == 27,
		   "the cookie of case %zu is %s", i, cases[i].key);
		json_object_put(o);
	}
	memset(c.cookie, 0xff, sizeof(c.cookie));
	c.cookie_len = sizeof(c.cookie);
	o = purser_container_json(&c);
	v = json_object_object_get(o, "cookie_hex");
	ok(v && json_object_get_string_len(v) == 2 * PURSER_COOKIE_MAX,
	   "the longest cookie is complete");
	json_object_put(o);
}

static void test_event(void)
{
	struct purser_event e = {
		.seq = 42,
		.time = 99,
		.type = PURSER_EVENT_STOP_FORCED,
		.container = full,
	};

	is_json(purser_event_json(&e),
		"{\"seq\":42,\"time\":99,\"event\":\"stop_forced\","
		"\"container\":" FULL_JSON "}",
		"an event has its number, time, type and record");
}

static void test_info(void)
{
	char *probes[] = { "sched_process_exit", "a\"b", NULL }, *none = NULL;
	struct purser_info info = {
		.live = 1,
		.ended = 2,
		.members = 3,
		.events = 4,
		.events_dropped = 5,
		.kernel_version = "6.1",
		.module_version = "0.1",
		.tracepoints = probes,
		.has_ends = true,
		.ends = { [PURSER_REASON_STOPPED] = 6,
			  [PURSER_REASON_OOM_KILLED] = 7 },
	};

	is_json(purser_info_json(&info),
		"{\"live\":1,\"ended\":2,\"members\":3,\"events\":4,"
		"\"events_dropped\":5,\"ends\":{\"exited\":0,\"stopped\":6,"
		"\"hard_limit_killed\":0,\"killed\":0,\"oom_killed\":7},"
		"\"kernel_version\":\"6.1\","
		"\"module_version\":\"0.1\",\"tracepoints\":"
		"[\"sched_process_exit\",\"a\\\"b\"]}",
		"the counters have all keys in order");
	info.tracepoints = &none;
	json_object *o = purser_info_json(&info);

	ok(json_object_array_length(json_object_object_get(o, "tracepoints")) ==
		   0,
	   "without tracepoints there is an empty array");
	json_object_put(o);
}

int main(void)
{
	test_container();
	test_cookie();
	test_event();
	test_info();
	return tap_end();
}
