// SPDX-License-Identifier: GPL-2.0
/* Tests parsing and printing signals. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "tap.h"
#include "cases.h"

static void test_parse(void)
{
	static const struct {
		const char *text;
		int err;
		int sig;
	} cases[] = {
		{ "TERM", 0, 15 },
		{ "SIGTERM", 0, 15 },
		{ "term", 0, 15 },
		{ "sigTerm", 0, 15 },
		{ "KILL", 0, 9 },
		{ "usr1", 0, 10 },
		{ "SIGSYS", 0, 31 },
		{ "IO", 0, 29 },
		{ "POLL", 0, 29 },
		{ "SIGCLD", 0, 17 },
		{ "CHLD", 0, 17 },
		{ "IOT", 0, 6 },
		{ "1", 0, 1 },
		{ "15", 0, 15 },
		{ "64", 0, 64 },
		{ "0", -ERANGE, 0 },
		{ "65", -ERANGE, 0 },
		{ "4294967311", -ERANGE, 0 }, /* 2^32 + 15 */
		{ "-15", -EINVAL, 0 },
		{ "+15", -EINVAL, 0 },
		{ "15 ", -EINVAL, 0 },
		{ "SIG15", -EINVAL, 0 },
		{ "SIG", -EINVAL, 0 },
		{ "SIGSIGTERM", -EINVAL, 0 },
		{ "TERMINATE", -EINVAL, 0 },
		{ "FOO", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
		{ NULL, -EINVAL, 0 },
		{ "RTMIN", 0, 34 },
		{ "SIGRTMIN", 0, 34 },
		{ "rtmin+1", 0, 35 },
		{ "RTMIN+30", 0, 64 },
		{ "RTMIN+31", -ERANGE, 0 },
		{ "RTMIN-1", -EINVAL, 0 },
		{ "RTMIN+", -EINVAL, 0 },
		{ "RTMIN+-1", -EINVAL, 0 },
		{ "RTMIN+1x", -EINVAL, 0 },
		{ "RTMIN1", -EINVAL, 0 },
		{ "RTMAX", 0, 64 },
		{ "RTMAX-30", 0, 34 },
		{ "RTMAX-31", -ERANGE, 0 },
		{ "RTMAX+1", -EINVAL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int sig = -7;
		int err = parse_signal(cases[i].text, &sig);

		ok(err == cases[i].err && sig == (err ? -7 : cases[i].sig),
		   "parse_signal \"%s\": %d, %d", shown(cases[i].text), err,
		   sig);
	}
}

static void test_name(void)
{
	static const struct {
		int sig;
		const char *name;
	} cases[] = {
		{ SIGTERM, "SIGTERM" },
		{ SIGSEGV, "SIGSEGV" },
		{ 34, "SIGRTMIN" },
		{ 35, "SIGRTMIN+1" },
		{ 64, "SIGRTMIN+30" },
		{ 32, "signal 32" }, /* the C library uses it */
		{ 65, "signal 65" },
		{ 0, "signal 0" },
		{ -3, "signal -3" },
	};
	char buf[32], tiny[6];
	int sig;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ok(!strcmp(signal_name(cases[i].sig, buf, sizeof(buf)),
			   cases[i].name),
		   "signal_name() of %d is %s", cases[i].sig, buf);
	ok(!strcmp(signal_name(SIGTERM, tiny, sizeof(tiny)), "SIGTE"),
	   "signal_name() does not write beyond its buffer");
	for (int i = 1; i <= 31; i++)
		ok(!parse_signal(signal_name(i, buf, sizeof(buf)), &sig) &&
			   sig == i,
		   "the name of signal %d is parsed back", i);
}

int main(void)
{
	test_parse();
	test_name();
	return tap_end();
}
