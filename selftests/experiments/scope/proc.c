// SPDX-License-Identifier: GPL-2.0
/* Reads the scheduler's figures of a process with one thread from /proc. */
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "scope.h"

static bool read_file(pid_t pid, const char *file, char *text, size_t size)
{
	char path[64];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	/* read() fails with ESRCH if the process has ended since open(). */
	len = read(fd, text, size - 1);
	close(fd);
	if (len <= 0)
		return false;
	text[len] = '\0';
	return true;
}

static uint64_t number_after(const char *text, const char *key)
{
	const char *p = strstr(text, key);

	if (!p) {
		fprintf(stderr, "scope: /proc/PID/status has no %s\n", key + 1);
		exit(1);
	}
	return strtoull(p + strlen(key), NULL, 10);
}

bool proc_read(pid_t pid, struct usage *usage)
{
	char text[4096];

	if (!read_file(pid, "schedstat", text, sizeof(text)))
		return false;
	/* Skip the first number, its CPU time: the table has it. */
	if (sscanf(text, "%*u %" SCNu64 " %" SCNu64, &usage->wait,
		   &usage->slices) != 2) {
		fprintf(stderr, "scope: cannot parse /proc/%d/schedstat\n",
			pid);
		exit(1);
	}
	if (!read_file(pid, "status", text, sizeof(text)))
		return false;
	usage->voluntary = number_after(text, "\nvoluntary_ctxt_switches:");
	usage->involuntary = number_after(text,
					  "\nnonvoluntary_ctxt_switches:");
	return true;
}
