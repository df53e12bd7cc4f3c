/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Measuring the memory of containers in process context.
 */
#ifndef PURSER_MEMORY_H
#define PURSER_MEMORY_H

#include "container.h"

void purser_memory_stop(void);

void purser_memory_prepare(struct purser_container *c);
void purser_memory_start(struct purser_container *c, struct task_struct *init);
void purser_memory_release(struct purser_container *c);

void purser_memory_measure(struct purser_container *c);
void purser_memory_check(struct purser_container *c);

#endif /* PURSER_MEMORY_H */
