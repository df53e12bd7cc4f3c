/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writing metrics as text that Prometheus reads, in one of two formats: OpenMetrics 1.0,
 * or the older text format of Prometheus, version 0.0.4. The node exporter reads only the
 * older one. It has no units, no metrics of type info, and no mark of the end.
 *
 * The names of samples are the same in both. Errors of writing stay in the stream.
 */
#ifndef VIEW_EXPOSITION_H
#define VIEW_EXPOSITION_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum exposition_format {
	EXPOSITION_OPENMETRICS,
	EXPOSITION_PROMETHEUS,
};

/** exposition_content_type() - the format as HTTP calls it */
const char *exposition_content_type(enum exposition_format format);

enum metric_type {
	METRIC_GAUGE,
	METRIC_COUNTER, /* the names of its samples end in "_total" */
	METRIC_INFO,	/* the names of its samples end in "_info" */
};

/**
 * struct metric - a family of samples
 * @name: without the ending that the type gives to samples
 * @unit: what @name ends in, or NULL
 * @help: one sentence
 */
struct metric {
	const char *name;
	enum metric_type type;
	const char *unit;
	const char *help;
};

/** struct metric_label - @value: UTF-8; NULL or empty: the sample does not have the label */
struct metric_label {
	const char *name;
	const char *value;
};

/** struct exposition - a text that is being written */
struct exposition {
	FILE *out;
	enum exposition_format format;
};

/** exposition_begin() - begin a family; its samples must follow at once */
void exposition_begin(const struct exposition *e, const struct metric *m);

/** exposition_number() - write a sample; @labels: @n of them */
void exposition_number(const struct exposition *e, const struct metric *m,
		       const struct metric_label *labels, size_t n,
		       uint64_t value);
/** exposition_seconds() - write a sample in seconds; @ns: in nanoseconds, not negative */
void exposition_seconds(const struct exposition *e, const struct metric *m,
			const struct metric_label *labels, size_t n,
			int64_t ns);

/** exposition_end() - end the text */
void exposition_end(const struct exposition *e);

#endif /* VIEW_EXPOSITION_H */
