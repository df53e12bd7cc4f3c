// SPDX-License-Identifier: GPL-2.0
/* Metrics as text, in both formats. */
#include "tap.h"
#include "view/exposition.h"

static const struct metric cpu = { "x_cpu_seconds", METRIC_COUNTER, "seconds",
				   "CPU time." };
static const struct metric about = { "x_box", METRIC_INFO, NULL, "About it." };
static const struct metric level = { "x_level_bytes", METRIC_GAUGE, "bytes",
				     "A level." };

static void put_all(const struct exposition *e)
{
	const struct metric_label two[] = { { "a", "1" }, { "b", "2" } };
	const struct metric_label some[] = { { "a", "" },
					     { "b", NULL },
					     { "c", "x" } };
	const struct metric_label odd = { "a", "\\ \" \n { } , = \t \xc3\xa9" };

	exposition_begin(e, &cpu);
	exposition_seconds(e, &cpu, two, 2, 12000000034);
	exposition_seconds(e, &cpu, NULL, 0, 999999999);
	exposition_begin(e, &about);
	exposition_number(e, &about, some, 3, 1);
	exposition_number(e, &about, &odd, 1, 1);
	exposition_begin(e, &level);
	exposition_number(e, &level, some, 2, UINT64_MAX);
	exposition_end(e);
}

static void is_text(enum exposition_format format, const char *want,
		    const char *what)
{
	struct exposition e = { .format = format };
	char *text;
	size_t len;

	e.out = open_memstream(&text, &len);
	put_all(&e);
	fclose(e.out);
	is_str(text, want, "%s", what);
	free(text);
}

int main(void)
{
	is_text(EXPOSITION_OPENMETRICS,
		"# HELP x_cpu_seconds CPU time.\n"
		"# TYPE x_cpu_seconds counter\n"
		"# UNIT x_cpu_seconds seconds\n"
		"x_cpu_seconds_total{a=\"1\",b=\"2\"} 12.000000034\n"
		"x_cpu_seconds_total 0.999999999\n"
		"# HELP x_box About it.\n"
		"# TYPE x_box info\n"
		"x_box_info{c=\"x\"} 1\n"
		"x_box_info{a=\"\\\\ \\\" \\n { } , = \t \xc3\xa9\"} 1\n"
		"# HELP x_level_bytes A level.\n"
		"# TYPE x_level_bytes gauge\n"
		"# UNIT x_level_bytes bytes\n"
		"x_level_bytes 18446744073709551615\n"
		"# EOF\n",
		"OpenMetrics describes families, with units, and marks its end");
	is_text(EXPOSITION_PROMETHEUS,
		"# HELP x_cpu_seconds_total CPU time.\n"
		"# TYPE x_cpu_seconds_total counter\n"
		"x_cpu_seconds_total{a=\"1\",b=\"2\"} 12.000000034\n"
		"x_cpu_seconds_total 0.999999999\n"
		"# HELP x_box_info About it.\n"
		"# TYPE x_box_info gauge\n"
		"x_box_info{c=\"x\"} 1\n"
		"x_box_info{a=\"\\\\ \\\" \\n { } , = \t \xc3\xa9\"} 1\n"
		"# HELP x_level_bytes A level.\n"
		"# TYPE x_level_bytes gauge\n"
		"x_level_bytes 18446744073709551615\n",
		"the older format describes samples");
	is_str(exposition_content_type(EXPOSITION_OPENMETRICS),
	       "application/openmetrics-text; version=1.0.0; charset=utf-8",
	       "OpenMetrics has its type of content");
	is_str(exposition_content_type(EXPOSITION_PROMETHEUS),
	       "text/plain; version=0.0.4; charset=utf-8",
	       "the older format has its type of content");
	return tap_end();
}
