/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Disk space that a log file takes before it needs it. If a container fills the disk,
 * every log can still be written up to its reserve, which no container can take. The
 * reserved blocks lie behind the end of the file: readers of the file do not see them.
 */
#ifndef LOG_RESERVE_H
#define LOG_RESERVE_H

#include <stdint.h>
#include <time.h>

#include "settings.h"

/** struct log_reserve - of one open file; all zero: nothing is reserved */
struct log_reserve {
	uint64_t end;	/* up to this offset the file has its blocks */
	time_t refused; /* when the file system last refused more, or 0 */
};

/**
 * log_reserve_ahead() - fill the reserve up if half of it is used
 * @size: of the file. If there is no space the log goes on with the blocks that it has.
 * It asks again after a second at the earliest, since a file system may search for
 * space for a long time.
 */
void log_reserve_ahead(struct log_reserve *r, int fd, uint64_t size,
		       const struct log_settings *settings);

/** log_reserve_end() - give back the blocks behind the end of the file */
void log_reserve_end(struct log_reserve *r, int fd);

#endif /* LOG_RESERVE_H */
