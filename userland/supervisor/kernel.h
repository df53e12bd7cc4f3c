/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The supervisor's side of the kernel's table: handles for commands, and the stream
 * of events. What the news mean is the owner's affair, see struct kernel_ops.
 */
#ifndef SUPERVISOR_KERNEL_H
#define SUPERVISOR_KERNEL_H

#include <stdbool.h>

#include "base/failure.h"
#include "base/loop.h"
#include "libpurser/purser.h"
#include "libpurser/stream.h"

/** struct kernel_ops - what the owner does with news; @arg is its own */
struct kernel_ops {
	/* The record of a container is so now. */
	void (*record)(const struct purser_container *record, void *arg);
	/* The kernel has no record @id any more. */
	void (*gone)(uint64_t id, void *arg);
	/* Events were lost: read the whole table; 0 or a negative errno. */
	int (*reread)(void *arg);
	/* The module was unloaded, and all records with it. */
	void (*unloaded)(void *arg);
};

struct kernel {
	struct loop *loop;
	const struct kernel_ops *ops;
	void *arg;
	struct purser *commands;     /* NULL: the module is not there */
	struct purser *dumps;	     /* callbacks of a dump may send commands */
	struct purser_stream stream; /* reads dumps, and a handle of its own */
	struct loop_source source;   /* of the stream, which owns the fd */
	struct loop_source retry;    /* a timer */
	bool lost;		     /* some events are gone for good */
	bool resting;		     /* after an error, until the timer */
};

/** kernel_init() - so that kernel_close() may be called */
void kernel_init(struct kernel *kernel, struct loop *loop,
		 const struct kernel_ops *ops, void *arg);
void kernel_close(struct kernel *kernel);

/**
 * kernel_check() - make sure that the table is there, before commands
 * Opens the handles the first time. While no container lives the module may be
 * unloaded and loaded again: then everything is opened anew, after ops->unloaded().
 */
int kernel_check(struct kernel *kernel, struct failure *failure);

/** kernel_list() - all records of the table; 0 or a negative errno */
int kernel_list(struct kernel *kernel, purser_container_fn fn, void *arg);

/**
 * kernel_look_again() - something of the table could not be read
 * Have ops->reread() called in a moment, as often as it takes: no other news may come.
 */
void kernel_look_again(struct kernel *kernel);

/**
 * kernel_failed() - a command failed with @err; returns -1
 * The kernel's own words are added to the text.
 */
int kernel_failed(struct kernel *kernel, int err, struct failure *failure,
		  const char *what);

/** kernel_forgot() - whether @err says that there is no such record any more */
bool kernel_forgot(int err);

#endif /* SUPERVISOR_KERNEL_H */
