/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records: the unit in which output moves through the pipeline. A record is a header
 * and the bytes that one read of one stream returned.
 */
#ifndef LOG_RECORD_H
#define LOG_RECORD_H

#include <stdint.h>
#include <sys/uio.h>

enum log_record_flags {
	LOG_RECORD_END_OF_STREAM = 1 << 0, /* nothing more of this stream */
	LOG_RECORD_END_OF_SOURCE = 1 << 1, /* nothing more with this key */
};

/** struct log_record - the header of a record */
struct log_record {
	uint64_t key;	 /* the source, see log_pipeline_add() */
	int64_t time;	 /* CLOCK_REALTIME when it was read, ns */
	uint32_t length; /* bytes of payload that follow */
	uint16_t stream; /* enum log_stream */
	uint16_t flags;	 /* enum log_record_flags */
};

/** struct log_view - a record as it lies in the ring */
struct log_view {
	struct log_record record;
	struct iovec data[2]; /* its payload; the second part after a wrap */
	uint64_t start;	      /* position of its header */
	uint64_t end;	      /* for log_buffer_release() */
};

#endif /* LOG_RECORD_H */
