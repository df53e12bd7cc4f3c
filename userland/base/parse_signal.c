// SPDX-License-Identifier: LGPL-2.1
/* Names of signals, see parse.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "parse.h"

/* The kernel's last signal, 64: _NSIG is one more. */
#define SIGNAL_MAX (_NSIG - 1)

/* Names that sigabbrev_np() does not return. */
static const struct {
	const char *name;
	int sig;
} aliases[] = {
	{ "CLD", SIGCHLD },
	{ "IO", SIGIO },
	{ "IOT", SIGIOT },
};

/* Parse "RTMIN", "RTMIN+1" or "RTMAX-1"; -ENOENT if @s is none of them. */
static int parse_realtime(const char *s, int *sig)
{
	int from, off = 0, err;
	char sign;

	if (!strncasecmp(s, "RTMIN", 5)) {
		from = SIGRTMIN;
		sign = '+';
	} else if (!strncasecmp(s, "RTMAX", 5)) {
		from = SIGRTMAX;
		sign = '-';
	} else {
		return -ENOENT;
	}
	if (s[5]) {
		/* A digit first: parse_int() would take a second sign. */
		if (s[5] != sign || s[6] < '0' || s[6] > '9')
			return -EINVAL;
		err = parse_int(s + 6, 0, SIGRTMAX - SIGRTMIN, &off);
		if (err)
			return err;
	}
	*sig = sign == '+' ? from + off : from - off;
	return 0;
}

int parse_signal(const char *s, int *sig)
{
	const char *name;
	int err;

	if (!s || !*s)
		return -EINVAL;
	if (*s >= '0' && *s <= '9')
		return parse_int(s, 1, SIGNAL_MAX, sig);
	if (!strncasecmp(s, "SIG", 3))
		s += 3;
	err = parse_realtime(s, sig);
	if (err != -ENOENT)
		return err;
	for (int i = 1; i <= SIGNAL_MAX; i++) {
		name = sigabbrev_np(i);
		if (name && !strcasecmp(s, name)) {
			*sig = i;
			return 0;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++) {
		if (!strcasecmp(s, aliases[i].name)) {
			*sig = aliases[i].sig;
			return 0;
		}
	}
	return -EINVAL;
}

const char *signal_name(int sig, char *buf, size_t len)
{
	const char *name = sigabbrev_np(sig);

	if (name)
		snprintf(buf, len, "SIG%s", name);
	else if (sig == SIGRTMIN)
		snprintf(buf, len, "SIGRTMIN");
	else if (sig > SIGRTMIN && sig <= SIGRTMAX)
		snprintf(buf, len, "SIGRTMIN+%d", sig - SIGRTMIN);
	else
		snprintf(buf, len, "signal %d", sig);
	return buf;
}
