// SPDX-License-Identifier: GPL-2.0
/*
 * Retiring ended containers: a live container becomes an ended record. If there are too
 * many ended records, the module drops the oldest.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>

#include "member.h"
#include "memory.h"
#include "param.h"
#include "probe.h"
#include "retire.h"
#include "stop.h"
#include "table.h"
#include "work.h"

static unsigned int exit_records = 1024;
PURSER_PARAM_UINT(exit_records, 0, 1048576, 0644);
MODULE_PARM_DESC(
	exit_records,
	"number of records of ended containers to keep (0 to 1048576, default 1024)");

/* After this number of dropped records the table's mutex is released for a moment. */
#define DROP_BATCH 64

static struct purser_probe_group *container_probes;

static const char *reason_text(enum purser_reason reason)
{
	static const char *const text[] = {
		[PURSER_REASON_NONE] = "none",
		[PURSER_REASON_EXITED] = "exited",
		[PURSER_REASON_STOPPED] = "stopped",
		[PURSER_REASON_HARD_LIMIT_KILLED] = "hard_limit_killed",
		[PURSER_REASON_KILLED] = "killed",
		[PURSER_REASON_OOM_KILLED] = "oom_killed",
	};

	return text[reason];
}

/*
 * Release everything that only a live container needs. Caller holds the table's mutex.
 */
static void release_live_part(struct purser_container *c)
{
	spin_lock(&c->lock);
	purser_member_remove_all_locked(c);
	spin_unlock(&c->lock);
	purser_stop_cancel(c);
	purser_memory_release(c);
	purser_container_release(c);
	purser_probe_put(container_probes);
	module_put(THIS_MODULE);
}

/**
 * purser_retire_locked() - take a container off the live part of the table
 * @c: the container
 *
 * Does nothing if the container is retired already. Caller holds the table's mutex.
 */
void purser_retire_locked(struct purser_container *c)
{
	struct purser_figures last;

	if (c->retired)
		return;
	purser_meter_read(&c->meter, &last);
	if (READ_ONCE(c->state) == PURSER_STATE_EXITED)
		pr_info("exited container=%s reason=%s code=%d signal=%d forced=%d peak=%llu\n",
			c->name, reason_text(c->reason), c->exit_code,
			c->signal, c->forced, last.peak);
	else
		pr_info("unregistered container=%s pid=%d\n", c->name,
			c->pid_nr);
	purser_table_retire(c);
	release_live_part(c);
}

/* Drop the oldest record if there are too many. Caller holds the table's mutex. */
static bool drop_old_record(void)
{
	struct purser_container *c = purser_table_oldest_ended(
		READ_ONCE(exit_records));

	if (!c)
		return false;
	spin_lock(&c->lock);
	purser_container_event(c, PURSER_EVENT_RECORD_DROPPED);
	spin_unlock(&c->lock);
	purser_table_remove(c);
	return true;
}

/*
 * If exit_records was lowered, there may be a million records to drop. The batches let
 * other requests run in between.
 */
static void drop_old_records(void)
{
	bool more = true;
	int i;

	while (more) {
		purser_table_lock();
		for (i = 0; more && i < DROP_BATCH; i++)
			more = drop_old_record();
		purser_table_unlock();
		cond_resched();
	}
}

static void retire_work(struct work_struct *work)
{
	struct purser_container *c = container_of(work, struct purser_container,
						  retire_work);

	purser_table_lock();
	purser_retire_locked(c);
	purser_table_unlock();
	purser_container_put(c);
	drop_old_records();
}

/**
 * purser_retire_init() - set the probes that live containers need; called once, at load
 * @probes: attached while any container is live; used under the table's mutex
 */
void __init purser_retire_init(struct purser_probe_group *probes)
{
	container_probes = probes;
}

/**
 * purser_retire_prepare() - initialize a new container, before it is in the table
 * @c: the container
 */
void purser_retire_prepare(struct purser_container *c)
{
	INIT_WORK(&c->retire_work, retire_work);
}

/**
 * purser_retire_queue() - queue the work item that retires an ended container
 * @c: the container
 *
 * The reference count cannot be 0 yet, because the container is in the table or has
 * linked members.
 *
 * Context: any, under rcu_read_lock().
 */
void purser_retire_queue(struct purser_container *c)
{
	if (!purser_container_get(c))
		return;
	if (!queue_work(purser_wq, &c->retire_work))
		purser_container_put(c);
}
