// SPDX-License-Identifier: GPL-2.0
/* sleeper: one of many containers that do nothing. */
#include <unistd.h>

int main(void)
{
	for (;;)
		pause();
}
