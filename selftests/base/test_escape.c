// SPDX-License-Identifier: GPL-2.0
/* Tests escape_text(), which makes text safe to print. */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "tap.h"
#include "cases.h"

static void test_escape(void)
{
	static const struct {
		const char *in, *out;
		bool printable;
	} cases[] = {
		{ "", "", true },
		{ "plain text, 100%", "plain text, 100%", true },
		{ "back\\slash", "back\\slash", true },
		{ "a\nb", "a\\x0ab", true },
		{ "a\tb", "a\\x09b", true },
		{ "\r\x1b[31mred", "\\x0d\\x1b[31mred", false },
		{ "\x7f", "\\x7f", false },
		{ "na\xc3\xafve", "na\xc3\xafve", true },
		{ "\xe2\x82\xac", "\xe2\x82\xac", true },
		{ "\xf0\x9f\x90\x99", "\xf0\x9f\x90\x99", true },
		{ "\xc2\x9b"
		  "31m",
		  "\\xc2\\x9b31m", false }, /* CSI */
		{ "\xe2\x80\xae"
		  "abc",
		  "\\xe2\\x80\\xaeabc", false },
		{ "\xe2\x80\xa8", "\\xe2\\x80\\xa8", false },
		{ "\xe2\x81\xa6", "\\xe2\\x81\\xa6", false },
		{ "\x80", "\\x80", false },
		{ "\xff", "\\xff", false },
		{ "\xc3", "\\xc3", false }, /* cut short */
		{ "\xe2\x82", "\\xe2\\x82", false },
		{ "\xc3(", "\\xc3(", false },
		{ "\xc0\x8a", "\\xc0\\x8a", false }, /* overlong \n */
		{ "\xe0\x80\x8a", "\\xe0\\x80\\x8a", false },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80", false }, /* surrogate */
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", false },
		{ "\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *out = escape_text(cases[i].in);

		ok(out && !strcmp(out, cases[i].out),
		   "escape_text(), case %zu: %s", i, shown(out));
		ok(text_is_printable(cases[i].in, strlen(cases[i].in)) ==
			   cases[i].printable,
		   "text_is_printable(), case %zu", i);
		free(out);
	}
	ok(!text_is_printable("a\0b", 3), "a text with a NUL is not printable");
	ok(!text_is_printable("\xe2\x82\xac", 2),
	   "half a character is not printable");
}

int main(void)
{
	test_escape();
	return tap_end();
}
