/* SPDX-License-Identifier: GPL-2.0 */
/* Timers of the event loop: each is a source, which owns its descriptor. */
#ifndef BASE_TIMER_H
#define BASE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "loop.h"

/** timer_add() - make a timer that is not set; 0 or a negative errno */
int timer_add(struct loop *loop, struct loop_source *source, loop_fn fn);

/** timer_set() - have it expire once, after @ms milliseconds; 0: at once */
int timer_set(struct loop_source *source, int64_t ms);

/** timer_expired() - for its callback: whether it has expired; resets that */
bool timer_expired(struct loop_source *source);

#endif /* BASE_TIMER_H */
