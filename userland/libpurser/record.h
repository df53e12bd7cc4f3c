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

/* @out: a struct purser_container */
int record_decode_container(struct nlmsghdr *h, void *out);
/* @out: a struct purser_event */
int record_decode_event(struct nlmsghdr *h, void *out);
/* @out: a struct purser_info; on success the caller must call purser_info_free() */
int record_decode_info(struct nlmsghdr *h, void *out);
/** record_decode_id() - decode the answer to a registration; @out: a uint64_t */
int record_decode_id(struct nlmsghdr *h, void *out);

#endif /* LIBPURSER_RECORD_H */
