// SPDX-License-Identifier: GPL-2.0
/* euid - print the effective user id */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	printf("%u\n", geteuid());
	return 0;
}
