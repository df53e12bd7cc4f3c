/* SPDX-License-Identifier: GPL-2.0 */
/* Standard output, and how an error becomes a line and an exit code. */
#ifndef PURSERCTL_OUTPUT_H
#define PURSERCTL_OUTPUT_H

#include <json-c/json.h>

#include "libpurser/purser.h"

/**
 * output_json() - print @object on one line and free it
 * NULL stands for a lack of memory: -ENOMEM. Failed writes show in the next
 * output_flush().
 */
int output_json(struct json_object *object);

/** output_flush() - 0, or the negative errno of any write until now */
int output_flush(void);

/**
 * output_finish() - end the output of a command
 * @err: 0, or the negative errno that kept it from being made
 * Prints what went wrong and returns the exit code. A reader that went away is
 * not an error.
 */
int output_finish(int err);

/** connect_table() - open a handle; an exit code when it failed and said so */
int connect_table(struct purser **p);

/** exit_code_of() - the exit code for a failed call of libpurser */
int exit_code_of(int err);

/** fail() - print "FAILED: WORDS" and return the exit code for @err */
int fail(int err, const char *words, const char *failed, ...)
	__attribute__((format(printf, 3, 4)));

/** fail_on() - fail() with "cannot VERB CONTAINER", the container as asked for */
int fail_on(int err, const char *words, const char *verb,
	    const struct purser_ref *ref);

#endif /* PURSERCTL_OUTPUT_H */
