// SPDX-License-Identifier: GPL-2.0
/* Ids of containers and of processes, see id_pool.h. */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "id_pool.h"

/* A map of all ids: the process is in the host's user namespace. */
#define ALL_IDS UINT32_MAX

int ids_parse(const char *text, struct id_pool *pool)
{
	const char *colon = strchr(text, ':');
	uint64_t first, n = 0;
	char number[16];
	int err;

	if (colon && colon - text >= (ptrdiff_t)sizeof(number))
		return -EINVAL;
	snprintf(number, sizeof(number), "%.*s",
		 colon ? (int)(colon - text) : (int)sizeof(number) - 1, text);
	/* The last id is none. */
	err = parse_u64(number, 1, UINT32_MAX - IDS_PER_CONTAINER, &first);
	if (!err && colon)
		err = parse_u64(colon + 1, 1, UINT32_MAX, &n);
	if (err)
		return err;
	if (!colon)
		n = IDS_DEFAULT_RANGES;
	if (n > (UINT32_MAX - first) / IDS_PER_CONTAINER) {
		if (colon)
			return -ERANGE;
		n = (UINT32_MAX - first) / IDS_PER_CONTAINER;
	}
	*pool = (struct id_pool){ .first = (uint32_t)first, .n = (uint32_t)n };
	return 0;
}

int ids_each_range(pid_t pid, const char *map, id_range_fn fn, void *arg)
{
	FILE *f __cleanup_fclose = NULL;
	uint32_t inside, outside, count;
	char path[40];
	int r = 0;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, map);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	while (!r && fscanf(f, "%" SCNu32 " %" SCNu32 " %" SCNu32, &inside,
			    &outside, &count) == 3)
		if (count != ALL_IDS)
			r = fn(inside, outside, count, arg);
	return r;
}

static int find_root(uint32_t inside, uint32_t outside, uint32_t count,
		     void *arg)
{
	(void)count;
	if (inside)
		return 0;
	*(uint32_t *)arg = outside;
	return 1;
}

int ids_of_process(pid_t pid, uint32_t *root)
{
	int r = ids_each_range(pid, "uid_map", find_root, root);

	return r < 0 ? r : r ? 0 : -ENOENT;
}
