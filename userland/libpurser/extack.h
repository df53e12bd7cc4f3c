/* SPDX-License-Identifier: LGPL-2.1 */
/* The extended ACK: the kernel's text and errno in the answer to a request. */
#ifndef LIBPURSER_EXTACK_H
#define LIBPURSER_EXTACK_H

#include <linux/netlink.h>

/**
 * extack_message() - find the text in an NLMSG_ERROR or NLMSG_DONE
 * Returns a pointer into the message. NULL: there is no text, or it is malformed.
 */
const char *extack_message(const struct nlmsghdr *h);

/** extack_error() - read the errno in such a message: 0 or negative */
int extack_error(const struct nlmsghdr *h);

#endif /* LIBPURSER_EXTACK_H */
