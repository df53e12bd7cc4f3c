// SPDX-License-Identifier: GPL-2.0
#include "registry.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "settings.h"

int log_registry_init(struct log_registry *r)
{
	int err;

	*r = (struct log_registry){ .wake_fd = -1, .event_fd = -1 };
	atomic_init(&r->give_up_ms, LOG_NEVER);
	TAILQ_INIT(&r->live);
	TAILQ_INIT(&r->commanded);
	TAILQ_INIT(&r->finished);
	r->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->wake_fd < 0)
		return -errno;
	r->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->event_fd < 0) {
		err = -errno;
		goto out;
	}
	err = -pthread_mutex_init(&r->lock, NULL);
	if (!err)
		return 0;
	close(r->event_fd);
out:
	close(r->wake_fd);
	return err;
}

/* What is kept of it for the next process stays. */
static void free_source(void *node)
{
	struct log_source *s = node;

	for (int i = 0; i < LOG_N_STREAMS; i++) {
		if (s->pipes[i].fd >= 0)
			close(s->pipes[i].fd);
	}
	log_sink_close(&s->sink);
	free(s);
}

void log_registry_destroy(struct log_registry *r)
{
	tdestroy(r->tree, free_source);
	pthread_mutex_destroy(&r->lock);
	close(r->event_fd);
	close(r->wake_fd);
}

/* The key is a source's first member: a pointer to a key will do. */
static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static struct log_source *find(struct log_registry *r, uint64_t key)
{
	struct log_source **node = tfind(&key, &r->tree, compare);

	return node ? *node : NULL;
}

struct visit {
	void (*fn)(struct log_source *s, void *arg);
	void *arg;
};

static void visit(const void *node, VISIT which, void *closure)
{
	const struct visit *v = closure;

	if (which == preorder || which == leaf)
		v->fn(*(struct log_source *const *)node, v->arg);
}

void log_registry_each(struct log_registry *r,
		       void (*fn)(struct log_source *s, void *arg), void *arg)
{
	struct visit v = { fn, arg };

	twalk_r(r->tree, visit, &v);
}

int log_registry_add(struct log_registry *r, struct log_source *s)
{
	struct log_source **node;
	int err = 0;

	pthread_mutex_lock(&r->lock);
	node = tsearch(s, &r->tree, compare);
	if (!node)
		err = -ENOMEM;
	else if (*node != s)
		err = -EEXIST;
	else
		TAILQ_INSERT_TAIL(&r->live, s, live_entry);
	pthread_mutex_unlock(&r->lock);
	return err;
}

/* A counter that a reader resets cannot overflow, so that this cannot fail. */
static void signal_fd(int fd)
{
	(void)!eventfd_write(fd, 1);
}

static void command(struct log_registry *r, struct log_source *s,
		    enum log_command what)
{
	if (s->read)
		return;
	if (!s->commands)
		TAILQ_INSERT_TAIL(&r->commanded, s, command_entry);
	s->commands |= what;
	signal_fd(r->wake_fd);
}

void log_registry_command(struct log_registry *r, struct log_source *s,
			  enum log_command what)
{
	pthread_mutex_lock(&r->lock);
	/* Its pipes may be on their way into epoll at this moment. */
	if (what != LOG_COMMAND_START || s->watched)
		command(r, s, what);
	pthread_mutex_unlock(&r->lock);
}

void log_registry_watched(struct log_registry *r, struct log_source *s)
{
	pthread_mutex_lock(&r->lock);
	s->watched = true;
	command(r, s, LOG_COMMAND_START);
	pthread_mutex_unlock(&r->lock);
}

void log_registry_abandon(struct log_registry *r, struct log_source *s)
{
	pthread_mutex_lock(&r->lock);
	tdelete(s, &r->tree, compare);
	TAILQ_REMOVE(&r->live, s, live_entry);
	command(r, s, LOG_COMMAND_DISCARD);
	pthread_mutex_unlock(&r->lock);
}

/* Never 0, which stands for no time. */
static long long monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000 + 1;
}

bool log_registry_is_overdue(struct log_registry *r, struct log_source *s)
{
	long long patience = atomic_load(&r->give_up_ms);
	long long finished = atomic_load(&s->finished_at);

	return patience != LOG_NEVER && finished &&
	       monotonic_ms() - finished >= patience;
}

