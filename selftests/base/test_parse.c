// SPDX-License-Identifier: GPL-2.0
/* Tests parsing numbers, sizes, times and container names that people type. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "tap.h"
#include "cases.h"

#define UNTOUCHED 0xabcdefULL

static void test_u64(void)
{
	static const struct {
		const char *text;
		uint64_t min, max;
		int err;
		uint64_t value;
	} cases[] = {
		{ "0", 0, UINT64_MAX, 0, 0 },
		{ "7", 0, UINT64_MAX, 0, 7 },
		{ "007", 0, UINT64_MAX, 0, 7 },
		{ "18446744073709551615", 0, UINT64_MAX, 0, UINT64_MAX },
		{ "18446744073709551616", 0, UINT64_MAX, -ERANGE, 0 },
		{ "99999999999999999999999", 0, UINT64_MAX, -ERANGE, 0 },
		{ "5", 5, 5, 0, 5 },
		{ "4", 5, 6, -ERANGE, 0 },
		{ "7", 5, 6, -ERANGE, 0 },
		{ "", 0, UINT64_MAX, -EINVAL, 0 },
		{ "-1", 0, UINT64_MAX, -EINVAL, 0 },
		{ "-0", 0, UINT64_MAX, -EINVAL, 0 },
		{ "+1", 0, UINT64_MAX, -EINVAL, 0 },
		{ " 1", 0, UINT64_MAX, -EINVAL, 0 },
		{ "1 ", 0, UINT64_MAX, -EINVAL, 0 },
		{ "1\n", 0, UINT64_MAX, -EINVAL, 0 },
		{ "0x10", 0, UINT64_MAX, -EINVAL, 0 },
		{ "1e3", 0, UINT64_MAX, -EINVAL, 0 },
		{ "1.0", 0, UINT64_MAX, -EINVAL, 0 },
		{ "1,000", 0, UINT64_MAX, -EINVAL, 0 },
		{ "\xd9\xa1", 0, UINT64_MAX, -EINVAL, 0 }, /* Arabic 1 */
		{ "99999999999999999999x", 0, UINT64_MAX, -EINVAL, 0 },
		{ NULL, 0, UINT64_MAX, -EINVAL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t v = UNTOUCHED;
		int err = parse_u64(cases[i].text, cases[i].min, cases[i].max,
				    &v);

		ok(err == cases[i].err &&
			   v == (err ? UNTOUCHED : cases[i].value),
		   "parse_u64 \"%s\": %d, %" PRIu64, shown(cases[i].text), err,
		   v);
	}
}

