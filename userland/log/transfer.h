/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Moving bytes from a container's pipe into the ring, in such a way that a process that
 * is killed at any instant has done it either completely or not at all.
 *
 * read() alone cannot do that. Once the kernel has copied the bytes they have left the
 * pipe, but until the next instruction of the process nothing says how many there were.
 * So the bytes pass through a FIFO of our own, which is empty at all other times, and
 * which no other process writes to:
 *
 *	1. note the intent in the ring: whose bytes these will be, and where
 *	2. splice() from the pipe into the FIFO: in the kernel, all or nothing
 *	3. note their number in the intent
 *	4. read() from the FIFO into the ring, to the place of the record
 *	5. commit the record: one store
 *
 * The next process asks the FIFO how many bytes are in it. Before 3 these are all bytes.
 * After 3 they are the bytes that 4 has not read; the others are in the ring, because a
 * pipe gives up a byte only after it is copied. After 5 the intent is void, because its
 * position is no longer the head, and the FIFO is empty. The next process first does 3, if
 * that is missing, then reads: it may be killed as well.
 *
 * A container can put pages of a file into its pipe, which the kernel reads only when we
 * read the pipe: that may fail, for ever. The bytes are then given up, with a report, by
 * making a new FIFO, so that no container stops the output of others.
 *
 * A FIFO loses its content when no process has it open. So it must be kept open by the
 * one that keeps the containers' pipes after this process dies, see
 * log_pipeline_keep_fd().
 */
#ifndef LOG_TRANSFER_H
#define LOG_TRANSFER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "buffer.h"

#define LOG_TRANSFER_FIFO "fifo"

struct log_transfer {
	struct log_buffer *buffer;
	char *path; /* of the FIFO */
	int fd;	    /* for reading and writing */
};

/**
 * log_transfer_open() - open the FIFO in the folder @dir, or make it
 * If an earlier process was killed in a transfer, that is completed: its bytes become a
 * record of the ring. Errors: those of mkfifo(3) and open(2), -EBADMSG (it is no FIFO, or
 * holds bytes that no intent speaks of).
 */
int log_transfer_open(struct log_transfer *t, struct log_buffer *buffer,
		      const char *dir);
void log_transfer_close(struct log_transfer *t);

/**
 * log_transfer() - move at most @max bytes from @fd, a non-blocking pipe, into the ring
 * @min: how much room in the ring to wait for
 * Returns the number of bytes, 0 at the end of the stream, or a negative errno: -EAGAIN
 * (the pipe is empty), -EPIPE (the ring is abandoned; the pipe is as it was).
 */
ssize_t log_transfer(struct log_transfer *t, int fd, uint64_t key,
		     uint32_t stream, size_t min, size_t max);

#endif /* LOG_TRANSFER_H */