int log_registry_finish(struct log_registry *r, uint64_t key)
{
	struct log_source *s;
	int err = 0;

	pthread_mutex_lock(&r->lock);
	s = find(r, key);
	if (!s) {
		err = -ENOENT;
	} else if (s->finishing) {
		err = -EALREADY;
	} else {
		s->finishing = true;
		atomic_store(&s->finished_at, monotonic_ms());
		command(r, s, LOG_COMMAND_FINISH);
	}
	pthread_mutex_unlock(&r->lock);
	return err;
}

int log_registry_claim_pipes(struct log_registry *r, uint64_t key,
			     struct log_source **s)
{
	int err = 0;

	pthread_mutex_lock(&r->lock);
	*s = find(r, key);
	if (!*s || (*s)->finishing)
		err = -ENOENT;
	else if ((*s)->attached)
		err = -EALREADY;
	else
		(*s)->attached = true;
	pthread_mutex_unlock(&r->lock);
	return err;
}

int log_registry_waits(struct log_registry *r, uint64_t key)
{
	struct log_source *s;
	int err;

	pthread_mutex_lock(&r->lock);
	s = find(r, key);
	err = s ? atomic_load(&s->waits) : 0;
	pthread_mutex_unlock(&r->lock);
	return err;
}

struct log_source *log_registry_take_finished(struct log_registry *r)
{
	struct log_source *s;
	eventfd_t count;

	pthread_mutex_lock(&r->lock);
	s = TAILQ_FIRST(&r->finished);
	if (s) {
		TAILQ_REMOVE(&r->finished, s, finished_entry);
		tdelete(s, &r->tree, compare);
		if (TAILQ_EMPTY(&r->finished))
			(void)!eventfd_read(r->event_fd, &count);
	}
	pthread_mutex_unlock(&r->lock);
	return s;
}

void log_registry_stop(struct log_registry *r)
{
	pthread_mutex_lock(&r->lock);
	r->stopping = true;
	signal_fd(r->wake_fd);
	pthread_mutex_unlock(&r->lock);
}

bool log_registry_stopping(struct log_registry *r)
{
	bool stopping;

	pthread_mutex_lock(&r->lock);
	stopping = r->stopping;
	pthread_mutex_unlock(&r->lock);
	return stopping;
}

struct log_source *log_registry_next_command(struct log_registry *r,
					     unsigned int *commands)
{
	struct log_source *s;
	eventfd_t count;

	pthread_mutex_lock(&r->lock);
	s = TAILQ_FIRST(&r->commanded);
	if (s) {
		TAILQ_REMOVE(&r->commanded, s, command_entry);
		*commands = s->commands;
		s->commands = 0;
	} else {
		(void)!eventfd_read(r->wake_fd, &count);
	}
	pthread_mutex_unlock(&r->lock);
	return s;
}

struct log_source *log_registry_first_ending(struct log_registry *r)
{
	struct log_source *s;

	pthread_mutex_lock(&r->lock);
	TAILQ_FOREACH(s, &r->live, live_entry) {
		if (s->finishing)
			break;
	}
	pthread_mutex_unlock(&r->lock);
	return s;
}

void log_registry_read(struct log_registry *r, struct log_source *s)
{
	pthread_mutex_lock(&r->lock);
	TAILQ_REMOVE(&r->live, s, live_entry);
	if (s->commands)
		TAILQ_REMOVE(&r->commanded, s, command_entry);
	s->commands = 0;
	s->read = true;
	pthread_mutex_unlock(&r->lock);
}

struct log_source *log_registry_find(struct log_registry *r, uint64_t key)
{
	struct log_source *s;

	pthread_mutex_lock(&r->lock);
	s = find(r, key);
	pthread_mutex_unlock(&r->lock);
	return s;
}

void log_registry_took(struct log_registry *r, struct log_source *s,
		       int64_t bytes)
{
	int64_t left = atomic_fetch_sub(&s->in_ring, bytes) - bytes;

	if (left < r->share && atomic_exchange(&s->full, false))
		log_registry_command(r, s, LOG_COMMAND_START);
}

void log_registry_written(struct log_registry *r, struct log_source *s)
{
	pthread_mutex_lock(&r->lock);
	if (TAILQ_EMPTY(&r->finished))
		signal_fd(r->event_fd);
	TAILQ_INSERT_TAIL(&r->finished, s, finished_entry);
	pthread_mutex_unlock(&r->lock);
}
