/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How processes of the log benchmark that were started by different parents
 * begin at once: two FIFOs in a folder. Who is ready writes a byte into "ready";
 * all begin when "go" comes to its end.
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

/** gate_say_ready() - returns at once */
static inline void gate_say_ready(const char *gate)
{
	int fd = gate_open(gate, "ready", O_WRONLY);

	if (write(fd, "", 1) != 1)
		fail("cannot say that it is ready");
	close(fd);
}

/** gate_pass() - say that one is ready, return when all may begin */
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
