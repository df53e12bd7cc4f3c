// SPDX-License-Identifier: GPL-2.0
#include "pipeline.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "buffer.h"
#include "reader.h"
#include "registry.h"
#include "writer.h"

struct log_pipeline {
	struct log_registry registry;
	struct log_buffer *buffer;
	struct log_reader reader;
	struct log_writer writer;
	pthread_t reader_thread;
	pthread_t writer_thread;
};

/* Signals are for the supervisor's thread, whatever the moment. */
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
	/* For those who look with ps or gdb; it may as well have no name. */
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
		log_buffer_close(p->buffer);
		pthread_join(p->writer_thread, NULL);
	}
	return err;
}

int log_pipeline_create(struct log_pipeline **out, const char *dir,
			size_t bytes)
{
	struct log_pipeline *p;
	int err;

	(void)dir;
	p = calloc(1, sizeof(*p));
	if (!p)
		return -ENOMEM;
	err = log_buffer_create(&p->buffer, bytes);
	if (err)
		goto out_free;
	err = log_registry_init(&p->registry);
	if (err)
		goto out_buffer;
	err = log_reader_init(&p->reader, &p->registry, p->buffer);
	if (err)
		goto out_registry;
	err = log_writer_init(&p->writer, &p->registry, p->buffer);
	if (err)
		goto out_reader;
	err = start_threads(p);
	if (err)
		goto out_writer;
	*out = p;
	return 0;

out_writer:
	log_writer_destroy(&p->writer);
out_reader:
	log_reader_destroy(&p->reader);
out_registry:
	log_registry_destroy(&p->registry);
out_buffer:
	log_buffer_destroy(p->buffer);
out_free:
	free(p);
	return err;
}

void log_pipeline_recovered(struct log_pipeline *p,
			    void (*fn)(uint64_t key, const char *path,
				       void *arg),
			    void *arg)
{
	(void)p;
	(void)fn;
	(void)arg;
}

int log_pipeline_resume(struct log_pipeline *p, uint64_t key,
			const int fds[LOG_N_STREAMS])
{
	(void)p;
	(void)key;
	(void)fds;
	return -ENOENT;
}

int log_pipeline_keep_fd(const struct log_pipeline *p)
{
	(void)p;
	return -1;
}

int log_pipeline_waits(struct log_pipeline *p, uint64_t key)
{
	(void)p;
	(void)key;
	return 0;
}

int log_pipeline_add(struct log_pipeline *p, uint64_t key,
		     const struct log_source_spec *spec)
{
	struct log_source *s;
	int err;

	s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->key = key;
	s->first_view = -1;
	/* First the key: the file may be that of a source which is live. */
	err = log_registry_add(&p->registry, s);
	if (err) {
		free(s);
		return err;
	}
	err = log_sink_open(&s->sink, spec->path);
	if (err)
		goto out_abandon;
	err = log_reader_attach(&p->reader, s, spec->fds);
	if (err)
		goto out_close;
	log_registry_command(&p->registry, s, LOG_COMMAND_START);
	return 0;

out_close:
	log_sink_close(&s->sink);
out_abandon:
	log_registry_abandon(&p->registry, s);
	return err;
}

int log_pipeline_finish(struct log_pipeline *p, uint64_t key)
{
	return log_registry_finish(&p->registry, key);
}

int log_pipeline_event_fd(const struct log_pipeline *p)
{
	return p->registry.event_fd;
}

int log_pipeline_finished(struct log_pipeline *p, uint64_t *key, int *error)
{
	struct log_source *s = log_registry_take_finished(&p->registry);

	if (!s)
		return 0;
	*key = s->key;
	*error = s->sink.error;
	free(s);
	return 1;
}

void log_pipeline_destroy(struct log_pipeline *p)
{
	if (!p)
		return;
	log_buffer_hurry(p->buffer);
	log_registry_stop(&p->registry);
	pthread_join(p->reader_thread, NULL);
	pthread_join(p->writer_thread, NULL);
	log_writer_destroy(&p->writer);
	log_reader_destroy(&p->reader);
	log_registry_destroy(&p->registry);
	log_buffer_destroy(p->buffer);
	free(p);
}
