/* SPDX-License-Identifier: GPL-2.0 */
/* Random numbers that depend on a seed alone. */
#ifndef FUZZ_RANDOM_H
#define FUZZ_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

#include "complain.h"

static uint64_t random_state;

/* xorshift64*; the state must not be 0. */
static inline uint64_t draw_u64(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1dULL;
}

static inline void seed_random(uint64_t seed)
{
	/* Neighbouring seeds must give unrelated numbers. */
	random_state = (seed + 1) * 0x9e3779b97f4a7c15ULL;
	if (!random_state)
		random_state = 1;
	draw_u64();
}

/* draw() - a number below @n */
static inline unsigned int draw(unsigned int n)
{
	return (draw_u64() >> 32) % n;
}

static inline bool one_in(unsigned int n)
{
	return draw(n) == 0;
}

#define DRAW_FROM(array) ((array)[draw(sizeof(array) / sizeof((array)[0]))])

/* draw_value() - a value at the edge of a range, or any value */
static inline uint64_t draw_value(void)
{
	static const uint64_t edges[] = {
		0,
		1,
		2,
		15,
		64,
		65,
		255,
		4096,
		1 << 20,
		86400000,
		86400001,
		INT32_MAX,
		1ULL << 31,
		UINT32_MAX,
		1ULL << 32,
		INT64_MAX,
		1ULL << 63,
		UINT64_MAX,
		UINT64_MAX - 1,
		1ULL << 40,
	};

	uint64_t any = draw_u64();
	unsigned int shift = draw(64);

	return one_in(4) ? any >> shift : DRAW_FROM(edges);
}

#endif /* FUZZ_RANDOM_H */
