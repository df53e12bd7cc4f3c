/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of strings that grow. */
#ifndef BASE_STRINGS_H
#define BASE_STRINGS_H

#include <stddef.h>

/** struct string_list - owns its strings; ends in NULL unless it is empty */
struct string_list {
	char **strings;
	size_t n;
};

/** string_list_add() - add a copy of @s; returns 0 or -ENOMEM */
int string_list_add(struct string_list *list, const char *s);
void string_list_free(struct string_list *list);

#endif /* BASE_STRINGS_H */
