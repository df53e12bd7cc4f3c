// SPDX-License-Identifier: GPL-2.0
/* Opening the kernel's table, see handle.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "handle.h"

static int exit_code_of(int err)
{
	switch (err) {
	case -ENODEV:
		return EXIT_NO_MODULE;
	case -EPERM:
	case -EACCES:
		return EXIT_NO_PERMISSION;
	default:
		return EXIT_FAILED;
	}
}

int table_open(struct purser **p, struct failure *failure)
{
	int err = purser_open(p);

	if (!err)
		return 0;
	return failed(failure,
		      err == -ENOENT ? EXIT_NO_MODULE : exit_code_of(err),
		      "cannot reach the container table: %s",
		      purser_last_error(NULL));
}

int table_failed(struct failure *failure, int err, const char *words,
		 const char *fmt, ...)
{
	char what[sizeof(failure->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return failed(failure, exit_code_of(err), "%s: %s", what, words);
}

int table_failed_on(struct failure *failure, int err, const char *words,
		    const char *verb, const struct purser_ref *ref)
{
	if (ref->name)
		return table_failed(failure, err, words, "cannot %s \"%s\"",
				    verb, ref->name);
	if (ref->pid)
		return table_failed(failure, err, words,
				    "cannot %s the container of process %d",
				    verb, ref->pid);
	return table_failed(failure, err, words, "cannot %s container %llu",
			    verb, (unsigned long long)ref->id);
}

int print_failed(struct failure *failure)
{
	return failed_errno(failure, -ENOMEM, "cannot print the answer");
}
