// SPDX-License-Identifier: GPL-2.0
/* The namespaces of a configuration, see config_namespaces.h. */
#include <sched.h>
#include <string.h>

#include "base/quote.h"
#include "config_idmap.h"
#include "config_namespaces.h"

/* Older headers lack it. */
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

/* As the kernel has it. */
#define HOSTNAME_MAX 64

static const struct reader_name kinds[] = {
	{ "cgroup", CLONE_NEWCGROUP },
	{ "ipc", CLONE_NEWIPC },
	{ "mount", CLONE_NEWNS },
	{ "network", CLONE_NEWNET },
	{ "pid", CLONE_NEWPID },
	{ "time", CLONE_NEWTIME },
	{ "user", CLONE_NEWUSER },
	{ "uts", CLONE_NEWUTS },
	{ NULL, 0 },
};

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]) - 1)

const char *namespace_name(size_t i)
{
	return i < N_KINDS ? kinds[i].name : NULL;
}

bool has_namespace(const struct container_spec *spec, uint64_t kind)
{
	for (size_t i = 0; i < spec->n_joined; i++)
		if (spec->joined[i].kind == kind)
			return true;
	return spec->namespaces & kind;
}

static void read_namespace(struct reader *r, const struct node *item,
			   struct container_spec *spec,
			   struct namespace_spec *joined)
{
	const char *type = reader_needed_string(r, item, "type");
	uint64_t kind = (uint64_t)reader_named(r, item, "type", type, kinds);
	const char *path = reader_string(r, item, "path");

	if (has_namespace(spec, kind))
		reader_error(r, item, "type", "\"%s\" is there twice", type);
	if (!path) {
		spec->namespaces |= kind;
		return;
	}
	if (*path != '/')
		reader_error(r, item, "path", "\"%s\" is not an absolute path",
			     QUOTE(path));
	if (kind == CLONE_NEWNS)
		reader_error(r, item, "path",
			     "joining a mount namespace is not supported");
	joined[spec->n_joined++] =
		(struct namespace_spec){ .kind = kind, .path = path, .fd = -1 };
}

static void read_list(struct reader *r, const struct node *linux_node,
		      struct container_spec *spec)
{
	struct namespace_spec *joined;
	struct node array;

	/* The launch always makes a mount namespace; the configuration must ask for it. */
	spec->namespaces = 0;
	if (reader_array(r, linux_node, "namespaces", N_KINDS, &array)) {
		joined = reader_alloc(r, N_KINDS, sizeof(*joined));
		spec->joined = joined;
		for (size_t i = 0; i < reader_length(r, &array); i++) {
			struct node item = reader_item_object(r, &array, i);

			read_namespace(r, &item, spec, joined);
		}
	}
	if (!(spec->namespaces & CLONE_NEWNS))
		reader_error(r, linux_node, "namespaces",
			     "a new mount namespace is needed");
}

static void read_maps(struct reader *r, const struct node *linux_node,
		      struct container_spec *spec)
{
	read_id_map(r, linux_node, "uidMappings", &spec->uids);
	read_id_map(r, linux_node, "gidMappings", &spec->gids);
	if (spec->namespaces & CLONE_NEWUSER) {
		if (!spec->uids.n)
			reader_missing(r, linux_node, "uidMappings");
		if (!spec->gids.n)
			reader_missing(r, linux_node, "gidMappings");
		return;
	}
	if (!has_namespace(spec, CLONE_NEWUSER) &&
	    (spec->uids.n || spec->gids.n))
		reader_error(r, linux_node,
			     spec->uids.n ? "uidMappings" : "gidMappings",
			     "a user namespace is needed");
	/* containerd and CRI-O repeat the maps of a namespace that is joined. */
	spec->uids = spec->gids = (struct id_map){ .n = 0 };
}

static void read_clock(struct reader *r, const struct node *map,
		       const char *name, struct container_spec *spec,
		       struct clock_offset *clocks)
{
	struct clock_offset *clock = &clocks[spec->n_clocks];
	struct node node;

	if (!reader_object(r, map, name, &node))
		return;
	clock->clock = name;
	reader_number(r, &node, "secs", INT64_MIN, INT64_MAX, &clock->seconds);
	clock->nanoseconds = reader_u32(r, &node, "nanosecs", 999999999, 0);
	spec->n_clocks++;
}

static void read_clocks(struct reader *r, const struct node *linux_node,
			struct container_spec *spec)
{
	struct clock_offset *clocks;
	struct node map;

	if (!reader_map(r, linux_node, "timeOffsets", ITEMS_MAX, &map))
		return;
	clocks = reader_alloc(r, 2, sizeof(*clocks));
	spec->clocks = clocks;
	json_object_object_foreach(map.json, name, json) {
		(void)json;
		if (strcmp(name, "monotonic") && strcmp(name, "boottime"))
			reader_error(r, &map, name, "there is no such clock");
	}
	read_clock(r, &map, "monotonic", spec, clocks);
	read_clock(r, &map, "boottime", spec, clocks);
	if (spec->n_clocks && !(spec->namespaces & CLONE_NEWTIME))
		reader_error(r, &map, NULL, "a new time namespace is needed");
}

static const char *read_host(struct reader *r, const struct node *document,
			     const char *key, const struct container_spec *spec)
{
	const char *name = reader_string(r, document, key);

	if (!name)
		return NULL;
	if (strlen(name) > HOSTNAME_MAX)
		reader_error(r, document, key, "it is longer than %d bytes",
			     HOSTNAME_MAX);
	if (!has_namespace(spec, CLONE_NEWUTS))
		reader_error(r, document, key, "a UTS namespace is needed");
	return name;
}

void read_namespaces(struct reader *r, const struct node *document,
		     const struct node *linux_node, struct container_spec *spec)
{
	read_list(r, linux_node, spec);
	read_maps(r, linux_node, spec);
	read_clocks(r, linux_node, spec);
	spec->hostname = read_host(r, document, "hostname", spec);
	spec->domainname = read_host(r, document, "domainname", spec);
}
