// SPDX-License-Identifier: GPL-2.0
/* Tests encoding and decoding start requests, and invalid ones. */
#include "control/protocol.h"
#include "control/request.h"
#include "tap.h"

static bool same_string(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_list(const struct string_list *a, const struct string_list *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (strcmp(a->strings[i], b->strings[i]))
			return false;
	}
	return true;
}

static bool same_request(const struct start_request *a,
			 const struct start_request *b)
{
	return same_string(a->id, b->id) && same_string(a->rootfs, b->rootfs) &&
	       same_string(a->cwd, b->cwd) && same_string(a->cpus, b->cpus) &&
	       same_list(&a->command, &b->command) &&
	       same_list(&a->env, &b->env) && a->soft_limit == b->soft_limit &&
	       a->hard_limit == b->hard_limit && a->has_nice == b->has_nice &&
	       same_string(a->hostname, b->hostname) &&
	       same_list(&a->ulimits, &b->ulimits) &&
	       same_list(&a->volumes, &b->volumes) &&
	       same_list(&a->tmpfs, &b->tmpfs) &&
	       a->read_only == b->read_only && same_string(a->user, b->user) &&
	       a->init == b->init && a->cpu_max == b->cpu_max &&
	       a->keep == b->keep && a->stop.signal == b->stop.signal &&
	       a->stop.has_timeout == b->stop.has_timeout &&
	       a->stop.timeout_ms == b->stop.timeout_ms &&
	       same_list(&a->cap_add, &b->cap_add) &&
	       same_list(&a->cap_drop, &b->cap_drop) &&
	       a->privileged == b->privileged &&
	       a->allow_new_privs == b->allow_new_privs &&
	       same_string(a->seccomp, b->seccomp) &&
	       a->has_oom_score_adj == b->has_oom_score_adj &&
	       a->oom_score_adj == b->oom_score_adj && a->nice == b->nice &&
	       a->own_network == b->own_network &&
	       a->userns.chosen == b->userns.chosen &&
	       a->userns.mode == b->userns.mode &&
	       a->log.has_driver == b->log.has_driver &&
	       a->log.driver == b->log.driver &&
	       a->log.max_size == b->log.max_size &&
	       a->log.max_files == b->log.max_files &&
	       a->cgroup.has_memory_max == b->cgroup.has_memory_max &&
	       a->cgroup.has_pids_max == b->cgroup.has_pids_max &&
	       a->cgroup.memory_max == b->cgroup.memory_max &&
	       a->cgroup.pids_max == b->cgroup.pids_max &&
	       same_string(a->token, b->token);
}

/* Encodes the request to text, and decodes it. */
static void round_trip(struct start_request *request, const char *name)
{
	struct object o = message_begin("start", NULL);
	struct json_object *m, *parsed;
	struct start_request back;
	struct failure failure = { 0 };
	const char *text;

	request_encode(request, &o);
	m = object_done(&o);
	ok(m, "%s: encode", name);
	text = json_object_to_json_string_ext(m, JSON_C_TO_STRING_PLAIN);
	ok(!strchr(text, '\n'), "%s: the message is one line", name);
	parsed = json_tokener_parse(text);
	if (is_int(request_decode(parsed, &back, &failure), 0, "%s: decode",
		   name)) {
		ok(same_request(request, &back),
		   "%s: the decoded request is the same", name);
		request_free(&back);
	} else {
		printf("# %s\n", failure.text);
	}
	json_object_put(parsed);
	json_object_put(m);
	request_free(request);
}

static void round_trips(void)
{
	struct start_request plain = {
		.id = strdup("web"),
		.soft_limit = DEFAULT_SOFT_LIMIT,
		.hard_limit = DEFAULT_HARD_LIMIT,
	};
	struct start_request full = {
		.id = strdup("a.b_c-1"),
		.rootfs = strdup("/srv/with \"quotes\" and\nnewline"),
		.cwd = strdup("/tmp"),
		.cpus = strdup("0"),
		.hostname = strdup("h.example"),
		.has_oom_score_adj = true,
		.oom_score_adj = -1000,
		.stop = { 64, true, 0 },
		.init = true,
		.cpu_max = CPU_MAX_MAX,
		.user = strdup("web:staff"),
		.privileged = true,
		.allow_new_privs = true,
		.seccomp = strdup("{\"defaultAction\":\"x\"}"),
		.soft_limit = 1,
		.hard_limit = UINT64_MAX,
		.has_nice = true,
		.nice = -20,
		.own_network = true,
		.userns = { true, USERNS_HOST },
		.log = { true, LOG_DRIVER_NONE, 1000, LOG_MAX_SIZE_MAX },
		.cgroup = { true, true, UINT64_MAX, PIDS_MAX_MAX },
		.token = strdup("0aZ9"),
	};
	struct start_request open = {
		.id = strdup("web"),
		.hard_limit = DEFAULT_HARD_LIMIT,
		.cgroup = { true, true, 0, 0 },
	};

	string_list_add(&plain.command, "/bin/sh");
	round_trip(&plain, "defaults");

	string_list_add(&full.command, "sh");
	string_list_add(&full.command, "");
	string_list_add(&full.command, "\x01\n\t\\/\"\xff\xfe \xc3\xa4");
	string_list_add(&full.env, "A=");
	string_list_add(&full.env, "B=x=y\nz");
	string_list_add(&full.ulimits, "nofile=1024:4096");
	string_list_add(&full.ulimits, "core=-1");
	string_list_add(&full.volumes, "/a:/b:ro");
	string_list_add(&full.volumes, "/c:/d");
	string_list_add(&full.tmpfs, "/tmp:size=1m");
	full.read_only = true;
	string_list_add(&full.cap_add, "ALL");
	string_list_add(&full.cap_drop, "MKNOD");
	round_trip(&full, "everything");

	open.keep = true;
	string_list_add(&open.command, "/bin/sh");
	round_trip(&open, "no limits of the cgroup");
}

