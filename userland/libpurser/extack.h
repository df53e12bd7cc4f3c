/* SPDX-License-Identifier: LGPL-2.1 */
/* The kernel's own words in an error reply ("extended ACK"). */
#ifndef LIBPURSER_EXTACK_H
#define LIBPURSER_EXTACK_H

#include <linux/netlink.h>

/**
 * extack_message() - the text that an NLMSG_ERROR or NLMSG_DONE carries
 * Points into the message; NULL where there is none, or it is malformed.
 */
const char *extack_message(const struct nlmsghdr *h);

/** extack_error() - the errno that it carries, 0 or negative */
int extack_error(const struct nlmsghdr *h);

#endif /* LIBPURSER_EXTACK_H */
