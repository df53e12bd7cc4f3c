// SPDX-License-Identifier: GPL-2.0
/*
 * The container table as metrics, see metrics.h.
 *
 * The samples of a live container have its name as the only label: no two live containers
 * have the same name, and a container that is started again continues its series. All
 * else that is known of it is in labels of purser_container_info. A name can have several
 * records of ended containers; only purser_container_end_time_seconds shows these.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/escape.h"
#include "label.h"
#include "metrics.h"

/* struct page - what the families are made from, and where they go */
struct page {
	struct exposition text;
	const struct metrics_source *from;
	bool failed; /* memory ran out */
};

/* --- Families about the module --- */

static const struct metric module = {
	"purser_module", METRIC_INFO, NULL,
	"Versions of the kernel module and of the kernel."
};
static const struct metric containers = {
	"purser_containers", METRIC_GAUGE, NULL,
	"Records in the container table; those of state exited are of ended containers."
};
static const struct metric processes = { "purser_processes", METRIC_GAUGE, NULL,
					 "Processes of all containers." };
static const struct metric events = {
	"purser_events", METRIC_COUNTER, NULL,
	"Events of all containers since the module was loaded."
};
static const struct metric dropped = {
	"purser_events_dropped", METRIC_COUNTER, NULL,
	"Events that the module could not send to listeners."
};
static const struct metric ends = {
	"purser_container_ends", METRIC_COUNTER, NULL,
	"Containers that have ended since the module was loaded, by reason."
};

static void put_states(struct page *page)
{
	uint64_t n[PURSER_STATE_MAX + 1] = { 0 };

	for (size_t i = 0; i < page->from->n; i++) {
		const enum purser_state state = page->from->records[i].state;

		if (state <= PURSER_STATE_MAX)
			n[state]++;
	}
	exposition_begin(&page->text, &containers);
	for (int s = PURSER_STATE_STARTING; s <= PURSER_STATE_MAX; s++) {
		const struct metric_label label = { "state",
						    purser_state_name(s) };

		exposition_number(&page->text, &containers, &label, 1, n[s]);
	}
}

/* A module that is older than these counters does not send them: then there is no family. */
static void put_ends(struct page *page)
{
	if (!page->from->info.has_ends)
		return;
	exposition_begin(&page->text, &ends);
	for (int r = PURSER_REASON_NONE + 1; r <= PURSER_REASON_MAX; r++) {
		const struct metric_label label = { "reason",
						    purser_reason_name(r) };

		exposition_number(&page->text, &ends, &label, 1,
				  page->from->info.ends[r]);
	}
	/* Reasons of a newer module. */
	if (page->from->info.ends[PURSER_REASON_NONE]) {
		const struct metric_label label = { "reason", "unknown" };

		exposition_number(&page->text, &ends, &label, 1,
				  page->from->info.ends[PURSER_REASON_NONE]);
	}
}

static void put_one(struct page *page, const struct metric *m, uint64_t n)
{
	exposition_begin(&page->text, m);
	exposition_number(&page->text, m, NULL, 0, n);
}

static void put_module(struct page *page)
{
	const struct metric_label versions[] = {
		{ "version", page->from->info.module_version },
		{ "kernel", page->from->info.kernel_version },
	};

	exposition_begin(&page->text, &module);
	exposition_number(&page->text, &module, versions, ARRAY_SIZE(versions),
			  1);
	put_states(page);
	put_one(page, &processes, page->from->info.members);
	put_one(page, &events, page->from->info.events);
	put_one(page, &dropped, page->from->info.events_dropped);
	put_ends(page);
}

/* --- Families about containers --- */

/* The label of a record, as "purserctl list" prints it. It comes from elsewhere: any bytes. */
static char *label_of(struct page *page, const struct purser_container *c)
{
	__cleanup_free char *label = record_label(c);
	char *safe = label ? escape_text(label) : NULL;

	if (label && !safe)
		page->failed = true;
	return safe;
}

static void put_info(struct page *page, const struct metric *m,
		     const struct purser_container *c)
{
	__cleanup_free char *label = label_of(page, c);
	char id[24], pid[16];
	const struct metric_label labels[] = {
		{ "container", c->name },
		{ "id", id },
		{ "pid", pid },
		{ "label", label },
	};

	snprintf(id, sizeof(id), "%" PRIu64, c->id);
	snprintf(pid, sizeof(pid), "%d", c->pid);
	exposition_number(&page->text, m, labels, ARRAY_SIZE(labels), 1);
}

/* A container without a limit has no sample of it. */
static void put_limits(struct page *page, const struct metric *m,
		       const struct purser_container *c)
{
	const struct metric_label soft[] = { { "container", c->name },
					     { "limit", "soft" } };
	const struct metric_label hard[] = { { "container", c->name },
					     { "limit", "hard" } };

	if (c->soft_limit)
		exposition_number(&page->text, m, soft, ARRAY_SIZE(soft),
				  c->soft_limit);
	if (c->hard_limit)
		exposition_number(&page->text, m, hard, ARRAY_SIZE(hard),
				  c->hard_limit);
}

static void put_number(struct page *page, const struct metric *m,
		       const struct purser_container *c, uint64_t value)
{
	const struct metric_label name = { "container", c->name };

	exposition_number(&page->text, m, &name, 1, value);
}

static void put_seconds(struct page *page, const struct metric *m,
			const struct purser_container *c, int64_t ns)
{
	const struct metric_label name = { "container", c->name };

	exposition_seconds(&page->text, m, &name, 1, ns);
}

