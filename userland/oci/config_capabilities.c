// SPDX-License-Identifier: GPL-2.0
/* Sets of capabilities in a configuration, see config_capabilities.h. */
#include "base/capability.h"
#include "base/quote.h"
#include "config_capabilities.h"

static uint64_t read_set(struct reader *r, const struct node *sets,
			 const char *key)
{
	uint64_t set = 0, bit;
	struct node array;

	if (!reader_array(r, sets, key, ITEMS_MAX, &array))
		return 0;
	for (size_t i = 0; i < reader_length(r, &array); i++) {
		const char *name = reader_item_string(r, &array, i);

		bit = name ? capability_bit(name) : 0;
		if (name && !bit)
			reader_warn(r, &array, NULL,
				    "unknown capability \"%s\" is ignored",
				    QUOTE(name));
		set |= bit;
	}
	return set;
}

bool read_capabilities(struct reader *r, const struct node *process,
		       struct capability_sets *sets)
{
	struct node node;

	if (!reader_object(r, process, "capabilities", &node))
		return false;
	sets->bounding = read_set(r, &node, "bounding");
	sets->effective = read_set(r, &node, "effective");
	sets->permitted = read_set(r, &node, "permitted");
	sets->inheritable = read_set(r, &node, "inheritable");
	sets->ambient = read_set(r, &node, "ambient");
	return true;
}
