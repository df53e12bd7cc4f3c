// SPDX-License-Identifier: GPL-2.0
/* Tests the lines that report() prints. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/report.h"
#include "tap.h"

/* Returns what report() writes for @err and @text. */
static char *reported(int err, const char *text)
{
	static char line[4096];
	int fds[2], saved = dup(STDERR_FILENO);
	ssize_t n;

	if (saved < 0 || pipe(fds) < 0 || dup2(fds[1], STDERR_FILENO) < 0)
		return NULL;
	report(err, "cannot open \"%s\"", text);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(fds[1]);
	n = read(fds[0], line, sizeof(line) - 1);
	close(fds[0]);
	line[n < 0 ? 0 : n] = '\0';
	return line;
}

int main(void)
{
	char *line;

	report_program("prog");
	line = reported(0, "a");
	ok(line && !strcmp(line, "prog: cannot open \"a\"\n"),
	   "report() prints a line without an errno");
	line = reported(-ENOENT, "a");
	ok(line && !strcmp(line, "prog: cannot open \"a\": "
				 "No such file or directory\n"),
	   "report() prints a line with an errno");
	line = reported(-ENOENT, "a\nprog: all is well\x1b[2J");
	ok(line && !strcmp(line, "prog: cannot open \"a\\x0aprog: all is well"
				 "\\x1b[2J\": No such file or directory\n"),
	   "report() escapes control characters in the text");
	line = reported(-99999, "a");
	ok(line && !strcmp(line, "prog: cannot open \"a\": unknown error\n"),
	   "report() prints an unknown errno");
	report_format(REPORT_JSON);
	line = reported(-ENOENT, "a\\b\n");
	ok(line && strlen(line) > 42 && !strncmp(line, "{\"time\":\"2", 10) &&
		   !strcmp(line + 38,
			   "Z\",\"level\":\"error\",\"program\":\"prog\","
			   "\"message\":\"cannot open \\\"a\\\\b\\\\x0a\\\": "
			   "No such file or directory\"}\n"),
	   "report_format(REPORT_JSON) prints an object");
	if (line)
		printf("# %s", line);
	return tap_end();
}
