/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A container's way: registration, start, stop, death, removal.
 */
#ifndef PURSER_LIFECYCLE_H
#define PURSER_LIFECYCLE_H

#include <linux/netlink.h>
#include <linux/sched.h>

#include "compat.h"
#include "container.h"

struct linux_binprm;

/** struct purser_registration - what a container is registered with */
struct purser_registration {
	const char *name; /* legal */
	struct pid *pid;
	u64 soft_limit;
	u64 hard_limit;
	const void *cookie;
	size_t cookie_len;
	struct purser_fifos fifos; /* the record takes them over; empty then */
	int at_fault; /* out: what a refusal is about, PURSER_A_CONTAINER_* */
};

int purser_lifecycle_register(struct purser_registration *reg, u64 *id,
			      struct netlink_ext_ack *extack);
int purser_lifecycle_unregister(struct container *c,
				struct netlink_ext_ack *extack);
int purser_lifecycle_set_limits(struct container *c, const u64 *soft,
				const u64 *hard,
				struct netlink_ext_ack *extack);

void purser_lifecycle_on_exec(void *unused, struct task_struct *task,
			      pid_t old_pid, struct linux_binprm *bprm);
void purser_lifecycle_on_exit(void *unused, PURSER_EXIT_ARGS);

#endif /* PURSER_LIFECYCLE_H */
