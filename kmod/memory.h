/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of containers, and their limits.
 */
#ifndef PURSER_MEMORY_H
#define PURSER_MEMORY_H

#include "container.h"

void purser_memory_stop(void);

void purser_memory_prepare(struct container *c);
void purser_memory_start(struct container *c, struct task_struct *init);
void purser_memory_release(struct container *c);

void purser_memory_measure(struct container *c);
void purser_memory_check(struct container *c);
void purser_memory_settle_locked(struct container *c);
void purser_memory_changed_locked(struct container *c);
void purser_memory_report(struct container *c);

#endif /* PURSER_MEMORY_H */
