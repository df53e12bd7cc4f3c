// SPDX-License-Identifier: GPL-2.0
/* Tests the names of capabilities. */
#include <errno.h>
#include <linux/capability.h>

#include "base/array.h"
#include "base/capability.h"
#include "tap.h"

#define BIT(cap) (UINT64_C(1) << (cap))

int main(void)
{
	static const struct {
		const char *text;
		uint64_t bits; /* 0: -EINVAL */
	} cases[] = {
		{ "CAP_CHOWN", BIT(CAP_CHOWN) },
		{ "chown", BIT(CAP_CHOWN) },
		{ "Cap_Sys_Admin", BIT(CAP_SYS_ADMIN) },
		{ "checkpoint_restore", BIT(CAP_CHECKPOINT_RESTORE) },
		{ "ALL", UINT64_MAX },
		{ "all", UINT64_MAX },
		{ "CAP_ALL", 0 },
		{ "CAP_", 0 },
		{ "", 0 },
		{ "CAP_CAP_CHOWN", 0 },
		{ "chow", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t bits = 0;
		int err = parse_capability(cases[i].text, &bits);

		ok(err == (cases[i].bits ? 0 : -EINVAL) &&
			   bits == cases[i].bits,
		   "\"%s\"", cases[i].text);
	}
	for (int i = 0; i <= CAP_LAST_CAP; i++)
		ok(capability_names[i] &&
			   capability_bit(capability_names[i]) == BIT(i),
		   "capability %d has a name", i);
	ok(!capability_names[CAP_LAST_CAP + 1], "the list of names ends");
	ok(!capability_bit("chown"), "a bit has one exact name");
	return tap_end();
}
