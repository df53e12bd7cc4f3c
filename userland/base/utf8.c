// SPDX-License-Identifier: GPL-2.0
/* Any bytes into JSON strings, see utf8.h. */
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Length of the well-formed sequence at @s (RFC 3629), or 0. */
static size_t sequence(const unsigned char *s)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t len;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		len = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		len = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		len = 4;
	else
		return 0;

	/* No overlong forms, no surrogates, nothing above U+10FFFF. */
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	if (s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++) {
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	}
	return len;
}

struct json_object *utf8_json(const char *s)
{
	__cleanup_free char *clean = NULL;
	size_t n = 0;

	clean = malloc(strlen(s) * strlen(REPLACEMENT) + 1);
	if (!clean)
		return NULL;
	while (*s) {
		size_t len = sequence((const unsigned char *)s);

		if (len) {
			memcpy(clean + n, s, len);
			n += len;
			s += len;
		} else {
			memcpy(clean + n, REPLACEMENT, strlen(REPLACEMENT));
			n += strlen(REPLACEMENT);
			s++;
		}
	}
	clean[n] = '\0';
	return json_object_new_string_len(clean, n);
}
