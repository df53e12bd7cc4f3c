// SPDX-License-Identifier: GPL-2.0
#include "writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/report.h"

#define VIEWS	      1024
#define NSEC_PER_MSEC 1000000
#define NSEC_PER_SEC  1000000000

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
		.ring_left = log_buffer_head(buffer),
	};
	TAILQ_INIT(&w->blocked);
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
	clock_gettime(CLOCK_MONOTONIC, &w->retry_at);
	w->retry_at.tv_sec += w->retry_ms / 1000;
	w->retry_at.tv_nsec += w->retry_ms % 1000 * NSEC_PER_MSEC;
	if (w->retry_at.tv_nsec >= NSEC_PER_SEC) {
		w->retry_at.tv_nsec -= NSEC_PER_SEC;
		w->retry_at.tv_sec++;
	}
}

static bool retry_is_due(const struct log_writer *w)
{
	struct timespec now;

	if (TAILQ_EMPTY(&w->blocked))
		return false;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > w->retry_at.tv_sec ||
	       (now.tv_sec == w->retry_at.tv_sec &&
		now.tv_nsec >= w->retry_at.tv_nsec);
}

/* Its file cannot be written: @err. Said once, until it can be again. */
static void set_waiting(struct log_source *s, int err)
{
	if (!atomic_exchange(&s->waits, err))
		report(err,
		       "log %s: its container waits until it can be written",
		       s->sink.path);
}

static void block(struct log_writer *w, struct log_source *s)
{
	if (TAILQ_EMPTY(&w->blocked)) {
		w->retry_ms = LOG_RETRY_MIN_MS;
		plan_retry(w);
	}
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
		report(0, "log %s: it can be written again", s->sink.path);
}

void log_writer_adopt(struct log_writer *w, struct log_source *s)
{
	/* A later command to read it finds it unpaused, or waits for that. */
	if (!log_sink_backlog_bytes(&s->sink))
		return;
	block(w, s);
	w->retry_at = (struct timespec){ 0 };
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
	log_sink_end(&s->sink);
	log_registry_written(w->registry, s);
}

/*
 * An end that an earlier process has come to is not the end: its successor reads
 * what is left and makes one.
 */
static void clear_old_end(struct log_record *rec, bool old)
{
	if (old)
		rec->flags &= ~LOG_RECORD_END_OF_SOURCE;
}

/* The next record of its backlog; returns 1 when it was the source's last. */
static int put_held(struct log_writer *w, struct log_sink *k)
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
	clear_old_end(&rec, k->now.backlog_start < k->backlog_left);
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
	/* Each by itself: there may be room for this one and not for all. */
	err = log_sink_commit(k, w->batch);
	if (!err)
		err = rec.flags & LOG_RECORD_END_OF_SOURCE ? 1 : 0;
	return err;
}

/*
 * Its file cannot be written, and its container ended so long ago that this is
 * given up: what comes of it from now on is dropped. Returns 1 where nothing more
 * will come, else 0.
 */
static int give_up(struct log_writer *w, struct log_source *s)
{
	return log_sink_give_up(&s->sink, w->payload) ? 1 : 0;
}

static void retry_source(struct log_writer *w, struct log_source *s)
{
	struct log_sink *k = &s->sink;
	int ret = log_sink_ready(k);

	while (!ret && log_sink_backlog_bytes(k))
		ret = put_held(w, k);
	if (ret < 0) {
		log_sink_rewind(k, w->batch);
		set_waiting(s, ret);
		if (log_registry_is_overdue(w->registry, s))
			ret = give_up(w, s);
	}
	if (ret > 0) {
		end_source(w, s);
	} else if (!log_sink_backlog_bytes(k)) {
		log_backlog_remove(&k->backlog);
		k->backlog_left = 0;
	} else {
		log_backlog_drop(&k->backlog, k->now.backlog_start);
	}
	if (!ret)
		unblock(w, s);
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
 * Too much is held back already: wait, and with this thread all others. Returns
 * false in a hurry.
 */
static bool stall(struct log_writer *w)
{
	bool hurried;

	if (TAILQ_EMPTY(&w->blocked)) {
		w->retry_ms = LOG_RETRY_MIN_MS;
		plan_retry(w);
	}
	hurried = log_buffer_pause(w->buffer, &w->retry_at);
	retry_blocked(w);
	return !hurried;
}

/* The records at hand into the backlog; false where not all had room there. */
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
	if (log_marks_write(k->marks, k->slot, &k->now)) {
		k->now = k->mark;
		return false;
	}
	k->mark = k->now;
	return all;
}

