/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of strings that grow. */
#ifndef BASE_STRINGS_H
#define BASE_STRINGS_H

#include <stddef.h>

/** struct string_list - owns its strings; NULL-terminated once it holds one */
struct string_list {
	char **strings;
	size_t n;
};

/** string_list_add() - a copy of @s; 0 or -ENOMEM */
int string_list_add(struct string_list *list, const char *s);
void string_list_free(struct string_list *list);

#endif /* BASE_STRINGS_H */
