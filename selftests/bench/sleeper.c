// SPDX-License-Identifier: GPL-2.0
/* sleeper: does nothing; the benchmark registers many of them as containers. */
#include <unistd.h>

int main(void)
{
	for (;;)
		pause();
}
