// SPDX-License-Identifier: LGPL-2.1
/* Decoding UTF-8, see utf8.h. */
#include <stdbool.h>

#include "utf8.h"

size_t utf8_decode(const char *s, size_t len, uint32_t *c)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)s;
	size_t n;

	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	} else if (p[0] >= 0xc0 && p[0] < 0xe0) {
		n = 2;
		*c = p[0] & 0x1f;
	} else if (p[0] >= 0xe0 && p[0] < 0xf0) {
		n = 3;
		*c = p[0] & 0x0f;
	} else if (p[0] >= 0xf0 && p[0] < 0xf8) {
		n = 4;
		*c = p[0] & 0x07;
	} else {
		return 0;
	}
	if (n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (p[i] & 0x3f);
	}
	if (*c < smallest[n] || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff))
		return 0;
	return n;
}

/* Characters begin with any other byte. */
static bool continues(char c)
{
	return (c & 0xc0) == 0x80;
}

size_t utf8_length(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += !continues(*s);
	return n;
}

size_t utf8_offset(const char *s, size_t n)
{
	const char *p = s;

	for (; *p; p++) {
		if (!continues(*p) && !n--)
			break;
	}
	return p - s;
}
