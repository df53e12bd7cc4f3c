// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink policies: which attributes each command takes and which values these may have,
 * as in the specification (Documentation/netlink/specs/purser.yaml). The kernel refuses
 * an attribute without an entry.
 */
#include <linux/signal.h>

#include "policy.h"

/* Not const, because before 6.7 struct nla_policy points to non-const ranges. */
static struct netlink_range_validation pid_range = {
	.min = 1,
	.max = INT_MAX,
};

static struct netlink_range_validation fd_range = {
	.max = INT_MAX,
};

static struct netlink_range_validation grace_range = {
	.max = PURSER_GRACE_MAX_MS,
};

#define REF_POLICY                                              \
	[PURSER_A_CONTAINER_ID] = { .type = NLA_U64 },          \
	[PURSER_A_CONTAINER_NAME] = { .type = NLA_NUL_STRING,   \
				      .len = PURSER_NAME_MAX }, \
	[PURSER_A_CONTAINER_PID] = NLA_POLICY_FULL_RANGE(NLA_U32, &pid_range)

const struct nla_policy purser_register_policy[PURSER_A_CONTAINER_FIFO + 1] = {
	[PURSER_A_CONTAINER_NAME] = { .type = NLA_NUL_STRING,
				      .len = PURSER_NAME_MAX },
	[PURSER_A_CONTAINER_PID] = NLA_POLICY_FULL_RANGE(NLA_U32, &pid_range),
	[PURSER_A_CONTAINER_SOFT_LIMIT] = { .type = NLA_U64 },
	[PURSER_A_CONTAINER_HARD_LIMIT] = { .type = NLA_U64 },
	[PURSER_A_CONTAINER_COOKIE] = { .type = NLA_BINARY,
					.len = PURSER_COOKIE_MAX },
	[PURSER_A_CONTAINER_PIDFD] = NLA_POLICY_FULL_RANGE(NLA_U32, &fd_range),
	[PURSER_A_CONTAINER_FIFO] = NLA_POLICY_FULL_RANGE(NLA_U32, &fd_range),
};

const struct nla_policy purser_ref_policy[PURSER_A_CONTAINER_PID + 1] = {
	REF_POLICY,
};

const struct nla_policy purser_get_policy[PURSER_A_CONTAINER_STATE + 1] = {
	REF_POLICY,
	[PURSER_A_CONTAINER_STATE] = NLA_POLICY_RANGE(
		NLA_U32, PURSER_STATE_STARTING, PURSER_STATE_MAX),
};

const struct nla_policy
	purser_set_policy[PURSER_A_CONTAINER_RELEASE_FIFOS + 1] = {
		REF_POLICY,
		[PURSER_A_CONTAINER_SOFT_LIMIT] = { .type = NLA_U64 },
		[PURSER_A_CONTAINER_HARD_LIMIT] = { .type = NLA_U64 },
		[PURSER_A_CONTAINER_RELEASE_FIFOS] = { .type = NLA_FLAG },
	};

const struct nla_policy purser_stop_policy[PURSER_A_CONTAINER_NO_FORCE + 1] = {
	REF_POLICY,
	[PURSER_A_CONTAINER_STOP_SIGNAL] = NLA_POLICY_RANGE(NLA_U32, 1, _NSIG),
	[PURSER_A_CONTAINER_GRACE_MS] = NLA_POLICY_FULL_RANGE(NLA_U32,
							      &grace_range),
	[PURSER_A_CONTAINER_NO_FORCE] = { .type = NLA_FLAG },
};

const struct nla_policy purser_event_get_policy[PURSER_A_EVENT_SEQ + 1] = {
	[PURSER_A_EVENT_SEQ] = { .type = NLA_U64 },
};

/* The command takes no attribute. The kernel ignores a policy without any entry. */
const struct nla_policy purser_info_policy[PURSER_A_INFO_PAD + 1] = {
	[PURSER_A_INFO_PAD] = { .type = NLA_REJECT },
};
