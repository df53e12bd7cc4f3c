// SPDX-License-Identifier: LGPL-2.1
/* Printing messages, see report.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "array.h"
#include "cleanup.h"
#include "escape.h"
#include "mutex.h"
#include "report.h"

static const char *program;

/* So much is kept of a line that was written in part. */
#define REST_LEN 32768

/** struct sink - a file that gets all messages */
struct sink {
	int fd;
	enum report_format format;
	bool is_log;	  /* see report_log() */
	bool never_waits; /* see report_never_wait() */
	size_t longest; /* how much one write() may take; 0: any number of bytes */
	char *rest;	/* of a line that was written in part: REST_LEN bytes */
	size_t rest_len; /* 0: the last line is whole */
	unsigned long
		lost; /* messages that could not be written since the last one */
};

/* Memory may be short when a line is written in part. */
static char rests[2][REST_LEN];

static struct sink sinks[2] = {
	{ .fd = STDERR_FILENO, .rest = rests[0] },
	{ .fd = -1, .rest = rests[1] },
};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

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
	sinks[1] = (struct sink){
		.fd = fd,
		.format = format,
		.is_log = true,
		.rest = rests[1],
	};
}

/*
 * Open a pipe or a terminal again: O_NONBLOCK then does not concern other processes that
 * have it open. -1: it cannot be opened again.
 */
static int open_again(int fd)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

void report_never_wait(void)
{
	struct sink *sink = &sinks[0];
	struct stat st;
	int fd = -1;

	guard_mutex(&lock);
	sink->never_waits = true;
	if (fstat(sink->fd, &st) || S_ISREG(st.st_mode))
		return;
	if (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode))
		fd = open_again(sink->fd);
	if (fd >= 0)
		sink->fd = fd;
	else if (S_ISFIFO(st.st_mode))
		/* poll() says that a pipe has room for this. */
		sink->longest = PIPE_BUF;
}

/* Like write(), but if the sink never waits, it fails with EAGAIN instead. */
static ssize_t write_some(const struct sink *sink, const char *p, size_t len)
{
	struct pollfd pollfd = { .fd = sink->fd, .events = POLLOUT };

	if (sink->longest && len > sink->longest)
		len = sink->longest;
	if (!sink->never_waits || poll(&pollfd, 1, 0) > 0)
		return write(sink->fd, p, len);
	errno = EAGAIN;
	return -1;
}

/*
 * In one piece, so that lines of several threads and processes stay whole. Returns how
 * many bytes are written.
 */
static size_t write_line(const struct sink *sink, const char *line, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = write_some(sink, line + done, len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		done += n;
	}
	return done;
}

/* Write the rest of the last line. Returns whether nothing of it is left. */
static bool write_rest(struct sink *sink)
{
	size_t done;

	if (!sink->rest_len)
		return true;
	done = write_line(sink, sink->rest, sink->rest_len);
	sink->rest_len -= done;
	memmove(sink->rest, sink->rest + done, sink->rest_len);
	return !sink->rest_len;
}

/*
 * Write a line, or else count it. Keep the rest of a line that is written in part; if that
 * is too long, end the line and count it, too.
 */
static void put_line(struct sink *sink, const char *line, size_t len)
{
	const size_t done = write_line(sink, line, len);
	size_t left = len - done;

	if (left && !done)
		sink->lost++;
	if (!left || !done)
		return;
	if (left <= REST_LEN) {
		memcpy(sink->rest, line + done, left);
	} else {
		left = REST_LEN;
		memcpy(sink->rest, line + done, left);
		sink->rest[left - 1] = '\n';
		sink->lost++;
	}
	sink->rest_len = left;
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

static void print_to(struct sink *sink, const char *level, const char *message)
{
	const char *name = program ? program : program_invocation_short_name;
	__cleanup_free char *line = NULL;
	size_t len;
	FILE *f = open_memstream(&line, &len);

	if (f && sink->format == REPORT_JSON)
		put_json(f, sink, level, name, message);
	else if (f)
		fprintf(f, "%s: %s\n", name, message);
	if (!f || fclose(f)) {
		static const char text[] = "out of memory\n";

		put_line(sink, text, sizeof(text) - 1);
		return;
	}
	put_line(sink, line, len);
}

/* Say how many messages are missing. Returns whether a message can be written now. */
static bool catch_up(struct sink *sink)
{
	unsigned long lost = sink->lost;
	char text[80];

	if (!write_rest(sink))
		return false;
	if (!lost)
		return true;
	snprintf(text, sizeof(text), "%lu message%s could not be written here",
		 lost, lost == 1 ? "" : "s");
	sink->lost = 0;
	print_to(sink, "warning", text);
	if (!sink->lost && !sink->rest_len)
		return true;
	/* This message was not written either. */
	sink->lost = sink->lost ? lost : 0;
	return false;
}

static void print(const char *level, const char *message)
{
	__cleanup_free char *safe = message ? escape_text(message) : NULL;

	guard_mutex(&lock);
	for (size_t i = 0; i < ARRAY_SIZE(sinks); i++) {
		if (sinks[i].fd < 0)
			continue;
		if (catch_up(&sinks[i]))
			print_to(&sinks[i], level,
				 safe ? safe : "out of memory");
		else
			sinks[i].lost++;
	}
}

void report_catch_up(void)
{
	guard_mutex(&lock);
	for (size_t i = 0; i < ARRAY_SIZE(sinks); i++) {
		if (sinks[i].fd >= 0)
			catch_up(&sinks[i]);
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
