// SPDX-License-Identifier: LGPL-2.1
/* Limits of setrlimit(2) by name, see parse_rlimit.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "parse.h"
#include "parse_rlimit.h"

#define PREFIX	   "RLIMIT_"
#define NAME(name) [name] = #name

const char *const rlimit_names[RLIM_NLIMITS + 1] = {
	NAME(RLIMIT_CPU),      NAME(RLIMIT_FSIZE),  NAME(RLIMIT_DATA),
	NAME(RLIMIT_STACK),    NAME(RLIMIT_CORE),   NAME(RLIMIT_RSS),
	NAME(RLIMIT_NPROC),    NAME(RLIMIT_NOFILE), NAME(RLIMIT_MEMLOCK),
	NAME(RLIMIT_AS),       NAME(RLIMIT_LOCKS),  NAME(RLIMIT_SIGPENDING),
	NAME(RLIMIT_MSGQUEUE), NAME(RLIMIT_NICE),   NAME(RLIMIT_RTPRIO),
	NAME(RLIMIT_RTTIME),
};

/* "nofile" and @len, or "RLIMIT_NOFILE" */
static int find(const char *name, size_t len)
{
	for (int i = 0; rlimit_names[i]; i++) {
		const char *known = rlimit_names[i];
		const char *plain = known + strlen(PREFIX);

		if ((strlen(plain) == len && !strncasecmp(name, plain, len)) ||
		    (strlen(known) == len && !strncasecmp(name, known, len)))
			return i;
	}
	return -ENOENT;
}

static int parse_value(const char *s, size_t len, rlim_t *value)
{
	char text[24];

	if (len >= sizeof(text))
		return -EINVAL;
	snprintf(text, sizeof(text), "%.*s", (int)len, s);
	if (!strcmp(text, "-1") || !strcmp(text, "unlimited")) {
		*value = RLIM_INFINITY;
		return 0;
	}
	return parse_u64(text, 0, RLIM_INFINITY, value);
}

int parse_rlimit(const char *s, int *resource, struct rlimit *limit)
{
	const char *soft = strchr(s, '='), *colon;
	int err;

	if (!soft)
		return -EINVAL;
	*resource = find(s, (size_t)(soft - s));
	if (*resource < 0)
		return *resource;
	colon = strchrnul(++soft, ':');
	err = parse_value(soft, (size_t)(colon - soft), &limit->rlim_cur);
	limit->rlim_max = limit->rlim_cur;
	if (!err && *colon)
		err = parse_value(colon + 1, strlen(colon + 1),
				  &limit->rlim_max);
	if (!err && limit->rlim_cur > limit->rlim_max)
		err = -ERANGE;
	return err;
}
