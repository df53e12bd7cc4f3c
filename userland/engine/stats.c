// SPDX-License-Identifier: GPL-2.0
/*
 * "engine stats": what containers use. All numbers come from the kernel's records. The
 * part of a CPU is the difference of two samples, which are a second apart.
 *
 * On a terminal, each table replaces the one before. This changes no mode of the terminal,
 * so there is nothing to restore at the end.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/object.h"
#include "base/standard.h"
#include "commands.h"
#include "target.h"
#include "view/handle.h"
#include "view/json.h"
#include "view/samples.h"
#include "view/table.h"

/* Move the cursor to the first line, and erase everything below. */
#define CLEAR "\033[H\033[J"

/* Of a table of view/samples.h, and whether the container is paused. */
static const enum sample_column shown[] = {
	SAMPLE_NAME,	SAMPLE_CPU,  SAMPLE_USAGE, SAMPLE_OF_SOFT,
	SAMPLE_OF_HARD, SAMPLE_PEAK, SAMPLE_PROCS,
};

/** struct watch - one call of the command */
struct watch {
	const struct words_options *options;
	struct purser *table;
	uint64_t *ids; /* of the kernel; NULL: all that run */
	size_t n_ids;
	struct sampler samples;
	int timer;
	bool clears; /* each table replaces the one before */
	struct failure *failure;
};

static int take_samples(struct watch *w)
{
	int err = sampler_read(&w->samples, w->table, w->ids, w->n_ids);

	return err ? table_failed(w->failure, err, purser_last_error(w->table),
				  "cannot read the containers") :
		     0;
}

static bool is_paused(const struct sample *s)
{
	struct target t;
	bool paused;

	target_of_record(&t, &s->record);
	paused = target_is_paused(&t);
	target_close(&t);
	return paused;
}

static int add_row(struct table *t, const struct sample *s)
{
	int err = 0;

	for (size_t i = 0; !err && i < ARRAY_SIZE(shown); i++)
		err = sample_add_cell(t, s, shown[i]);
	return err ? err : table_add(t, is_paused(s) ? "paused" : "");
}

static int print_table(const struct watch *w)
{
	const struct samples *now = &w->samples.now;
	struct column columns[ARRAY_SIZE(shown) + 1] = {
		[ARRAY_SIZE(shown)] = { "", COLUMN_TEXT },
	};
	struct table t = {
		.columns = columns,
		.n_columns = ARRAY_SIZE(columns),
		.drop_last = true,
	};
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(shown); i++)
		columns[i] = sample_columns[shown[i]];
	for (size_t i = 0; !err && i < now->n; i++)
		err = add_row(&t, &now->all[i]);
	if (!err && w->clears)
		fputs(CLEAR, stdout);
	if (!err)
		err = table_print(&t);
	table_free(&t);
	return err;
}

static int print_object(const struct sample *s)
{
	const struct purser_container *c = &s->record;
	struct object o = object_new();

	object_add_string(&o, "name", c->name);
	object_add_u64(&o, "id", c->id);
	object_add_u64(&o, "time", s->at);
	if (s->has_cpu)
		object_add(&o, "cpu_percent",
			   json_object_new_double(s->percent));
	else
		object_add_null(&o, "cpu_percent");
	object_add_u64(&o, "cpu_time", c->cpu_time);
	object_add_u64(&o, "usage", c->usage);
	object_add_u64(&o, "peak", c->peak);
	object_add_u64(&o, "soft_limit", c->soft_limit);
	object_add_u64(&o, "hard_limit", c->hard_limit);
	object_add_u64(&o, "processes", c->processes);
	object_add_bool(&o, "paused", is_paused(s));
	return json_print(object_done(&o));
}

static int print_objects(const struct watch *w)
{
	const struct samples *now = &w->samples.now;
	int err = 0;

	for (size_t i = 0; !err && i < now->n; i++)
		err = print_object(&now->all[i]);
	return err;
}

/* Returns 1 if the reader of stdout is gone. */
static int print(const struct watch *w)
{
	int err = w->options->json ? print_objects(w) : print_table(w);

	if (err)
		return print_failed(w->failure);
	/* Another error is reported at the end, by the last flush. */
	return standard_flush() ? 1 : 0;
}

/* Returns 1 if the reader of stdout is gone: without containers, nothing is printed. */
static int wait_second(const struct watch *w)
{
	struct pollfd fds[] = {
		{ .fd = w->timer, .events = POLLIN },
		{ .fd = STDOUT_FILENO }, /* poll() always reports POLLERR */
	};
	uint64_t expired;

	while (poll(fds, 2, -1) < 0) {
		if (errno != EINTR)
			return failed_errno(w->failure, -errno,
					    "waiting for the timer");
	}
	if (fds[1].revents & POLLERR)
		return 1;
	/* It is readable: this resets it. */
	return read(w->timer, &expired, sizeof(expired)) < 0 &&
			       errno != EAGAIN ?
		       failed_errno(w->failure, -errno,
				    "waiting for the timer") :
		       0;
}

static int start_timer(struct watch *w)
{
	const struct itimerspec second = { { 1, 0 }, { 1, 0 } };

	w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (w->timer < 0 || timerfd_settime(w->timer, 0, &second, NULL) < 0)
		return failed_errno(w->failure, -errno, "making a timer");
	return 0;
}

/* Find the ids of the kernel, so that a new container of a name is not shown as the old. */
static int find_ids(struct watch *w)
{
	const struct string_list *names = &w->options->ids;

	if (!names->n)
		return 0;
	w->ids = calloc(names->n, sizeof(*w->ids));
	if (!w->ids)
		return failed_errno(w->failure, -ENOMEM, "stats");
	for (size_t i = 0; i < names->n; i++) {
		struct target t;

		if (target_find(&t, w->table, names->strings[i], w->failure))
			return -1;
		target_close(&t);
		if (t.record.state == PURSER_STATE_EXITED)
			return target_ended(&t.record, w->failure);
		w->ids[w->n_ids++] = t.record.id;
	}
	return 0;
}

/* Until all named containers have ended; without names, until it is killed. */
static int run(struct watch *w)
{
	int r;

	if (find_ids(w) || start_timer(w) || take_samples(w))
		return -1;
	do {
		r = wait_second(w);
		if (r)
			break;
		if (take_samples(w))
			return -1;
		if (w->ids && !w->samples.now.n)
			return EXIT_OK;
		r = print(w);
	} while (!r && !w->options->no_stream);
	return r < 0 ? -1 : EXIT_OK;
}

int command_stats(const struct command_line *line, struct failure *failure)
{
	const struct words_options *o = line->options;
	struct watch w = {
		.options = o,
		.timer = -1,
		.clears = !o->json && !o->no_stream && isatty(STDOUT_FILENO),
		.failure = failure,
	};
	__cleanup_table struct purser *table = NULL;
	int status = -1;

	if (!table_open(&table, failure)) {
		w.table = table;
		status = run(&w);
	}
	cleanup_close(&w.timer);
	free(w.ids);
	sampler_free(&w.samples);
	return status;
}
