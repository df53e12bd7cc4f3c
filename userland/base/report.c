// SPDX-License-Identifier: LGPL-2.1
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "escape.h"
#include "report.h"

static const char *program;

void report_program(const char *name)
{
	program = name;
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

void report(int err, const char *fmt, ...)
{
	const char *name = program ? program : program_invocation_short_name;
	__cleanup_free char *what = NULL, *safe = NULL, *line = NULL;
	const char *why = err ? strerrordesc_np(-err) : NULL;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&what, fmt, ap);
	va_end(ap);
	if (len < 0)
		what = NULL;
	safe = what ? escape_text(what) : NULL;
	if (err && !why)
		why = "unknown error";
	len = asprintf(&line, "%s: %s%s%s\n", name,
		       safe ? safe : "out of memory", why ? ": " : "",
		       why ? why : "");
	if (len < 0) {
		static const char text[] = "out of memory\n";

		line = NULL;
		write_line(text, sizeof(text) - 1);
		return;
	}
	write_line(line, len);
}
