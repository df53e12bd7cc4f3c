// SPDX-License-Identifier: GPL-2.0
/* Tests tables and the labels of records. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"
#include "view/label.h"
#include "view/table.h"

static const struct column columns[] = {
	{ "A", COLUMN_TEXT },
	{ "N", COLUMN_NUMBER },
	{ "LAST", COLUMN_CUT },
};

/* What table_print() writes; @last: the last cell of the second row */
static const char *printed(bool drop_last, size_t width, const char *last)
{
	static char text[256];
	struct table t = { columns, 3, drop_last, width, NULL, 0, 0 };
	int out = dup(STDOUT_FILENO);
	FILE *f = tmpfile();
	size_t n;

	fflush(stdout);
	dup2(fileno(f), STDOUT_FILENO);
	if (table_add(&t, "x") || table_add_u64(&t, 10) || table_add(&t, "") ||
	    table_add(&t, "long") || table_add_u64(&t, 9) ||
	    table_add(&t, last) || table_print(&t))
		bail("a table cannot be printed");
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	table_free(&t);
	rewind(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static const char *label_of(const char *cookie)
{
	static char text[256];
	struct purser_container c = { .cookie_len = strlen(cookie) };
	char *label;

	memcpy(c.cookie, cookie, c.cookie_len);
	label = record_label(&c);
	snprintf(text, sizeof(text), "%s", label ? label : "none");
	free(label);
	return text;
}

int main(void)
{
	is_str(printed(false, 0, "z"),
	       "A      N  LAST\nx     10  \nlong   9  z\n",
	       "each column is as wide as its longest cell");
	is_str(printed(true, 0, "z"),
	       "A      N  LAST\nx     10  \nlong   9  z\n",
	       "a last column with a cell is printed");
	is_str(printed(true, 0, ""), "A      N\nx     10\nlong   9\n",
	       "one without is left out");
	is_str(printed(false, 0, ""),
	       "A      N  LAST\nx     10  \nlong   9  \n", "if that is wanted");

	is_str(printed(false, 20, "a long text"),
	       "A      N  LAST\nx     10  \nlong   9  a long te\u2026\n",
	       "a text that may be cut fits the width");
	is_str(printed(false, 20, "\u00e4\u00f6\u00fc long text"),
	       "A      N  LAST\nx     10  \nlong   9  \u00e4\u00f6\u00fc long \u2026\n",
	       "characters count, not bytes");
	is_str(printed(false, 4, "a long text"),
	       "A      N  LAST\nx     10  \nlong   9  a long \u2026\n",
	       "eight characters are left, however narrow it is");

	is_str(label_of("{\"oci\":1,\"name\":\"web\"}"), "web",
	       "the cookie of purser-oci has a label");
	is_str(label_of("{\"oci\":1}"), "none", "it need not");
	is_str(label_of("{\"name\":\"web\"}"), "none",
	       "the cookie of another program has none");
	is_str(label_of("not JSON"), "none", "nor has one that is no JSON");
	is_str(label_of(""), "none", "nor has a record without a cookie");
	return tap_end();
}
