// SPDX-License-Identifier: GPL-2.0
/* Tests parsing and printing lists of CPUs. */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/parse.h"
#include "tap.h"
#include "cases.h"

static void test_small(void)
{
	static const struct {
		const char *text;
		int err;
		unsigned int mask; /* of 8 CPUs */
	} cases[] = {
		{ "0", 0, 0x01 },
		{ "7", 0, 0x80 },
		{ "0,2-3", 0, 0x0d },
		{ "0-7", 0, 0xff },
		{ "3-3", 0, 0x08 },
		{ "3,3,3", 0, 0x08 },
		{ "5,1", 0, 0x22 },
		{ "0-7:2", 0, 0x55 },
		{ "1-7:3", 0, 0x92 },
		{ "0-7:4294967295", 0, 0x01 },
		{ "1-7:4294967295", 0, 0x02 }, /* the step wraps round */
		{ "00,01", 0, 0x03 },
		{ "8", -ERANGE, 0 },
		{ "0-8", -ERANGE, 0 },
		{ "999999999", -ERANGE, 0 },
		{ "4294967296", -ERANGE, 0 }, /* 2^32 */
		{ "18446744073709551616", -ERANGE, 0 },
		{ "0-4294967295", -ERANGE, 0 },
		{ "", -EINVAL, 0 },
		{ ",", -EINVAL, 0 },
		{ "0,", -EINVAL, 0 },
		{ ",0", -EINVAL, 0 },
		{ "0,,1", -EINVAL, 0 },
		{ "0-", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "3-1", -EINVAL, 0 },
		{ "0--1", -EINVAL, 0 },
		{ "0-1-2", -EINVAL, 0 },
		{ "0-7:", -EINVAL, 0 },
		{ "0-7:0", -EINVAL, 0 },
		{ "0:2", -EINVAL, 0 },
		{ " 0", -EINVAL, 0 },
		{ "0 ", -EINVAL, 0 },
		{ "0, 1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "0x1", -EINVAL, 0 },
		{ "a", -EINVAL, 0 },
		{ NULL, -EINVAL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cpu_set_t *set = NULL;
		unsigned int mask = 0;
		size_t size = 0;
		int err = parse_cpu_list_of(cases[i].text, 7, &set, &size);

		for (int cpu = 0; !err && cpu < 8; cpu++)
			mask |= !!CPU_ISSET_S(cpu, size, set) << cpu;
		ok(err == cases[i].err && mask == cases[i].mask &&
			   (err || CPU_COUNT_S(size, set) ==
					   __builtin_popcount(mask)) &&
			   !!set == !err,
		   "parse_cpu_list \"%s\": %d, %#x", shown(cases[i].text), err,
		   mask);
		if (set)
			CPU_FREE(set);
	}
}

/* A cpu_set_t of the default size has only 1024 CPUs. */
static void test_large(void)
{
	cpu_set_t *set = NULL;
	size_t size = 0;
	int err = parse_cpu_list_of("0,4000-4095", 4095, &set, &size);

	ok(!err && size >= 512 && CPU_COUNT_S(size, set) == 97 &&
		   CPU_ISSET_S(4095, size, set) &&
		   !CPU_ISSET_S(3999, size, set),
	   "a list for 4096 CPUs is parsed");
	if (!err)
		CPU_FREE(set);
}

static void test_format(void)
{
	static const char *const texts[] = { "0",	"0,2", "0-1",
					     "0,2-5,7", "0-7", "6-7" };
	char text[64];
	cpu_set_t *set;
	size_t size, i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (parse_cpu_list_of(texts[i], 4095, &set, &size))
			bail("cannot parse %s", texts[i]);
		ok(!format_cpu_list(set, size, text, sizeof(text)) &&
			   !strcmp(text, texts[i]),
		   "format_cpu_list() prints \"%s\"", texts[i]);
		ok(format_cpu_list(set, size, text, strlen(texts[i])) == -E2BIG,
		   "format_cpu_list() needs room for \"%s\" and a NUL",
		   texts[i]);
		CPU_FREE(set);
	}
	if (parse_cpu_list_of("1-7:3,4095", 4095, &set, &size))
		bail("cannot parse a list with steps");
	ok(!format_cpu_list(set, size, text, sizeof(text)) &&
		   !strcmp(text, "1,4,7,4095"),
	   "format_cpu_list() prints steps as numbers: \"%s\"", text);
	CPU_ZERO_S(size, set);
	ok(!format_cpu_list(set, size, text, sizeof(text)) && !*text,
	   "format_cpu_list() prints nothing for an empty set");
	CPU_FREE(set);
}

static void test_this_machine(void)
{
	cpu_set_t *set = NULL;
	size_t size = 0;
	int err = parse_cpu_list("0", &set, &size);

	ok(!err && CPU_COUNT_S(size, set) == 1, "this machine has CPU 0");
	if (!err)
		CPU_FREE(set);
	ok(parse_cpu_list("70000", &set, &size) == -ERANGE,
	   "this machine has no CPU 70000");
}

int main(void)
{
	test_small();
	test_large();
	test_format();
	test_this_machine();
	return tap_end();
}
