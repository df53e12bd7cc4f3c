// SPDX-License-Identifier: LGPL-2.1
/* Printing messages, see report.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "escape.h"
#include "report.h"

static const char *program;

/** struct sink - a file that gets all messages */
struct sink {
	int fd;
	enum report_format format;
	bool is_log; /* see report_log() */
};

static struct sink sinks[2] = { { .fd = STDERR_FILENO }, { .fd = -1 } };

void report_program(const char *name)
{
	program = name;
}

void report_format(enum report_format format)
{
	sinks[0].format = format;
}

void report_log(int fd, enum report_format format)
{
	sinks[1] = (struct sink){ .fd = fd, .format = format, .is_log = true };
}

/* In one piece, so that lines of several threads and processes stay whole. */
static void write_line(int fd, const char *line, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, line, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return; /* nowhere is left to say so */
		line += n;
		len -= n;
	}
}

/* The message of a JSON object: it has no control characters any more. */
static void put_quoted(FILE *f, const char *s)
{
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			putc('\\', f);
		putc(*s, f);
	}
}

static void put_json(FILE *f, const struct sink *sink, const char *level,
		     const char *name, const char *message)
{
	struct timespec now;
	struct tm tm;
	char time[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(time, sizeof(time), "%Y-%m-%dT%H:%M:%S", &tm);
	fprintf(f, "{\"time\":\"%s.%09ldZ\",\"level\":\"%s\"", time,
		now.tv_nsec, level);
	if (!sink->is_log) {
		fputs(",\"program\":\"", f);
		put_quoted(f, name);
		putc('"', f);
	}
	fprintf(f, ",\"%s\":\"", sink->is_log ? "msg" : "message");
	put_quoted(f, message);
	fputs("\"}\n", f);
}

static void print_to(const struct sink *sink, const char *level,
		     const char *name, const char *message)
{
	__cleanup_free char *line = NULL;
	size_t len;
	FILE *f = open_memstream(&line, &len);

	if (f && sink->format == REPORT_JSON)
		put_json(f, sink, level, name, message);
	else if (f)
		fprintf(f, "%s: %s\n", name, message);
	if (!f || fclose(f)) {
		static const char text[] = "out of memory\n";

		write_line(sink->fd, text, sizeof(text) - 1);
		return;
	}
	write_line(sink->fd, line, len);
}

static void print(const char *level, const char *message)
{
	const char *name = program ? program : program_invocation_short_name;
	__cleanup_free char *safe = message ? escape_text(message) : NULL;

	for (size_t i = 0; i < sizeof(sinks) / sizeof(sinks[0]); i++) {
		if (sinks[i].fd >= 0)
			print_to(&sinks[i], level, name,
				 safe ? safe : "out of memory");
	}
}

void report_at(const char *level, int err, const char *fmt, ...)
{
	__cleanup_free char *what = NULL, *message = NULL;
	const char *why = strerrordesc_np(-err);
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		what = NULL;
	va_end(ap);
	if (what && err &&
	    asprintf(&message, "%s: %s", what, why ? why : "unknown error") < 0)
		message = NULL;
	print(level, err ? message : what);
}

void report_failure(const struct failure *failure)
{
	print("error", failure->text);
}
