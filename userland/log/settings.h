/* SPDX-License-Identifier: GPL-2.0 */
/* How a container's log is written: what one may choose for each container. */
#ifndef LOG_SETTINGS_H
#define LOG_SETTINGS_H

#include <stdint.h>

/**
 * enum log_driver - what becomes of a container's output
 * @LOG_DRIVER_CRI: lines in the format of format.h
 * @LOG_DRIVER_RAW: the bytes as they are
 * @LOG_DRIVER_NONE: nothing is kept; the pipeline never sees such a container
 */
enum log_driver {
	LOG_DRIVER_CRI,
	LOG_DRIVER_RAW,
	LOG_DRIVER_NONE,
};

/* Bytes of the buffer between the two threads. Small ones make for small reads. */
#define LOG_BUFFER_MIN 4096

/* For log_pipeline_set_give_up(): wait for ever. */
#define LOG_NEVER (-1)

/* The longest line of the CRI format has to fit into a file. */
#define LOG_MAX_SIZE_MIN      32768
#define LOG_MAX_SIZE_DEFAULT  (10u << 20)
#define LOG_MAX_FILES_MIN     1
#define LOG_MAX_FILES_MAX     1000
#define LOG_MAX_FILES_DEFAULT 5
/* As much as a log file may be long, and no more than a disk has to spare. */
#define LOG_RESERVE_MAX	    (1u << 30)
#define LOG_RESERVE_DEFAULT (256u << 10)

/** struct log_settings - of one container's log */
struct log_settings {
	enum log_driver driver;
	uint32_t max_files; /* the one that is written and its predecessors */
	uint64_t max_size;  /* of each, in bytes */
	uint64_t reserve; /* bytes of disk that it takes before it needs them */
};

/* By enum log_driver; NULL at the end. */
extern const char *const log_driver_names[];

/** log_driver_name() - "cri", "raw", "none" */
const char *log_driver_name(enum log_driver driver);
/** log_driver_parse() - 0, or -EINVAL where @name is none of them */
int log_driver_parse(const char *name, enum log_driver *driver);

#endif /* LOG_SETTINGS_H */
