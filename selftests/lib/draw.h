/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers for a thread that has a seed of its own. */
#ifndef SELFTESTS_DRAW_H
#define SELFTESTS_DRAW_H

/** draw_from() - a number below @n; @state is the seed, and what comes of it */
static inline unsigned int draw_from(unsigned int *state, unsigned int n)
{
	*state = *state * 1103515245 + 12345;
	return (*state >> 16) % n;
}

#endif /* SELFTESTS_DRAW_H */
