/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The supervisor's access to the kernel's table: handles for commands, and the stream of
 * events. The owner handles the events, see struct kernel_ops.
 */
#ifndef SUPERVISOR_KERNEL_H
#define SUPERVISOR_KERNEL_H

#include <stdbool.h>

#include "base/failure.h"
#include "base/loop.h"
#include "libpurser/purser.h"
#include "libpurser/stream.h"

/** struct kernel_ops - callbacks of the owner; @arg: as in kernel_init() */
struct kernel_ops {
	/* The record of a container has changed. */
	void (*record)(const struct purser_container *record, void *arg);
	/* The kernel has removed the record @id. */
	void (*gone)(uint64_t id, void *arg);
	/* Events were lost: read the whole table. Returns 0 or a negative errno. */
	int (*reread)(void *arg);
	/* The module was unloaded, and all records with it. */
	void (*unloaded)(void *arg);
};

struct kernel {
	struct loop *loop;
	const struct kernel_ops *ops;
	void *arg;
	struct purser *commands;     /* NULL: the module is not loaded */
	struct purser *dumps;	     /* callbacks of a dump use @commands */
	struct purser_stream stream; /* uses @dumps, and a handle for events */
	struct loop_source source;   /* of the stream, which owns the fd */
	struct loop_source retry;    /* a timer */
	uint64_t newest; /* the number of the newest event at the last kernel_check() */
	bool lost;    /* the kernel's log has dropped events */
	bool resting; /* after an error, until the timer expires */
};

/** kernel_init() - initialize, so that kernel_close() may be called */
void kernel_init(struct kernel *kernel, struct loop *loop,
		 const struct kernel_ops *ops, void *arg);
void kernel_close(struct kernel *kernel);

/**
 * kernel_check() - check before commands that the module is loaded
 * The first call opens the handles. While there is no live container, the module may be
 * unloaded and loaded again. This then calls ops->unloaded() and opens new handles.
 */
int kernel_check(struct kernel *kernel, struct failure *failure);

/** kernel_list() - call @fn for all records of the table; 0 or a negative errno */
int kernel_list(struct kernel *kernel, purser_container_fn fn, void *arg);

/**
 * kernel_look_again() - have ops->reread() called soon, until it succeeds
 * Call this if a record could not be read, because there may be no further event.
 */
void kernel_look_again(struct kernel *kernel);

/**
 * kernel_failed() - fill @failure after a command failed with @err; returns -1
 * Adds the kernel's error text to @what.
 */
int kernel_failed(struct kernel *kernel, int err, struct failure *failure,
		  const char *what);

/** kernel_forgot() - whether @err means that the kernel has removed the record */
bool kernel_forgot(int err);

#endif /* SUPERVISOR_KERNEL_H */
