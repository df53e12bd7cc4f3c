/* SPDX-License-Identifier: GPL-2.0 */
/* A random number generator whose state belongs to the caller, such as a thread. */
#ifndef SELFTESTS_DRAW_H
#define SELFTESTS_DRAW_H

/** draw_from() - a pseudo-random number below @n; @state begins as a seed */
static inline unsigned int draw_from(unsigned int *state, unsigned int n)
{
	*state = *state * 1103515245 + 12345;
	return (*state >> 16) % n;
}

#endif /* SELFTESTS_DRAW_H */