#define PUT(field, how, value)                                             \
	static void put_##field(struct page *page, const struct metric *m, \
				const struct purser_container *c)          \
	{                                                                  \
		how(page, m, c, value);                                    \
	}

PUT(usage, put_number, c->usage)
PUT(rss, put_number, c->rss)
PUT(peak, put_number, c->peak)
PUT(processes, put_number, c->processes)
PUT(crossings, put_number, c->soft_crossings)
PUT(cpu, put_seconds, c->cpu_time)
PUT(registered, put_seconds, page->from->boot + (int64_t)c->registered_at)

static const struct {
	struct metric metric;
	void (*put)(struct page *page, const struct metric *m,
		    const struct purser_container *c);
} of_live[] = {
	{ { "purser_container", METRIC_INFO, NULL,
	    "A live container: its id, its first process, and what people call it." },
	  put_info },
	{ { "purser_container_memory_usage_bytes", METRIC_GAUGE, "bytes",
	    "The memory that the module compares with the limits." },
	  put_usage },
	{ { "purser_container_memory_rss_bytes", METRIC_GAUGE, "bytes",
	    "The sum of the processes' resident memory." },
	  put_rss },
	{ { "purser_container_memory_peak_bytes", METRIC_GAUGE, "bytes",
	    "The highest memory usage so far." },
	  put_peak },
	{ { "purser_container_memory_limit_bytes", METRIC_GAUGE, "bytes",
	    "The limits of the memory usage; there is no sample without a limit." },
	  put_limits },
	{ { "purser_container_cpu_seconds", METRIC_COUNTER, "seconds",
	    "CPU time of all processes, including those that have ended." },
	  put_cpu },
	{ { "purser_container_processes", METRIC_GAUGE, NULL,
	    "Processes of the container." },
	  put_processes },
	{ { "purser_container_soft_limit_crossings", METRIC_COUNTER, NULL,
	    "How often the memory usage has reached the soft limit." },
	  put_crossings },
	{ { "purser_container_registration_time_seconds", METRIC_GAUGE,
	    "seconds", "The time of the registration, since 1970." },
	  put_registered },
};

static const struct metric end_time = {
	"purser_container_end_time_seconds", METRIC_GAUGE, "seconds",
	"The time at which a container ended, since 1970, while its record is kept."
};

static void put_end_time(struct page *page, const struct purser_container *c)
{
	__cleanup_free char *label = label_of(page, c);
	char id[24];
	const struct metric_label labels[] = {
		{ "container", c->name },
		{ "id", id },
		{ "reason", purser_reason_name(c->reason) },
		{ "label", label },
	};

	snprintf(id, sizeof(id), "%" PRIu64, c->id);
	exposition_seconds(&page->text, &end_time, labels, ARRAY_SIZE(labels),
			   page->from->boot + (int64_t)c->exited_at);
}

static bool has_ended(const struct purser_container *c)
{
	return c->state == PURSER_STATE_EXITED;
}

static void put_containers(struct page *page)
{
	const struct purser_container *c = page->from->records;
	const struct purser_container *end = c + page->from->n;

	for (size_t f = 0; f < ARRAY_SIZE(of_live); f++) {
		exposition_begin(&page->text, &of_live[f].metric);
		for (c = page->from->records; c < end; c++) {
			if (!has_ended(c))
				of_live[f].put(page, &of_live[f].metric, c);
		}
	}
	exposition_begin(&page->text, &end_time);
	for (c = page->from->records; c < end; c++) {
		if (has_ended(c))
			put_end_time(page, c);
	}
}

int metrics_write(const struct metrics_source *source,
		  enum exposition_format format, struct metrics_text *out)
{
	struct page page = { .text.format = format, .from = source };

	*out = (struct metrics_text){ 0 };
	page.text.out = open_memstream(&out->text, &out->len);
	if (!page.text.out)
		return -ENOMEM;
	put_module(&page);
	put_containers(&page);
	exposition_end(&page.text);
	if (ferror(page.text.out))
		page.failed = true;
	if (!fclose(page.text.out) && !page.failed)
		return 0;
	free(out->text);
	*out = (struct metrics_text){ 0 };
	return -ENOMEM;
}

/* --- Reading --- */

/* struct records - an array that grows */
struct records {
	struct purser_container *all;
	size_t n;
	size_t room;
};

static int add_record(const struct purser_container *c, void *arg)
{
	struct records *r = arg;
	size_t room = r->room ? r->room * 2 : 64;

	if (r->n == r->room) {
		struct purser_container *all = reallocarray(r->all, room,
							    sizeof(*all));

		if (!all)
			return -ENOMEM;
		r->all = all;
		r->room = room;
	}
	r->all[r->n++] = *c;
	return 0;
}

int metrics_read(struct purser *p, enum exposition_format format,
		 struct metrics_text *out)
{
	struct metrics_source source = { 0 };
	struct records records = { 0 };
	int err;

	*out = (struct metrics_text){ 0 };
	err = purser_list(p, 0, add_record, &records);
	/* After the records: the counters have counted each end that a record shows. */
	if (!err)
		err = purser_get_info(p, &source.info);
	source.records = records.all;
	source.n = records.n;
	source.boot = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME);
	if (!err)
		err = metrics_write(&source, format, out);
	purser_info_free(&source.info);
	free(records.all);
	return err;
}
