/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The reader thread: from the containers' pipes into the buffer.
 *
 * It waits in epoll for all pipes at once. From a ready pipe it takes at most LOG_READ_MAX
 * bytes and at most a quarter of the buffer (transfer.h); then it is the turn of the next
 * pipe. epoll reports ready pipes in rotation: a loud container gets no more turns than a
 * quiet one, and a silent container costs nothing. A container whose output takes a
 * quarter of the buffer, its share, is not read until the writer has taken some of it: so
 * one container alone cannot fill the buffer. If all together fill it, the reader waits,
 * and so do all containers.
 *
 * A container that writes line by line would wake the reader for each line, and the reader
 * the writer. So if a turn follows soon after the last one and brings few bytes, the
 * reader sleeps for LOG_GATHER_NS while output gathers in the FIFOs. Occasional output is
 * taken at once.
 */
#ifndef LOG_READER_H
#define LOG_READER_H

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "registry.h"
#include "transfer.h"

/* The most bytes of one turn; the pipes are made to hold as many. */
#define LOG_READ_MAX 262144

/* In this time no FIFO becomes full. */
#define LOG_GATHER_NS 200000

struct log_reader {
	struct log_registry *registry;
	struct log_buffer *buffer;
	struct log_transfer *transfer;
	int epoll_fd;
	size_t max;	  /* bytes of one transfer */
	size_t min;	  /* room in the buffer that it waits for before one */
	size_t taken;	  /* bytes since the last turn ended */
	int64_t turn_end; /* of the last turn, CLOCK_MONOTONIC in ns */
};

int log_reader_init(struct log_reader *r, struct log_registry *registry,
		    struct log_transfer *transfer);
/** log_reader_destroy() - when log_reader_run() has returned, or was never called */
void log_reader_destroy(struct log_reader *r);

/**
 * log_reader_attach() - have the reader wait for the pipes of @s; from any thread
 * They are read after LOG_COMMAND_START. On error the descriptors stay with the caller,
 * and @s must not be freed but abandoned, because the reader may be looking at it.
 */
int log_reader_attach(struct log_reader *r, struct log_source *s,
		      const int fds[LOG_N_STREAMS]);

/** log_reader_run() - the thread; @arg: struct log_reader */
void *log_reader_run(void *arg);

#endif /* LOG_READER_H */
