/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * Decoding of netlink messages into records; internal to libpurser.
 *
 * A newer kernel may send more: unknown attributes are ignored, and unknown values of
 * enumerations are kept as they are. -EBADMSG: the message lacks an attribute that every
 * record has, is cut short, or has an attribute of the wrong length. *@out is then
 * unchanged.
 */
#ifndef LIBPURSER_RECORD_H
#define LIBPURSER_RECORD_H

#include <linux/netlink.h>

#include "purser.h"

int record_decode_container(struct nlmsghdr *h, struct purser_container *out);
int record_decode_event(struct nlmsghdr *h, struct purser_event *out);
/* On success the caller must call purser_info_free(). */
int record_decode_info(struct nlmsghdr *h, struct purser_info *out);
/** record_decode_id() - decode the answer to a registration */
int record_decode_id(struct nlmsghdr *h, uint64_t *id);

#endif /* LIBPURSER_RECORD_H */
