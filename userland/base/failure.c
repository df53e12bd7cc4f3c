// SPDX-License-Identifier: LGPL-2.1
/* Filling a struct failure, see failure.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "failure.h"

/* Print the text, then @more. */
static void print(struct failure *failure, const char *more, const char *fmt,
		  va_list ap)
{
	static const char mark[] = "...";
	const size_t room = sizeof(failure->text);
	int n = vsnprintf(failure->text, room, fmt, ap);

	if (n >= 0 && (size_t)n < room)
		n += snprintf(failure->text + n, room - n, "%s", more);
	if (n < 0 || (size_t)n >= room)
		memcpy(failure->text + room - sizeof(mark), mark, sizeof(mark));
}

int failed(struct failure *failure, int code, const char *fmt, ...)
{
	va_list ap;

	failure->code = code;
	va_start(ap, fmt);
	print(failure, "", fmt, ap);
	va_end(ap);
	return -1;
}

int failed_errno(struct failure *failure, int err, const char *fmt, ...)
{
	char why[128];
	va_list ap;

	failure->code = err == -EACCES || err == -EPERM ? EXIT_NO_PERMISSION :
							  EXIT_FAILED;
	snprintf(why, sizeof(why), ": %s", strerror(-err));
	va_start(ap, fmt);
	print(failure, why, fmt, ap);
	va_end(ap);
	return -1;
}

void failure_prefix(struct failure *failure, const char *fmt, ...)
{
	const struct failure old = *failure;
	va_list ap;

	va_start(ap, fmt);
	print(failure, old.text, fmt, ap);
	va_end(ap);
}
