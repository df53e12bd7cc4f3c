// SPDX-License-Identifier: GPL-2.0
/*
 * ticks GATE COUNT MS
 *
 * Prints COUNT lines, one every MS milliseconds. Each line is the time at which it
 * is written: CLOCK_REALTIME in nanoseconds. GATE is the folder of the gate, see
 * gate.h.
 */
#include "gate.h"

static void write_time(void)
{
	struct timespec t;
	char line[32];
	int len;

	clock_gettime(CLOCK_REALTIME, &t);
	len = snprintf(line, sizeof(line), "%lld\n",
		       t.tv_sec * 1000000000LL + t.tv_nsec);
	if (write(STDOUT_FILENO, line, len) != len)
		fail("ticks: cannot write");
}

int main(int argc, char **argv)
{
	const char *usage = "ticks GATE COUNT MS";
	unsigned long count, ms;

	if (argc != 4)
		bad_usage(usage);
	count = number(usage, "COUNT", argv[2], 1, 1000000);
	ms = number(usage, "MS", argv[3], 1, 60000);
	gate_pass(argv[1]);
	while (count--) {
		sleep_for(ms);
		write_time();
	}
	return 0;
}
