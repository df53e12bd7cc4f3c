// SPDX-License-Identifier: GPL-2.0
/* Text for Prometheus, see exposition.h. */
#include <inttypes.h>

#include "base/clock.h"
#include "exposition.h"

const char *exposition_content_type(enum exposition_format format)
{
	return format == EXPOSITION_OPENMETRICS ?
		       "application/openmetrics-text; version=1.0.0; charset=utf-8" :
		       "text/plain; version=0.0.4; charset=utf-8";
}

static const char *ending(enum metric_type type)
{
	switch (type) {
	case METRIC_COUNTER:
		return "_total";
	case METRIC_INFO:
		return "_info";
	case METRIC_GAUGE:
		break;
	}
	return "";
}

static const char *type_name(const struct exposition *e, enum metric_type type)
{
	switch (type) {
	case METRIC_COUNTER:
		return "counter";
	case METRIC_INFO:
		return e->format == EXPOSITION_OPENMETRICS ? "info" : "gauge";
	case METRIC_GAUGE:
		break;
	}
	return "gauge";
}

/* Both formats escape these three characters in labels, and OpenMetrics in help, too. */
static void put_escaped(FILE *out, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '\\':
			fputs("\\\\", out);
			break;
		case '"':
			fputs("\\\"", out);
			break;
		case '\n':
			fputs("\\n", out);
			break;
		default:
			putc(*s, out);
		}
	}
}

void exposition_begin(const struct exposition *e, const struct metric *m)
{
	/* OpenMetrics describes the family; the older format describes the samples. */
	const char *end = e->format == EXPOSITION_OPENMETRICS ? "" :
								ending(m->type);

	fprintf(e->out, "# HELP %s%s %s\n", m->name, end, m->help);
	fprintf(e->out, "# TYPE %s%s %s\n", m->name, end,
		type_name(e, m->type));
	if (m->unit && e->format == EXPOSITION_OPENMETRICS)
		fprintf(e->out, "# UNIT %s %s\n", m->name, m->unit);
}

static void put_name(const struct exposition *e, const struct metric *m,
		     const struct metric_label *labels, size_t n)
{
	char before = '{';

	fprintf(e->out, "%s%s", m->name, ending(m->type));
	for (size_t i = 0; i < n; i++) {
		if (!labels[i].value || !*labels[i].value)
			continue;
		fprintf(e->out, "%c%s=\"", before, labels[i].name);
		put_escaped(e->out, labels[i].value);
		putc('"', e->out);
		before = ',';
	}
	if (before == ',')
		putc('}', e->out);
}

void exposition_number(const struct exposition *e, const struct metric *m,
		       const struct metric_label *labels, size_t n,
		       uint64_t value)
{
	put_name(e, m, labels, n);
	fprintf(e->out, " %" PRIu64 "\n", value);
}

void exposition_seconds(const struct exposition *e, const struct metric *m,
			const struct metric_label *labels, size_t n, int64_t ns)
{
	put_name(e, m, labels, n);
	fprintf(e->out, " %lld.%09lld\n", ns / NSEC_PER_SEC, ns % NSEC_PER_SEC);
}

void exposition_end(const struct exposition *e)
{
	if (e->format == EXPOSITION_OPENMETRICS)
		fputs("# EOF\n", e->out);
}
