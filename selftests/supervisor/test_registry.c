// SPDX-License-Identifier: GPL-2.0
/* The registry: names, ids, and taking the place of an ended container. */
#include "supervisor/registry.h"
#include "tap.h"

static struct registry registry;

static struct container *add(const char *name, uint64_t id)
{
	struct container *c = container_new(NULL, name);

	if (c)
		c->log.key = registry_new_key(&registry);
	if (!c || registry_add(&registry, c) ||
	    (id && registry_set_id(&registry, c, id)))
		bail("out of memory");
	return c;
}

static void end(struct container *c)
{
	c->phase = PHASE_ENDED;
	registry.n_unfinished--;
}

static void drop(struct container *c)
{
	registry_remove(&registry, c);
	container_free(c);
}

static void taking_a_place(void)
{
	struct container *old = add("web", 7), *new;

	end(old);
	new = add("web", 0);
	ok(registry_name(&registry, "web") == new, "the name is the new one's");
	ok(registry_id(&registry, 7) == old, "the old one has its id");
	ok(new->replaces == old && old->replaced_by == new, "both know");
	registry_set_id(&registry, new, 8);
	ok(registry_id(&registry, 8) == new, "the new one has its own");
	drop(new);
	ok(registry_name(&registry, "web") == old,
	   "where the new one fails, the old one has its name again");
	ok(!old->replaced_by, "and is replaced by nobody");
	ok(!registry_id(&registry, 8), "the id of the new one is gone");

	new = add("web", 9);
	drop(old);
	ok(registry_name(&registry, "web") == new,
	   "where the old one goes, the new one keeps the name");
	ok(!new->replaces, "and replaces nobody");
	is_int(registry.n_unfinished, 1, "one is not finished");
	drop(new);
	is_int(registry.n_unfinished, 0, "none is left");
}

static void keys(void)
{
	struct container *a = add("a", 1), *b = add("b", 2);
	uint64_t late = b->log.key + 1000000000000, key = a->log.key;

	ok(a->log.key < b->log.key, "keys count up");
	ok(registry_key(&registry, a->log.key) == a &&
		   registry_key(&registry, b->log.key) == b,
	   "each is found by its key");
	ok(!registry_key(&registry, 0), "nobody has none");
	registry_avoid_key(&registry, late);
	ok(registry_new_key(&registry) > late,
	   "a key of an earlier supervisor is not given again");
	registry_avoid_key(&registry, 1);
	ok(registry_new_key(&registry) > late, "whatever else is told");
	drop(a);
	drop(b);
	ok(!registry_key(&registry, key), "a key goes with its container");
}

static void many(void)
{
	enum {
		N = 5000
	};
	int found = 0;
	char name[32];

	for (uint64_t i = 1; i <= N; i++) {
		snprintf(name, sizeof(name), "c%d", (int)i);
		add(name, i);
	}
	for (uint64_t i = 1; i <= N; i++) {
		struct container *c = registry_id(&registry, i);

		snprintf(name, sizeof(name), "c%d", (int)i);
		found += c && c == registry_name(&registry, name) &&
			 c == registry_key(&registry, c->log.key) &&
			 !strcmp(c->name, name);
	}
	is_int(found, N, "%d containers, each by its name and id", N);
	is_int(registry.n_unfinished, N, "all of them count");
	/* Names come and go many times over. */
	for (uint64_t i = 1; i <= N; i++)
		drop(registry_id(&registry, i));
	for (int i = 0; i < 20 * N; i++) {
		snprintf(name, sizeof(name), "again%d", i);
		drop(add(name, N + 1 + i));
	}
	ok(TAILQ_EMPTY(&registry.all), "and all go again");
	ok(!registry_name(&registry, "c1") && !registry_id(&registry, 1),
	   "without a trace");
}

int main(void)
{
	if (registry_init(&registry))
		bail("out of memory");
	ok(!registry_name(&registry, "web"), "no name in an empty registry");
	ok(!registry_id(&registry, 0), "and no id");
	taking_a_place();
	keys();
	many();
	registry_free(&registry);
	return tap_end();
}
