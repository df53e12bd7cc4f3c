/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic-netlink family, for code that builds its messages.
 */
#ifndef PURSER_FAMILY_H
#define PURSER_FAMILY_H

#include <net/genetlink.h>

extern struct genl_family purser_family; /* defined in netlink.c */

#endif /* PURSER_FAMILY_H */
