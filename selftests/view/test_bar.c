// SPDX-License-Identifier: GPL-2.0
/* Tests the bars of "engine stats". */
#include "view/bar.h"
#include "tap.h"

int main(void)
{
	char buf[BAR_LEN];

	is_str(display_bar(5, 0, buf), "-", "no limit");
	is_str(display_bar(0, 100, buf), "[----------]   0%", "nothing");
	is_str(display_bar(1, 1000, buf), "[#---------]   0%",
	       "the least use is visible");
	is_str(display_bar(50, 100, buf), "[#####-----]  50%", "half");
	is_str(display_bar(999, 1000, buf), "[#########-]  99%",
	       "not full before the limit");
	is_str(display_bar(1000, 1000, buf), "[##########] 100%", "full");
	is_str(display_bar(3000, 1000, buf), "[##########] 300%",
	       "above the limit");
	is_str(display_bar(UINT64_MAX, 1, buf), "[##########] 999%",
	       "the largest number fits");
	return tap_end();
}
