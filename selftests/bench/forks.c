// SPDX-License-Identifier: GPL-2.0
/*
 * forks MS
 *
 * For MS milliseconds forks children one by one, each of which exits at once, and
 * reaps them. Prints the forks per second.
 */
#include <sys/wait.h>

#include "worker.h"

static void fork_one(void)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("forks: cannot fork");
	if (!pid)
		_exit(0);
	if (waitpid(pid, NULL, 0) != pid)
		fail("forks: cannot wait");
}

int main(int argc, char **argv)
{
	const char *usage = "forks MS";
	uint64_t start, end;
	size_t n = 0;

	if (argc != 2)
		bad_usage(usage);
	end = number(usage, "MS", argv[1], 1, 3600000) * 1000000ULL;
	ready_and_wait();
	start = now_ns();
	do {
		fork_one();
		n++;
	} while (now_ns() - start < end);
	dprintf(READY_FD, "%.1f\n", n * 1e9 / (now_ns() - start));
	return 0;
}
