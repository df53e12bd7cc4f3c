/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of containers, and their limits.
 */
#ifndef PURSER_MEMORY_H
#define PURSER_MEMORY_H

#include "compat.h"
#include "container.h"

struct purser_mm;

void purser_memory_init(void);
void purser_memory_stop(void);

void purser_memory_prepare(struct container *c);
void purser_memory_start(struct container *c, struct task_struct *init);
void purser_memory_release(struct container *c);

void purser_memory_measure(struct container *c);
void purser_memory_check(struct container *c);
void purser_memory_settle_locked(struct container *c);
void purser_memory_report(struct container *c);
void purser_memory_grown(struct container *c, struct purser_mm *t);
void purser_memory_shrunk(struct container *c);

void purser_memory_on_rss_stat(void *unused, PURSER_RSS_STAT_ARGS);
void purser_memory_on_page_fault(void *unused, unsigned long address,
				 struct pt_regs *regs,
				 unsigned long error_code);

#endif /* PURSER_MEMORY_H */
