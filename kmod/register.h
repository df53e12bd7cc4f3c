/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests that add, change and remove containers.
 */
#ifndef PURSER_REGISTER_H
#define PURSER_REGISTER_H

#include <linux/netlink.h>
#include <linux/sched.h>

#include "container.h"
#include "probe.h"

/** struct purser_registration - a request to register a container */
struct purser_registration {
	const char *name; /* must be legal */
	struct pid *pid;
	u64 soft_limit;
	u64 hard_limit;
	const void *cookie;
	size_t cookie_len;
	struct purser_fifos fifos; /* empty once the record has taken them over */
	int at_fault; /* out: the attribute that caused a refusal, or 0 */
};

void purser_register_init(struct purser_probe_group *probes);
int purser_register(struct purser_registration *reg, u64 *id,
		    struct netlink_ext_ack *extack);
int purser_unregister(struct purser_container *c,
		      struct netlink_ext_ack *extack);
int purser_set_limits(struct purser_container *c, const u64 *soft,
		      const u64 *hard, struct netlink_ext_ack *extack);
int purser_release_fifos(struct purser_container *c,
			 struct netlink_ext_ack *extack);

#endif /* PURSER_REGISTER_H */
