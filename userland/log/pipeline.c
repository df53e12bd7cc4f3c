// SPDX-License-Identifier: GPL-2.0
#include "pipeline.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/paths.h"
#include "base/report.h"
#include "buffer.h"
#include "marks.h"
#include "reader.h"
#include "registry.h"
#include "ring.h"
#include "transfer.h"
#include "writer.h"

struct log_pipeline {
	char *dir;
	struct log_marks marks;
	struct log_buffer *buffer;
	struct log_transfer transfer;
	struct log_registry registry;
	struct log_reader reader;
	struct log_writer writer;
	pthread_t reader_thread;
	pthread_t writer_thread;
};

/* Start a thread with all signals blocked, so that the caller's thread gets them. */
static int start(pthread_t *thread, const char *name, void *(*run)(void *),
		 void *arg)
{
	sigset_t all, old;
	int err;

	sigfillset(&all);
	err = pthread_sigmask(SIG_SETMASK, &all, &old);
	if (err)
		return -err;
	err = pthread_create(thread, NULL, run, arg);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		return -err;
	/* The name is for ps and gdb: it does not matter if this fails. */
	(void)pthread_setname_np(*thread, name);
	return 0;
}

static int start_threads(struct log_pipeline *p)
{
	int err;

	err = start(&p->writer_thread, "log-writer", log_writer_run,
		    &p->writer);
	if (err)
		return err;
	err = start(&p->reader_thread, "log-reader", log_reader_run,
		    &p->reader);
	if (err) {
		log_buffer_hurry(p->buffer);
		log_buffer_close(p->buffer);
		pthread_join(p->writer_thread, NULL);
	}
	return err;
}

static struct log_source *new_source(void)
{
	struct log_source *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->first_view = -1;
	s->sink = LOG_NO_SINK;
	for (int i = 0; i < LOG_N_STREAMS; i++)
		s->pipes[i].fd = -1;
	return s;
}

/* Recover the source of a slot of the marks, if it has one. */
static int recover_slot(struct log_pipeline *p, uint32_t slot)
{
	struct log_source *s = new_source();
	struct log_sink *k = &s->sink;
	int ret;

	if (!s)
		return -ENOMEM;
	ret = log_sink_recover(k, &p->marks, p->dir, slot);
	if (ret <= 0) {
		free(s);
		return ret;
	}
	/* The ring is a new one: somebody has removed the old one. */
	if (k->mark.ring_done > log_buffer_head(p->buffer)) {
		k->mark.ring_done = 0;
		k->now.ring_done = 0;
	}
	s->key = k->mark.key;
	s->recovered = true;
	ret = log_registry_add(&p->registry, s);
	if (ret) {
		log_sink_close(k);
		free(s);
		return ret == -EEXIST ? -EBADMSG : ret;
	}
	log_writer_adopt(&p->writer, s);
	return 0;
}

static int recover(struct log_pipeline *p)
{
	int err = 0;

	for (uint32_t i = 0; !err && i < p->marks.n_slots; i++)
		err = recover_slot(p, i);
	return err;
}

static int open_files(struct log_pipeline *p, size_t bytes)
{
	int err;

	err = log_marks_open(&p->marks, p->dir);
	if (err)
		return err;
	err = log_buffer_open(&p->buffer, p->dir, bytes);
	if (err)
		goto out_marks;
	err = log_transfer_open(&p->transfer, p->buffer, p->dir);
	if (!err)
		return 0;
	log_buffer_free(p->buffer);
out_marks:
	log_marks_close(&p->marks);
	return err;
}

static void close_files(struct log_pipeline *p)
{
	log_transfer_close(&p->transfer);
	log_buffer_free(p->buffer);
	log_marks_close(&p->marks);
}

static int start_all(struct log_pipeline *p)
{
	int err;

	err = log_registry_init(&p->registry);
	if (err)
		return err;
	err = log_reader_init(&p->reader, &p->registry, &p->transfer);
	if (err)
		goto out_registry;
	err = log_writer_init(&p->writer, &p->registry, p->buffer);
	if (err)
		goto out_reader;
	err = recover(p);
	if (!err)
		err = start_threads(p);
	if (!err)
		return 0;

	log_writer_destroy(&p->writer);
out_reader:
	log_reader_destroy(&p->reader);
out_registry:
	log_registry_destroy(&p->registry);
	return err;
}

