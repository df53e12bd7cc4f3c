// SPDX-License-Identifier: GPL-2.0
/*
 * pump cri|raw BUFFER MAX_SIZE DIR GATE FILE...
 *
 * Runs the log pipeline in a process of its own. BUFFER and MAX_SIZE are bytes; DIR is
 * the folder for log_pipeline_create(); GATE is the folder of ../gate.h. From 3 on the
 * program gets three descriptors for each FILE: the reading ends of a container's
 * standard output and error, and a pidfd of the container. As in the supervisor, a
 * container's log is finished when the container has ended. The program exits when all
 * logs are complete.
 */
#include <poll.h>
#include <stdbool.h>

#include "log/pipeline.h"

#include "../gate.h"

#define FIRST_FD      3
#define FDS_OF_SOURCE 3

static const char usage[] = "pump cri|raw BUFFER MAX_SIZE DIR GATE FILE...";

static void check(int err, const char *what)
{
	if (err >= 0)
		return;
	errno = -err;
	fail("pump: %s", what);
}

static struct log_pipeline *start(char **argv)
{
	struct log_pipeline *p;
	struct log_source_spec spec = { .settings.max_files = 5 };
	size_t bytes;
	int fd = FIRST_FD;

	check(log_driver_parse(argv[1], &spec.settings.driver), argv[1]);
	bytes = number(usage, "BUFFER", argv[2], LOG_BUFFER_MIN, 1UL << 32);
	spec.settings.max_size = number(usage, "MAX_SIZE", argv[3],
					LOG_MAX_SIZE_MIN, 1UL << 50);
	check(log_pipeline_create(&p, argv[4], bytes),
	      "cannot start the pipeline");
	for (int i = 0; argv[6 + i]; i++, fd += FDS_OF_SOURCE) {
		spec.path = argv[6 + i];
		spec.fds[LOG_STDOUT] = fd;
		spec.fds[LOG_STDERR] = fd + 1;
		check(log_pipeline_add(p, i + 1, &spec), spec.path);
	}
	return p;
}

static size_t take_finished(struct log_pipeline *p)
{
	uint64_t key, lost;
	size_t n = 0;
	int err;

	while (log_pipeline_finished(p, &key, &err, &lost) == 1) {
		check(err, "a log could not be written");
		n++;
	}
	return n;
}

/* @fds has the pidfds of @n containers, and last the event descriptor of the pipeline. */
static void serve(struct log_pipeline *p, struct pollfd *fds, size_t n)
{
	for (size_t open = n; open;) {
		if (poll(fds, n + 1, -1) < 0)
			fail("pump: cannot wait");
		for (size_t i = 0; i < n; i++)
			if (fds[i].revents) {
				fds[i].fd = -1;
				check(log_pipeline_finish(p, i + 1),
				      "cannot finish a log");
			}
		if (fds[n].revents)
			open -= take_finished(p);
	}
}

int main(int argc, char **argv)
{
	struct log_pipeline *p;
	struct pollfd *fds;
	size_t n;

	if (argc < 7)
		bad_usage(usage);
	n = argc - 6;
	fds = calloc(n + 1, sizeof(*fds));
	if (!fds)
		fail("pump: out of memory");
	for (size_t i = 0; i < n; i++)
		fds[i].fd = FIRST_FD + FDS_OF_SOURCE * i + 2;
	p = start(argv);
	fds[n].fd = log_pipeline_event_fd(p);
	for (size_t i = 0; i <= n; i++)
		fds[i].events = POLLIN;
	gate_say_ready(argv[5]);
	serve(p, fds, n);
	log_pipeline_destroy(p);
	free(fds);
	return 0;
}
