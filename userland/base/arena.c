// SPDX-License-Identifier: LGPL-2.1
/* Memory that is freed at once, see arena.h. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "arena.h"

/** struct piece - the header of an allocation */
struct piece {
	struct piece *next;
	max_align_t data[];
};

struct arena {
	struct piece *pieces;
};

struct arena *arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

void *arena_alloc(struct arena *arena, size_t n, size_t size)
{
	struct piece *piece;
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) ||
	    bytes > SIZE_MAX - sizeof(*piece))
		return NULL;
	piece = calloc(1, sizeof(*piece) + bytes);
	if (!piece)
		return NULL;
	piece->next = arena->pieces;
	arena->pieces = piece;
	return piece->data;
}

char *arena_vprintf(struct arena *arena, const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = n < 0 ? NULL : arena_alloc(arena, (size_t)n + 1, 1);
	if (text)
		vsnprintf(text, (size_t)n + 1, fmt, ap);
	return text;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(arena, fmt, ap);
	va_end(ap);
	return text;
}

void arena_free(struct arena *arena)
{
	struct piece *piece;

	if (!arena)
		return;
	while ((piece = arena->pieces)) {
		arena->pieces = piece->next;
		free(piece);
	}
	free(arena);
}
