// SPDX-License-Identifier: GPL-2.0
/* The resources of a configuration, see config_resources.h. */
#include <string.h>

#include "base/array.h"
#include "base/quote.h"
#include "config_resources.h"

#define NAME_MAX_BYTES 255
#define DEVICES_MAX    1024

/* The range of cpu.shares of cgroup v1, which moved other numbers into it. */
#define SHARES_MIN 2
#define SHARES_MAX 262144

/**
 * struct limit_field - a number of an object
 * @zero_counts: 0 is a value as others are
 */
struct limit_field {
	const char *key;
	int64_t min, max;
	size_t offset; /* of a struct cgroup_number */
	bool zero_counts;
};

#define AT(member) offsetof(struct cgroup_resources, member)

static const struct limit_field memory_fields[] = {
	{ "limit", -1, INT64_MAX, AT(memory_limit), false },
	{ "swap", -1, INT64_MAX, AT(memory_swap), false },
	{ "reservation", -1, INT64_MAX, AT(memory_reservation), false },
};

static const struct limit_field cpu_fields[] = {
	{ "shares", 0, INT64_MAX, AT(cpu_shares), false },
	{ "quota", INT64_MIN, INT64_MAX, AT(cpu_quota), false },
	{ "period", 0, INT64_MAX, AT(cpu_period), false },
	{ "burst", 0, INT64_MAX, AT(cpu_burst), true },
	{ "idle", 0, 1, AT(cpu_idle), true },
};

static const struct limit_field pids_fields[] = {
	{ "limit", -1, INT64_MAX, AT(pids_limit), false },
};

static const struct limit_field io_fields[] = {
	{ "weight", 0, 1000, AT(io_weight), false },
};

static void read_fields(struct reader *r, const struct node *node,
			const struct limit_field *fields, size_t n,
			struct cgroup_resources *resources)
{
	for (const struct limit_field *f = fields; f < fields + n; f++) {
		struct cgroup_number *number = (void *)((char *)resources +
							f->offset);
		int64_t value;

		if (!reader_number(r, node, f->key, f->min, f->max, &value) ||
		    (!value && !f->zero_counts))
			continue;
		*number = (struct cgroup_number){ true, value };
	}
}

#define READ_FIELDS(r, node, fields, resources) \
	read_fields(r, node, fields, ARRAY_SIZE(fields), resources)

/* A limit that cgroup v2 has no file for; a negative one means none. */
static void refuse_number(struct reader *r, const struct node *node,
			  const char *key)
{
	int64_t value = 0;

	reader_number(r, node, key, INT64_MIN, INT64_MAX, &value);
	if (value > 0)
		reader_error(r, node, key, "cgroup v2 does not have it");
}

static void read_memory(struct reader *r, const struct node *node,
			struct cgroup_resources *resources)
{
	bool no_killer = false, hierarchy = true;
	struct node memory;

	if (!reader_object(r, node, "memory", &memory))
		return;
	READ_FIELDS(r, &memory, memory_fields, resources);
	reader_bool(r, &memory, "checkBeforeUpdate",
		    &resources->memory_check_before_update);
	refuse_number(r, &memory, "kernel");
	refuse_number(r, &memory, "kernelTCP");
	refuse_number(r, &memory, "swappiness");
	reader_bool(r, &memory, "disableOOMKiller", &no_killer);
	if (no_killer)
		reader_error(r, &memory, "disableOOMKiller",
			     "cgroup v2 does not have it");
	reader_bool(r, &memory, "useHierarchy", &hierarchy);
	if (!hierarchy)
		reader_error(r, &memory, "useHierarchy",
			     "cgroup v2 cannot do without");
}

static void read_cpu(struct reader *r, const struct node *node,
		     struct cgroup_resources *resources)
{
	struct cgroup_number *shares = &resources->cpu_shares;
	struct node cpu;

	if (!reader_object(r, node, "cpu", &cpu))
		return;
	READ_FIELDS(r, &cpu, cpu_fields, resources);
	if (shares->given && shares->value < SHARES_MIN)
		shares->value = SHARES_MIN;
	if (shares->value > SHARES_MAX)
		shares->value = SHARES_MAX;
	resources->cpus = reader_string(r, &cpu, "cpus");
	resources->mems = reader_string(r, &cpu, "mems");
	refuse_number(r, &cpu, "realtimeRuntime");
	refuse_number(r, &cpu, "realtimePeriod");
}

/* @number: what a device has; a weight may be missing, a rate not */
static void read_device_list(struct reader *r, const struct node *io,
			     const char *key, const char *number,
			     struct cgroup_device_list *list)
{
	const bool weight = !strcmp(number, "weight");
	struct node array;

	if (!reader_array(r, io, key, DEVICES_MAX, &array))
		return;
	list->devices = reader_alloc(r, reader_length(r, &array),
				     sizeof(*list->devices));
	for (size_t i = 0; i < reader_length(r, &array); i++) {
		struct node item = reader_item_object(r, &array, i);
		struct cgroup_device_number *d = &list->devices[i];

		d->major = (unsigned int)reader_needed_number(r, &item, "major",
							      0, UINT32_MAX);
		d->minor = (unsigned int)reader_needed_number(r, &item, "minor",
							      0, UINT32_MAX);
		if (weight)
			refuse_number(r, &item, "leafWeight");
		d->value = weight ? (uint64_t)reader_needed_number(
					    r, &item, number, 1, 1000) :
				    reader_needed_u64(r, &item, number);
	}
	list->n = reader_length(r, &array);
}

