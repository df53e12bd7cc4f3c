// SPDX-License-Identifier: LGPL-2.1
/* Making text safe to print, see escape.h. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "utf8.h"

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
		n = utf8_decode(s, left, &c);
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
	const char *s = data;
	uint32_t c;
	size_t n;

	for (; len; s += n, len -= n) {
		n = utf8_decode(s, len, &c);
		if (!n || !(is_harmless(c) || c == '\t' || c == '\n'))
			return false;
	}
	return true;
}
