// SPDX-License-Identifier: GPL-2.0
/*
 * io_pulse [iterations] [sleep_ms] - write a line to a small file, force it to
 * the disk, sleep; 20 times with 200 ms of sleep where nothing is said.
 *
 * The file is an unlinked one in $TMPDIR or /tmp: nothing is left behind.
 */
#include <fcntl.h>
#include <unistd.h>

#include "workload.h"

static const char usage[] = "io_pulse [iterations] [sleep_ms]";

static int temporary_file(void)
{
	const char *dir = getenv("TMPDIR");
	char *path;
	int fd;

	if (asprintf(&path, "%s/io_pulse.XXXXXX", dir ? dir : "/tmp") < 0)
		fail("io_pulse: cannot build a path");
	fd = mkostemp(path, O_APPEND | O_CLOEXEC);
	if (fd < 0 || unlink(path))
		fail("io_pulse: cannot make the file %s", path);
	free(path);
	return fd;
}

int main(int argc, char **argv)
{
	unsigned long iterations = 20, sleep_ms = 200;
	int fd;

	if (argc > 3)
		bad_usage(usage);
	if (argc > 1)
		iterations = number(usage, "iterations", argv[1], 1,
				    1000000000);
	if (argc > 2)
		sleep_ms = number(usage, "sleep_ms", argv[2], 0, 86400000);

	fd = temporary_file();
	for (unsigned long i = 1; i <= iterations; i++) {
		int len = dprintf(fd, "pulse %lu\n", i);

		if (len < 0)
			fail("io_pulse: cannot write pulse %lu", i);
		if (fsync(fd))
			fail("io_pulse: cannot sync pulse %lu", i);
		say("io_pulse: %lu of %lu, %d bytes synced\n", i, iterations,
		    len);
		sleep_for(sleep_ms);
	}
	say("io_pulse: done: %lu pulses\n", iterations);
	return 0;
}