int log_pipeline_create(struct log_pipeline **out, const char *dir,
			size_t bytes)
{
	struct log_pipeline *p;
	int err;

	if (bytes < LOG_BUFFER_MIN)
		return -EINVAL;
	p = calloc(1, sizeof(*p));
	if (!p)
		return -ENOMEM;
	p->dir = strdup(dir);
	err = p->dir ? open_files(p, bytes) : -ENOMEM;
	if (!err) {
		err = start_all(p);
		if (err)
			close_files(p);
	}
	if (err) {
		free(p->dir);
		free(p);
		return err;
	}
	*out = p;
	return 0;
}

void log_pipeline_recovered(struct log_pipeline *p,
			    void (*fn)(uint64_t key, const char *path,
				       void *arg),
			    void *arg)
{
	struct log_source *s;

	TAILQ_FOREACH(s, &p->registry.live, live_entry) {
		if (s->recovered)
			fn(s->key, s->sink.path, arg);
	}
}

int log_pipeline_resume(struct log_pipeline *p, uint64_t key,
			const int fds[LOG_N_STREAMS])
{
	struct log_source *s;
	int err = log_registry_claim_pipes(&p->registry, key, &s);

	if (!err)
		err = log_reader_attach(&p->reader, s, fds);
	if (!err)
		log_registry_watched(&p->registry, s);
	return err;
}

int log_pipeline_keep_fd(const struct log_pipeline *p)
{
	return p->transfer.fd;
}

int log_pipeline_add(struct log_pipeline *p, uint64_t key,
		     const struct log_source_spec *spec)
{
	struct log_source *s = new_source();
	int err;

	if (!s)
		return -ENOMEM;
	s->key = key;
	s->attached = true;
	/* Check the key before the file is opened: it may be that of a live source. */
	err = log_registry_add(&p->registry, s);
	if (err) {
		free(s);
		return err;
	}
	err = log_sink_open(&s->sink, &p->marks, p->dir, key, spec->path,
			    &spec->settings);
	if (err)
		goto out_abandon;
	err = log_reader_attach(&p->reader, s, spec->fds);
	if (err)
		goto out_end;
	log_registry_watched(&p->registry, s);
	return 0;

out_end:
	log_sink_end(&s->sink);
out_abandon:
	log_registry_abandon(&p->registry, s);
	return err;
}

int log_pipeline_waits(struct log_pipeline *p, uint64_t key)
{
	return log_registry_waits(&p->registry, key);
}

int log_pipeline_finish(struct log_pipeline *p, uint64_t key)
{
	return log_registry_finish(&p->registry, key);
}

int log_pipeline_event_fd(const struct log_pipeline *p)
{
	return p->registry.event_fd;
}

void log_pipeline_set_give_up(struct log_pipeline *p, int64_t ms)
{
	atomic_store(&p->registry.give_up_ms, ms);
}

int log_pipeline_finished(struct log_pipeline *p, uint64_t *key, int *error,
			  uint64_t *lost)
{
	struct log_source *s = log_registry_take_finished(&p->registry);

	if (!s)
		return 0;
	*key = s->key;
	*error = s->sink.error;
	*lost = s->sink.lost;
	free(s);
	return 1;
}

/* Remove all files: there is nothing left for a next process. */
static void remove_files(const struct log_pipeline *p)
{
	static const char *const names[] = { LOG_RING_FILE, LOG_TRANSFER_FIFO,
					     LOG_MARKS_FILE };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		__cleanup_free char *path = path_join(p->dir, names[i], "");

		if (path && unlink(path) < 0)
			report_warning_errno(-errno, "removing %s", path);
	}
}

void log_pipeline_destroy(struct log_pipeline *p)
{
	bool empty;

	if (!p)
		return;
	log_buffer_hurry(p->buffer);
	log_registry_stop(&p->registry);
	pthread_join(p->reader_thread, NULL);
	pthread_join(p->writer_thread, NULL);
	log_writer_destroy(&p->writer);
	log_reader_destroy(&p->reader);
	log_registry_destroy(&p->registry);
	empty = log_buffer_is_empty(p->buffer) && log_marks_empty(&p->marks);
	close_files(p);
	if (empty)
		remove_files(p);
	free(p->dir);
	free(p);
}
