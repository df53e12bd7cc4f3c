// SPDX-License-Identifier: GPL-2.0
#include "writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/report.h"

#define VIEWS 1024

int log_writer_init(struct log_writer *w, struct log_registry *registry,
		    struct log_buffer *buffer)
{
	*w = (struct log_writer){
		.registry = registry,
		.buffer = buffer,
		.views = calloc(VIEWS, sizeof(*w->views)),
		.next_view = calloc(VIEWS, sizeof(*w->next_view)),
		.batch = malloc(sizeof(*w->batch)),
		.payload = malloc(LOG_BACKLOG_RECORD_MAX),
		.old_ring = log_buffer_head(buffer),
		.old_left = !log_buffer_is_empty(buffer),
		.began = clock_ns(CLOCK_REALTIME),
	};
	TAILQ_INIT(&w->blocked);
	TAILQ_INIT(&w->open);
	if (!w->views || !w->next_view || !w->batch || !w->payload) {
		log_writer_destroy(w);
		return -ENOMEM;
	}
	log_batch_reset(w->batch);
	return 0;
}

void log_writer_destroy(struct log_writer *w)
{
	free(w->views);
	free(w->next_view);
	free(w->batch);
	free(w->payload);
}

static void plan_retry(struct log_writer *w)
{
	w->retry_at = clock_ns(CLOCK_MONOTONIC) + w->retry_ms * NSEC_PER_MSEC;
}

static void plan_first_retry(struct log_writer *w)
{
	w->retry_ms = LOG_RETRY_MIN_MS;
	plan_retry(w);
}

/* When there is something to do even if no record comes. */
static int64_t next_deadline(const struct log_writer *w)
{
	const struct log_source *open = TAILQ_FIRST(&w->open);

	if (!open)
		return TAILQ_EMPTY(&w->blocked) ? LOG_NEVER : w->retry_at;
	if (!TAILQ_EMPTY(&w->blocked) && w->retry_at < open->open_until)
		return w->retry_at;
	return open->open_until;
}

static bool retry_is_due(const struct log_writer *w)
{
	return !TAILQ_EMPTY(&w->blocked) &&
	       clock_ns(CLOCK_MONOTONIC) >= w->retry_at;
}

/* Its file cannot be written, for @err. Report that once, until it can be again. */
static void set_waiting(struct log_source *s, int err)
{
	if (!atomic_exchange(&s->waits, err))
		report_warning_errno(
			err,
			"log %s: its container waits until it can be written",
			s->sink.path);
}

static void forget_open(struct log_writer *w, struct log_source *s)
{
	if (s->open_until)
		TAILQ_REMOVE(&w->open, s, open_entry);
	s->open_until = 0;
}

/* Records of it were written: if a line is unfinished now, wait for more again. */
static void look_for_open(struct log_writer *w, struct log_source *s)
{
	forget_open(w, s);
	if (s->sink.blocked || s->sink.given_up || !log_sink_is_open(&s->sink))
		return;
	s->open_until = clock_ns(CLOCK_MONOTONIC) +
			LOG_OPEN_LINE_MS * NSEC_PER_MSEC;
	TAILQ_INSERT_TAIL(&w->open, s, open_entry);
}

/* If that fails, the next record finds out, and handles it. */
static void write_open(struct log_writer *w, struct log_source *s)
{
	struct log_sink *k = &s->sink;
	int err = log_sink_ready(k);

	forget_open(w, s);
	if (!err)
		err = log_sink_put_open(k, w->batch);
	if (!err)
		err = log_sink_commit(k, w->batch);
	if (err)
		log_sink_rewind(k, w->batch);
}

/*
 * Not as long as records of an earlier process are in the ring: they may have the rest of
 * a line, and their times are before that of the part.
 */
static void write_due(struct log_writer *w)
{
	struct log_source *s = w->old_left ? NULL : TAILQ_FIRST(&w->open);
	int64_t now = s ? clock_ns(CLOCK_MONOTONIC) : 0;

	while (s && s->open_until <= now) {
		write_open(w, s);
		s = TAILQ_FIRST(&w->open);
	}
}

static void block(struct log_writer *w, struct log_source *s)
{
	forget_open(w, s);
	if (TAILQ_EMPTY(&w->blocked))
		plan_first_retry(w);
	TAILQ_INSERT_TAIL(&w->blocked, s, blocked_entry);
	s->sink.blocked = true;
	atomic_store(&s->paused, true);
}

static void unblock(struct log_writer *w, struct log_source *s)
{
	TAILQ_REMOVE(&w->blocked, s, blocked_entry);
	s->sink.blocked = false;
	atomic_store(&s->paused, false);
	log_registry_command(w->registry, s, LOG_COMMAND_START);
	if (s->sink.given_up)
		return;
	if (atomic_exchange(&s->waits, 0))
		report_info("log %s: it can be written again", s->sink.path);
}

void log_writer_adopt(struct log_writer *w, struct log_source *s)
{
	s->sink.time = w->began;
	look_for_open(w, s);
	/* Without a backlog it is not paused: it is read once it has its pipes. */
	if (!log_sink_backlog_bytes(&s->sink))
		return;
	block(w, s);
	w->retry_at = 0;
}

