/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Adding members to a container.
 */
#ifndef PURSER_ADOPT_H
#define PURSER_ADOPT_H

#include "container.h"

struct purser_member *purser_adopt_member(struct purser_container *c,
					  struct task_struct *task,
					  struct mm_struct *mm,
					  bool foreign_mm);
void purser_adopt_running(struct purser_container *c);

#endif /* PURSER_ADOPT_H */
