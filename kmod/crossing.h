/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Detecting that usage crosses a limit, in contexts that cannot take a lock.
 */
#ifndef PURSER_CROSSING_H
#define PURSER_CROSSING_H

#include "container.h"

struct purser_mm;

/*
 * Bits of limits.bits; the comment on struct purser_limit_state explains them. Of a pair
 * CROSSED_x, CROSSED_x_NOTED, the code that sets the first bit writes the crossing and
 * then sets the second bit.
 */
enum purser_limit_bit {
	CROSSED_SOFT,
	CROSSED_SOFT_NOTED,
	CROSSED_HARD,
	CROSSED_HARD_NOTED,
	REPORT_SOFT, /* write the line to the kernel log */
	REPORT_HARD,
	WANT_EXACT,  /* near a limit: read all counters exactly */
	WANT_FAULTS, /* watch page faults; see purser_crossing_watch_from() */
	WANT_COUNT,  /* lazily freed pages may make usage too low: count them */
	WANT_CLEAR,  /* check whether the soft limit can be re-armed */
	WANT_NOTICE, /* kills were counted in memory.events: wake its readers */
};

void purser_crossing_examine(struct purser_container *c, bool by_fault);
void purser_crossing_examine_with(struct purser_container *c,
				  const long extra[PURSER_N_KINDS],
				  bool by_fault);
void purser_crossing_enforce(struct purser_container *c);
void purser_crossing_irq(struct irq_work *work);
void purser_crossing_rearm_soft(struct purser_container *c);
bool purser_crossing_is_clear(const struct purser_container *c, u64 usage);
bool purser_crossing_is_watched(const struct purser_container *c);
long purser_crossing_margin(const struct purser_container *c);
long purser_crossing_watch_from(const struct purser_container *c);
void purser_crossing_grown(struct purser_container *c, struct purser_mm *t);
void purser_crossing_shrunk(struct purser_container *c);
void purser_crossing_queue(struct purser_container *c);
void purser_crossing_stop(void);

void purser_crossing_on_rss_stat(void *unused, struct mm_struct *mm,
				 int counter);
void purser_crossing_on_page_fault(void *unused, unsigned long address,
				   struct pt_regs *regs,
				   unsigned long error_code);

#endif /* PURSER_CROSSING_H */
