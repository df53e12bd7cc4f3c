// SPDX-License-Identifier: GPL-2.0
/* What containers use, see samples.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bar.h"
#include "base/clock.h"
#include "display.h"
#include "samples.h"

const struct column sample_columns[] = {
	[SAMPLE_NAME] = { "NAME", COLUMN_CUT },
	[SAMPLE_CPU] = { "CPU", COLUMN_NUMBER },
	[SAMPLE_USAGE] = { "USAGE", COLUMN_NUMBER },
	[SAMPLE_OF_SOFT] = { "OF SOFT", COLUMN_TEXT },
	[SAMPLE_OF_HARD] = { "OF HARD", COLUMN_TEXT },
	[SAMPLE_PEAK] = { "PEAK", COLUMN_NUMBER },
	[SAMPLE_PROCS] = { "PROCS", COLUMN_NUMBER },
	[SAMPLE_AGE] = { "AGE", COLUMN_NUMBER },
};

int samples_add(struct samples *to, const struct purser_container *record,
		int64_t at)
{
	if (to->n == to->room) {
		size_t room = to->room ? 2 * to->room : 16;
		struct sample *all = reallocarray(to->all, room, sizeof(*all));

		if (!all)
			return -ENOMEM;
		to->all = all;
		to->room = room;
	}
	to->all[to->n++] = (struct sample){ .record = *record, .at = at };
	return 0;
}

static int add_live(const struct purser_container *record, void *arg)
{
	if (record->state == PURSER_STATE_EXITED)
		return 0;
	return samples_add(arg, record, clock_ns(CLOCK_BOOTTIME));
}

static int read_some(struct samples *to, struct purser *table,
		     const uint64_t *ids, size_t n_ids)
{
	int err = 0;

	for (size_t i = 0; !err && i < n_ids; i++) {
		const struct purser_ref ref = { .id = ids[i] };
		struct purser_container record;

		err = purser_get(table, &ref, &record);
		if (!err)
			err = add_live(&record, to);
		else if (err == -ENOENT)
			err = 0;
	}
	return err;
}

/* A name can be used again, an id cannot. */
static const struct sample *find(const struct samples *in, uint64_t id)
{
	for (size_t i = 0; i < in->n; i++) {
		if (in->all[i].record.id == id)
			return &in->all[i];
	}
	return NULL;
}

void samples_compare(struct samples *now, const struct samples *before)
{
	for (size_t i = 0; i < now->n; i++) {
		struct sample *s = &now->all[i];
		const struct sample *old = find(before, s->record.id);

		s->has_cpu = old && s->at > old->at &&
			     s->record.cpu_time >= old->record.cpu_time;
		if (s->has_cpu)
			s->percent = 100.0 *
				     (s->record.cpu_time -
				      old->record.cpu_time) /
				     (s->at - old->at);
	}
}

int sampler_read(struct sampler *s, struct purser *table, const uint64_t *ids,
		 size_t n_ids)
{
	struct samples old = s->before;
	int err;

	s->before = s->now;
	s->now = old;
	s->now.n = 0;
	err = ids ? read_some(&s->now, table, ids, n_ids) :
		    purser_list(table, 0, add_live, &s->now);
	if (!err)
		samples_compare(&s->now, &s->before);
	return err;
}

void sampler_free(struct sampler *s)
{
	free(s->now.all);
	free(s->before.all);
	*s = (struct sampler){ 0 };
}

/* struct order - what samples_sort() sorts by */
struct order {
	enum sample_column by;
	bool reverse;
};

/* A container without that limit comes after all others. */
static double part(uint64_t usage, uint64_t limit)
{
	return limit ? (double)usage / limit : -1;
}

static double number(const struct sample *s, enum sample_column which)
{
	const struct purser_container *c = &s->record;

	switch (which) {
	case SAMPLE_CPU:
		return s->has_cpu ? s->percent : -1;
	case SAMPLE_USAGE:
		return c->usage;
	case SAMPLE_OF_SOFT:
		return part(c->usage, c->soft_limit);
	case SAMPLE_OF_HARD:
		return part(c->usage, c->hard_limit);
	case SAMPLE_PEAK:
		return c->peak;
	case SAMPLE_PROCS:
		return c->processes;
	case SAMPLE_AGE:
		return -(double)c->registered_at;
	case SAMPLE_NAME:
		break;
	}
	return 0;
}

static int in_order(const void *left, const void *right, void *arg)
{
	const struct sample *a = left, *b = right;
	const struct order *order = arg;
	double x = number(a, order->by), y = number(b, order->by);
	int diff = order->by == SAMPLE_NAME ?
			   strcmp(a->record.name, b->record.name) :
			   (x < y) - (x > y);

	if (diff)
		return order->reverse ? -diff : diff;
	return (a->record.id > b->record.id) - (a->record.id < b->record.id);
}

void samples_sort(struct samples *s, enum sample_column by, bool reverse)
{
	struct order order = { by, reverse };

	if (s->n)
		qsort_r(s->all, s->n, sizeof(*s->all), in_order, &order);
}

static const char *cpu_text(const struct sample *s, char buf[DISPLAY_LEN])
{
	if (!s->has_cpu)
		return "-";
	snprintf(buf, DISPLAY_LEN, "%.1f%%", s->percent);
	return buf;
}

int sample_add_cell(struct table *t, const struct sample *s,
		    enum sample_column which)
{
	const struct purser_container *c = &s->record;
	char buf[DISPLAY_LEN], bar[BAR_LEN];

	switch (which) {
	case SAMPLE_NAME:
		return table_add(t, c->name);
	case SAMPLE_CPU:
		return table_add(t, cpu_text(s, buf));
	case SAMPLE_USAGE:
		return table_add(t, display_mib(c->usage, buf));
	case SAMPLE_OF_SOFT:
		return table_add(t, display_bar(c->usage, c->soft_limit, bar));
	case SAMPLE_OF_HARD:
		return table_add(t, display_bar(c->usage, c->hard_limit, bar));
	case SAMPLE_PEAK:
		return table_add(t, display_mib(c->peak, buf));
	case SAMPLE_PROCS:
		return table_add_u64(t, c->processes);
	case SAMPLE_AGE:
		return table_add(t, display_age(c->registered_at, buf));
	}
	return -EINVAL;
}
