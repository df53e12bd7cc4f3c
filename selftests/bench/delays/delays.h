/* SPDX-License-Identifier: GPL-2.0 */
/* The files of "delays", which measures how long news takes to reach a listener. */
#ifndef BENCH_DELAYS_H
#define BENCH_DELAYS_H

#include <stdint.h>
#include <sys/types.h>

#include "../../lib/process.h"
#include "base/clock.h"
#include "libpurser/purser.h"

/** struct listener - a program that prints lines into a pipe */
struct listener {
	const char *name; /* of what it does */
	pid_t pid;
	int fd;
	char *text; /* all that it has printed, with NUL behind each line */
	size_t len, room;
	size_t begin; /* of the first line that was not taken yet */
	int64_t time; /* of the last read() */
};

/** struct line - a line, and when it could be read: CLOCK_BOOTTIME */
struct line {
	const char *text;
	int64_t time;
};

void listener_start(struct listener *l, char *const argv[], int ready_end);
void listener_read(struct listener *l, struct line *line);
void listener_end(struct listener *l);

/** struct touch - what a process that takes memory shares with this program */
#define TOUCHES_MAX 4096
struct touch {
	unsigned long n;
	int64_t begun[TOUCHES_MAX]; /* CLOCK_BOOTTIME before each page */
	int64_t last;		    /* before _exit() */
};

extern struct purser *purser;

void refused(const char *what) __attribute__((noreturn));
void start_monitor(struct listener *l);
uint64_t event_number(const struct line *line, const char *key);
void enter(const char *name, pid_t pid);
void leave(const char *name);

void measure_rate(const char *name, unsigned long rate, unsigned long count);
void measure_soft(unsigned long round);
void measure_exit(unsigned long round);
void measure_high(const char *cgroup, unsigned long round);
void watch_high(const char *file) __attribute__((noreturn));

#endif /* BENCH_DELAYS_H */
