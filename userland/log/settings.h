/* SPDX-License-Identifier: GPL-2.0 */
/* The settings of the logs, and their ranges. Each container can have its own. */
#ifndef LOG_SETTINGS_H
#define LOG_SETTINGS_H

#include <stdint.h>

/**
 * enum log_driver - how a container's output is written
 * @LOG_DRIVER_CRI: as lines in the format of format.h
 * @LOG_DRIVER_RAW: as the bytes that they are
 * @LOG_DRIVER_NONE: not at all; the pipeline does not see such a container
 */
enum log_driver {
	LOG_DRIVER_CRI,
	LOG_DRIVER_RAW,
	LOG_DRIVER_NONE,
};

/* Bytes of the buffer. A small buffer means that little is read at once. */
#define LOG_BUFFER_MIN 4096

/* In place of a time limit or a deadline. */
#define LOG_NEVER (-1)

/* The longest line of the CRI format must fit into a file. */
#define LOG_MAX_SIZE_MIN  32768
#define LOG_MAX_FILES_MIN 1
#define LOG_MAX_FILES_MAX 1000
#define LOG_RESERVE_MAX	  (1u << 30)

/** struct log_settings - of the log of one container */
struct log_settings {
	enum log_driver driver;
	uint32_t max_files; /* including the one that is being written */
	uint64_t max_size;  /* of each file, in bytes */
	uint64_t reserve;   /* in bytes, see reserve.h; 0: none */
};

/* By enum log_driver; NULL at the end. */
extern const char *const log_driver_names[];

/** log_driver_name() - "cri", "raw", "none" */
const char *log_driver_name(enum log_driver driver);
/** log_driver_parse() - 0, or -EINVAL if @name is none of these */
int log_driver_parse(const char *name, enum log_driver *driver);

#endif /* LOG_SETTINGS_H */