static void refuse(const char *json, const char *why)
{
	struct json_object *m = json_tokener_parse(json);
	struct start_request request;
	struct failure failure = { 0 };

	if (!m)
		bail("the test's JSON is invalid: %s", json);
	ok(request_decode(m, &request, &failure) < 0, "refused: %s", json);
	if (!ok(strstr(failure.text, why), "the refusal says \"%s\"", why))
		printf("# %s\n", failure.text);
	json_object_put(m);
}

static void refusals(void)
{
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"cpu_max\":9}",
	       "CPU limit of 0.009 CPUs: not from 0.01 to 8192");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"rootfs\":\"/r\","
	       "\"keep\":true}",
	       "no overlay to keep");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"keep\":true,"
	       "\"auto_remove\":true}",
	       "cannot keep its overlay");
	refuse("{}", "\"id\"");
	refuse("{\"id\":7,\"command\":[\"ls\"]}", "\"id\"");
	refuse("{\"id\":null,\"command\":[\"ls\"]}", "\"id\"");
	refuse("{\"id\":\"a\\u0000b\",\"command\":[\"ls\"]}", "\"id\"");
	refuse("{\"id\":\"a/b\",\"command\":[\"ls\"]}", "letters");
	refuse("{\"id\":\"a\"}", "command is empty");
	refuse("{\"id\":\"a\",\"command\":[]}", "command is empty");
	refuse("{\"id\":\"a\",\"command\":\"ls\"}", "\"command\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\",1]}", "\"command\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\",null]}", "\"command\"");
	refuse("{\"id\":\"a\",\"command\":[\"l\\u0000s\"]}", "\"command\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"env\":[\"x\"]}",
	       "KEY=VALUE");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"env\":[\"=x\"]}",
	       "KEY=VALUE");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"env\":{}}", "\"env\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"rootfs\":\"b\"}",
	       "absolute");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"hard_limit\":-1}",
	       "\"hard_limit\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"hard_limit\":\"1\"}",
	       "\"hard_limit\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"soft_limit\":2,"
	       "\"hard_limit\":1}",
	       "above");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"nice\":99}", "nice");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"nice\":4294967296}",
	       "nice");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"oom_score_adj\":1001}",
	       "OOM score");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"hostname\":\"a/b\"}",
	       "hostname");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"ulimits\":[\"x=1\"]}",
	       "ulimit \"x=1\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"volumes\":[\"a:/b\"]}",
	       "volume \"a:/b\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"tmpfs\":[\"/t:x\"]}",
	       "tmpfs \"/t:x\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"user\":\"a\\nb\"}",
	       "not USER or USER:GROUP");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"cap_add\":[\"X\"]}",
	       "capability \"X\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"cap_drop\":[\"\"]}",
	       "capability \"\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"seccomp\":\"x\"}",
	       "seccomp \"x\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"stop_signal\":65}",
	       "stop signal 65");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"stop_timeout_ms\":86400001}",
	       "stop timeout");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"userns\":\"own\"}",
	       "\"userns\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"own_network\":1}",
	       "\"own_network\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"cpus\":\"x\"}", "CPU");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"log_driver\":\"x\"}",
	       "\"log_driver\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"log_max_size\":1}",
	       "log size 1");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],"
	       "\"log_max_files\":4294967297}",
	       "log files");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"memory_max\":-1}",
	       "\"memory_max\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"memory_max\":67108863}",
	       "below the hard limit of 64 MiB");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"pids_max\":\"1\"}",
	       "\"pids_max\"");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"pids_max\":4194305}",
	       "pids.max of 4194305: above 4194304");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"token\":\"\"}", "token");
	refuse("{\"id\":\"a\",\"command\":[\"ls\"],\"token\":\"a b\"}",
	       "token");
}

/* Settings in the request replace those of the supervisor. */
static void log_choices(void)
{
	const struct log_settings defaults = { LOG_DRIVER_RAW, 7, 70000, 0 };
	const struct log_choice none = { 0 };
	const struct log_choice all = { true, LOG_DRIVER_CRI, 3, 40000 };
	struct log_settings s = log_choose(&none, &defaults);

	ok(s.driver == LOG_DRIVER_RAW && s.max_files == 7 &&
		   s.max_size == 70000,
	   "without settings the defaults are used");
	s = log_choose(&all, &defaults);
	ok(s.driver == LOG_DRIVER_CRI && s.max_files == 3 &&
		   s.max_size == 40000,
	   "all settings of the request are used");
}

int main(void)
{
	round_trips();
	refusals();
	log_choices();
	return tap_end();
}
