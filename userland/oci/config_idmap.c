// SPDX-License-Identifier: GPL-2.0
/* Maps of user and group ids, see config_idmap.h. */
#include "config_idmap.h"

/* As the kernel has it. */
#define RANGES_MAX 340

void read_id_map(struct reader *r, const struct node *object, const char *key,
		 struct id_map *map)
{
	struct id_range *ranges;
	struct node array;

	if (!reader_array(r, object, key, RANGES_MAX, &array))
		return;
	map->n = reader_length(r, &array);
	ranges = reader_alloc(r, map->n, sizeof(*ranges));
	for (size_t i = 0; i < reader_length(r, &array); i++) {
		struct node item = reader_item_object(r, &array, i);

		ranges[i].inside = (uint32_t)reader_needed_number(
			r, &item, "containerID", 0, UINT32_MAX);
		ranges[i].outside = (uint32_t)reader_needed_number(
			r, &item, "hostID", 0, UINT32_MAX);
		ranges[i].count = (uint32_t)reader_needed_number(
			r, &item, "size", 1, UINT32_MAX);
	}
	map->ranges = ranges;
}
