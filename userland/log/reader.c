// SPDX-License-Identifier: GPL-2.0
#include "reader.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/report.h"

#define EVENTS 64

/* See gather(): a turn comes soon, and brings few bytes. */
#define SOON_NS	  100000
#define FEW_BYTES 32768

int log_reader_init(struct log_reader *r, struct log_registry *registry,
		    struct log_transfer *transfer)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = NULL };
	size_t max = log_buffer_size(transfer->buffer) / 4;
	int err;

	registry->share = max;
	*r = (struct log_reader){
		.registry = registry,
		.buffer = transfer->buffer,
		.transfer = transfer,
		.max = max < LOG_READ_MAX ? max : LOG_READ_MAX,
	};
	/* When the buffer is nearly full, do not read a few bytes at a time. */
	r->min = r->max / 4;
	/* If this fails, here or below, the turns are smaller. */
	(void)!fcntl(transfer->fd, F_SETPIPE_SZ, LOG_READ_MAX);
	r->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (r->epoll_fd < 0)
		return -errno;
	if (!epoll_ctl(r->epoll_fd, EPOLL_CTL_ADD, registry->wake_fd, &ev))
		return 0;
	err = -errno;
	close(r->epoll_fd);
	return err;
}

void log_reader_destroy(struct log_reader *r)
{
	close(r->epoll_fd);
}

/*
 * The events of a muted pipe: epoll reports EPOLLHUP whatever the mask, but with
 * EPOLLONESHOT only once. Adding a removed pipe again would need memory, this does not.
 */
#define MUTED EPOLLONESHOT

static int watch(struct log_reader *r, int op, struct log_pipe *pipe, int fd,
		 uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = pipe };

	return epoll_ctl(r->epoll_fd, op, fd, &ev) ? -errno : 0;
}

static int set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

int log_reader_attach(struct log_reader *r, struct log_source *s,
		      const int fds[LOG_N_STREAMS])
{
	int n, err;

	/* Muted: the reader then ignores its events, and reads no other field. */
	for (n = 0; n < LOG_N_STREAMS; n++) {
		s->pipes[n] = (struct log_pipe){
			.source = s,
			.stream = n,
			.fd = fds[n],
			.muted = true,
		};
	}
	for (n = 0; n < LOG_N_STREAMS; n++) {
		(void)!fcntl(fds[n], F_SETPIPE_SZ, LOG_READ_MAX);
		err = set_nonblocking(fds[n]);
		if (err)
			goto out;
		err = watch(r, EPOLL_CTL_ADD, &s->pipes[n], fds[n], MUTED);
		if (err)
			goto out;
	}
	return 0;
out:
	while (n--)
		epoll_ctl(r->epoll_fd, EPOLL_CTL_DEL, fds[n], NULL);
	for (n = 0; n < LOG_N_STREAMS; n++)
		s->pipes[n].fd = -1;
	return err;
}

static void set_muted(struct log_reader *r, struct log_pipe *pipe, bool muted)
{
	int err;

	if (pipe->fd < 0 || pipe->muted == muted)
		return;
	pipe->muted = muted;
	err = watch(r, EPOLL_CTL_MOD, pipe, pipe->fd, muted ? MUTED : EPOLLIN);
	if (err)
		report_warning_errno(err, "log %s: watching its pipe",
				     pipe->source->sink.path);
}

/* Put a record without payload. Returns false if the ring is abandoned. */
static bool put_end(struct log_reader *r, struct log_source *s,
		    enum log_stream stream, enum log_record_flags flag)
{
	struct log_record rec = {
		.key = s->key,
		.stream = stream,
		.flags = flag,
		.time = clock_ns(CLOCK_REALTIME),
	};
	struct iovec data[2];

	if (log_buffer_reserve(r->buffer, 0, 0, data) < 0)
		return false;
	log_buffer_commit(r->buffer, &rec);
	return true;
}

/* Returns what log_transfer() does. */
static ssize_t take(struct log_reader *r, struct log_pipe *pipe, size_t max)
{
	ssize_t n = log_transfer(r->transfer, pipe->fd, pipe->source->key,
				 pipe->stream, max < r->min ? max : r->min,
				 max);

	if (n > 0) {
		r->taken += n;
		atomic_fetch_add(&pipe->source->in_ring, n);
	}
	return n;
}

/* Returns false if the ring is abandoned. */
static bool end_pipe(struct log_reader *r, struct log_pipe *pipe)
{
	if (!put_end(r, pipe->source, pipe->stream, LOG_RECORD_END_OF_STREAM))
		return false;
	/* close() is not enough: a child may have a copy of the descriptor. */
	epoll_ctl(r->epoll_fd, EPOLL_CTL_DEL, pipe->fd, NULL);
	cleanup_close(&pipe->fd);
	return true;
}

static void mute_all(struct log_reader *r, struct log_source *s, bool muted)
{
	for (int i = 0; i < LOG_N_STREAMS; i++)
		set_muted(r, &s->pipes[i], muted);
}

