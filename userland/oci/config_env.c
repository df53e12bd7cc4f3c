// SPDX-License-Identifier: GPL-2.0
/* The environment of a process, see config_env.h. */
#include <stdlib.h>
#include <string.h>

#include "base/quote.h"
#include "config_env.h"

/** struct variable - one of the environment, and where in the list it stands */
struct variable {
	char *text;
	char **place;
	size_t name_len;
};

/* By name; of the same name, the one that stands first comes first. */
static int compare(const void *pa, const void *pb)
{
	const struct variable *a = pa, *b = pb;
	size_t len = a->name_len < b->name_len ? a->name_len : b->name_len;
	int r = memcmp(a->text, b->text, len);

	if (r)
		return r;
	if (a->name_len != b->name_len)
		return a->name_len < b->name_len ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

static bool same_name(const struct variable *a, const struct variable *b)
{
	return a->name_len == b->name_len &&
	       !memcmp(a->text, b->text, a->name_len);
}

static void fill(struct reader *r, const struct node *process, size_t i,
		 char **place, struct variable *v)
{
	const char *end = strchr(*place, '=');

	if (!end || end == *place)
		reader_error(r, process, "env",
			     "item %zu, \"%s\", is not NAME=VALUE", i,
			     QUOTE(*place));
	else
		*v = (struct variable){ *place, place, (size_t)(end - *place) };
}

/* The first place of a name gets the last text; the other places are closed up. */
static void remove_duplicates(struct variable *all, char **env, size_t n)
{
	size_t first = 0, kept = 0;

	qsort(all, n, sizeof(*all), compare);
	for (size_t i = 1; i < n; i++) {
		if (!same_name(&all[first], &all[i])) {
			first = i;
			continue;
		}
		*all[first].place = all[i].text;
		*all[i].place = NULL;
	}
	for (size_t i = 0; i < n; i++)
		if (env[i])
			env[kept++] = env[i];
	env[kept] = NULL;
}

char *const *read_env(struct reader *r, const struct node *process)
{
	struct variable *all;
	size_t n;
	char **env = reader_strings(r, process, "env", &n);

	if (!env)
		return reader_alloc(r, 1, sizeof(*env));
	all = reader_alloc(r, n, sizeof(*all));
	for (size_t i = 0; i < n && !r->failed; i++)
		fill(r, process, i, &env[i], &all[i]);
	if (!r->failed)
		remove_duplicates(all, env, n);
	return env;
}
