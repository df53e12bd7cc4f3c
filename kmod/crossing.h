/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Crossing a limit, where no lock can be taken.
 */
#ifndef PURSER_CROSSING_H
#define PURSER_CROSSING_H

#include "compat.h"
#include "container.h"

struct purser_mm;

/*
 * Bits of container->crossed. Whoever sets the first of a pair notes the crossing
 * and sets the second then.
 */
enum {
	CROSSED_SOFT,
	CROSSED_SOFT_NOTED,
	CROSSED_HARD,
	CROSSED_HARD_NOTED,
	REPORT_SOFT, /* to the kernel log */
	REPORT_HARD,
	WANT_EXACT,  /* near a limit: read all counters exactly */
	WANT_FAULTS, /* RSS is above a limit, usage is not */
	WANT_CLEAR,  /* the soft limit may be re-armed */
};

/*
 * So many pages before a limit, and the error, counters are read exactly: what one
 * fault may bring, twice.
 */
#define PURSER_NEAR 1024

void purser_crossing_examine(struct container *c, bool by_fault);
void purser_crossing_kill(struct container *c);
void purser_crossing_irq(struct irq_work *work);
void purser_crossing_disarm_soft(struct container *c);
bool purser_crossing_is_clear(const struct container *c, u64 usage);
bool purser_crossing_is_watched(const struct container *c);
long purser_crossing_error(const struct container *c);
void purser_crossing_grown(struct container *c, struct purser_mm *t);
void purser_crossing_shrunk(struct container *c);
void purser_crossing_stop(void);

void purser_crossing_on_rss_stat(void *unused, PURSER_RSS_STAT_ARGS);
void purser_crossing_on_page_fault(void *unused, unsigned long address,
				   struct pt_regs *regs,
				   unsigned long error_code);

#endif /* PURSER_CROSSING_H */
