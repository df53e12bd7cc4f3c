/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The reader thread: from the containers' pipes into the buffer.
 *
 * It waits in epoll for all pipes at once. Of a ready pipe it takes at
 * most a quarter of the buffer and of LOG_READ_MAX bytes (take.h), then the next one has
 * its turn: epoll reports pipes in rotation, so a loud container gets no more
 * turns than a quiet one, and no work is done for those that say nothing. A
 * container that has a quarter of the buffer is not read until the writer has taken
 * some of it: one alone does not fill the buffer. When all together have filled it
 * the reader waits there, and with it all containers.
 *
 * A container that writes line by line would wake it for each line, and it the
 * writer. So where one turn follows soon upon another and brings little, it lets
 * output gather in the FIFOs for LOG_GATHER_NS. What is said now and then is taken
 * at once.
 */
#ifndef LOG_READER_H
#define LOG_READER_H

#include <stddef.h>

#include "buffer.h"
#include "registry.h"
#include "take.h"

/* Of one turn, and what pipes are made to hold. */
#define LOG_READ_MAX 262144

/* In which time a FIFO does not become full. */
#define LOG_GATHER_NS 200000

struct log_reader {
	struct log_registry *registry;
	struct log_buffer *buffer;
	struct log_take *take;
	int epoll_fd;
	size_t max;	  /* bytes of one read() */
	size_t min;	  /* room that is waited for before one */
	size_t taken;	  /* in this turn */
	int64_t turn_end; /* of the last turn, CLOCK_MONOTONIC in ns */
};

int log_reader_init(struct log_reader *r, struct log_registry *registry,
		    struct log_take *take);
/** log_reader_destroy() - when log_reader_run() has returned or never ran */
void log_reader_destroy(struct log_reader *r);

/**
 * log_reader_attach() - have the pipes of @s watched, from any thread
 * They are not read before LOG_COMMAND_START. On error the descriptors stay with
 * the caller, and @s must not be freed but abandoned: the reader may be looking
 * at it.
 */
int log_reader_attach(struct log_reader *r, struct log_source *s,
		      const int fds[LOG_N_STREAMS]);

/** log_reader_run() - the thread; @arg: struct log_reader */
void *log_reader_run(void *arg);

#endif /* LOG_READER_H */