static void end_source(struct log_writer *w, struct log_source *s)
{
	if (s->sink.blocked)
		TAILQ_REMOVE(&w->blocked, s, blocked_entry);
	if (s->sink.given_up)
		report(s->sink.error,
		       "log %s: given up, %" PRIu64
		       " bytes of its container's output are lost",
		       s->sink.path, s->sink.lost);
	forget_open(w, s);
	log_sink_end(&s->sink);
	log_registry_writer_done(w->registry, s);
}

/*
 * The last record that an earlier process has put is not the last one any more: the
 * reader of this process reads what the pipes hold now, and puts another one.
 */
static void clear_old_end(struct log_record *rec, bool old)
{
	if (old)
		rec->flags &= ~LOG_RECORD_END_OF_SOURCE;
}

/* Write the next record of the backlog; returns 1 if it is the last of the source. */
static int write_held(struct log_writer *w, struct log_sink *k)
{
	struct log_record rec;
	struct iovec data[2] = { { w->payload, 0 }, { w->payload, 0 } };
	int64_t next;
	int err;

	next = log_backlog_get(&k->backlog, k->now.backlog_start,
			       k->now.backlog_end, &rec, w->payload);
	if (next < 0)
		return next;
	data[0].iov_len = rec.length;
	clear_old_end(&rec, k->now.backlog_start < k->old_backlog);
	err = log_sink_reserve(k, &rec, w->payload);
	if (!err)
		err = log_sink_put(k, w->batch, &rec, data);
	if (err)
		return err;
	k->now.skip = 0;
	k->now.backlog_start = next;
	if ((uint64_t)next == k->now.backlog_end) {
		k->now.backlog_start = 0;
		k->now.backlog_end = 0;
	}
	/* Commit each record: there may be space for this one, but not for all. */
	err = log_sink_commit(k, w->batch);
	if (!err)
		err = rec.flags & LOG_RECORD_END_OF_SOURCE ? 1 : 0;
	return err;
}

/* Write as much of the backlog as possible. */
static void retry_source(struct log_writer *w, struct log_source *s)
{
	struct log_sink *k = &s->sink;
	int ret = log_sink_ready(k);

	while (!ret && log_sink_backlog_bytes(k))
		ret = write_held(w, k);
	if (ret < 0) {
		log_sink_rewind(k, w->batch);
		set_waiting(s, ret);
		if (log_registry_is_overdue(w->registry, s))
			ret = log_sink_give_up(k, w->payload);
	}
	if (ret > 0) {
		end_source(w, s);
	} else if (!log_sink_backlog_bytes(k)) {
		log_backlog_remove(&k->backlog);
		k->old_backlog = 0;
	} else {
		log_backlog_drop(&k->backlog, k->now.backlog_start);
	}
	if (!ret) {
		unblock(w, s);
		look_for_open(w, s);
	}
}

static void retry_blocked(struct log_writer *w)
{
	struct log_source *s, *next;

	w->retry_ms *= 2;
	if (w->retry_ms > LOG_RETRY_MAX_MS)
		w->retry_ms = LOG_RETRY_MAX_MS;
	for (s = TAILQ_FIRST(&w->blocked); s; s = next) {
		next = TAILQ_NEXT(s, blocked_entry);
		retry_source(w, s);
	}
	plan_retry(w);
}

/*
 * The backlog cannot be written either: wait, and so all containers wait. Returns false
 * after log_buffer_hurry().
 */
static bool stall(struct log_writer *w)
{
	bool hurried;

	if (TAILQ_EMPTY(&w->blocked))
		plan_first_retry(w);
	hurried = log_buffer_pause(w->buffer, w->retry_at);
	retry_blocked(w);
	return !hurried;
}

/* Move the records at hand to the backlog; false: not all of them fit. */
static bool hold_views(struct log_writer *w, struct log_source *s, int first)
{
	struct log_sink *k = &s->sink;
	bool all = true;

	for (int i = first; i >= 0; i = w->next_view[i]) {
		const struct log_view *v = &w->views[i];
		bool next = !log_sink_backlog_bytes(k);

		if (v->end <= k->now.ring_done)
			continue;
		if (log_backlog_add(&k->backlog, &k->now.backlog_end,
				    &v->record, v->data,
				    next ? k->now.skip : 0)) {
			all = false;
			break;
		}
		if (next)
			k->now.skip = 0;
		k->now.ring_done = v->end;
	}
	if (!log_sink_commit_mark(k))
		return all;
	k->now = k->mark;
	return false;
}

/* Put a record into the file, or drop it; returns 1 if it is the last of the source. */
static int put_view(struct log_writer *w, struct log_sink *k,
		    const struct log_view *v)
{
	struct log_record rec = v->record;
	int err = 0;

	clear_old_end(&rec, v->start < w->old_ring);
	if (k->given_up)
		log_sink_drop(k, v);
	else
		err = log_sink_put(k, w->batch, &rec, v->data);
	if (err)
		return err;
	k->now.ring_done = v->end;
	k->now.skip = 0;
	return rec.flags & LOG_RECORD_END_OF_SOURCE ? 1 : 0;
}

