/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records: the unit in which output moves through the pipeline. A record is a header
 * (struct log_record) and its payload, the bytes that were taken out of one pipe at once.
 */
#ifndef LOG_RECORD_H
#define LOG_RECORD_H

#include <stdint.h>
#include <sys/uio.h>

enum log_record_flags {
	LOG_RECORD_END_OF_STREAM = 1 << 0, /* the last record of its stream */
	LOG_RECORD_END_OF_SOURCE = 1 << 1, /* the last record of its key */
};

/** struct log_record - the header of a record */
struct log_record {
	uint64_t key;	 /* the source, see log_pipeline_add() */
	int64_t time;	 /* CLOCK_REALTIME when it was read, in ns */
	uint32_t length; /* of the payload, in bytes */
	uint16_t stream; /* enum log_stream */
	uint16_t flags;	 /* enum log_record_flags */
};

/** struct log_view - a record where it lies in the ring */
struct log_view {
	struct log_record record;
	struct iovec data[2]; /* the payload; the second piece begins the ring */
	uint64_t start;	      /* position of the header */
	uint64_t end;	      /* position behind the payload */
};

#endif /* LOG_RECORD_H */
