/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The gate lets all processes of the log benchmark begin at once, although they have
 * different parents. It is a folder with two FIFOs: a process that is ready writes a
 * byte to "ready", and begins when it reads the end of "go".
 */
#ifndef BENCH_GATE_H
#define BENCH_GATE_H

#include <fcntl.h>
#include <unistd.h>

#include "../workloads/workload.h"

static inline int gate_open(const char *gate, const char *which, int flags)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", gate, which);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		fail("cannot open %s", path);
	return fd;
}

/** gate_say_ready() - tell that this process is ready; does not wait */
static inline void gate_say_ready(const char *gate)
{
	int fd = gate_open(gate, "ready", O_WRONLY);

	if (write(fd, "", 1) != 1)
		fail("cannot write to the gate");
	close(fd);
}

/** gate_pass() - tell that this process is ready, and wait until all may begin */
static inline void gate_pass(const char *gate)
{
	int go = gate_open(gate, "go", O_RDONLY);
	char c;

	gate_say_ready(gate);
	while (read(go, &c, 1) > 0)
		;
	close(go);
}

#endif /* BENCH_GATE_H */
