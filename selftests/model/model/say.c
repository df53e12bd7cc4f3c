// SPDX-License-Identifier: GPL-2.0
/* Reproducible random numbers, notes, and the error messages that end the model. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

#define N_NOTES 40

static uint64_t random_state;
static uint64_t first_seed;
static char notes[N_NOTES][160];
static unsigned long n_notes;

void seed_random(uint64_t seed)
{
	first_seed = seed;
	random_state = seed;
}

/* SplitMix64 */
static uint64_t next_random(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/** below() - a random number below @n, which must not be 0 */
unsigned int below(unsigned int n)
{
	return next_random() % n;
}

bool chance(unsigned int percent)
{
	return below(100) < percent;
}

/** random_digest() - equal for two runs that have drawn the same numbers so far */
uint64_t random_digest(void)
{
	return random_state;
}

void note(const char *fmt, ...)
{
	char *line = notes[n_notes++ % N_NOTES];
	int n = snprintf(line, sizeof(notes[0]), "step %lu: ", step);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line + n, sizeof(notes[0]) - n, fmt, ap);
	va_end(ap);
}

/** wrong() - print the last notes and an error, and exit with status 1 */
void wrong(const char *fmt, ...)
{
	unsigned long first = n_notes > N_NOTES ? n_notes - N_NOTES : 0;
	va_list ap;

	for (; first < n_notes; first++)
		printf("%s\n", notes[first % N_NOTES]);
	printf("seed %llu, step %lu: ", (unsigned long long)first_seed, step);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	exit(1);
}

/** must() - end the model if @err is an error */
void must(int err, const char *what)
{
	if (err < 0)
		wrong("%s: %s", what, strerror(-err));
}

/** grow_array() - make room for one more element than @n */
void *grow_array(void *array, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return array;
	*room = *room ? 2 * *room : 256;
	array = reallocarray(array, *room, size);
	if (!array)
		wrong("out of memory");
	return array;
}
