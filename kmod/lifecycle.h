/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Probes of fork, exec and exit.
 */
#ifndef PURSER_LIFECYCLE_H
#define PURSER_LIFECYCLE_H

#include <linux/sched.h>

struct linux_binprm;

void purser_lifecycle_on_fork(void *unused, struct task_struct *parent,
			      struct task_struct *child);
void purser_lifecycle_on_exec(void *unused, struct task_struct *task,
			      pid_t old_pid, struct linux_binprm *bprm);
void purser_lifecycle_on_exit(void *unused, struct task_struct *task);

#endif /* PURSER_LIFECYCLE_H */
