/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * An arena: memory that is allocated piece by piece and freed at once. Each piece is an
 * allocation of malloc(), so that a sanitizer sees an access beyond its end.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/** arena_new() - make an empty arena, for arena_free(); NULL: out of memory */
struct arena *arena_new(void);

/** arena_alloc() - allocate @n elements of @size bytes, all zero; NULL: out of memory */
void *arena_alloc(struct arena *arena, size_t n, size_t size);

/** arena_printf() - print to a new string; NULL: out of memory */
char *arena_printf(struct arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/** arena_free() - free the arena and all its pieces; NULL is allowed */
void arena_free(struct arena *arena);

#endif /* BASE_ARENA_H */
