/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The FIFOs that the fuzzer names to the kernel: its own pipes. It names no other FIFO,
 * since the table would keep it open, and its reader would wait for its end.
 */
#ifndef FUZZ_FIFOS_H
#define FUZZ_FIFOS_H

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crowd.h"

/* How long to wait for the work item that closes FIFOs, in milliseconds. */
#define CLOSING_MS 10000

static int fifos[2][2];

static inline void open_fifos(void)
{
	if (pipe2(fifos[0], O_CLOEXEC) || pipe2(fifos[1], O_CLOEXEC))
		fail("fuzz: cannot make a pipe");
}

/* draw_fifo() - mostly a FIFO, else another file or a number that is no descriptor */
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

/* is_ours_to_keep() - the table may keep it open: our FIFO, or no FIFO at all */
static inline bool is_ours_to_keep(uint32_t fd)
{
	struct stat st;
	int i;

	for (i = 0; i < 4; i++)
		if ((uint32_t)fifos[i / 2][i % 2] == fd)
			return true;
	return fstat(fd, &st) || !S_ISFIFO(st.st_mode);
}

/* close_fifos() - check at the other ends that the empty table has closed all FIFOs */
static inline void close_fifos(void)
{
	struct pollfd writer = { .fd = fifos[0][1] };
	struct pollfd reader = { .fd = fifos[1][0] };

	close(fifos[0][0]);
	if (poll(&writer, 1, CLOSING_MS) != 1)
		complain("the table is empty, but a FIFO is open for reading");
	close(fifos[1][1]);
	if (poll(&reader, 1, CLOSING_MS) != 1)
		complain("the table is empty, but a FIFO is open for writing");
	close(writer.fd);
	close(reader.fd);
}

#endif /* FUZZ_FIFOS_H */
