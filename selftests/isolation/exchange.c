// SPDX-License-Identifier: GPL-2.0
/*
 * exchange A B [once] - exchange two names, without end or once
 */
#include <fcntl.h>
#include <stdio.h>

int main(int argc, char *argv[])
{
	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: exchange A B [once]\n");
		return 2;
	}
	while (!renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2],
			  RENAME_EXCHANGE))
		if (argc == 4)
			return 0;
	perror("exchange");
	return 1;
}
