// SPDX-License-Identifier: GPL-2.0
/* Tests the lines that report() prints. */
#include <errno.h>
#include <fcntl.h>
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

/* Read what there is in the pipe @fd. */
static const char *drain(int fd)
{
	static char text[1 << 17];
	ssize_t n;
	size_t len = 0;

	while ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	text[len] = '\0';
	return text;
}

/* Fill the pipe, so that the next write() would wait. */
static void fill(void)
{
	static const char block[4096];
	int own = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	while (write(own, block, sizeof(block)) > 0)
		;
	close(own);
}

/* A signal ends the test if a message waits. */
static void never_wait(int reader)
{
	static char longest[40000];
	const char *text;

	alarm(20);
	report_never_wait();
	fill();
	for (int i = 0; i < 3; i++)
		report(0, "lost");
	printf("# full\n");
	drain(reader);
	report_catch_up();
	text = drain(reader);
	ok(!strcmp(text, "prog: 3 messages could not be written here\n"),
	   "messages for a full pipe are counted: %s", text);
	report(0, "now");
	ok(!strcmp(drain(reader), "prog: now\n"), "the next message is whole");
	fill();
	report(0, "lost");
	drain(reader);
	report(0, "said");
	ok(!strcmp(drain(reader),
		   "prog: 1 message could not be written here\nprog: said\n"),
	   "the number comes before the next message");

	memset(longest, 'x', sizeof(longest) - 1);
	for (int i = 0; i < 3; i++)
		report(0, "%s", longest);
	text = drain(reader);
	report(0, "end");
	report_catch_up();
	ok(strlen(text) > 40000, "a long message is written in part");
	text = drain(reader);
	ok(strstr(text, "x\nprog: ") &&
		   strstr(text, "could not be written here\nprog: end\n"),
	   "its rest comes before the next message: %s",
	   strchr(text, '\n') ? strchr(text, '\n') : text);
}

/* The rest of a line is kept, but not a rest of any length. */
static void cut_rest(int reader)
{
	static char longest[120000];
	const char *text, *end;

	memset(longest, 'y', sizeof(longest) - 1);
	report(0, "%s", longest);
	text = drain(reader);
	ok(strlen(text) == 65536 && !strchr(text, '\n'),
	   "a message is longer than the pipe: %zu bytes are written",
	   strlen(text));
	report_catch_up();
	text = drain(reader);
	end = strchr(text, '\n');
	is_int(end ? end - text : 0, 32767, "so much of its rest is kept");
	is_str(end ? end + 1 : text,
	       "prog: 1 message could not be written here\n",
	       "and the message is counted");
	report(0, "next");
	is_str(drain(reader), "prog: next\n", "the next message is whole");
}

static void test_never_wait(void)
{
	int fds[2], saved = dup(STDERR_FILENO);

	if (saved < 0 || pipe2(fds, O_CLOEXEC) < 0 ||
	    fcntl(fds[0], F_SETFL, O_NONBLOCK) < 0 ||
	    dup2(fds[1], STDERR_FILENO) < 0)
		bail("making a pipe");
	never_wait(fds[0]);
	cut_rest(fds[0]);
	dup2(saved, STDERR_FILENO);
}

/* A disk that is full for a moment. */
static void test_full_disk(void)
{
	int fds[2], saved = dup(STDERR_FILENO);
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	char line[256] = "";

	if (saved < 0 || full < 0 || pipe2(fds, O_CLOEXEC) < 0)
		bail("opening /dev/full");
	dup2(full, STDERR_FILENO);
	report(0, "lost");
	report(0, "lost");
	dup2(fds[1], STDERR_FILENO);
	report_catch_up();
	dup2(saved, STDERR_FILENO);
	close(fds[1]);
	if (read(fds[0], line, sizeof(line) - 1) < 0)
		bail("reading a pipe");
	is_str(line, "prog: 2 messages could not be written here\n",
	       "messages for a full disk are counted");
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
	report_format(REPORT_TEXT);
	test_full_disk();
	test_never_wait();
	return tap_end();
}
