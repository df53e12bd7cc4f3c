// SPDX-License-Identifier: GPL-2.0
#include "reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void log_reserve_ahead(struct log_sink *k)
{
	uint64_t size = k->now.file_size;
	uint64_t end = size + k->settings.reserve;
	struct timespec now;

	if (!k->settings.reserve || !k->regular || k->given_up)
		return;
	/* The file gets no longer than that. */
	if (end > k->settings.max_size)
		end = k->settings.max_size;
	if (end <= size || size + (end - size) / 2 < k->reserved)
		return;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (k->refused == now.tv_sec)
		return;
	if (!fallocate(k->fd, FALLOC_FL_KEEP_SIZE, size, end - size)) {
		k->reserved = end;
		k->refused = 0;
	} else {
		k->refused = now.tv_sec;
	}
}

void log_reserve_end(struct log_sink *k)
{
	struct stat st;

	/*
	 * A file that is cut to its own length loses what lies behind it, also what
	 * an earlier process has put there.
	 */
	if (k->settings.reserve && k->regular && k->fd >= 0 &&
	    !fstat(k->fd, &st))
		(void)!ftruncate(k->fd, st.st_size);
	k->reserved = 0;
	k->refused = 0;
}
