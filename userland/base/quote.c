// SPDX-License-Identifier: LGPL-2.1
/* Names in messages, see quote.h. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "quote.h"

const char *quote(struct quoted *q, const char *name)
{
	const size_t room = sizeof(q->text) - sizeof("...");
	size_t n = 0;

	for (; *name; name++) {
		unsigned char c = *name;
		bool plain = c >= ' ' && c != 0x7f;

		if (n + (plain ? 1 : 4) > room) {
			memcpy(q->text + n, "...", sizeof("..."));
			return q->text;
		}
		if (plain)
			q->text[n++] = (char)c;
		else
			n += (size_t)snprintf(q->text + n, 5, "\\x%02x", c);
	}
	q->text[n] = '\0';
	return q->text;
}
