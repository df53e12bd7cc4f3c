/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The workqueue of the module.
 */
#ifndef PURSER_WORK_H
#define PURSER_WORK_H

#include <linux/workqueue.h>

/*
 * All work items of the module run on this queue, which main.c creates. It is unbound, so
 * that no work item waits for a busy CPU. It has a rescuer thread, so that the module
 * enforces limits even if memory is short.
 */
extern struct workqueue_struct *purser_wq;

#endif /* PURSER_WORK_H */
