// SPDX-License-Identifier: GPL-2.0
#include "registry.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mutex.h"
#include "settings.h"

int log_registry_init(struct log_registry *r)
{
	int err;

	*r = (struct log_registry){
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.give_up_ms = LOG_NEVER,
		.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};
	TAILQ_INIT(&r->live);
	TAILQ_INIT(&r->commanded);
	TAILQ_INIT(&r->finished);
	if (r->wake_fd < 0)
		return -errno;
	r->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->event_fd >= 0)
		return 0;
	err = -errno;
	close(r->wake_fd);
	return err;
}

/* Free a source. Its mark and backlog stay for the next process. */
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
	close(r->event_fd);
	close(r->wake_fd);
}

/* The key is the first member of a source, so a pointer to a key can be compared too. */
static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The lock is held. */
static struct log_source *find(struct log_registry *r, uint64_t key)
{
	struct log_source **node = tfind(&key, &r->tree, compare);

	return node ? *node : NULL;
}

struct log_source *log_registry_find(struct log_registry *r, uint64_t key)
{
	guard_mutex(&r->lock);
	return find(r, key);
}

int log_registry_add(struct log_registry *r, struct log_source *s)
{
	struct log_source **node;

	guard_mutex(&r->lock);
	node = tsearch(s, &r->tree, compare);
	if (!node)
		return -ENOMEM;
	if (*node != s)
		return -EEXIST;
	TAILQ_INSERT_TAIL(&r->live, s, live_entry);
	return 0;
}

/* The one who waits resets the counter, so it cannot overflow, and this cannot fail. */
static void signal_fd(int fd)
{
	(void)!eventfd_write(fd, 1);
}

/* The lock is held. */
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
	guard_mutex(&r->lock);
	/* Another thread may be adding its pipes to the epoll set at this moment. */
	if (what != LOG_COMMAND_START || s->watched)
		command(r, s, what);
}

void log_registry_watched(struct log_registry *r, struct log_source *s)
{
	guard_mutex(&r->lock);
	s->watched = true;
	command(r, s, LOG_COMMAND_START);
}

void log_registry_abandon(struct log_registry *r, struct log_source *s)
{
	guard_mutex(&r->lock);
	tdelete(s, &r->tree, compare);
	TAILQ_REMOVE(&r->live, s, live_entry);
	command(r, s, LOG_COMMAND_DISCARD);
}

bool log_registry_is_overdue(struct log_registry *r, struct log_source *s)
{
	long long patience = atomic_load(&r->give_up_ms);
	long long finished = atomic_load(&s->finished_at);

	return patience != LOG_NEVER && finished &&
	       clock_ns(CLOCK_MONOTONIC) - finished >= patience * NSEC_PER_MSEC;
}

int log_registry_finish(struct log_registry *r, uint64_t key)
{
	struct log_source *s;

	guard_mutex(&r->lock);
	s = find(r, key);
	if (!s)
		return -ENOENT;
	if (s->finishing)
		return -EALREADY;
	s->finishing = true;
	atomic_store(&s->finished_at, clock_ns(CLOCK_MONOTONIC));
	command(r, s, LOG_COMMAND_FINISH);
	return 0;
}

int log_registry_claim_pipes(struct log_registry *r, uint64_t key,
			     struct log_source **s)
{
	guard_mutex(&r->lock);
	*s = find(r, key);
	if (!*s || (*s)->finishing)
		return -ENOENT;
	if ((*s)->attached)
		return -EALREADY;
	(*s)->attached = true;
	return 0;
}

int log_registry_waits(struct log_registry *r, uint64_t key)
{
	struct log_source *s;

	guard_mutex(&r->lock);
	s = find(r, key);
	return s ? atomic_load(&s->waits) : 0;
}

struct log_source *log_registry_take_finished(struct log_registry *r)
{
	struct log_source *s;
	eventfd_t count;

	guard_mutex(&r->lock);
	s = TAILQ_FIRST(&r->finished);
	if (!s)
		return NULL;
	TAILQ_REMOVE(&r->finished, s, finished_entry);
	tdelete(s, &r->tree, compare);
	if (TAILQ_EMPTY(&r->finished))
		(void)!eventfd_read(r->event_fd, &count);
	return s;
}

void log_registry_stop(struct log_registry *r)
{
	guard_mutex(&r->lock);
	r->stopping = true;
	signal_fd(r->wake_fd);
}

bool log_registry_stopping(struct log_registry *r)
{
	guard_mutex(&r->lock);
	return r->stopping;
}

struct log_source *log_registry_next_command(struct log_registry *r,
					     unsigned int *commands)
{
	struct log_source *s;
	eventfd_t count;

	guard_mutex(&r->lock);
	s = TAILQ_FIRST(&r->commanded);
	if (s) {
		TAILQ_REMOVE(&r->commanded, s, command_entry);
		*commands = s->commands;
		s->commands = 0;
	} else {
		(void)!eventfd_read(r->wake_fd, &count);
	}
	return s;
}

struct log_source *log_registry_first_ending(struct log_registry *r)
{
	struct log_source *s;

	guard_mutex(&r->lock);
	TAILQ_FOREACH(s, &r->live, live_entry) {
		if (s->finishing)
			break;
	}
	return s;
}

void log_registry_reader_done(struct log_registry *r, struct log_source *s)
{
	guard_mutex(&r->lock);
	TAILQ_REMOVE(&r->live, s, live_entry);
	if (s->commands)
		TAILQ_REMOVE(&r->commanded, s, command_entry);
	s->commands = 0;
	s->read = true;
}

void log_registry_left_ring(struct log_registry *r, struct log_source *s,
			    int64_t bytes)
{
	int64_t left = atomic_fetch_sub(&s->in_ring, bytes) - bytes;

	if (left < r->share && atomic_exchange(&s->full, false))
		log_registry_command(r, s, LOG_COMMAND_START);
}

void log_registry_writer_done(struct log_registry *r, struct log_source *s)
{
	guard_mutex(&r->lock);
	if (TAILQ_EMPTY(&r->finished))
		signal_fd(r->event_fd);
	TAILQ_INSERT_TAIL(&r->finished, s, finished_entry);
}
