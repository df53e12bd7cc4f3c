// SPDX-License-Identifier: GPL-2.0
/*
 * keep NAME PID FIFO...	register the process with these FIFOs
 * keep --release NAME		release the FIFOs
 *
 * Calls libpurser and prints "OK", or the name of the errno and the message.
 */
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "libpurser/purser.h"
#include "../workloads/workload.h"

static const char usage[] = "keep NAME PID FIFO... | keep --release NAME";

static int keep(struct purser *p, const char *name, pid_t pid, char **paths)
{
	int fifos[16];
	struct purser_registration reg = {
		.name = name,
		.pid = pid,
		.fifos = fifos,
	};
	uint64_t id;

	for (; *paths && reg.n_fifos < 16; paths++) {
		fifos[reg.n_fifos] = open(*paths, O_RDWR | O_CLOEXEC);
		if (fifos[reg.n_fifos++] < 0)
			fail("keep: cannot open %s", *paths);
	}
	return purser_register(p, &reg, &id);
}

int main(int argc, char **argv)
{
	struct purser *p;
	int err;

	if (argc < 3)
		bad_usage(usage);
	if (purser_open(&p))
		fail("keep: %s", purser_last_error(NULL));
	if (!strcmp(argv[1], "--release"))
		err = purser_release_fifos(
			p, &(struct purser_ref){ .name = argv[2] });
	else
		err = keep(p, argv[1],
			   number(usage, "PID", argv[2], 1, INT_MAX), argv + 3);
	if (err)
		say("%s: %s\n", strerrorname_np(-err), purser_last_error(p));
	else
		say("OK\n");
	purser_close(p);
	return 0;
}
