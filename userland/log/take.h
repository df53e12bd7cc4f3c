/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Taking bytes out of a container's pipe and putting them into the ring, so that
 * a process that is killed at any instant has done either both or neither.
 *
 * read() cannot do that. Between its return, or rather between the kernel's copy
 * and the next instruction of the process, the bytes have left the pipe and
 * nothing says how many they were. So they go through a FIFO of our own, which is
 * empty at all other times and which nobody else writes to:
 *
 *	1. note in the ring whose bytes they will be and where, the intent
 *	2. splice() from the pipe into the FIFO: in the kernel, all or nothing
 *	3. note how many they are
 *	4. read() from the FIFO into the ring, at the place of the record
 *	5. commit the record: one store
 *
 * Whoever comes after a kill asks the FIFO how many bytes are in it. Before 3
 * these are all; after it they are what 4 has not yet read, and the others lie in
 * the ring, for a pipe gives up a byte only after it was copied. After 5 the
 * intent is of another place than the head, and the FIFO is empty. A process that
 * comes after a kill does 3 itself, if that was not reached, before it reads: it can
 * be killed too.
 *
 * What a container put into its pipe can be pages of a file, which the kernel
 * looks at when they are read: it may refuse then, and for ever. Such bytes are
 * given up, with a report, by making a new FIFO: no container is to stop the
 * others' output.
 *
 * A FIFO loses its content when nobody has it open. Whoever keeps the containers'
 * pipes beyond the death of the process keeps this one too; see
 * log_pipeline_keep_fd().
 */
#ifndef LOG_TAKE_H
#define LOG_TAKE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "buffer.h"

#define LOG_TAKE_FIFO "fifo"

struct log_take {
	struct log_buffer *buffer;
	char *path; /* of the FIFO */
	int fd;	    /* for reading and writing */
};

/**
 * log_take_open() - open the FIFO in the folder @dir, make it where it is missing
 * Completes what an earlier process has begun: that becomes a record of the ring.
 * Errors: those of mkfifo(3) and open(2), -EBADMSG (it is no FIFO, or holds what
 * nobody put there).
 */
int log_take_open(struct log_take *t, struct log_buffer *buffer,
		  const char *dir);
void log_take_close(struct log_take *t);

/**
 * log_take() - take at most @max bytes from @fd, a non-blocking pipe
 * @min: room in the ring that is waited for
 * Returns how many came, 0 at the end, or a negative errno: -EAGAIN (the pipe is
 * empty), -EPIPE (the ring is abandoned; nothing was taken).
 */
ssize_t log_take(struct log_take *t, int fd, uint64_t key, uint32_t stream,
		 size_t min, size_t max);

/** log_take_now() - CLOCK_REALTIME in ns */
int64_t log_take_now(void);

#endif /* LOG_TAKE_H */
