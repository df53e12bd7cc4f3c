/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finding out who sent the signals that a container's init got.
 */
#ifndef PURSER_KILLER_H
#define PURSER_KILLER_H

#include <linux/sched.h>
#include <linux/types.h>

#include "container.h"

struct kernel_siginfo;

struct purser_senders *__must_check purser_killer_alloc(void);
void purser_killer_of_current(struct purser_killer *out);
bool purser_killer_read(const struct purser_container *c,
			struct task_struct *task, int signal,
			struct purser_killer *out);

void purser_killer_on_signal(void *unused, int signal,
			     struct kernel_siginfo *info,
			     struct task_struct *task, int group, int result);
void purser_killer_on_oom_victim(void *unused, struct task_struct *task,
				 uid_t uid);
void purser_killer_on_oom_victim_pid(void *unused, int pid);

#endif /* PURSER_KILLER_H */
