// SPDX-License-Identifier: LGPL-2.1
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"

/*
 * Decode the character at @s. Returns its length in bytes, or 0 where the bytes
 * are not UTF-8: cut short, overlong, a surrogate, or beyond U+10FFFF.
 */
static size_t decode(const unsigned char *s, size_t len, uint32_t *c)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n;

	if (s[0] < 0x80) {
		*c = s[0];
		return 1;
	} else if (s[0] >= 0xc0 && s[0] < 0xe0) {
		n = 2;
		*c = s[0] & 0x1f;
	} else if (s[0] >= 0xe0 && s[0] < 0xf0) {
		n = 3;
		*c = s[0] & 0x0f;
	} else if (s[0] >= 0xf0 && s[0] < 0xf8) {
		n = 4;
		*c = s[0] & 0x07;
	} else {
		return 0;
	}
	if (n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	if (*c < smallest[n] || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff))
		return 0;
	return n;
}

static bool is_harmless(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0)) /* C0, DEL, C1 */
		return false;
	/* Line and paragraph separator, then the bidirectional controls. */
	if (c == 0x2028 || c == 0x2029 || c == 0x061c)
		return false;
	if (c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e))
		return false;
	return c < 0x2066 || c > 0x2069;
}

char *escape_into(char *buf, const char *s)
{
	static const char hex[] = "0123456789abcdef";
	size_t left = strlen(s), n;
	char *out = buf;
	uint32_t c;

	for (; left; s += n, left -= n) {
		n = decode((const unsigned char *)s, left, &c);
		if (n && is_harmless(c)) {
			memcpy(out, s, n);
			out += n;
			continue;
		}
		n = n ? n : 1;
		for (size_t i = 0; i < n; i++) {
			unsigned char byte = s[i];

			*out++ = '\\';
			*out++ = 'x';
			*out++ = hex[byte >> 4];
			*out++ = hex[byte & 15];
		}
	}
	*out = '\0';
	return buf;
}

char *escape_text(const char *s)
{
	size_t len = strlen(s);
	char *text = NULL;

	if (len <= (SIZE_MAX - 1) / 4)
		text = malloc(ESCAPED_LEN(len));
	return text ? escape_into(text, s) : NULL;
}

bool text_is_printable(const void *data, size_t len)
{
	const unsigned char *s = data;
	uint32_t c;
	size_t n;

	for (; len; s += n, len -= n) {
		n = decode(s, len, &c);
		if (!n || !(is_harmless(c) || c == '\t' || c == '\n'))
			return false;
	}
	return true;
}
