/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink policies: which attributes each command takes.
 */
#ifndef PURSER_POLICY_H
#define PURSER_POLICY_H

#include <net/netlink.h>
#include <linux/purser.h>

extern const struct nla_policy
	purser_register_policy[PURSER_A_CONTAINER_FIFO + 1];
extern const struct nla_policy purser_ref_policy[PURSER_A_CONTAINER_PID + 1];
extern const struct nla_policy purser_get_policy[PURSER_A_CONTAINER_STATE + 1];
extern const struct nla_policy
	purser_set_policy[PURSER_A_CONTAINER_RELEASE_FIFOS + 1];
extern const struct nla_policy
	purser_stop_policy[PURSER_A_CONTAINER_NO_FORCE + 1];
extern const struct nla_policy purser_event_get_policy[PURSER_A_EVENT_SEQ + 1];
extern const struct nla_policy purser_info_policy[PURSER_A_INFO_PAD + 1];

#endif /* PURSER_POLICY_H */
