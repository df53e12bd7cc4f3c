// SPDX-License-Identifier: LGPL-2.1
/* Printing messages, see report.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "escape.h"
#include "report.h"

static const char *program;
static enum report_format format;

void report_program(const char *name)
{
	program = name;
}

void report_format(enum report_format new_format)
{
	format = new_format;
}

/* In one piece, so that lines of several threads and processes stay whole. */
static void write_line(const char *line, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(STDERR_FILENO, line, len);
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

static void put_json(FILE *f, const char *level, const char *name,
		     const char *message)
{
	struct timespec now;
	struct tm tm;
	char time[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(time, sizeof(time), "%Y-%m-%dT%H:%M:%S", &tm);
	fprintf(f, "{\"time\":\"%s.%09ldZ\",\"level\":\"%s\",\"program\":\"",
		time, now.tv_nsec, level);
	put_quoted(f, name);
	fputs("\",\"message\":\"", f);
	put_quoted(f, message);
	fputs("\"}\n", f);
}

static void print(const char *level, const char *message)
{
	const char *name = program ? program : program_invocation_short_name;
	__cleanup_free char *safe = message ? escape_text(message) : NULL;
	__cleanup_free char *line = NULL;
	size_t len;
	FILE *f = open_memstream(&line, &len);

	if (f && format == REPORT_JSON)
		put_json(f, level, name, safe ? safe : "out of memory");
	else if (f)
		fprintf(f, "%s: %s\n", name, safe ? safe : "out of memory");
	if (!f || fclose(f)) {
		static const char text[] = "out of memory\n";

		write_line(text, sizeof(text) - 1);
		return;
	}
	write_line(line, len);
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
