// SPDX-License-Identifier: GPL-2.0
/*
 * loud_name HEX take MIB
 * loud_name HEX kill PID
 *
 * Sets its name to the bytes HEX, and then takes memory, see take.h, or kills a process.
 * The name comes in hexadecimal so that only this process has it, and not the programs
 * that start it.
 */
#include <signal.h>
#include <sys/prctl.h>

#include "take.h"

static const char usage[] = "loud_name HEX take MIB | loud_name HEX kill PID";

static void take_name(const char *hex)
{
	char name[16] = "";
	size_t i;

	for (i = 0; i < sizeof(name) - 1 && hex[2 * i]; i++)
		if (sscanf(hex + 2 * i, "%2hhx", (unsigned char *)name + i) !=
		    1)
			bad_usage(usage);
	if (prctl(PR_SET_NAME, name))
		fail("cannot set the name");
}

int main(int argc, char **argv)
{
	unsigned long n;

	if (argc != 4)
		bad_usage(usage);
	n = number(usage, "N", argv[3], 1, 1 << 30);
	take_name(argv[1]);
	wait_for_go();
	if (!strcmp(argv[2], "take"))
		write_pages(map_small(n * MIB), n * MIB);
	else if (strcmp(argv[2], "kill"))
		bad_usage(usage);
	else if (kill((pid_t)n, SIGKILL))
		fail("cannot kill process %lu", n);
	hold(0);
}
