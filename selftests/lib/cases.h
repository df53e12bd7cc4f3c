/* SPDX-License-Identifier: GPL-2.0 */
/* Helpers for unit tests that go through a table of cases. */
#ifndef SELFTESTS_CASES_H
#define SELFTESTS_CASES_H

#include <stdio.h>

#include "base/array.h"

/** shown() - @s in a form that can be a part of a point's name, which is one line */
static inline const char *__attribute__((unused)) shown(const char *s)
{
	static char buf[256];
	size_t n = 0;

	if (!s)
		return "(null)";
	for (; *s && n + 5 < sizeof(buf); s++) {
		if (*s > ' ' && *s < 0x7f && *s != '#')
			buf[n++] = *s;
		else
			n += snprintf(buf + n, 5, "\\x%02x", *s & 0xff);
	}
	buf[n] = '\0';
	return buf;
}

#endif /* SELFTESTS_CASES_H */
