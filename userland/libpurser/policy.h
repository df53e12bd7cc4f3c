/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * What the running kernel's family accepts: its commands and the policies of their
 * attributes, as the generic-netlink controller reports them.
 */
#ifndef LIBPURSER_POLICY_H
#define LIBPURSER_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** enum policy_use - which requests a policy is for */
enum policy_use {
	POLICY_DO = 1,
	POLICY_DUMP = 2,
	POLICY_BOTH = 3,
};

/** struct policy_attr - one attribute that a request may have */
struct policy_attr {
	uint32_t policy; /* the kernel's number of the policy */
	uint32_t number;
	uint32_t type; /* an enum netlink_attribute_type */
	bool has_min, has_max, has_max_len;
	uint64_t min, max;
	uint32_t max_len;
};

/** struct policy_command - a command, and where its policies are; -1: none */
struct policy_command {
	uint32_t number;
	uint32_t flags; /* GENL_ADMIN_PERM, GENL_CMD_CAP_* */
	int64_t on_do, on_dump;
};

/** struct policies - all of it; for policies_free() */
struct policies {
	uint32_t version; /* of the family */
	struct policy_command *commands;
	size_t n_commands;
	struct policy_attr *attrs;
	size_t n_attrs;
};

/**
 * policies_read() - ask the kernel; 0 or a negative errno
 * -ENOENT: the module is not loaded; -EBADMSG: an invalid answer.
 */
int policies_read(struct policies *policies);
void policies_free(struct policies *policies);

/* Names as in the netlink specification; NULL: the kernel is newer than this. */
const char *policy_command_name(uint32_t command);
const char *policy_attr_name(uint32_t command, uint32_t number);
const char *policy_type_name(uint32_t type);

#endif /* LIBPURSER_POLICY_H */
