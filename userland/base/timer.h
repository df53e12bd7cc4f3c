/* SPDX-License-Identifier: GPL-2.0 */
/* Timers of the event loop. A timer is a source that owns its descriptor. */
#ifndef BASE_TIMER_H
#define BASE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "loop.h"

/** timer_add() - make a timer, not set yet; returns 0 or a negative errno */
int timer_add(struct loop *loop, struct loop_source *source, loop_fn fn);

/**
 * timer_set() - have the timer expire once, after @ms milliseconds; 0: at once
 * Returns 0 or a negative errno.
 */
int timer_set(struct loop_source *source, int64_t ms);

/** timer_expired() - for the callback: tell whether the timer has expired, and reset it */
bool timer_expired(struct loop_source *source);

#endif /* BASE_TIMER_H */
