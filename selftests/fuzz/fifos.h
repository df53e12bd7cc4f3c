/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The FIFOs that the fuzzer names: its own pipes. No other one is ever named, since
 * whoever reads it until its end would wait for the table.
 */
#ifndef FUZZ_FIFOS_H
#define FUZZ_FIFOS_H

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crowd.h"

/* What a work item closes takes a moment, in milliseconds. */
#define CLOSING_MS 10000

static int fifos[2][2];

static inline void open_fifos(void)
{
	if (pipe2(fifos[0], O_CLOEXEC) || pipe2(fifos[1], O_CLOEXEC))
		fail("fuzz: cannot make a pipe");
}

/* Mostly a FIFO; else what is none, or no descriptor at all. */
static inline uint32_t draw_fifo(void)
{
	static const uint32_t odd[] = { 9999, INT32_MAX, 1U << 31, UINT32_MAX };
	unsigned int how = draw(16), which = draw(N_CHILDREN);
	uint32_t fd = DRAW_FROM(odd);

	if (how == 0)
		return fd;
	if (how == 1)
		return children[which].pidfd;
	return fifos[which / 2 % 2][which % 2];
}

static inline bool is_ours_to_keep(uint32_t fd)
{
	struct stat st;
	int i;

	for (i = 0; i < 4; i++)
		if ((uint32_t)fifos[i / 2][i % 2] == fd)
			return true;
	return fstat(fd, &st) || !S_ISFIFO(st.st_mode);
}

/* The table is empty: nobody else has them open, as their other ends tell. */
static inline void close_fifos(void)
{
	struct pollfd writer = { .fd = fifos[0][1] };
	struct pollfd reader = { .fd = fifos[1][0] };

	close(fifos[0][0]);
	if (poll(&writer, 1, CLOSING_MS) != 1)
		complain("the table is empty, and a FIFO is open for reading");
	close(fifos[1][1]);
	if (poll(&reader, 1, CLOSING_MS) != 1)
		complain("the table is empty, and a FIFO is open for writing");
	close(writer.fd);
	close(reader.fd);
}

#endif /* FUZZ_FIFOS_H */
