// SPDX-License-Identifier: GPL-2.0
/* Tests parsing limits of setrlimit(2). */
#include <errno.h>

#include "base/array.h"
#include "base/parse_rlimit.h"
#include "tap.h"

#define INF RLIM_INFINITY

static const struct {
	const char *text;
	int err;
	int resource;
	struct rlimit limit;
} cases[] = {
	{ "nofile=1024", 0, RLIMIT_NOFILE, { 1024, 1024 } },
	{ "nofile=1024:4096", 0, RLIMIT_NOFILE, { 1024, 4096 } },
	{ "NoFile=0:0", 0, RLIMIT_NOFILE, { 0, 0 } },
	{ "RLIMIT_CORE=0:unlimited", 0, RLIMIT_CORE, { 0, INF } },
	{ "rlimit_as=5", 0, RLIMIT_AS, { 5, 5 } },
	{ "core=-1", 0, RLIMIT_CORE, { INF, INF } },
	{ "rttime=unlimited", 0, RLIMIT_RTTIME, { INF, INF } },
	{ "cpu=18446744073709551615", 0, RLIMIT_CPU, { INF, INF } },
	{ "nofile=2:1", -ERANGE, 0, { 0 } },
	{ "nofile=unlimited:1", -ERANGE, 0, { 0 } },
	{ "nofile=18446744073709551616", -ERANGE, 0, { 0 } },
	{ "files=1", -ENOENT, 0, { 0 } },
	{ "nofil=1", -ENOENT, 0, { 0 } },
	{ "RLIMIT_=1", -ENOENT, 0, { 0 } },
	{ "=1", -ENOENT, 0, { 0 } },
	{ "", -EINVAL, 0, { 0 } },
	{ "nofile", -EINVAL, 0, { 0 } },
	{ "nofile=", -EINVAL, 0, { 0 } },
	{ "nofile=1:", -EINVAL, 0, { 0 } },
	{ "nofile=:1", -EINVAL, 0, { 0 } },
	{ "nofile=1:2:3", -EINVAL, 0, { 0 } },
	{ "nofile=-2", -EINVAL, 0, { 0 } },
	{ "nofile=1k", -EINVAL, 0, { 0 } },
	{ "nofile=111111111111111111111111111", -EINVAL, 0, { 0 } },
};

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rlimit limit = { 0 };
		int resource = -1;
		int err = parse_rlimit(cases[i].text, &resource, &limit);

		is_int(err, cases[i].err, "\"%s\"", cases[i].text);
		if (!err)
			ok(resource == cases[i].resource &&
				   limit.rlim_cur == cases[i].limit.rlim_cur &&
				   limit.rlim_max == cases[i].limit.rlim_max,
			   "\"%s\": the limit and its values", cases[i].text);
	}
	for (int i = 0; i < RLIM_NLIMITS; i++)
		ok(rlimit_names[i], "limit %d has a name", i);
	ok(!rlimit_names[RLIM_NLIMITS], "the list of names ends");
	return tap_end();
}
