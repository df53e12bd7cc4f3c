// SPDX-License-Identifier: LGPL-2.1
/* Parsing points in time, see parse_time.h. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "clock.h"
#include "parse_time.h"

/* The last year all of whose nanoseconds a 64-bit number can hold. */
#define LAST_YEAR 2261
#define LAST_SEC  (INT64_MAX / NSEC_PER_SEC - 1)

/** struct text - what is left to parse */
struct text {
	const char *p;
	const char *end;
};

static bool take(struct text *t, char c)
{
	if (t->p == t->end || *t->p != c)
		return false;
	t->p++;
	return true;
}

static bool is_digit(const struct text *t)
{
	return t->p < t->end && *t->p >= '0' && *t->p <= '9';
}

/* Take a number of @width digits, from @min to @max. */
static bool take_field(struct text *t, int width, int min, int max, int *value)
{
	*value = 0;
	while (width--) {
		if (!is_digit(t))
			return false;
		*value = *value * 10 + (*t->p++ - '0');
	}
	return *value >= min && *value <= max;
}

/* Take a whole number of any length; -EINVAL if there is none. */
static int take_number(struct text *t, int64_t max, int64_t *value)
{
	if (!is_digit(t))
		return -EINVAL;
	for (*value = 0; is_digit(t); t->p++) {
		if (*value > (max - (*t->p - '0')) / 10)
			return -ERANGE;
		*value = *value * 10 + (*t->p - '0');
	}
	return 0;
}

/* Take a dot and decimals, if there is a dot; in nanoseconds. */
static int take_fraction(struct text *t, int64_t *ns)
{
	int64_t unit = NSEC_PER_SEC;

	*ns = 0;
	if (!take(t, '.'))
		return 0;
	if (!is_digit(t))
		return -EINVAL;
	for (; is_digit(t); t->p++) {
		unit /= 10;
		*ns += unit * (*t->p - '0');
	}
	return 0;
}

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* Days from 1970-01-01 to a date in the Gregorian calendar. */
static int64_t days_since_epoch(int year, int month, int day)
{
	/* Count years from March on: the leap day is then the last day of its year. */
	int y = month > 2 ? year : year - 1;
	int m = month > 2 ? month - 3 : month + 9;

	return 365LL * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day -
	       1 - 719468;
}

static bool take_date(struct text *t, int *year, int64_t *seconds)
{
	int month, day;

	if (!take_field(t, 4, 0, 9999, year) || !take(t, '-') ||
	    !take_field(t, 2, 1, 12, &month) || !take(t, '-') ||
	    !take_field(t, 2, 1, days_in_month(*year, month), &day))
		return false;
	*seconds = days_since_epoch(*year, month, day) * 86400;
	return true;
}

/* Take "Z", "+01:00" or nothing; @offset: seconds ahead of UTC. */
static bool take_offset(struct text *t, int *offset)
{
	int hours, minutes, sign = 1;

	*offset = 0;
	if (t->p == t->end || take(t, 'Z') || take(t, 'z'))
		return true;
	if (take(t, '-'))
		sign = -1;
	else if (!take(t, '+'))
		return false;
	if (!take_field(t, 2, 0, 23, &hours) || !take(t, ':') ||
	    !take_field(t, 2, 0, 59, &minutes))
		return false;
	*offset = sign * (hours * 3600 + minutes * 60);
	return true;
}

int parse_timestamp(const char *s, size_t len, int64_t *ns)
{
	struct text t = { s, s + len };
	int year, hour, minute, second, offset;
	int64_t seconds, fraction;

	if (!take_date(&t, &year, &seconds) ||
	    !(take(&t, 'T') || take(&t, 't') || take(&t, ' ')) ||
	    !take_field(&t, 2, 0, 23, &hour) || !take(&t, ':') ||
	    !take_field(&t, 2, 0, 59, &minute) || !take(&t, ':') ||
	    /* A leap second counts as the first second of the next minute. */
	    !take_field(&t, 2, 0, 60, &second) ||
	    take_fraction(&t, &fraction) || !take_offset(&t, &offset) ||
	    t.p != t.end)
		return -EINVAL;
	seconds += hour * 3600 + minute * 60 + second - offset;
	if (year > LAST_YEAR || seconds < 0)
		return -ERANGE;
	*ns = seconds * NSEC_PER_SEC + fraction;
	return 0;
}

static int parse_date(const char *s, int64_t *ns)
{
	struct text t = { s, s + strlen(s) };
	int64_t seconds;
	int year;

	if (!take_date(&t, &year, &seconds) || t.p != t.end)
		return -EINVAL;
	if (year > LAST_YEAR || seconds < 0)
		return -ERANGE;
	*ns = seconds * NSEC_PER_SEC;
	return 0;
}

static int parse_unix(const char *s, int64_t *ns)
{
	struct text t = { s, s + strlen(s) };
	int64_t seconds, fraction;
	int err;

	take(&t, '@');
	err = take_number(&t, LAST_SEC, &seconds);
	if (!err)
		err = take_fraction(&t, &fraction);
	if (!err && t.p != t.end)
		err = -EINVAL;
	if (!err)
		*ns = seconds * NSEC_PER_SEC + fraction;
	return err;
}

static int parse_ago(const char *s, int64_t now, int64_t *ns)
{
	static const struct {
		char name;
		int seconds;
	} units[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };
	struct text t = { s, s + strlen(s) };
	int64_t number, total = 0;
	size_t unit = 0;
	int err;

	do {
		err = take_number(&t, LAST_SEC, &number);
		if (err)
			return err;
		while (unit < 4 && !take(&t, units[unit].name))
			unit++;
		if (unit == 4)
			return -EINVAL;
		if (number > (LAST_SEC - total) / units[unit].seconds)
			return -ERANGE;
		total += number * units[unit++].seconds;
	} while (t.p != t.end);
	if (total > now / NSEC_PER_SEC)
		return -ERANGE;
	*ns = now - total * NSEC_PER_SEC;
	return 0;
}

int parse_time(const char *s, int64_t now, int64_t *ns)
{
	size_t len = strlen(s);

	if (*s == '@')
		return parse_unix(s, ns);
	if (strchr(s, ':'))
		return parse_timestamp(s, len, ns);
	if (strchr(s, '-'))
		return parse_date(s, ns);
	if (len && strchr("dhms", s[len - 1]))
		return parse_ago(s, now, ns);
	return parse_unix(s, ns);
}
