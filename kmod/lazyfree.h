/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counting lazily freed pages.
 */
#ifndef PURSER_LAZYFREE_H
#define PURSER_LAZYFREE_H

#include "meter.h"

struct purser_lazyfree;

long purser_lazyfree_since(const struct purser_meter *m);

struct purser_lazyfree *__must_check purser_lazyfree_begin(unsigned int n);
bool purser_lazyfree_add(struct purser_lazyfree *count, struct purser_meter *m);
void purser_lazyfree_run(struct purser_lazyfree *count);
void purser_lazyfree_end(struct purser_lazyfree *count);

#endif /* PURSER_LAZYFREE_H */