/*
 * Stop reading a source that has its share of the ring. The writer may have taken some
 * records just before it could see the flag: so look again.
 */
static void mute_if_full(struct log_reader *r, struct log_source *s)
{
	if (atomic_load(&s->in_ring) < r->registry->share)
		return;
	mute_all(r, s, true);
	atomic_store(&s->full, true);
	if (atomic_load(&s->in_ring) < r->registry->share &&
	    atomic_exchange(&s->full, false))
		mute_all(r, s, false);
}

static void read_pipe(struct log_reader *r, struct log_pipe *pipe)
{
	ssize_t n = take(r, pipe, r->max);

	if (n > 0)
		mute_if_full(r, pipe->source);
	if (n > 0 || n == -EAGAIN || n == -EPIPE)
		return;
	if (n < 0)
		report(n, "log %s: reading the container's output",
		       pipe->source->sink.path);
	end_pipe(r, pipe);
}

/*
 * Read the bytes that are in the pipe now, and close it. This does not read until the pipe
 * is empty: a process outside the container that keeps writing to it would make that last
 * for ever. Returns false if the source is paused or the ring is abandoned before that.
 */
static bool drain_pipe(struct log_reader *r, struct log_pipe *pipe,
		       bool stopping)
{
	int left;

	if (pipe->fd < 0)
		return true;
	if (ioctl(pipe->fd, FIONREAD, &left))
		left = INT_MAX;
	while (left > 0) {
		size_t max = (size_t)left < r->max ? (size_t)left : r->max;
		ssize_t n;

		if (!stopping && atomic_load(&pipe->source->paused))
			return false;
		n = take(r, pipe, max);
		if (n == -EPIPE)
			return false;
		if (n <= 0)
			break;
		left -= n;
	}
	return end_pipe(r, pipe);
}

/*
 * Read the source to its end, and put its last record. As soon as the writer sees that,
 * @s may be freed. If the source is paused, this returns false, and is called again after
 * the LOG_COMMAND_START that follows.
 */
static bool end_source(struct log_reader *r, struct log_source *s,
		       bool stopping)
{
	for (int i = 0; i < LOG_N_STREAMS; i++) {
		if (!drain_pipe(r, &s->pipes[i], stopping))
			return false;
	}
	log_registry_reader_done(r->registry, s);
	return put_end(r, s, 0, LOG_RECORD_END_OF_SOURCE);
}

static void execute(struct log_reader *r, struct log_source *s,
		    unsigned int commands)
{
	if (commands & LOG_COMMAND_DISCARD) {
		free(s);
		return;
	}
	if (commands & LOG_COMMAND_FINISH)
		s->ending = true;
	if (s->ending)
		end_source(r, s, false);
	else if (commands & LOG_COMMAND_START)
		mute_all(r, s, false);
}

static void handle_event(struct log_reader *r, struct log_pipe *pipe)
{
	if (pipe->muted || pipe->fd < 0)
		return;
	if (atomic_load(&pipe->source->paused))
		set_muted(r, pipe, true);
	else
		read_pipe(r, pipe);
}

/* Read the ready pipes. Returns whether there may be commands. */
static bool wait_for_events(struct log_reader *r)
{
	struct epoll_event events[EVENTS];
	bool woken = false;
	int n;

	n = epoll_wait(r->epoll_fd, events, EVENTS, -1);
	if (n < 0 && errno != EINTR) {
		/* None of its arguments can be wrong. */
		report(-errno, "log reader: waiting for output");
		abort();
	}
	for (int i = 0; i < n; i++) {
		if (events[i].data.ptr)
			handle_event(r, events[i].data.ptr);
		else
			woken = true;
	}
	return woken;
}

/* Let output gather if this turn came soon after the last one and brought few bytes. */
static void gather(struct log_reader *r)
{
	static const struct timespec pause = { .tv_nsec = LOG_GATHER_NS };
	int64_t now = clock_ns(CLOCK_MONOTONIC);

	if (r->taken && r->taken < FEW_BYTES && now - r->turn_end < SOON_NS) {
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
		now = clock_ns(CLOCK_MONOTONIC);
	}
	r->turn_end = now;
	r->taken = 0;
}

void *log_reader_run(void *arg)
{
	struct log_reader *r = arg;
	struct log_source *s;
	unsigned int commands;

	for (;;) {
		/*
		 * Commands come after all events: the events point into sources,
		 * which a command may end.
		 */
		if (!wait_for_events(r)) {
			gather(r);
			continue;
		}
		while ((s = log_registry_next_command(r->registry, &commands)))
			execute(r, s, commands);
		if (log_registry_stopping(r->registry))
			break;
	}
	while ((s = log_registry_first_ending(r->registry))) {
		if (!end_source(r, s, true))
			break;
	}
	log_buffer_close(r->buffer);
	return NULL;
}
