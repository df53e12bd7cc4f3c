// SPDX-License-Identifier: GPL-2.0
/* Applying the kernel's events to the registry, see mirror.h. */
#include "container_kept.h"
#include "end.h"
#include "mirror.h"
#include "neighbours.h"
#include "supervisor.h"

static void on_record(const struct purser_container *record, void *arg)
{
	struct supervisor *supervisor = arg;
	struct container *c = registry_id(&supervisor->registry, record->id);

	if (c)
		container_mirror(c, record);
	else if (neighbours_is_foreign(&supervisor->registry, record))
		supervisor->alone = false;
}

static void on_gone(uint64_t id, void *arg)
{
	struct supervisor *supervisor = arg;
	struct container *c = registry_id(&supervisor->registry, id);

	if (!c)
		return;
	/* Somebody has unregistered it, or the kernel keeps too many records already. */
	container_forget_request(c);
	container_record_gone(c);
}

static int take_record(const struct purser_container *record, void *arg)
{
	struct supervisor *supervisor = arg;
	struct container *c = registry_id(&supervisor->registry, record->id);

	if (c) {
		c->seen = true;
		container_mirror(c, record);
	}
	return 0;
}

/* The kernel has removed the records of all containers that the dump did not have. */
static void drop_unseen(struct supervisor *supervisor)
{
	struct container *c, *next;

	for (c = TAILQ_FIRST(&supervisor->registry.all); c; c = next) {
		next = TAILQ_NEXT(c, link);
		if (c->id && !c->seen)
			container_record_gone(c);
	}
}

static void see_none(struct supervisor *supervisor)
{
	struct container *c;

	TAILQ_FOREACH(c, &supervisor->registry.all, link)
		c->seen = false;
}

static int reread(void *arg)
{
	struct supervisor *supervisor = arg;
	int err;

	supervisor->alone = false;
	see_none(supervisor);
	err = kernel_list(&supervisor->kernel, take_record, supervisor);
	if (!err)
		drop_unseen(supervisor);
	return err;
}

static void on_unloaded(void *arg)
{
	struct supervisor *supervisor = arg;

	supervisor->alone = false;
	see_none(arg);
	drop_unseen(arg);
}

const struct kernel_ops mirror_ops = {
	.record = on_record,
	.gone = on_gone,
	.reread = reread,
	.unloaded = on_unloaded,
};
