// SPDX-License-Identifier: GPL-2.0
#include "reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void log_reserve_ahead(struct log_reserve *r, int fd, uint64_t size,
		       const struct log_settings *settings)
{
	uint64_t end = size + settings->reserve;
	struct timespec now;

	/* The file becomes no longer than that. */
	if (end > settings->max_size)
		end = settings->max_size;
	if (end <= size || size + (end - size) / 2 < r->end)
		return;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (r->refused == now.tv_sec)
		return;
	if (!fallocate(fd, FALLOC_FL_KEEP_SIZE, size, end - size)) {
		r->end = end;
		r->refused = 0;
	} else {
		r->refused = now.tv_sec;
	}
}

void log_reserve_end(struct log_reserve *r, int fd)
{
	struct stat st;

	/*
	 * ftruncate() to the present length frees the blocks behind it, also those
	 * that an earlier process reserved.
	 */
	if (!fstat(fd, &st))
		(void)!ftruncate(fd, st.st_size);
	*r = (struct log_reserve){ 0 };
}
