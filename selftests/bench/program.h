/* SPDX-License-Identifier: GPL-2.0 */
/* Finds the other programs of the benchmarks. */
#ifndef BENCH_PROGRAM_H
#define BENCH_PROGRAM_H

#include <unistd.h>

#include "../workloads/workload.h"

/** program_path() - the path of another program, which is in the folder of this one */
static inline void program_path(char *path, size_t size, const char *program)
{
	ssize_t len = readlink("/proc/self/exe", path, size - 64);
	char *slash;

	if (len < 0)
		fail("cannot find the folder of this program");
	path[len] = '\0';
	slash = strrchr(path, '/');
	snprintf(slash + 1, 64, "%s", program);
}

#endif /* BENCH_PROGRAM_H */
