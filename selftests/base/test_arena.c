// SPDX-License-Identifier: GPL-2.0
/* Tests memory that is freed at once. A leak makes the sanitizer fail the test. */
#include <stddef.h>

#include "base/arena.h"
#include "tap.h"

int main(void)
{
	struct arena *arena = arena_new();
	uint64_t *numbers = arena_alloc(arena, 1000, sizeof(*numbers));
	char *one = arena_alloc(arena, 1, 1);
	uint64_t sum = 0;

	for (size_t i = 0; i < 1000; i++)
		sum += numbers[i];
	ok(!sum && !*one, "memory is zero");
	ok(!((uintptr_t)one % _Alignof(max_align_t)), "memory is aligned");
	ok(arena_alloc(arena, 0, 8) != NULL, "an array of no elements");
	ok(!arena_alloc(arena, SIZE_MAX / 4, 8), "a size that overflows");
	ok(!arena_alloc(arena, SIZE_MAX, 1), "a size that leaves no room");
	is_str(arena_printf(arena, "%s %d", "text", 5), "text 5",
	       "a printed string");
	is_str(arena_printf(arena, "%s", ""), "", "an empty string");
	arena_free(arena);
	arena_free(NULL);
	return tap_end();
}
