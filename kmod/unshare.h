/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Watching page faults that end the sharing of pages.
 */
#ifndef PURSER_UNSHARE_H
#define PURSER_UNSHARE_H

#include <linux/types.h>

struct purser_container;

void purser_unshare_init(void);
void purser_unshare_watch(struct purser_container *c, bool watch);

#endif /* PURSER_UNSHARE_H */