/* Write the records at hand to the file; returns 1 if one is the last of the source. */
static int write_views(struct log_writer *w, struct log_source *s, int first)
{
	struct log_sink *k = &s->sink;
	int ret = k->given_up ? 0 : log_sink_ready(k);
	int err;

	for (int i = first; !ret && i >= 0; i = w->next_view[i]) {
		const struct log_view *v = &w->views[i];

		if (v->end > k->now.ring_done)
			ret = put_view(w, k, v);
	}
	if (ret < 0)
		return ret;
	err = log_sink_commit(k, w->batch);
	return err ? err : ret;
}

/* The payload of the records at hand of one source, in bytes. */
static int64_t count_views(const struct log_writer *w, int first)
{
	int64_t bytes = 0;

	/* The reader did not count the records of an earlier process. */
	for (int i = first; i >= 0; i = w->next_view[i])
		if (w->views[i].start >= w->old_ring)
			bytes += w->views[i].record.length;
	return bytes;
}

/*
 * Write the records at hand of one source to its file, or drop them if it is given up.
 * Returns false if the file cannot be written; else the source may be gone.
 */
static bool write_source(struct log_writer *w, struct log_source *s, int first)
{
	int ret;

	while ((ret = write_views(w, s, first)) < 0) {
		log_sink_rewind(&s->sink, w->batch);
		set_waiting(s, ret);
		if (!log_registry_is_overdue(w->registry, s))
			return false;
		log_sink_give_up(&s->sink, w->payload);
	}
	log_registry_left_ring(w->registry, s, count_views(w, first));
	if (ret > 0)
		end_source(w, s);
	else
		look_for_open(w, s);
	return true;
}

/*
 * Take the records at hand of one source out of the ring. Returns false if neither file
 * nor backlog takes them, after log_buffer_hurry(): they stay in the ring.
 */
static bool take_source(struct log_writer *w, struct log_source *s)
{
	struct log_sink *k = &s->sink;
	int first = s->first_view;
	bool held;

	s->first_view = -1;
	for (;;) {
		if (!k->blocked && write_source(w, s, first))
			return true;
		held = hold_views(w, s, first);
		/* Later records must not overtake those in the backlog. */
		if (!k->blocked && (held || log_sink_backlog_bytes(k)))
			block(w, s);
		if (held) {
			log_registry_left_ring(w->registry, s,
					       count_views(w, first));
			return true;
		}
		if (!stall(w))
			return false;
	}
}

/* Sort @n views by source: make a list of the views of each source, in order. */
static void sort(struct log_writer *w, int n, struct log_sources *sources)
{
	struct log_source *s = NULL;

	TAILQ_INIT(sources);
	for (int i = 0; i < n; i++) {
		const struct log_view *v = &w->views[i];

		if (!s || s->key != v->record.key)
			s = log_registry_find(w->registry, v->record.key);
		if (!s) {
			/* A record of an earlier process may be of a complete log. */
			if (v->start >= w->old_ring)
				report(0,
				       "log: %" PRIu32
				       " bytes of an unknown container",
				       v->record.length);
			continue;
		}
		w->next_view[i] = -1;
		if (s->first_view < 0) {
			s->first_view = i;
			TAILQ_INSERT_TAIL(sources, s, batch_entry);
		} else {
			w->next_view[s->last_view] = i;
		}
		s->last_view = i;
	}
}

/* Take @n records out of the ring. Returns false if some must stay in it. */
static bool take_all(struct log_writer *w, int n)
{
	struct log_sources sources;
	struct log_source *s;
	bool all = true;

	sort(w, n, &sources);
	while ((s = TAILQ_FIRST(&sources))) {
		TAILQ_REMOVE(&sources, s, batch_entry);
		/* When this returns the source may be gone. */
		all = take_source(w, s) && all;
	}
	if (all) {
		log_buffer_release(w->buffer, w->views[n - 1].end);
		w->old_left = w->views[n - 1].end < w->old_ring;
	}
	return all;
}

static void report_kept(struct log_writer *w)
{
	struct log_source *s;

	TAILQ_FOREACH(s, &w->blocked, blocked_entry)
		report_warning_errno(
			atomic_load(&s->waits),
			"log %s: output that could not be written is kept for the next supervisor",
			s->sink.path);
}

void *log_writer_run(void *arg)
{
	struct log_writer *w = arg;
	bool all = true;
	int n;

	while (all) {
		n = log_buffer_peek(w->buffer, w->views, VIEWS,
				    next_deadline(w));
		if (!n)
			break;
		if (n > 0)
			all = take_all(w, n);
		if (retry_is_due(w))
			retry_blocked(w);
		write_due(w);
	}
	retry_blocked(w);
	report_kept(w);
	if (!all)
		log_buffer_abandon(w->buffer);
	return NULL;
}
