// SPDX-License-Identifier: GPL-2.0
/* Ids of containers and of processes, see id_pool.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
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

/* Split "USER:FIRST:COUNT"; what is not of that form gives nothing to anybody. */
static bool parse_given(char *line, uint32_t *first, uint32_t *count)
{
	char *save, *user = strtok_r(line, ":", &save);
	const char *from = strtok_r(NULL, ":", &save);
	const char *n = strtok_r(NULL, ":\n", &save);
	uint64_t a, b;

	if (!n || !strcmp(user, IDS_OWNER) ||
	    parse_u64(from, 0, UINT32_MAX, &a) ||
	    parse_u64(n, 1, UINT32_MAX, &b))
		return false;
	*first = (uint32_t)a;
	*count = (uint32_t)b;
	return true;
}

int ids_each_given(const char *path, id_range_fn fn, void *arg)
{
	FILE *f __cleanup_fclose = fopen(path, "re");
	char *line __cleanup_free = NULL;
	uint32_t first, count;
	size_t size = 0;
	int r = 0;

	if (!f)
		return errno == ENOENT ? 0 : -errno;
	while (!r && getline(&line, &size, f) > 0)
		if (parse_given(line, &first, &count))
			r = fn(0, first, count, arg);
	return r ? r : ferror(f) ? -EIO : 0;
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
