// SPDX-License-Identifier: GPL-2.0
#include "writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "report.h"

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
		.retry = malloc(sizeof(*w->retry)),
		.held_max = 2 * log_buffer_size(buffer) + LOG_BATCH_COPY,
	};
	TAILQ_INIT(&w->blocked);
	if (!w->views || !w->next_view || !w->batch || !w->retry) {
		log_writer_destroy(w);
		return -ENOMEM;
	}
	log_batch_reset(w->batch);
	log_batch_reset(w->retry);
	return 0;
}

void log_writer_destroy(struct log_writer *w)
{
	free(w->views);
	free(w->next_view);
	free(w->batch);
	free(w->retry);
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

static void count_held(struct log_writer *w, struct log_sink *k)
{
	size_t bytes = log_backlog_bytes(&k->backlog);

	w->held += bytes - k->counted;
	k->counted = bytes;
}

static void block(struct log_writer *w, struct log_source *s, int err)
{
	if (TAILQ_EMPTY(&w->blocked)) {
		w->retry_ms = LOG_RETRY_MIN_MS;
		plan_retry(w);
	}
	TAILQ_INSERT_TAIL(&w->blocked, s, blocked_entry);
	s->sink.blocked = true;
	atomic_store(&s->paused, true);
	report(err, "log %s: its container waits until it can be written",
	       s->sink.path);
}

static void unblock(struct log_writer *w, struct log_source *s)
{
	TAILQ_REMOVE(&w->blocked, s, blocked_entry);
	s->sink.blocked = false;
	atomic_store(&s->paused, false);
	log_registry_command(w->registry, s, LOG_COMMAND_START);
	if (!s->sink.gave_up)
		report(0, "log %s: it can be written again", s->sink.path);
}

static void end_source(struct log_writer *w, struct log_source *s)
{
	if (s->sink.blocked)
		TAILQ_REMOVE(&w->blocked, s, blocked_entry);
	log_sink_close(&s->sink);
	log_registry_written(w->registry, s);
}

/* Moves on to the next of what is held back for a file. */
static int put_held(struct log_writer *w, struct log_sink *k,
		    struct log_record *rec)
{
	struct iovec data[2];
	int err;

	err = log_sink_flush_backlog(k);
	if (err)
		return err;
	if (!log_backlog_peek(&k->backlog, rec, data))
		return log_sink_flush(k, w->retry);
	err = log_sink_put(k, w->retry, rec, data);
	if (!err && (rec->flags & LOG_RECORD_END_OF_SOURCE))
		err = log_sink_flush(k, w->retry);
	if (err) {
		log_backlog_shift(&k->backlog, rec);
		return err;
	}
	log_backlog_pop(&k->backlog);
	return 1;
}

/* Puts back what was taken out for a write that has failed. */
static void hold_again(struct log_writer *w, struct log_sink *k)
{
	while (log_backlog_hold(&k->backlog, w->retry)) {
		/* There is no memory for it: all wait for this file. */
		plan_retry(w);
		if (log_buffer_pause(w->buffer, &w->retry_at))
			k->gave_up = true;
		if (!log_sink_flush(k, w->retry))
			return;
	}
}

static void retry_source(struct log_writer *w, struct log_source *s)
{
	struct log_record rec = { 0 };
	struct log_sink *k = &s->sink;
	int ret;

	for (;;) {
		ret = put_held(w, k, &rec);
		if (ret < 0 && log_buffer_hurried(w->buffer))
			k->gave_up = true;
		else if (ret <= 0 || (rec.flags & LOG_RECORD_END_OF_SOURCE))
			break;
	}
	if (ret < 0)
		hold_again(w, k);
	count_held(w, k);
	if (ret > 0)
		end_source(w, s);
	else if (!ret)
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

/* Too much is held back already: wait, and with this thread all others. */
static void stall(struct log_writer *w)
{
	if (TAILQ_EMPTY(&w->blocked)) {
		w->retry_ms = LOG_RETRY_MIN_MS;
		plan_retry(w);
	}
	log_buffer_pause(w->buffer, &w->retry_at);
	retry_blocked(w);
}

/* The batch could not be written: @err. Afterwards writing goes on. */
static void cope(struct log_writer *w, struct log_source *s, int err)
{
	struct log_sink *k = &s->sink;

	if (log_buffer_hurried(w->buffer)) {
		k->gave_up = true;
	} else if (w->held + w->batch->bytes <= w->held_max &&
		   !log_backlog_hold(&k->backlog, w->batch)) {
		count_held(w, k);
		block(w, s, err);
	} else {
		stall(w);
	}
}

static bool hold(struct log_writer *w, struct log_sink *k,
		 const struct log_record *rec, const struct iovec data[2])
{
	if (w->held + sizeof(*rec) + rec->length > w->held_max ||
	    log_backlog_add(&k->backlog, rec, data))
		return false;
	count_held(w, k);
	return true;
}

/* Returns whether that was the last record of @s, which is gone then. */
static bool take(struct log_writer *w, struct log_source *s,
		 const struct log_view *v)
{
	struct iovec data[2] = { v->data[0], v->data[1] };
	struct log_record rec = v->record;
	struct log_sink *k = &s->sink;
	bool last = rec.flags & LOG_RECORD_END_OF_SOURCE;
	int err;

	for (;;) {
		if (k->blocked) {
			if (hold(w, k, &rec, data))
				return last;
			stall(w);
			continue;
		}
		err = log_sink_put(k, w->batch, &rec, data);
		if (!err && last)
			err = log_sink_flush(k, w->batch);
		if (!err)
			break;
		cope(w, s, err);
	}
	if (last)
		end_source(w, s);
	return last;
}

static void take_all(struct log_writer *w, struct log_source *s)
{
	int i = s->first_view;
	int err;

	s->first_view = -1;
	for (; i >= 0; i = w->next_view[i]) {
		if (take(w, s, &w->views[i]))
			return;
	}
	while (!s->sink.blocked &&
	       (err = log_sink_flush(&s->sink, w->batch)) != 0)
		cope(w, s, err);
}

/* Sorts @n views by source: a list of each source's views, in order. */
static void sort(struct log_writer *w, int n, struct log_sources *sources)
{
	struct log_source *s = NULL;

	TAILQ_INIT(sources);
	for (int i = 0; i < n; i++) {
		uint64_t key = w->views[i].record.key;

		if (!s || s->key != key)
			s = log_registry_find(w->registry, key);
		if (!s) {
			report(0, "log: %" PRIu32 " bytes of no container",
			       w->views[i].record.length);
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

static void write_views(struct log_writer *w, int n)
{
	struct log_sources sources;
	struct log_source *s;

	sort(w, n, &sources);
	while ((s = TAILQ_FIRST(&sources))) {
		TAILQ_REMOVE(&sources, s, batch_entry);
		take_all(w, s);
	}
	log_buffer_release(w->buffer, w->views[n - 1].end);
}

void *log_writer_run(void *arg)
{
	struct log_writer *w = arg;
	int n;

	for (;;) {
		n = log_buffer_peek(w->buffer, w->views, VIEWS,
				    TAILQ_EMPTY(&w->blocked) ? NULL :
							       &w->retry_at);
		if (!n)
			break;
		if (n > 0)
			write_views(w, n);
		if (retry_is_due(w))
			retry_blocked(w);
	}
	retry_blocked(w);
	return NULL;
}
