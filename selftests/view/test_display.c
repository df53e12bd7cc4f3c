// SPDX-License-Identifier: GPL-2.0
/* Tests how sizes, times and reasons are printed for people, and tables. */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "view/display.c"
#include "view/table.c"
#include "tap.h"

static void test_sizes(void)
{
	char buf[DISPLAY_LEN];

	is_str(display_mib(0, buf), "0.0MiB", "0 bytes");
	is_str(display_mib(104857, buf), "0.0MiB",
	       "1 byte less than a tenth of a MiB");
	is_str(display_mib(104858, buf), "0.1MiB", "a tenth of a MiB");
	is_str(display_mib((1 << 20) - 1, buf), "0.9MiB",
	       "1 byte less than a MiB is not rounded up");
	is_str(display_mib(1 << 20, buf), "1.0MiB", "one MiB");
	is_str(display_mib(UINT64_MAX, buf), "17592186044415.9MiB",
	       "the greatest number of bytes");
	is_str(display_limit(0, buf), "-",
	       "display_limit() prints - for no limit");
	is_str(display_limit(40 << 20, buf), "40.0MiB",
	       "display_limit() prints a limit in MiB");
}

static void test_times(void)
{
	static const struct {
		uint64_t s;
		const char *text;
	} ages[] = {
		{ 0, "0s" },	    { 59, "59s" },
		{ 60, "1m00s" },    { 3599, "59m59s" },
		{ 3600, "1h00m" },  { 86399, "23h59m" },
		{ 86400, "1d00h" }, { 86400 * 400 + 3600, "400d01h" },
	};
	char buf[DISPLAY_LEN];
	struct timespec now;

	is_str(display_seconds(0, buf), "0.000000",
	       "display_seconds() prints 0 ns");
	is_str(display_seconds(1999999999, buf), "1.999999",
	       "display_seconds() does not round up");
	is_str(display_seconds(12000005000, buf), "12.000005",
	       "display_seconds() prints microseconds");
	is_str(display_seconds(UINT64_MAX, buf), "18446744073.709551",
	       "display_seconds() prints the greatest time");
	for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++)
		is_str(display_duration(ages[i].s * NSEC_PER_SEC, buf),
		       ages[i].text, "display_duration() prints %s",
		       ages[i].text);
	is_str(display_age(UINT64_MAX, buf), "0s",
	       "the age of a time in the future is 0s");
	clock_gettime(CLOCK_BOOTTIME, &now);
	is_str(display_age(now.tv_sec * NSEC_PER_SEC + now.tv_nsec, buf), "0s",
	       "the age of the present time is 0s");
}

static void test_reasons(void)
{
	static const struct {
		struct purser_container c;
		const char *text;
	} cases[] = {
		{ { .reason = PURSER_REASON_NONE, .exit_code = -1 }, "-" },
		{ { .reason = PURSER_REASON_EXITED }, "exited(0)" },
		{ { .reason = PURSER_REASON_EXITED, .exit_code = 255 },
		  "exited(255)" },
		{ { .reason = PURSER_REASON_STOPPED }, "stopped(0)" },
		{ { .reason = PURSER_REASON_STOPPED,
		    .exit_code = -1,
		    .signal = 15 },
		  "stopped(SIGTERM)" },
		{ { .reason = PURSER_REASON_STOPPED,
		    .exit_code = -1,
		    .signal = 9,
		    .forced = true },
		  "stopped/forced" },
		{ { .reason = PURSER_REASON_STOPPED,
		    .exit_code = -1,
		    .signal = 9,
		    .forced = true,
		    .no_handler = true },
		  "stopped/forced/no_handler" },
		{ { .reason = PURSER_REASON_HARD_LIMIT_KILLED,
		    .exit_code = -1,
		    .signal = 9 },
		  "hard_limit_killed" },
		{ { .reason = PURSER_REASON_OOM_KILLED,
		    .exit_code = -1,
		    .signal = 9 },
		  "oom_killed" },
		{ { .reason = PURSER_REASON_KILLED,
		    .exit_code = -1,
		    .signal = 11 },
		  "killed(SIGSEGV)" },
		{ { .reason = PURSER_REASON_KILLED,
		    .exit_code = -1,
		    .signal = 36 },
		  "killed(SIGRTMIN+2)" },
		{ { .reason = PURSER_REASON_KILLED, .exit_code = -1 },
		  "killed" },
		{ { .reason = 99, .exit_code = -1, .signal = 32 },
		  "unknown(signal 32)" },
	};
	char buf[DISPLAY_LEN];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_str(display_reason(&cases[i].c, buf), cases[i].text,
		       "display_reason() prints %s", cases[i].text);
}

/* Returns what table_print() writes. */
static const char *printed(const struct table *t)
{
	static char text[1024];
	FILE *real = stdout, *f = fmemopen(text, sizeof(text), "w");

	if (!f)
		return NULL;
	stdout = f;
	table_print(t);
	stdout = real;
	fclose(f);
	return text;
}

static void test_table(void)
{
	static const struct column columns[] = {
		{ "N", true },
		{ "NAME", false },
		{ "LAST", false },
	};
	static const char *const cells[] = {
		"1", "a", "x", "1000", "na\xc3\xafve!", "yy", "2", "b\n", "z",
	};
	struct table t = { .columns = columns, .n_columns = 3 };
	int err = 0;

	is_str(printed(&t), "N  NAME  LAST\n",
	       "a table without rows has its titles");
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		err = err ? err : table_add(&t, cells[i]);
	is_int(err, 0, "table_add() succeeds");
	is_str(printed(&t),
	       "   N  NAME    LAST\n"
	       "   1  a       x\n"
	       "1000  na\xc3\xafve!  yy\n"
	       "   2  b\\x0a   z\n",
	       "columns are as wide as their widest cell, counted in characters");
	table_free(&t);
	for (int i = 0; i < 3000 && !err; i++)
		err = table_add(&t, "cell");
	ok(!err && t.n_cells == 3000, "a table can have 1000 rows");
	table_free(&t);
}

int main(void)
{
	test_sizes();
	test_times();
	test_reasons();
	test_table();
	return tap_end();
}