static void test_int(void)
{
	static const struct {
		const char *text;
		int min, max;
		int err;
		int value;
	} cases[] = {
		{ "0", INT_MIN, INT_MAX, 0, 0 },
		{ "-0", INT_MIN, INT_MAX, 0, 0 },
		{ "+5", INT_MIN, INT_MAX, 0, 5 },
		{ "-20", -20, 19, 0, -20 },
		{ "-21", -20, 19, -ERANGE, 0 },
		{ "19", -20, 19, 0, 19 },
		{ "20", -20, 19, -ERANGE, 0 },
		{ "2147483647", INT_MIN, INT_MAX, 0, INT_MAX },
		{ "2147483648", INT_MIN, INT_MAX, -ERANGE, 0 },
		{ "-2147483648", INT_MIN, INT_MAX, 0, INT_MIN },
		{ "-2147483649", INT_MIN, INT_MAX, -ERANGE, 0 },
		{ "18446744073709551615", INT_MIN, INT_MAX, -ERANGE, 0 },
		{ "99999999999999999999", INT_MIN, INT_MAX, -ERANGE, 0 },
		{ "", INT_MIN, INT_MAX, -EINVAL, 0 },
		{ "-", INT_MIN, INT_MAX, -EINVAL, 0 },
		{ "+", INT_MIN, INT_MAX, -EINVAL, 0 },
		{ "--1", INT_MIN, INT_MAX, -EINVAL, 0 },
		{ "+-1", INT_MIN, INT_MAX, -EINVAL, 0 },
		{ "- 1", INT_MIN, INT_MAX, -EINVAL, 0 },
		{ " 1", INT_MIN, INT_MAX, -EINVAL, 0 },
		{ "1 ", INT_MIN, INT_MAX, -EINVAL, 0 },
		{ "1x", INT_MIN, INT_MAX, -EINVAL, 0 },
		{ NULL, INT_MIN, INT_MAX, -EINVAL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int v = (int)UNTOUCHED;
		int err = parse_int(cases[i].text, cases[i].min, cases[i].max,
				    &v);

		ok(err == cases[i].err &&
			   v == (err ? (int)UNTOUCHED : cases[i].value),
		   "parse_int \"%s\": %d, %d", shown(cases[i].text), err, v);
	}
}

static void test_mib(void)
{
	static const struct {
		const char *text;
		int err;
		uint64_t bytes;
	} cases[] = {
		{ "0", 0, 0 },
		{ "1", 0, 1048576 },
		{ "64", 0, 67108864 },
		{ "17592186044415", 0, 17592186044415ULL << 20 },
		{ "17592186044416", -ERANGE, 0 }, /* 2^64 bytes */
		{ "18446744073709551615", -ERANGE, 0 },
		{ "18446744073709551616", -ERANGE, 0 },
		{ "", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "1.5", -EINVAL, 0 },
		{ "1M", -EINVAL, 0 },
		{ "1 ", -EINVAL, 0 },
		{ NULL, -EINVAL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t v = UNTOUCHED;
		int err = parse_mib(cases[i].text, &v);

		ok(err == cases[i].err &&
			   v == (err ? UNTOUCHED : cases[i].bytes),
		   "parse_mib \"%s\": %d, %" PRIu64, shown(cases[i].text), err,
		   v);
	}
}

static void test_size(void)
{
	static const struct {
		const char *text;
		int err;
		uint64_t bytes;
	} cases[] = {
		{ "0", 0, 0 },
		{ "4096", 0, 4096 },
		{ "4096b", 0, 4096 },
		{ "1k", 0, 1024 },
		{ "1K", 0, 1024 },
		{ "64m", 0, 64 << 20 },
		{ "64MB", 0, 64 << 20 },
		{ "64MiB", 0, 64 << 20 },
		{ "1.5g", 0, 1536ULL << 20 },
		{ "0.25m", 0, 1 << 18 },
		{ "0.000001m", 0, 1 },
		{ "2t", 0, 2ULL << 40 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "16777215.999999t", 0,
		  (16777215ULL << 40) + ((999999ULL << 40) / 1000000) },
		{ "18446744073709551616", -ERANGE, 0 },
		{ "16777216t", -ERANGE, 0 },
		{ "99999999999999999999999g", -ERANGE, 0 },
		{ "", -EINVAL, 0 },
		{ "m", -EINVAL, 0 },
		{ ".5m", -EINVAL, 0 },
		{ "1.m", -EINVAL, 0 },
		{ "1.5", -EINVAL, 0 },
		{ "1.5b", -EINVAL, 0 },
		{ "1.0000001m", -EINVAL, 0 },
		{ "1.5.5m", -EINVAL, 0 },
		{ "1e3", -EINVAL, 0 },
		{ "1x", -EINVAL, 0 },
		{ "1mm", -EINVAL, 0 },
		{ "1mibi", -EINVAL, 0 },
		{ "1 m", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "99999999999999999999999x", -EINVAL, 0 },
		{ NULL, -EINVAL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t v = UNTOUCHED;
		int err = parse_size(cases[i].text, &v);

		ok(err == cases[i].err && (err || v == cases[i].bytes),
		   "parse_size \"%s\": %d, %" PRIu64, shown(cases[i].text), err,
		   v);
	}
}

static void test_seconds(void)
{
	static const struct {
		const char *text;
		int err;
		unsigned int ms;
	} cases[] = {
		{ "0", 0, 0 },
		{ "0.0", 0, 0 },
		{ "10", 0, 10000 },
		{ "1.5", 0, 1500 },
		{ "1.05", 0, 1050 },
		{ "1.005", 0, 1005 },
		{ "0.001", 0, 1 },
		{ "86400", 0, 86400000 },
		{ "4294967.295", 0, UINT_MAX },
		{ "4294967.296", -ERANGE, 0 },
		{ "4294968", -ERANGE, 0 },
		{ "18446744073709551615", -ERANGE, 0 },
		{ "18446744073709551616", -ERANGE, 0 },
		{ "1.2345", -EINVAL, 0 },
		{ "1.0000", -EINVAL, 0 },
		{ ".5", -EINVAL, 0 },
		{ "5.", -EINVAL, 0 },
		{ ".", -EINVAL, 0 },
		{ "1.5.5", -EINVAL, 0 },
		{ "1.-5", -EINVAL, 0 },
		{ "1,5", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ " 1", -EINVAL, 0 },
		{ "1s", -EINVAL, 0 },
		{ "1e3", -EINVAL, 0 },
		{ "inf", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
		{ NULL, -EINVAL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned int v = (unsigned int)UNTOUCHED;
		int err = parse_seconds_ms(cases[i].text, &v);

		ok(err == cases[i].err &&
			   v == (err ? (unsigned int)UNTOUCHED : cases[i].ms),
		   "parse_seconds_ms \"%s\": %d, %u", shown(cases[i].text), err,
		   v);
	}
}

static void test_name(void)
{
	static const struct {
		const char *text;
		int err;
	} cases[] = {
		{ "a", 0 },
		{ "0", 0 },
		{ "web-1.example_2", 0 },
		{ "Z.", 0 },
		{ "c++.1", 0 },
		{ "+a", -EINVAL },
		{ "", -EINVAL },
		{ NULL, -EINVAL },
		{ ".", -EINVAL },
		{ "..", -EINVAL },
		{ "-a", -EINVAL },
		{ "_a", -EINVAL },
		{ ".hidden", -EINVAL },
		{ "a/b", -EINVAL },
		{ "a b", -EINVAL },
		{ "a\n", -EINVAL },
		{ "a\x1b[0m", -EINVAL },
		{ "na\xc3\xafve", -EINVAL },
		{ "\xc3\xa4", -EINVAL },
		{ "a:b", -EINVAL },
		{ "a%s", -EINVAL },
	};
	char name[300];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ok(check_container_name(cases[i].text) == cases[i].err,
		   "check_container_name() of case %zu", i);
	memset(name, 'x', sizeof(name));
	name[127] = '\0';
	ok(check_container_name(name) == 0,
	   "a name of 127 characters is legal");
	name[127] = 'x';
	name[128] = '\0';
	ok(check_container_name(name) == -ENAMETOOLONG,
	   "a name of 128 characters is too long");
	name[128] = 'x';
	name[299] = '\0';
	ok(check_container_name(name) == -ENAMETOOLONG,
	   "a name of 299 characters is too long");
	name[200] = '/';
	ok(check_container_name(name) == -EINVAL,
	   "a long name with a slash is illegal");
}

int main(void)
{
	test_u64();
	test_int();
	test_mib();
	test_size();
	test_seconds();
	test_name();
	return tap_end();
}
