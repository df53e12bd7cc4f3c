// SPDX-License-Identifier: GPL-2.0
/* Tests the registry: names, ids, keys, and replacing an ended container. */
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
	ok(registry_name(&registry, "web") == new,
	   "the name finds the new container");
	ok(registry_id(&registry, 7) == old, "its id finds the old container");
	ok(new->replaces == old && old->replaced_by == new,
	   "both containers point to each other");
	registry_set_id(&registry, new, 8);
	ok(registry_id(&registry, 8) == new, "its id finds the new container");
	drop(new);
	ok(registry_name(&registry, "web") == old,
	   "if the new one is removed, the name finds the old one");
	ok(!old->replaced_by, "the old one is not replaced any more");
	ok(!registry_id(&registry, 8), "the id of the new one finds nothing");

	new = add("web", 9);
	drop(old);
	ok(registry_name(&registry, "web") == new,
	   "if the old one is removed, the new one keeps the name");
	ok(!new->replaces, "the new one replaces no container any more");
	is_int(registry.n_unfinished, 1, "one container is unfinished");
	drop(new);
	is_int(registry.n_unfinished, 0, "no container is unfinished");
}

static void keys(void)
{
	struct container *a = add("a", 1), *b = add("b", 2);
	uint64_t late = b->log.key + 1000000000000, key = a->log.key;

	ok(a->log.key < b->log.key, "keys increase");
	ok(registry_key(&registry, a->log.key) == a &&
		   registry_key(&registry, b->log.key) == b,
	   "each container is found by its key");
	ok(!registry_key(&registry, 0), "key 0 finds nothing");
	registry_avoid_key(&registry, late);
	ok(registry_new_key(&registry) > late,
	   "a key of an earlier supervisor is not used again");
	registry_avoid_key(&registry, 1);
	ok(registry_new_key(&registry) > late,
	   "a smaller earlier key changes nothing");
	drop(a);
	drop(b);
	ok(!registry_key(&registry, key),
	   "the key of a removed container finds nothing");
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
	is_int(found, N, "%d containers are found by their names and ids", N);
	is_int(registry.n_unfinished, N, "all of them are unfinished");
	/* Add and remove names many times. */
	for (uint64_t i = 1; i <= N; i++)
		drop(registry_id(&registry, i));
	for (int i = 0; i < 20 * N; i++) {
		snprintf(name, sizeof(name), "again%d", i);
		drop(add(name, N + 1 + i));
	}
	ok(TAILQ_EMPTY(&registry.all), "all containers are removed");
	ok(!registry_name(&registry, "c1") && !registry_id(&registry, 1),
	   "all tables are empty");
}

int main(void)
{
	if (registry_init(&registry))
		bail("out of memory");
	ok(!registry_name(&registry, "web"), "an empty registry has no name");
	ok(!registry_id(&registry, 0), "an empty registry has no id");
	taking_a_place();
	keys();
	many();
	registry_free(&registry);
	return tap_end();
}
