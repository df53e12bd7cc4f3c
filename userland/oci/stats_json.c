// SPDX-License-Identifier: GPL-2.0
/* Statistics as JSON, see stats_json.h. */
#include <stdio.h>

#include "base/object.h"
#include "stats_json.h"

/* runc counts CPU time in nanoseconds, cgroup v2 in microseconds. */
#define NS_PER_US 1000

static void add_object(struct object *to, const char *key, struct object *o)
{
	object_add(to, key, object_done(o));
}

static struct json_object *cpu_json(const struct cgroup_stats *s)
{
	struct object cpu = object_new(), usage = object_new();
	struct object throttling = object_new();

	object_add_u64(&usage, "total", s->cpu.usage * NS_PER_US);
	object_add_u64(&usage, "kernel", s->cpu.system * NS_PER_US);
	object_add_u64(&usage, "user", s->cpu.user * NS_PER_US);
	object_add_u64(&throttling, "periods", s->cpu.periods);
	object_add_u64(&throttling, "throttledPeriods",
		       s->cpu.throttled_periods);
	object_add_u64(&throttling, "throttledTime",
		       s->cpu.throttled * NS_PER_US);
	add_object(&cpu, "usage", &usage);
	add_object(&cpu, "throttling", &throttling);
	return object_done(&cpu);
}

static struct json_object *usage_json(const struct cgroup_usage *u,
				      uint64_t failures)
{
	struct object o = object_new();

	object_add_u64(&o, "limit", u->limit);
	object_add_u64(&o, "usage", u->current);
	object_add_u64(&o, "max", u->peak);
	object_add_u64(&o, "failcnt", failures);
	return object_done(&o);
}

static struct json_object *memory_json(const struct cgroup_stats *s)
{
	struct object memory = object_new(), raw = object_new();
	const struct cgroup_usage both = {
		.current = s->memory.current + s->swap.current,
		.limit = s->swap.limit == CGROUP_NO_LIMIT ||
					 s->memory.limit == CGROUP_NO_LIMIT ?
				 CGROUP_NO_LIMIT :
				 s->memory.limit + s->swap.limit,
	};

	for (size_t i = 0; i < s->n_memory_stat; i++)
		object_add_u64(&raw, s->memory_stat[i].name,
			       s->memory_stat[i].value);
	object_add(&memory, "usage",
		   usage_json(&s->memory, s->memory_events.max));
	object_add(&memory, "swap", usage_json(&both, 0));
	add_object(&memory, "raw", &raw);
	return object_done(&memory);
}

static struct json_object *pids_json(const struct cgroup_stats *s)
{
	struct object o = object_new();

	object_add_u64(&o, "current", s->pids.current);
	object_add_u64(&o, "limit",
		       s->pids.limit == CGROUP_NO_LIMIT ? 0 : s->pids.limit);
	return object_done(&o);
}

static void add_io(struct json_object *array, const struct cgroup_io_stats *io,
		   const char *op, uint64_t value)
{
	struct object o = object_new();

	object_add_u64(&o, "major", io->major);
	object_add_u64(&o, "minor", io->minor);
	object_add_string(&o, "op", op);
	object_add_u64(&o, "value", value);
	if (array)
		json_object_array_add(array, object_done(&o));
}

static struct json_object *io_json(const struct cgroup_stats *s)
{
	struct json_object *bytes = json_object_new_array();
	struct json_object *operations = json_object_new_array();
	struct object o = object_new();

	for (size_t i = 0; i < s->n_io; i++) {
		const struct cgroup_io_stats *io = &s->io[i];

		add_io(bytes, io, "Read", io->read_bytes);
		add_io(bytes, io, "Write", io->write_bytes);
		add_io(operations, io, "Read", io->reads);
		add_io(operations, io, "Write", io->writes);
	}
	object_add(&o, "ioServiceBytesRecursive", bytes);
	object_add(&o, "ioServicedRecursive", operations);
	return object_done(&o);
}

static struct json_object *hugetlb_json(const struct cgroup_stats *s)
{
	struct object o = object_new();

	for (size_t i = 0; i < s->n_hugetlb; i++) {
		const struct cgroup_hugetlb_stats *h = &s->hugetlb[i];
		const struct cgroup_usage usage = { h->current, 0, h->limit };

		object_add(&o, h->page_size, usage_json(&usage, h->failures));
	}
	return object_done(&o);
}

static struct json_object *stall_json(const struct cgroup_stall *stall)
{
	struct object o = object_new();

	object_add(&o, "avg10", json_object_new_double(stall->avg10));
	object_add(&o, "avg60", json_object_new_double(stall->avg60));
	object_add(&o, "avg300", json_object_new_double(stall->avg300));
	object_add_u64(&o, "total", stall->total);
	return object_done(&o);
}

static void add_pressure(struct json_object *to,
			 const struct cgroup_pressure *p)
{
	struct object o = object_new();

	if (!p->given || !to)
		return;
	object_add(&o, "some", stall_json(&p->some));
	object_add(&o, "full", stall_json(&p->full));
	json_object_object_add(to, "psi", object_done(&o));
}

struct json_object *stats_json(const struct cgroup_stats *s)
{
	struct json_object *cpu = cpu_json(s), *memory = memory_json(s);
	struct json_object *io = io_json(s);
	struct object o = object_new();

	add_pressure(cpu, &s->cpu_pressure);
	add_pressure(memory, &s->memory_pressure);
	add_pressure(io, &s->io_pressure);
	object_add(&o, "cpu", cpu);
	object_add(&o, "memory", memory);
	object_add(&o, "pids", pids_json(s));
	object_add(&o, "blkio", io);
	object_add(&o, "hugetlb", hugetlb_json(s));
	return object_done(&o);
}
