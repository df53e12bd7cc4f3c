/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * What people call a container whose name is the id of a container engine: a part of the
 * cookie that purser-oci gives to the record.
 */
#ifndef VIEW_LABEL_H
#define VIEW_LABEL_H

#include "libpurser/purser.h"

/** record_label() - the label for free(), or NULL: there is none, or memory ran out */
char *record_label(const struct purser_container *c);

#endif /* VIEW_LABEL_H */
