/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The lines that a scribe (scribe.c) writes. The test can compute each of them again, and
 * so check each byte of a log.
 *
 * A life is one container; a later container of the same name is another life. Each of its
 * streams has lines 0, 1, 2 and so on, which begin with the life, the stream and their
 * number. Most are short. Some are longer than a log keeps in one piece, and longer than a
 * write() to a pipe that is atomic.
 */
#ifndef SURVIVE_LINES_H
#define SURVIVE_LINES_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define N_STREAMS 2

/* The longest line, including its newline. */
#define LINE_LONGEST 40960

/* One of so many lines is written to stderr. */
#define STDERR_EVERY 4

/**
 * struct progress - a file in the root of a container, in which its scribe counts
 * @begun: bytes of each stream that it has passed to write()
 * @done: bytes of each stream that write() has accepted
 * @orders: how many lines a scribe with the end "fed" was told to write
 */
struct progress {
	_Atomic uint64_t begun[N_STREAMS];
	_Atomic uint64_t done[N_STREAMS];
	_Atomic uint64_t orders;
};

#define PROGRESS_FILE "progress"
#define ORDERS_FILE   "orders"

/** line_hash() - a pseudorandom number that depends on the line alone */
static inline uint32_t line_hash(uint32_t life, uint32_t stream, uint32_t n)
{
	uint32_t h = (life * N_STREAMS + stream) * 0x9e3779b1u +
		     n * 0x85ebca6bu;

	h ^= h >> 15;
	h *= 0xc2b2ae35u;
	return h ^ h >> 16;
}

/** line_make() - write line @n to @buf of LINE_LONGEST bytes; returns its length */
static inline size_t line_make(char *buf, const char *name, uint32_t life,
			       uint32_t stream, uint32_t n)
{
	uint32_t h = line_hash(life, stream, n);
	size_t fill = h % 128 ? h / 128 % 250 : 15000 + h / 128 % 25000;
	int at = snprintf(buf, LINE_LONGEST, "%s.%u %u %u ", name, life, stream,
			  n);

	for (size_t i = 0; i < fill; i++)
		buf[at + i] = 'a' + (n + i) % 26;
	buf[at + fill] = '\n';
	return at + fill + 1;
}

#endif /* SURVIVE_LINES_H */
