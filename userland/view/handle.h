/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Opening the kernel's container table, and turning its errors into failures. Functions
 * that only fill a failure return -1.
 */
#ifndef VIEW_HANDLE_H
#define VIEW_HANDLE_H

#include "base/failure.h"
#include "libpurser/purser.h"

/** table_open() - open a handle; purser_close() or __cleanup_table closes it */
int table_open(struct purser **p, struct failure *failure);

static inline void table_close(struct purser **p)
{
	purser_close(*p);
}

#define __cleanup_table __attribute__((cleanup(table_close)))

/**
 * table_failed() - fill @failure with "WHAT FAILED: WORDS"
 * @err: the errno of a call of libpurser, which determines the exit code
 * @words: purser_last_error()
 */
int table_failed(struct failure *failure, int err, const char *words,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/** table_failed_on() - the same with "cannot VERB CONTAINER"; @ref: the container */
int table_failed_on(struct failure *failure, int err, const char *words,
		    const char *verb, const struct purser_ref *ref);

/** print_failed() - fill @failure: there is no memory to print the answer */
int print_failed(struct failure *failure);

#endif /* VIEW_HANDLE_H */
