// SPDX-License-Identifier: GPL-2.0
/*
 * Measures how long a quiet writer's line takes to its file while loud writers write
 * as fast as they can. The line contains the time at which it was written; inotify
 * tells that the file has changed. The time until this process runs is included.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "flow.h"

/* The longest wait for a quiet line, after which the benchmark fails. */
#define LOST_MS 120000

static const unsigned int crowds[] = { 0, 1, 16 }; /* loud writers */

struct watch {
	int inotify, file;
	char text[4096]; /* the part of the file that is not a whole line yet */
	size_t len;
};

static void watch_open(struct watch *w, const char *path)
{
	w->inotify = inotify_init1(IN_CLOEXEC);
	w->file = open(path, O_RDONLY | O_CLOEXEC);
	if (w->inotify < 0 || w->file < 0 ||
	    inotify_add_watch(w->inotify, path, IN_MODIFY) < 0)
		fail("flow: cannot watch %s", path);
	w->len = 0;
}

static void watch_close(struct watch *w)
{
	close(w->inotify);
	close(w->file);
}

static void await_change(struct watch *w)
{
	struct pollfd fd = { .fd = w->inotify, .events = POLLIN };
	char event[4096];

	if (poll(&fd, 1, LOST_MS) <= 0)
		fail("flow: a quiet line does not come");
	if (read(w->inotify, event, sizeof(event)) < 0)
		fail("flow: cannot read inotify");
}

static int64_t wall_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* The last word of @line is the time at which it was written. */
static void take_line(char *line, int64_t now, unsigned int crowd)
{
	char *sent = strrchr(line, ' ');
	int64_t ns = sent ? strtoll(sent + 1, NULL, 10) : 0;

	if (ns <= 0 || ns > now) {
		fprintf(stderr, "flow: not a quiet line: %s\n", line);
		exit(1);
	}
	say("lag\t%u\t%" PRId64 "\n", crowd, now - ns);
}

/* Returns the number of new lines. */
static unsigned long take_lines(struct watch *w, unsigned int crowd)
{
	unsigned long n = 0;
	char *p, *newline;
	ssize_t got;
	int64_t now;

	got = read(w->file, w->text + w->len, sizeof(w->text) - 1 - w->len);
	now = wall_clock();
	if (got < 0)
		fail("flow: cannot read the quiet log");
	w->len += got;
	w->text[w->len] = '\0';
	for (p = w->text; (newline = strchr(p, '\n')); p = newline + 1, n++) {
		*newline = '\0';
		take_line(p, now, crowd);
	}
	w->len -= p - w->text;
	memmove(w->text, p, w->len);
	return n;
}

static void watch_case(const struct config *config, unsigned int crowd)
{
	char lines[4096], ticks[4096], count[32], ms[32], path[160];
	struct usage usage = { 0 };
	unsigned long seen = 0;
	struct stage stage;
	struct watch watch;

	stage_make(&stage, config, SIDE_CRI, true);
	char *loud[] = { lines, stage.dir, "1", "0", "4096", NULL };
	char *quiet[] = { ticks, stage.dir, count, ms, NULL };
	char *const *commands[WRITERS_MAX] = { quiet };

	program_path(lines, sizeof(lines), "lines");
	program_path(ticks, sizeof(ticks), "ticks");
	snprintf(count, sizeof(count), "%lu", config->ticks);
	snprintf(ms, sizeof(ms), "%lu", config->ms);
	for (unsigned int i = 1; i <= crowd; i++)
		commands[i] = loud;
	stage_set(&stage, commands, crowd + 1);
	stage_file(&stage, 0, path, sizeof(path));
	watch_open(&watch, path);
	stage_go(&stage);
	while (seen < config->ticks) {
		await_change(&watch);
		seen += take_lines(&watch, crowd);
	}
	for (unsigned int i = 1; i <= crowd; i++) {
		process_stop(stage.writers[i]);
		stage.writers[i] = 0;
	}
	stage_end(&stage, &usage);
	watch_close(&watch);
	stage_remove(&stage);
}

void flow_fairness(const struct config *config)
{
	say("info\tfairness\tquiet lines\t%lu, one every %lu ms\n"
	    "info\tfairness\tlog buffer, KiB\t%lu\n",
	    config->ticks, config->ms, config->buffer / 1024);
	for (size_t i = 0; i < sizeof(crowds) / sizeof(*crowds); i++)
		watch_case(config, crowds[i]);
}
