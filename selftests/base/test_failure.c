// SPDX-License-Identifier: GPL-2.0
/* Tests struct failure: texts, codes, and texts that are too long. */
#include <errno.h>
#include <string.h>

#include "base/failure.h"
#include "tap.h"

static struct failure failure;

static void filled(void)
{
	is_int(failed(&failure, EXIT_USAGE, "no %s", "id"), -1,
	       "failed() returns -1");
	is_int(failure.code, EXIT_USAGE, "failed() keeps the code");
	is_str(failure.text, "no id", "failed() keeps the text");
	is_int(failed_errno(&failure, -ENOENT, "opening %s", "/x"), -1,
	       "failed_errno() returns -1");
	is_str(failure.text, "opening /x: No such file or directory",
	       "failed_errno() adds the words of the errno");
	is_int(failure.code, EXIT_FAILED, "ENOENT is EXIT_FAILED");
	failed_errno(&failure, -EPERM, "opening it");
	is_int(failure.code, EXIT_NO_PERMISSION, "EPERM is EXIT_NO_PERMISSION");
	failure_prefix(&failure, "container \"%s\": ", "web");
	is_str(failure.text,
	       "container \"web\": opening it: Operation not permitted",
	       "failure_prefix() puts a text in front");
	is_int(failure.code, EXIT_NO_PERMISSION,
	       "failure_prefix() keeps the code");
}

static void ends_in_dots(const char *name)
{
	size_t len = strlen(failure.text);

	is_int(len, sizeof(failure.text) - 1, "%s fills the array", name);
	is_str(failure.text + len - 3, "...", "%s ends with dots", name);
}

static void too_long(void)
{
	const int room = sizeof(failure.text);
	char text[2 * sizeof(failure.text)];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	failed(&failure, EXIT_FAILED, "%s", text);
	ends_in_dots("a long text");
	failed(&failure, EXIT_FAILED, "%.*s", room - 1, text);
	is_int(strlen(failure.text), room - 1,
	       "a text that just fits is not cut");
	is_int(failure.text[room - 2], 'x', "its last byte is kept");
	failed_errno(&failure, -ENOENT, "%.*s", room - 5, text);
	ends_in_dots("a long text with an errno");
	failed(&failure, EXIT_FAILED, "%.*s", room - 5, text);
	failure_prefix(&failure, "container: ");
	ends_in_dots("a long text behind a prefix");
}

int main(void)
{
	filled();
	too_long();
	return tap_end();
}
