/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory totals and limits.
 */
#ifndef PURSER_MEMORY_H
#define PURSER_MEMORY_H

#include "container.h"

void purser_memory_check(struct container *c);
void purser_memory_start(void);
void purser_memory_stop(void);

#endif /* PURSER_MEMORY_H */
