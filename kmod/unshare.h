/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that is shared no more.
 */
#ifndef PURSER_UNSHARE_H
#define PURSER_UNSHARE_H

#include <linux/types.h>

struct container;

void purser_unshare_init(void);
void purser_unshare_watch(struct container *c, bool watch);

#endif /* PURSER_UNSHARE_H */
