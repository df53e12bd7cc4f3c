/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * From netlink messages to records. Inner part of libpurser.
 *
 * What a newer kernel adds is passed over: attributes that are not known here,
 * and values of enumerations, which are kept as they came. A message that lacks
 * what every record has, is cut short or has an attribute of the wrong length is
 * refused with -EBADMSG and leaves *out alone.
 */
#ifndef LIBPURSER_RECORD_H
#define LIBPURSER_RECORD_H

#include <linux/netlink.h>

#include "purser.h"

int record_decode_container(struct nlmsghdr *h, struct purser_container *out);
int record_decode_event(struct nlmsghdr *h, struct purser_event *out);
/* *out is for purser_info_free() on success. */
int record_decode_info(struct nlmsghdr *h, struct purser_info *out);
/** record_decode_id() - the answer to a registration */
int record_decode_id(struct nlmsghdr *h, uint64_t *id);

#endif /* LIBPURSER_RECORD_H */
