/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The workqueue of the module.
 */
#ifndef PURSER_WORK_H
#define PURSER_WORK_H

#include <linux/workqueue.h>

/*
 * All deferred work runs here; main.c makes the queue. It is unbound, so that no
 * work waits for a busy CPU. It has a rescuer, so that the module enforces limits
 * if memory is short.
 */
extern struct workqueue_struct *purser_wq;

#endif /* PURSER_WORK_H */
