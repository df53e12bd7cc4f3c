// SPDX-License-Identifier: GPL-2.0
/* Ranges of ids for containers, see ids.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "ids.h"
#include "supervisor.h"

/** struct look - a look at the ids that live containers have */
struct look {
	struct supervisor *supervisor;
	uint64_t before; /* only records before this one; 0: all */
	uint32_t first;	 /* of the pool */
	uint32_t n;
	bool *used; /* for each range of the pool */
};

static int mark(uint32_t inside, uint32_t outside, uint32_t count, void *arg)
{
	const struct look *look = arg;
	const uint64_t end = (uint64_t)outside + count;
	uint64_t from, to;

	(void)inside;
	if (!count || end <= look->first)
		return 0;
	from = outside > look->first ?
		       (outside - look->first) / IDS_PER_CONTAINER :
		       0;
	to = (end - 1 - look->first) / IDS_PER_CONTAINER;
	for (; from <= to && from < look->n; from++)
		look->used[from] = true;
	return 0;
}

/* It may have died meanwhile; then it has none. */
static void mark_process(struct look *look, pid_t pid)
{
	ids_each_range(pid, "uid_map", mark, look);
	ids_each_range(pid, "gid_map", mark, look);
}

static int mark_record(const struct purser_container *record, void *arg)
{
	struct look *look = arg;

	if (record->state == PURSER_STATE_EXITED ||
	    (look->before && record->id >= look->before))
		return 0;
	/* Our own are marked without reading their maps again. */
	if (!look->before &&
	    registry_id(&look->supervisor->registry, record->id))
		return 0;
	mark_process(look, record->pid);
	return 0;
}

/* An earlier supervisor may have started it: read its map once. */
static void mark_own(struct look *look, struct container *c)
{
	uint32_t root;

	if (!c->ids.known) {
		c->ids.known = true;
		if (!ids_of_process(c->init.pid, &root))
			c->ids.first = root;
	}
	if (c->ids.first)
		mark(0, c->ids.first, IDS_PER_CONTAINER, look);
}

int ids_pick(struct supervisor *supervisor, uint32_t *first)
{
	struct id_pool *pool = &supervisor->ids;
	struct look look = {
		.supervisor = supervisor,
		.first = pool->first,
		.n = pool->n,
		.used = calloc(pool->n, sizeof(*look.used)),
	};
	struct container *c;
	int err = look.used ?
			  kernel_list(&supervisor->kernel, mark_record, &look) :
			  -ENOMEM;

	/* Users may run containers with their ids that are not in the table. */
	if (!err)
		err = ids_each_given(IDS_OF_USERS, mark, &look);
	if (!err)
		err = ids_each_given(IDS_OF_GROUPS, mark, &look);
	if (!err) {
		TAILQ_FOREACH(c, &supervisor->registry.all, link) {
			if (c->init.pid)
				mark_own(&look, c);
		}
		err = -ENOSPC;
	}
	for (uint32_t i = 0; err == -ENOSPC && i < pool->n; i++) {
		const uint32_t at = (pool->next + i) % pool->n;

		if (look.used[at])
			continue;
		*first = pool->first + at * IDS_PER_CONTAINER;
		pool->next = at + 1;
		err = 0;
	}
	free(look.used);
	return err;
}

int ids_check(const struct container *c, struct failure *failure)
{
	bool used = false;
	struct look look = {
		.supervisor = c->supervisor,
		.before = c->id,
		.first = c->ids.first,
		.n = 1,
		.used = &used,
	};
	int err;

	if (!c->ids.first)
		return 0;
	err = kernel_list(&c->supervisor->kernel, mark_record, &look);
	if (err)
		return failed_errno(failure, err, "reading the kernel's table");
	if (!used)
		return 0;
	return failed(
		failure, EXIT_FAILED,
		"container \"%s\": another supervisor has taken the ids from %" PRIu32
		" on at the same moment: start it again",
		c->name, c->ids.first);
}
