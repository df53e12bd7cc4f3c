/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The supervisor's side of the kernel's table. Events keep the registry as the
 * table is; where the kernel's log has forgotten some, the table is read.
 */
#ifndef SUPERVISOR_KERNEL_H
#define SUPERVISOR_KERNEL_H

#include <stdbool.h>

#include "base/loop.h"
#include "libpurser/purser.h"
#include "libpurser/stream.h"

struct supervisor;

struct kernel {
	struct purser *commands;     /* NULL: the module is not there */
	struct purser *dumps;	     /* what is read here may cause commands */
	struct purser_stream stream; /* reads dumps, and a handle of its own */
	struct loop_source source;   /* of the stream, which owns the fd */
	struct loop_source retry;    /* a timer; owns the descriptor */
	bool lost;		     /* some events are gone for good */
	bool resting;		     /* after an error, until the timer */
};

/** kernel_init() - so that kernel_close() may be called */
void kernel_init(struct kernel *kernel);
void kernel_close(struct supervisor *supervisor);

/**
 * kernel_check() - make sure that the table is there, before commands
 * Opens the handles the first time. While no container lives the module may be
 * unloaded and loaded again: then everything is opened anew, and what only the
 * earlier one knew is forgotten. Errors: -ENOENT (no module), -EPERM.
 */
int kernel_check(struct supervisor *supervisor);

/**
 * kernel_look_again() - something of the table could not be read
 * All of it is read in a moment, as often as it takes: no other news may come.
 */
void kernel_look_again(struct supervisor *supervisor);

/** kernel_why() - what an error of kernel_check() means, in words */
const char *kernel_why(int err);
/** kernel_exit_code() - and its enum exit_code */
int kernel_exit_code(int err);

#endif /* SUPERVISOR_KERNEL_H */