static void read_io(struct reader *r, const struct node *node,
		    struct cgroup_resources *resources)
{
	struct node io;

	if (!reader_object(r, node, "blockIO", &io))
		return;
	READ_FIELDS(r, &io, io_fields, resources);
	refuse_number(r, &io, "leafWeight");
	read_device_list(r, &io, "weightDevice", "weight",
			 &resources->io_weights);
	read_device_list(r, &io, "throttleReadBpsDevice", "rate",
			 &resources->rbps);
	read_device_list(r, &io, "throttleWriteBpsDevice", "rate",
			 &resources->wbps);
	read_device_list(r, &io, "throttleReadIOPSDevice", "rate",
			 &resources->riops);
	read_device_list(r, &io, "throttleWriteIOPSDevice", "rate",
			 &resources->wiops);
}

/* "64KB", "2MB", "1GB": it becomes a part of the name of a file. */
static bool is_page_size(const char *s)
{
	size_t digits = strspn(s, "0123456789");

	s += digits;
	return digits && digits < 10 && *s && strchr("KMG", *s) &&
	       !strcmp(s + 1, "B");
}

static void read_huge_pages(struct reader *r, const struct node *node,
			    struct cgroup_resources *resources)
{
	struct cgroup_hugetlb *list;
	struct node array;

	if (!reader_array(r, node, "hugepageLimits", DEVICES_MAX, &array))
		return;
	list = reader_alloc(r, reader_length(r, &array), sizeof(*list));
	for (size_t i = 0; i < reader_length(r, &array); i++) {
		struct node item = reader_item_object(r, &array, i);

		list[i].page_size = reader_needed_string(r, &item, "pageSize");
		if (!r->failed && !is_page_size(list[i].page_size))
			reader_error(r, &item, "pageSize",
				     "\"%s\" is not a size, as \"2MB\"",
				     QUOTE(list[i].page_size));
		list[i].limit = reader_needed_u64(r, &item, "limit");
	}
	resources->hugetlb = list;
	resources->n_hugetlb = reader_length(r, &array);
}

static void read_rdma_number(struct reader *r, const struct node *device,
			     const char *key, struct cgroup_number *number)
{
	number->given = reader_number(r, device, key, 0, UINT32_MAX,
				      &number->value);
}

static void read_rdma(struct reader *r, const struct node *node,
		      struct cgroup_resources *resources)
{
	struct cgroup_rdma *list, *item;
	struct node map;

	if (!reader_map(r, node, "rdma", DEVICES_MAX, &map))
		return;
	list = reader_alloc(r, (size_t)json_object_object_length(map.json),
			    sizeof(*list));
	json_object_object_foreach(map.json, name, json) {
		struct node device;

		(void)json;
		if (strpbrk(name, " \t\n") || !*name)
			reader_error(r, &map, name, "it is not a device");
		if (!reader_object(r, &map, name, &device))
			continue;
		item = &list[resources->n_rdma++];
		item->device = name;
		read_rdma_number(r, &device, "hcaHandles", &item->handles);
		read_rdma_number(r, &device, "hcaObjects", &item->objects);
		if (!item->handles.given && !item->objects.given)
			reader_error(r, &device, NULL,
				     "hcaHandles or hcaObjects is needed");
	}
	resources->rdma = list;
}

/* A name of a file in the cgroup, as "memory.high". */
static bool is_file_name(const char *s)
{
	return *s && *s != '.' && !strchr(s, '/') &&
	       strlen(s) <= NAME_MAX_BYTES;
}

static void read_unified(struct reader *r, const struct node *node,
			 struct cgroup_resources *resources)
{
	struct cgroup_pair *list;
	struct reader_pair *pairs;
	size_t n;

	pairs = reader_pairs(r, node, "unified", DEVICES_MAX, &n);
	if (!pairs)
		return;
	list = reader_alloc(r, n, sizeof(*list));
	for (size_t i = 0; i < n && !r->failed; i++) {
		/* As crun and runc have it: an empty text writes nothing. */
		if (*pairs[i].value)
			list[resources->n_unified++] = (struct cgroup_pair){
				pairs[i].key, pairs[i].value
			};
		if (!is_file_name(pairs[i].key))
			reader_error(r, node, "unified",
				     "\"%s\" is not the name of a file",
				     QUOTE(pairs[i].key));
	}
	resources->unified = list;
}

static void read_network(struct reader *r, const struct node *node)
{
	struct node network, array;

	if (!reader_object(r, node, "network", &network))
		return;
	refuse_number(r, &network, "classID");
	if (reader_array(r, &network, "priorities", ITEMS_MAX, &array) &&
	    reader_length(r, &array))
		reader_error(r, &array, NULL, "cgroup v2 does not have it");
}

void read_resources(struct reader *r, const struct node *node,
		    struct cgroup_resources *resources)
{
	struct node pids;

	read_memory(r, node, resources);
	read_cpu(r, node, resources);
	read_io(r, node, resources);
	read_huge_pages(r, node, resources);
	read_rdma(r, node, resources);
	read_unified(r, node, resources);
	read_network(r, node);
	if (reader_object(r, node, "pids", &pids))
		READ_FIELDS(r, &pids, pids_fields, resources);
}
