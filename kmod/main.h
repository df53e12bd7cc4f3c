/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PURSER_MAIN_H
#define PURSER_MAIN_H

#include <linux/workqueue.h>

/*
 * Where everything that is deferred runs. Unbound, so that no work waits for a
 * busy CPU; with a rescuer, so that a limit is enforced when memory is short.
 */
extern struct workqueue_struct *purser_wq;

#endif /* PURSER_MAIN_H */
