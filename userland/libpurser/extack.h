/* SPDX-License-Identifier: LGPL-2.1 */
/* The extended ACK: the kernel's text and errno in the answer to a request. */
#ifndef LIBPURSER_EXTACK_H
#define LIBPURSER_EXTACK_H

#include <stdbool.h>

#include <linux/netlink.h>

/**
 * extack_message() - find the text in an NLMSG_ERROR or NLMSG_DONE
 * Returns a pointer into the message. NULL: there is no text, or it is malformed.
 */
const char *extack_message(const struct nlmsghdr *h);

/** extack_error() - read the errno in such a message: 0 or negative */
int extack_error(const struct nlmsghdr *h);

/**
 * extack_is_unknown() - tell whether the kernel does not know the request
 * @err: from extack_error(); @message: from extack_message()
 * It does not know the command, or an attribute: this library is newer than the module.
 */
bool extack_is_unknown(int err, const char *message);

#endif /* LIBPURSER_EXTACK_H */
