// SPDX-License-Identifier: GPL-2.0
/* The container table as metrics: which families and samples there are, and their values. */
#include "tap.h"
#include "view/metrics.h"

#define SECOND 1000000000ull

static char version[] = "0.1.0", kernel[] = "6.1.0";

static struct purser_container records[] = {
	{
		.id = 7,
		.name = "web",
		.pid = 4711,
		.state = PURSER_STATE_RUNNING,
		.soft_limit = 1000,
		.hard_limit = 2000,
		.rss = 900,
		.usage = 800,
		.peak = 850,
		.processes = 3,
		.cpu_time = 12 * SECOND + 5,
		.registered_at = SECOND / 2,
		.soft_crossings = 9,
	},
	{ .id = 3,
	  .name = "web",
	  .state = PURSER_STATE_EXITED,
	  .reason = PURSER_REASON_OOM_KILLED,
	  .exited_at = 2 * SECOND },
	{ .id = 8, .name = "db", .pid = 5, .state = PURSER_STATE_STOPPING },
};

static struct metrics_source source = {
	.info = {
		.members = 4,
		.events = 50,
		.events_dropped = 1,
		.kernel_version = kernel,
		.module_version = version,
		.has_ends = true,
		.ends = { [PURSER_REASON_EXITED] = 2,
			  [PURSER_REASON_OOM_KILLED] = 1ull << 40 },
	},
	.records = records,
	.n = 3,
	.boot = 1700000000 * SECOND,
};

static void set_cookie(struct purser_container *c, const char *cookie)
{
	c->cookie_len = strlen(cookie);
	memcpy(c->cookie, cookie, c->cookie_len);
}

/* The samples, without the lines that describe them. */
static char *samples(enum exposition_format format)
{
	struct metrics_text out;
	char *to;

	if (metrics_write(&source, format, &out))
		bail("no text");
	to = out.text;
	for (char *line = out.text, *end; *line; line = end) {
		end = strchr(line, '\n') + 1;
		if (*line == '#')
			continue;
		memmove(to, line, end - line);
		to += end - line;
	}
	*to = '\0';
	return out.text;
}

static const char all[] =
	"purser_module_info{version=\"0.1.0\",kernel=\"6.1.0\"} 1\n"
	"purser_containers{state=\"starting\"} 0\n"
	"purser_containers{state=\"running\"} 1\n"
	"purser_containers{state=\"stopping\"} 1\n"
	"purser_containers{state=\"killing\"} 0\n"
	"purser_containers{state=\"exited\"} 1\n"
	"purser_processes 4\n"
	"purser_events_total 50\n"
	"purser_events_dropped_total 1\n"
	"purser_container_ends_total{reason=\"exited\"} 2\n"
	"purser_container_ends_total{reason=\"stopped\"} 0\n"
	"purser_container_ends_total{reason=\"hard_limit_killed\"} 0\n"
	"purser_container_ends_total{reason=\"killed\"} 0\n"
	"purser_container_ends_total{reason=\"oom_killed\"} 1099511627776\n"
	"purser_container_info{container=\"web\",id=\"7\",pid=\"4711\",label=\"blog\"} 1\n"
	"purser_container_info{container=\"db\",id=\"8\",pid=\"5\"} 1\n"
	"purser_container_memory_usage_bytes{container=\"web\"} 800\n"
	"purser_container_memory_usage_bytes{container=\"db\"} 0\n"
	"purser_container_memory_rss_bytes{container=\"web\"} 900\n"
	"purser_container_memory_rss_bytes{container=\"db\"} 0\n"
	"purser_container_memory_peak_bytes{container=\"web\"} 850\n"
	"purser_container_memory_peak_bytes{container=\"db\"} 0\n"
	"purser_container_memory_limit_bytes{container=\"web\",limit=\"soft\"} 1000\n"
	"purser_container_memory_limit_bytes{container=\"web\",limit=\"hard\"} 2000\n"
	"purser_container_cpu_seconds_total{container=\"web\"} 12.000000005\n"
	"purser_container_cpu_seconds_total{container=\"db\"} 0.000000000\n"
	"purser_container_processes{container=\"web\"} 3\n"
	"purser_container_processes{container=\"db\"} 0\n"
	"purser_container_soft_limit_crossings_total{container=\"web\"} 9\n"
	"purser_container_soft_limit_crossings_total{container=\"db\"} 0\n"
	"purser_container_registration_time_seconds{container=\"web\"} 1700000000.500000000\n"
	"purser_container_registration_time_seconds{container=\"db\"} 1700000000.000000000\n"
	"purser_container_end_time_seconds{container=\"web\",id=\"3\",reason=\"oom_killed\",label=\"x\\\\x0a\\\"\\\\xff\"} 1700000002.000000000\n";

static bool has_line(enum exposition_format format, const char *line)
{
	struct metrics_text out;
	bool has;

	if (metrics_write(&source, format, &out))
		bail("no text");
	has = strstr(out.text, line);
	free(out.text);
	return has;
}

int main(void)
{
	char *text;

	set_cookie(&records[0], "{\"oci\":{},\"name\":\"blog\"}");
	set_cookie(&records[1], "{\"oci\":{},\"name\":\"x\\n\\\"\xff\"}");
	text = samples(EXPOSITION_OPENMETRICS);
	is_str(text, all, "each record has its samples, with labels escaped");
	free(text);
	text = samples(EXPOSITION_PROMETHEUS);
	is_str(text, all, "they are the same in the older format");
	free(text);
	ok(has_line(EXPOSITION_OPENMETRICS,
		    "\n# TYPE purser_container_ends counter\n"),
	   "OpenMetrics describes the family of a counter");
	ok(has_line(EXPOSITION_PROMETHEUS,
		    "\n# TYPE purser_container_ends_total counter\n"),
	   "the older format describes the samples of a counter");

	source.info.ends[PURSER_REASON_NONE] = 6;
	ok(has_line(EXPOSITION_OPENMETRICS,
		    "\npurser_container_ends_total{reason=\"unknown\"} 6\n"),
	   "reasons of a newer module are counted as unknown");
	source.info.has_ends = false;
	ok(!has_line(EXPOSITION_OPENMETRICS, "purser_container_ends"),
	   "without these counters the family is left out");
	source.n = 0;
	ok(has_line(EXPOSITION_OPENMETRICS,
		    "\npurser_containers{state=\"running\"} 0\n"),
	   "an empty table has numbers, too");
	return tap_end();
}
