// SPDX-License-Identifier: GPL-2.0
/* The mounts of a configuration, see config_mounts.h. */
#include <sched.h>
#include <string.h>

#include "base/array.h"
#include "config_idmap.h"
#include "config_mounts.h"
#include "config_namespaces.h"
#include "mount_options.h"

/* As launch/ has it. */
#define MOUNTS_MAX 10000

/* A relative path begins at "/". The spec allows it for old configurations. */
static const char *read_target(struct reader *r, const struct node *node)
{
	const char *path = reader_needed_string(r, node, "destination");

	return !path || *path == '/' ? path : reader_printf(r, "/%s", path);
}

/*
 * The cgroup file system is that of cgroup v2, whose root is the container's cgroup if
 * it has a cgroup namespace. If it has none, all cgroups of the host are there, which
 * another user namespace may not mount but bind.
 */
static void set_cgroup(const struct container_spec *spec,
		       struct mount_spec *mount)
{
	mount->data = NULL;
	if (has_namespace(spec, CLONE_NEWCGROUP)) {
		mount->type = "cgroup2";
		mount->source = "cgroup";
		return;
	}
	mount->type = NULL;
	mount->source = "/sys/fs/cgroup";
}

static void set_file_system(struct reader *r, const struct node *node,
			    const struct container_spec *spec,
			    struct mount_spec *mount)
{
	mount->type = reader_string(r, node, "type");
	if (!mount->type)
		reader_missing(r, node, "type");
	else if (!strcmp(mount->type, "bind"))
		reader_error(r, node, "options",
			     "\"bind\" or \"rbind\" is needed for this type");
	else if (!strcmp(mount->type, "cgroup"))
		set_cgroup(spec, mount);
	else if (!mount->source)
		mount->source = mount->type;
	mount->keep_mode = mount->type && !strcmp(mount->type, "tmpfs");
	if (mount->copy_up && mount->type && strcmp(mount->type, "tmpfs"))
		reader_error(r, node, "options",
			     "\"tmpcopyup\" is for a tmpfs alone");
}

static void set_bind(struct reader *r, const struct node *node,
		     struct mount_spec *mount)
{
	if (!mount->source)
		reader_missing(r, node, "source");
	if (mount->copy_up)
		reader_error(r, node, "options",
			     "\"tmpcopyup\" is for a tmpfs alone");
}

static const struct id_map *read_map(struct reader *r, const struct node *node,
				     const char *key)
{
	struct id_map *map = reader_alloc(r, 1, sizeof(*map));

	if (map)
		read_id_map(r, node, key, map);
	return map && map->n ? map : NULL;
}

/* The structure that @map is in may be moved. */
static const struct id_map *copy_map(struct reader *r, const struct id_map *map)
{
	struct id_map *copy = reader_alloc(r, 1, sizeof(*copy));

	if (copy)
		*copy = *map;
	return copy;
}

static void read_maps(struct reader *r, const struct node *node,
		      const struct container_spec *spec,
		      const struct mount_options *options,
		      struct mount_spec *mount)
{
	mount->uids = read_map(r, node, "uidMappings");
	mount->gids = read_map(r, node, "gidMappings");
	if (!mount->uids != !mount->gids)
		reader_missing(r, node,
			       mount->uids ? "gidMappings" : "uidMappings");
	if (options->idmap && !mount->uids) {
		if (!spec->uids.n || !spec->gids.n)
			reader_error(
				r, node, "options",
				"\"idmap\" needs uidMappings and gidMappings, or a new user namespace");
		mount->uids = copy_map(r, &spec->uids);
		mount->gids = copy_map(r, &spec->gids);
	}
	mount->map_first = mount->uids && !options->map_all;
	if (mount->uids && !options->bind)
		reader_error(r, node, NULL,
			     "only a bind mount can map the ids of its files");
}

static void read_mount(struct reader *r, const struct node *node,
		       const struct container_spec *spec,
		       struct mount_spec *mount)
{
	struct mount_options options = { 0 };

	mount->target = read_target(r, node);
	mount->source = reader_string(r, node, "source");
	read_mount_options(r, node, mount, &options);
	if (options.bind)
		set_bind(r, node, mount);
	else
		set_file_system(r, node, spec, mount);
	read_maps(r, node, spec, &options, mount);
}

/* SELinux has rules of its own for the files of these. */
static bool takes_label(const struct mount_spec *mount)
{
	static const char *const types[] = { "proc", "sysfs", "mqueue",
					     "cgroup2" };

	if (!mount->type)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(mount->type, types[i]))
			return false;
	return true;
}

void read_mounts(struct reader *r, const struct node *document,
		 const char *label, struct container_spec *spec)
{
	struct mount_spec *mounts;
	struct node array;

	if (!reader_array(r, document, "mounts", MOUNTS_MAX, &array))
		return;
	mounts = reader_alloc(r, reader_length(r, &array), sizeof(*mounts));
	for (size_t i = 0; i < reader_length(r, &array); i++) {
		struct node item = reader_item_object(r, &array, i);

		read_mount(r, &item, spec, &mounts[i]);
		if (takes_label(&mounts[i]))
			mounts[i].label = label;
	}
	spec->mounts = mounts;
	spec->n_mounts = reader_length(r, &array);
}

/* "/dev", however it is written. */
static bool is_dev(const char *path)
{
	path += strspn(path, "/");
	return !strncmp(path, "dev", 3) && !path[3 + strspn(path + 3, "/")];
}

bool has_host_dev(const struct container_spec *spec)
{
	for (size_t i = 0; i < spec->n_mounts; i++)
		if (!spec->mounts[i].type && is_dev(spec->mounts[i].target))
			return true;
	return false;
}
