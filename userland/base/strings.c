// SPDX-License-Identifier: GPL-2.0
/* Lists of strings, see strings.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "strings.h"

int string_list_add(struct string_list *list, const char *s)
{
	char **strings;
	char *copy = strdup(s);

	if (!copy)
		return -ENOMEM;
	strings = reallocarray(list->strings, list->n + 2, sizeof(*strings));
	if (!strings) {
		free(copy);
		return -ENOMEM;
	}
	strings[list->n++] = copy;
	strings[list->n] = NULL;
	list->strings = strings;
	return 0;
}

void string_list_free(struct string_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->strings[i]);
	free(list->strings);
	*list = (struct string_list){ 0 };
}