/* The record is in its file, or dropped; returns 1 when the source has ended. */
static int put_view(struct log_writer *w, struct log_sink *k,
		    const struct log_view *v)
{
	struct log_record rec = v->record;
	int err = 0;

	clear_old_end(&rec, v->start < w->ring_left);
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

/* The records at hand into the file; returns 1 when the source has ended. */
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

/* How much of the ring the records at hand of one source take. */
static int64_t count_views(const struct log_writer *w, int first)
{
	int64_t bytes = 0;

	/* The reader has not counted what an earlier process put there. */
	for (int i = first; i >= 0; i = w->next_view[i])
		if (w->views[i].start >= w->ring_left)
			bytes += w->views[i].record.length;
	return bytes;
}

/*
 * Deals with the records at hand of one source. Returns false where there was no
 * place for them, in a hurry: they stay in the ring.
 */
static bool take_all(struct log_writer *w, struct log_source *s)
{
	struct log_sink *k = &s->sink;
	int first = s->first_view;
	bool held;
	int ret;

	s->first_view = -1;
	for (;;) {
		if (!k->blocked) {
			ret = write_views(w, s, first);
			if (ret >= 0)
				log_registry_took(w->registry, s,
						  count_views(w, first));
			if (ret > 0)
				end_source(w, s);
			if (ret >= 0)
				return true;
			log_sink_rewind(k, w->batch);
			set_waiting(s, ret);
		}
		if (!k->blocked && log_registry_is_overdue(w->registry, s)) {
			give_up(w, s);
			continue;
		}
		held = hold_views(w, s, first);
		/* What follows comes after what is held, however little that is. */
		if (!k->blocked && (held || log_sink_backlog_bytes(k)))
			block(w, s);
		if (held) {
			log_registry_took(w->registry, s,
					  count_views(w, first));
			return true;
		}
		if (!stall(w))
			return false;
	}
}

/* Sorts @n views by source: a list of each source's views, in order. */
static void sort(struct log_writer *w, int n, struct log_sources *sources)
{
	struct log_source *s = NULL;

	TAILQ_INIT(sources);
	for (int i = 0; i < n; i++) {
		const struct log_view *v = &w->views[i];

		if (!s || s->key != v->record.key)
			s = log_registry_find(w->registry, v->record.key);
		if (!s) {
			/* Complete already when an earlier process was killed. */
			if (v->start >= w->ring_left)
				report(0,
				       "log: %" PRIu32 " bytes of no container",
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

/* Returns false where some had to stay in the ring. */
static bool write_all(struct log_writer *w, int n)
{
	struct log_sources sources;
	struct log_source *s;
	bool all = true;

	sort(w, n, &sources);
	while ((s = TAILQ_FIRST(&sources))) {
		TAILQ_REMOVE(&sources, s, batch_entry);
		/* The source may be gone when that returns. */
		all = take_all(w, s) && all;
	}
	if (all)
		log_buffer_release(w->buffer, w->views[n - 1].end);
	return all;
}

static void tell_of_kept(struct log_writer *w)
{
	struct log_source *s;

	TAILQ_FOREACH(s, &w->blocked, blocked_entry)
		report(atomic_load(&s->waits),
		       "log %s: what could not be written is kept for the next supervisor",
		       s->sink.path);
}

void *log_writer_run(void *arg)
{
	struct log_writer *w = arg;
	bool all = true;
	int n;

	while (all) {
		n = log_buffer_peek(w->buffer, w->views, VIEWS,
				    TAILQ_EMPTY(&w->blocked) ? NULL :
							       &w->retry_at);
		if (!n)
			break;
		if (n > 0)
			all = write_all(w, n);
		if (retry_is_due(w))
			retry_blocked(w);
	}
	retry_blocked(w);
	tell_of_kept(w);
	if (!all)
		log_buffer_abandon(w->buffer);
	return NULL;
}
