// SPDX-License-Identifier: GPL-2.0
/* Devices of a configuration, see config_devices.h. */
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/quote.h"
#include "config_devices.h"
#include "config_mounts.h"

#define DEVICES_MAX 10000

/* As the kernel's device numbers have them. */
#define MAJOR_MAX ((1 << 12) - 1)
#define MINOR_MAX ((1 << 20) - 1)

#define NODE(name, major_, minor_)                            \
	{                                                     \
		.path = "/dev/" name, .mode = S_IFCHR | 0666, \
		.major = (major_), .minor = (minor_)          \
	}

static const struct device_spec default_devices[] = {
	NODE("null", 1, 3),   NODE("zero", 1, 5),    NODE("full", 1, 7),
	NODE("random", 1, 8), NODE("urandom", 1, 9), NODE("tty", 5, 0),
};

static const struct link_spec default_links[] = {
	{ "/dev/ptmx", "pts/ptmx" },
	{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
	{ "/dev/core", "/proc/kcore" },
};

static const struct reader_name types[] = {
	{ "b", S_IFBLK }, { "c", S_IFCHR }, { "u", S_IFCHR },
	{ "p", S_IFIFO }, { NULL, 0 },
};

static void read_device(struct reader *r, const struct node *item,
			struct device_spec *device)
{
	const char *type = reader_needed_string(r, item, "type");
	mode_t permissions;

	device->path = reader_needed_path(r, item, "path");
	device->mode = (mode_t)reader_named(r, item, "type", type, types);
	/* Some callers give the mode with the type, as stat() has it. */
	permissions = reader_u32(r, item, "fileMode", UINT32_MAX, 0666);
	device->mode |= permissions & 07777;
	device->uid = reader_u32(r, item, "uid", UINT32_MAX - 1, 0);
	device->gid = reader_u32(r, item, "gid", UINT32_MAX - 1, 0);
	if (S_ISFIFO(device->mode))
		return;
	device->major = (unsigned int)reader_needed_number(r, item, "major", 0,
							   MAJOR_MAX);
	device->minor = (unsigned int)reader_needed_number(r, item, "minor", 0,
							   MINOR_MAX);
}

static bool has_path(const struct device_spec *devices, size_t n,
		     const char *path)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(devices[i].path, path))
			return true;
	return false;
}

void read_devices(struct reader *r, const struct node *linux_node,
		  struct container_spec *spec)
{
	struct device_spec *devices;
	struct node array;
	size_t n = 0;

	if (reader_array(r, linux_node, "devices", DEVICES_MAX, &array))
		n = reader_length(r, &array);
	devices = reader_alloc(r, n + ARRAY_SIZE(default_devices),
			       sizeof(*devices));
	for (size_t i = 0; i < n && !r->failed; i++) {
		struct node item = reader_item_object(r, &array, i);

		read_device(r, &item, &devices[i]);
	}
	/* All that is there belongs to the host. */
	if (r->failed || has_host_dev(spec))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(default_devices); i++)
		if (!has_path(devices, n, default_devices[i].path))
			devices[n++] = default_devices[i];
	spec->devices = devices;
	spec->n_devices = n;
	spec->links = default_links;
	spec->n_links = ARRAY_SIZE(default_links);
}

static unsigned int read_access(struct reader *r, const struct node *item)
{
	const char *text = reader_needed_string(r, item, "access");
	unsigned int access = 0;

	for (const char *c = text; c && *c; c++) {
		if (*c == 'r')
			access |= DEVICE_READ;
		else if (*c == 'w')
			access |= DEVICE_WRITE;
		else if (*c == 'm')
			access |= DEVICE_MKNOD;
		else
			reader_error(r, item, "access",
				     "\"%s\" has another letter than r, w, m",
				     QUOTE(text));
	}
	return access;
}

static const struct reader_name rule_types[] = {
	{ "a", 'a' },
	{ "b", 'b' },
	{ "c", 'c' },
	{ NULL, 0 },
};

static void read_rule(struct reader *r, const struct node *item,
		      struct device_rule *rule)
{
	const char *type = reader_string(r, item, "type");
	int64_t major = -1, minor = -1;

	if (!reader_bool(r, item, "allow", &rule->allow))
		reader_missing(r, item, "allow");
	rule->type = (char)reader_named(r, item, "type", type ? type : "a",
					rule_types);
	reader_number(r, item, "major", -1, UINT32_MAX, &major);
	reader_number(r, item, "minor", -1, UINT32_MAX, &minor);
	rule->major = (long)major;
	rule->minor = (long)minor;
	rule->access = read_access(r, item);
}

const struct device_rule *
read_device_rules(struct reader *r, const struct node *resources, size_t *n)
{
	struct device_rule *rules;
	struct node array;

	*n = 0;
	if (!reader_array(r, resources, "devices", DEVICES_MAX, &array))
		return NULL;
	*n = reader_length(r, &array);
	rules = reader_alloc(r, *n, sizeof(*rules));
	for (size_t i = 0; i < *n && !r->failed; i++) {
		struct node item = reader_item_object(r, &array, i);

		read_rule(r, &item, &rules[i]);
	}
	return rules;
}
