// SPDX-License-Identifier: LGPL-2.1
/* Parsing numbers, sizes, times and names; also parse_signal.c and parse_cpus.c. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include <linux/purser.h>

#include "parse.h"

/*
 * Parse @len bytes, which must all be digits. strtoull() would also take blanks and a
 * minus, and depends on the locale.
 */
static int digits(const char *s, size_t len, uint64_t *out)
{
	uint64_t v = 0;

	if (!len)
		return -EINVAL;
	for (size_t i = 0; i < len; i++)
		if (s[i] < '0' || s[i] > '9')
			return -EINVAL;
	for (size_t i = 0; i < len; i++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, s[i] - '0', &v))
			return -ERANGE;
	*out = v;
	return 0;
}

int parse_u64(const char *s, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t v;
	int err;

	if (!s)
		return -EINVAL;
	err = digits(s, strlen(s), &v);
	if (err)
		return err;
	if (v < min || v > max)
		return -ERANGE;
	*out = v;
	return 0;
}

int parse_int(const char *s, int min, int max, int *out)
{
	long long v;
	uint64_t u;
	bool minus;
	int err;

	if (!s)
		return -EINVAL;
	minus = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	err = digits(s, strlen(s), &u);
	if (err)
		return err;
	if (u > (uint64_t)INT_MAX + 1)
		return -ERANGE;
	v = minus ? -(long long)u : (long long)u;
	if (v < min || v > max)
		return -ERANGE;
	*out = v;
	return 0;
}

int parse_mib(const char *s, uint64_t *bytes)
{
	uint64_t mib;
	int err = parse_u64(s, 0, UINT64_MAX >> 20, &mib);

	if (!err)
		*bytes = mib << 20;
	return err;
}

/* Parse "", "b", "k", "kB", "KiB" and so on, to the power of 2; -EINVAL: no unit. */
static int parse_unit(const char *s)
{
	static const char units[] = "kmgt";
	const char *unit = *s ? strchr(units, tolower((unsigned char)*s)) :
				NULL;

	if (!*s || !strcasecmp(s, "b"))
		return 0;
	if (!unit ||
	    (s[1] && strcasecmp(s + 1, "b") && strcasecmp(s + 1, "ib")))
		return -EINVAL;
	return 10 * (int)(unit - units + 1);
}

int parse_size(const char *s, uint64_t *bytes)
{
	static const uint32_t tens[] = { 1,	10,	100,	1000,
					 10000, 100000, 1000000 };
	uint64_t whole, part = 0;
	size_t n, decimals = 0;
	int unit, err;

	if (!s)
		return -EINVAL;
	n = strspn(s, "0123456789");
	err = digits(s, n, &whole);
	s += n;
	if (*s == '.') {
		decimals = strspn(++s, "0123456789");
		if (!decimals || decimals >= sizeof(tens) / sizeof(*tens) ||
		    digits(s, decimals, &part))
			return -EINVAL;
		s += decimals;
	}
	unit = parse_unit(s);
	if (unit < 0 || (decimals && !unit))
		return -EINVAL;
	if (err)
		return err;
	if (whole > UINT64_MAX >> unit)
		return -ERANGE;
	/* The part is below one unit, so the sum fits unless the whole is the largest. */
	part = (part << unit) / tens[decimals];
	return __builtin_add_overflow(whole << unit, part, bytes) ? -ERANGE : 0;
}

int parse_seconds_ms(const char *s, unsigned int *ms)
{
	static const unsigned int unit[] = { 0, 100, 10, 1 };
	uint64_t whole, part = 0, total;
	const char *point;
	int err;

	if (!s)
		return -EINVAL;
	point = strchrnul(s, '.');
	if (*point) {
		size_t decimals = strlen(point + 1);

		if (decimals < 1 || decimals > 3)
			return -EINVAL;
		err = digits(point + 1, decimals, &part);
		if (err)
			return err;
		part *= unit[decimals];
	}
	err = digits(s, point - s, &whole);
	if (err)
		return err;
	if (__builtin_mul_overflow(whole, 1000, &total) ||
	    __builtin_add_overflow(total, part, &total) || total > UINT_MAX)
		return -ERANGE;
	*ms = total;
	return 0;
}

#define ALPHANUMERIC                 \
	"abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

int check_container_name(const char *s)
{
	size_t len;

	if (!s || !*s || !strchr(ALPHANUMERIC, *s))
		return -EINVAL;
	len = strspn(s, ALPHANUMERIC "_.+-");
	if (s[len])
		return -EINVAL;
	return len > PURSER_NAME_MAX ? -ENAMETOOLONG : 0;
}
