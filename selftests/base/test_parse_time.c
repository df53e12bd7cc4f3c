// SPDX-License-Identifier: GPL-2.0
/* Tests parsing points in time that people type. */
#include <time.h>

#include "base/parse_time.h"
#include "tap.h"

#define SEC 1000000000LL
/* 2026-01-31T12:00:00Z */
#define NOW (1769860800LL * SEC)

static void is_time(const char *s, int64_t want)
{
	int64_t ns = -1;
	int err = parse_time(s, NOW, &ns);

	if (err)
		is_int(err, 0, "\"%s\" is parsed", s);
	else
		is_int(ns, want, "\"%s\" is parsed", s);
}

static void refused(const char *s, int want)
{
	int64_t ns = -1;

	is_int(parse_time(s, NOW, &ns), want, "\"%s\" is refused", s);
}

static void timestamps(void)
{
	is_time("2026-01-31T12:00:00Z", NOW);
	is_time("2026-01-31T12:00:00", NOW);
	is_time("2026-01-31t12:00:00z", NOW);
	is_time("2026-01-31 12:00:00", NOW);
	is_time("2026-01-31T13:00:00+01:00", NOW);
	is_time("2026-01-31T06:30:00-05:30", NOW);
	is_time("2026-01-31T12:00:00.5Z", NOW + SEC / 2);
	is_time("2026-01-31T12:00:00.000000001", NOW + 1);
	is_time("2026-01-31T12:00:00.1234567899+00:00", NOW + 123456789);
	is_time("2026-01-31T11:59:60Z", NOW);
	is_time("1970-01-01T00:00:00Z", 0);
	is_time("1970-01-01T00:30:00+00:30", 0);
	refused("1970-01-01T00:00:00+00:01", -ERANGE);
	refused("1969-12-31T23:59:59Z", -ERANGE);
	is_time("2261-12-31T23:59:59Z", 9214646399LL * SEC);
	refused("2262-01-01T00:00:00Z", -ERANGE);
	refused("2026-01-31T12:00", -EINVAL);
	refused("2026-01-31T12:00:00.", -EINVAL);
	refused("2026-01-31T24:00:00", -EINVAL);
	refused("2026-01-31T12:60:00", -EINVAL);
	refused("2026-01-31T12:00:61", -EINVAL);
	refused("2026-01-31T12:00:00+1:00", -EINVAL);
	refused("2026-01-31T12:00:00+24:00", -EINVAL);
	refused("2026-01-31T12:00:00Zx", -EINVAL);
	refused("2026-1-31T12:00:00", -EINVAL);
	refused("12:00:00", -EINVAL);
	refused(" 2026-01-31T12:00:00", -EINVAL);
}

static void dates(void)
{
	is_time("2026-01-31", NOW - 12 * 3600 * SEC);
	is_time("2000-02-29", 951782400 * SEC);
	is_time("2024-02-29", 1709164800 * SEC);
	refused("2023-02-29", -EINVAL);
	refused("2100-02-29", -EINVAL);
	refused("2026-02-30", -EINVAL);
	refused("2026-04-31", -EINVAL);
	refused("2026-13-01", -EINVAL);
	refused("2026-00-01", -EINVAL);
	refused("2026-01-00", -EINVAL);
	refused("2026-01", -EINVAL);
	refused("2026-01-31T", -EINVAL);
	refused("1969-12-31", -ERANGE);
}

static void seconds(void)
{
	is_time("0", 0);
	is_time("@0", 0);
	is_time("1769860800", NOW);
	is_time("@1769860800.25", NOW + SEC / 4);
	is_time("1769860800.000000001", NOW + 1);
	refused("9223372036", -ERANGE);
	refused("99999999999999999999", -ERANGE);
	refused("@", -EINVAL);
	refused("@-1", -EINVAL);
	refused("@1.", -EINVAL);
	refused(".5", -EINVAL);
	refused("1x", -EINVAL);
	refused("@10m", -EINVAL);
}

static void durations(void)
{
	is_time("45s", NOW - 45 * SEC);
	is_time("10m", NOW - 600 * SEC);
	is_time("1h30m", NOW - 5400 * SEC);
	is_time("2d", NOW - 172800 * SEC);
	is_time("1d2h3m4s", NOW - 93784 * SEC);
	is_time("0s", NOW);
	is_time("90m", NOW - 5400 * SEC);
	refused("30m1h", -EINVAL);
	refused("1m1m", -EINVAL);
	refused("1hm", -EINVAL);
	refused("m", -EINVAL);
	refused("1h30", -EINVAL);
	refused("1.5h", -EINVAL);
	refused("-10m", -EINVAL);
	refused("1w", -EINVAL);
	refused("30000d", -ERANGE);
	refused("99999999999999d", -ERANGE);
	refused("99999999999999999999s", -ERANGE);
	refused("", -EINVAL);
	refused("now", -EINVAL);
	refused("yesterday", -EINVAL);
}

/* Compares a time of every day of the range with the C library. */
static void calendar(void)
{
	int64_t ns;
	bool good = true;

	for (time_t t = 0; t < 9214646399LL && good; t += 86399) {
		struct tm tm;
		char text[64];

		gmtime_r(&t, &tm);
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
		good = !parse_time(text, 0, &ns) && ns == t * SEC;
		if (!good)
			printf("# %s\n", text);
	}
	ok(good, "parse_time() agrees with the C library on every day");
}

int main(void)
{
	timestamps();
	dates();
	seconds();
	durations();
	calendar();
	return tap_end();
}
