// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "output.h"
#include "base/report.h"

int output_json(struct json_object *object)
{
	const char *text;

	text = object ?
		       json_object_to_json_string_ext(
			       object, JSON_C_TO_STRING_PLAIN |
					       JSON_C_TO_STRING_NOSLASHESCAPE) :
		       NULL;
	if (text)
		printf("%s\n", text);
	json_object_put(object);
	return text ? 0 : -ENOMEM;
}

int output_flush(void)
{
	static int first; /* what failed later is not what went wrong */
	struct pollfd fd = { .fd = STDOUT_FILENO };

	if (first)
		return first;
	if (fflush(stdout))
		first = -errno;
	else if (ferror(stdout)) /* in between; its errno is lost */
		first = poll(&fd, 1, 0) > 0 && fd.revents & POLLERR ? -EPIPE :
								      -EIO;
	return first;
}

int output_finish(int err)
{
	if (err) {
		report(err, "cannot print the answer");
		return EXIT_FAILED;
	}
	err = output_flush();
	if (!err || err == -EPIPE)
		return EXIT_OK;
	report(err, "cannot write to standard output");
	return EXIT_FAILED;
}

int exit_code_of(int err)
{
	switch (err) {
	case 0:
		return EXIT_OK;
	case -ENODEV:
		return EXIT_NO_MODULE;
	case -EPERM:
	case -EACCES:
		return EXIT_NO_PERMISSION;
	default:
		return EXIT_FAILED;
	}
}

int connect_table(struct purser **p)
{
	int err = purser_open(p);

	if (!err)
		return EXIT_OK;
	report(0, "cannot reach the container table: %s",
	       purser_last_error(NULL));
	return err == -ENOENT ? EXIT_NO_MODULE : exit_code_of(err);
}

int fail(int err, const char *words, const char *failed, ...)
{
	__cleanup_free char *what = NULL;
	va_list ap;

	va_start(ap, failed);
	if (vasprintf(&what, failed, ap) < 0)
		what = NULL;
	va_end(ap);
	report(0, "%s: %s", what ? what : "out of memory", words);
	return exit_code_of(err);
}

int fail_on(int err, const char *words, const char *verb,
	    const struct purser_ref *ref)
{
	if (ref->name)
		return fail(err, words, "cannot %s \"%s\"", verb, ref->name);
	if (ref->pid)
		return fail(err, words, "cannot %s the container of process %d",
			    verb, ref->pid);
	return fail(err, words, "cannot %s container %llu", verb,
		    (unsigned long long)ref->id);
}
