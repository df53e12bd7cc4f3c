// SPDX-License-Identifier: GPL-2.0
/* Bars, see bar.h. */
#include <stdio.h>
#include <string.h>

#include "bar.h"

#define WIDTH 10

const char *display_bar(uint64_t part, uint64_t whole, char buf[BAR_LEN])
{
	char marks[WIDTH + 1];
	double percent;
	int n;

	if (!whole) {
		snprintf(buf, BAR_LEN, "-");
		return buf;
	}
	percent = 100.0 * part / whole;
	if (percent > 999)
		percent = 999;
	n = (int)(percent * WIDTH / 100 + 0.5);
	/* Show the least use, and do not show a full bar before it is full. */
	if (!n && part)
		n = 1;
	if (n >= WIDTH)
		n = part < whole ? WIDTH - 1 : WIDTH;
	memset(marks, '#', n);
	memset(marks + n, '-', WIDTH - n);
	marks[WIDTH] = '\0';
	snprintf(buf, BAR_LEN, "[%s] %3d%%", marks, (int)percent);
	return buf;
}
