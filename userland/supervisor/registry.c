// SPDX-License-Identifier: GPL-2.0
/* The supervisor's containers by name and by id, see registry.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "registry.h"

#define FIRST_SIZE 64

static unsigned long hash_id(const void *key)
{
	/* Ids are consecutive numbers, so they need no mixing. */
	return *(const uint64_t *)key;
}

static unsigned long hash_key(const void *key)
{
	/* Keys are times: mix all their bits. */
	uint64_t x = *(const uint64_t *)key * 0x9e3779b97f4a7c15u;

	return x >> 32;
}

static int equal_id(const void *a, const void *b)
{
	return *(const uint64_t *)a == *(const uint64_t *)b;
}

int registry_init(struct registry *registry)
{
	TAILQ_INIT(&registry->all);
	registry->n_unfinished = 0;
	registry->by_name = lh_kchar_table_new(FIRST_SIZE, NULL);
	registry->by_id = lh_table_new(FIRST_SIZE, NULL, hash_id, equal_id);
	registry->by_key = lh_table_new(FIRST_SIZE, NULL, hash_key, equal_id);
	registry->last_key = 0;
	if (registry->by_name && registry->by_id && registry->by_key)
		return 0;
	registry_free(registry);
	return -ENOMEM;
}

void registry_free(struct registry *registry)
{
	if (registry->by_name)
		lh_table_free(registry->by_name);
	if (registry->by_id)
		lh_table_free(registry->by_id);
	if (registry->by_key)
		lh_table_free(registry->by_key);
	registry->by_key = NULL;
	registry->by_name = NULL;
	registry->by_id = NULL;
}

static struct container *look_up(struct lh_table *table, const void *key)
{
	void *found;

	return lh_table_lookup_ex(table, key, &found) ? found : NULL;
}

struct container *registry_name(const struct registry *registry,
				const char *name)
{
	return look_up(registry->by_name, name);
}

struct container *registry_id(const struct registry *registry, uint64_t id)
{
	return look_up(registry->by_id, &id);
}

struct container *registry_key(const struct registry *registry, uint64_t key)
{
	return look_up(registry->by_key, &key);
}

uint64_t registry_new_key(struct registry *registry)
{
	registry_avoid_key(registry, clock_ns(CLOCK_BOOTTIME) - 1);
	return ++registry->last_key;
}

void registry_avoid_key(struct registry *registry, uint64_t key)
{
	if (registry->last_key < key)
		registry->last_key = key;
}

int registry_add(struct registry *registry, struct container *c)
{
	struct container *old = registry_name(registry, c->name);

	if (lh_table_insert(registry->by_key, &c->log.key, c) < 0)
		return -ENOMEM;
	/* Removing the old entry makes room, so that adding the new one cannot fail. */
	if (old)
		lh_table_delete(registry->by_name, old->name);
	if (lh_table_insert(registry->by_name, c->name, c) < 0) {
		if (old)
			lh_table_insert(registry->by_name, old->name, old);
		lh_table_delete(registry->by_key, &c->log.key);
		return -ENOMEM;
	}
	if (old) {
		c->replaces = old;
		old->replaced_by = c;
	}
	TAILQ_INSERT_TAIL(&registry->all, c, link);
	registry->n_unfinished++;
	return 0;
}

int registry_set_id(struct registry *registry, struct container *c, uint64_t id)
{
	if (c->id)
		lh_table_delete(registry->by_id, &c->id);
	c->id = id;
	if (id && lh_table_insert(registry->by_id, &c->id, c) < 0) {
		c->id = 0;
		return -ENOMEM;
	}
	return 0;
}

void registry_remove(struct registry *registry, struct container *c)
{
	registry_set_id(registry, c, 0);
	lh_table_delete(registry->by_key, &c->log.key);
	if (c->replaced_by) {
		c->replaced_by->replaces = NULL;
		c->replaced_by = NULL;
	} else {
		lh_table_delete(registry->by_name, c->name);
	}
	if (c->replaces) {
		lh_table_insert(registry->by_name, c->replaces->name,
				c->replaces);
		c->replaces->replaced_by = NULL;
		c->replaces = NULL;
	}
	TAILQ_REMOVE(&registry->all, c, link);
	if (c->phase != PHASE_ENDED)
		registry->n_unfinished--;
}

struct container *container_new(struct supervisor *supervisor, const char *name)
{
	struct container *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->name = strdup(name);
	if (!c->name) {
		free(c);
		return NULL;
	}
	c->supervisor = supervisor;
	c->phase = PHASE_LAUNCHING;
	c->live_state = PURSER_STATE_STARTING;
	c->now.state = PURSER_STATE_STARTING;
	c->now.exit_code = -1;
	c->sync.fd = -1;
	c->init.pidfd.fd = -1;
	c->patience.fd = -1;
	cgroup_init(&c->cgroup);
	LIST_INIT(&c->waiters);
	return c;
}

void container_free(struct container *c)
{
	free(c->name);
	string_list_free(&c->command);
	free(c->token);
	free(c->warning);
	free(c->root.path);
	place_free(&c->root.place);
	free(c->run_folder);
	cgroup_free(&c->cgroup);
	free(c->layer.path);
	free(c->log.path);
	free(c);
}
