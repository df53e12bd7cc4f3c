/* SPDX-License-Identifier: GPL-2.0 */
/* Maps of user and group ids. */
#ifndef OCI_CONFIG_IDMAP_H
#define OCI_CONFIG_IDMAP_H

#include "launch/spec.h"
#include "document/reader.h"

/** read_id_map() - read an array of ranges; none if it is missing */
void read_id_map(struct reader *r, const struct node *object, const char *key,
		 struct id_map *map);

#endif /* OCI_CONFIG_IDMAP_H */
