/* SPDX-License-Identifier: GPL-2.0 */
/*
 * struct purser_container: one entry of the table, with everything that the module
 * knows of a container.
 */
#ifndef PURSER_CONTAINER_H
#define PURSER_CONTAINER_H

#include <linux/irq_work.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/purser.h>

#include "event.h"
#include "fifo.h"
#include "meter.h"

struct purser_senders;

/* The first cause of a container's end; set once, with cmpxchg(). */
enum purser_cause {
	PURSER_CAUSE_NONE,
	PURSER_CAUSE_STOP,
	PURSER_CAUSE_HARD_LIMIT,
};

/* struct purser_crossing - how usage crossed a limit; see crossing.c */
struct purser_crossing {
	struct purser_figures at; /* at that moment */
	u64 limit;		  /* as it was then, in bytes */
	bool by_fault; /* in a page fault; else new limits or the sweep found it */
	struct purser_killer task; /* the task that faulted, if by_fault */
};

/*
 * struct purser_limit_state - where a container stands with its limits
 *
 *   soft   armed --probe: usage >= limit--> CROSSED_SOFT, figures, SOFT_NOTED
 *            ^                                          | settling, c->lock
 *            '---- usage < 7/8 of it, settling ----- reached
 *          "told" is what listeners know of "reached". It follows "reached" at most
 *          once a second. Each change of "told" is an event; if the limit was
 *          reached, it is also a log line (REPORT_SOFT).
 *
 *   hard   armed --probe: usage > limit--> CROSSED_HARD, figures, HARD_NOTED
 *            ^                                          | code that clears NOTED
 *            '------- the limit was raised -------------+--> killed, SIGKILL
 *                                                            | settling, c->lock
 *                                                          reached: event, log line
 *
 *   counters  plain --rss near check_at--> near --WANT_EXACT, all read--> exact
 *               ^------------- the sweep: rss far below check_at -----------'
 *          "near": rss is close to a limit, so each counter is read exactly, over
 *          all CPUs, whenever it changes. "exact": all counters have been read so.
 *
 *   watching  WANT_FAULTS is set while rss is above a limit and usage below it. The
 *             page fault probes are attached then ("watched"). WANT_COUNT is set if
 *             lazily freed pages may hide that usage has crossed a limit.
 *
 * "Settling" means: under c->lock, turn a crossing that a probe has noted into state
 * and events (purser_limits_settle_locked()). Only crossing.c and limits.c change
 * this struct.
 */
struct purser_limit_state {
	/* No lock; see enum purser_limit_bit in crossing.h. */
	unsigned long bits;
	/* If RSS is at least this many pages, usage may cross a limit; probes read it. */
	long check_at;
	struct purser_crossing soft;
	struct purser_crossing hard;
	bool hard_killed; /* SIGKILL was sent for memory; set once */
	bool near;	  /* counters are read exactly, see above */
	bool exact;	  /* all counters were read exactly since then */
	bool watched;	  /* page fault probes are attached; watch_mutex */

	/* Under c->lock. */
	bool soft_reached;
	bool hard_reached;
	bool soft_told;	   /* the last event was soft_limit, not soft_clear */
	u64 soft_told_at;  /* time of that event, boottime ns; 0: none yet */
	bool soft_pending; /* the last crossing has no event yet */
	u64 soft_crossings;
	u64 soft_held; /* crossings without an event */
	struct delayed_work soft_work;
};

/*
 * struct purser_hold - references to kernel objects that a live container keeps
 *
 * They are dropped one RCU grace period after the container is retired. The record of an
 * ended container holds only numbers.
 */
struct purser_hold {
	struct pid *pid;
	struct pid_namespace *pidns;
	struct purser_senders *senders;
	struct rcu_head rcu;
};

/*
 * struct purser_container - one entry of the table
 *
 * Look-ups run under RCU and take a reference with kref_get_unless_zero(). The table
 * holds one reference from publication to removal (see table.c for these words). Members
 * point to their container without a reference: they are unlinked before the table drops
 * its reference, and both are freed after an RCU grace period.
 */
struct purser_container {
	/* Constant once the container is published. */
	u64 id;
	char name[PURSER_NAME_MAX + 1]; /* padded with NULs: a hash key */
	pid_t pid_nr;			/* of init, in the initial namespace */
	pid_t caller_pid_nr;  /* of init, as the registering process sees it */
	u32 caller_pidns_ino; /* the registering process's pid namespace */
	u32 pidns_ino;
	bool has_pidns; /* members: by pid namespace; else by descent */
	void *cookie;
	size_t cookie_len;
	u64 registered_at;

	/*
	 * Constant while the container is live, NULL once it is retired. Readers hold
	 * rcu_read_lock() and check for NULL, or hold @lock and see a member linked.
	 */
	struct pid *pid;		/* of init's thread group */
	struct pid_namespace *pidns;	/* NULL without has_pidns */
	struct purser_senders *senders; /* of signals to init; see killer.c */
	struct purser_hold *hold;	/* the references; under table_mutex */

	/*
	 * Protects the following fields. Of the module's own locks, only the event log's
	 * lock and the locks of hash buckets are taken inside it. Probes take it, possibly
	 * with preemption off. It must not be taken with siglock or a runqueue lock held,
	 * nor in interrupt context.
	 */
	spinlock_t lock;
	enum purser_state state;
	enum purser_reason reason;
	/* A stop sets it under the lock; the hard limit sets it without the lock. */
	enum purser_cause cause;
	int exit_code;
	int signal;
	bool has_killer;
	struct purser_killer killer; /* the sender of the signal that ended it */
	struct purser_killer requester; /* the last one that stopped it */
	u64 requested_signals; /* bit N - 1: a requester made the module send N */
	enum purser_oom_scope oom_scope; /* 0: the OOM killer did not choose it */
	bool init_dead;			 /* exit_code, signal, killer are set */
	bool outlived; /* init died without a cause, and members lived on */
	bool forced;
	bool no_handler;
	/* Every member gets SIGKILL, also a later one; also set without the lock. */
	bool killed;
	bool published; /* look-ups find it; set once, with its event */
	bool adopted; /* the processes that ran already are members; set once */
	bool removed; /* unregistered or retired: takes no new members */
	bool incomplete; /* no memory to add a member: the sweep adopts again */
	u64 soft_limit;
	u64 hard_limit;
	u64 cpu_time;
	u64 started_at;
	u64 exited_at;
	u32 processes;
	u32 outside; /* those of them that are in another memory cgroup */
	struct list_head members;     /* written under lock, read under RCU */
	unsigned long grace_deadline; /* of a stop, in jiffies; 0: none */

	/* Memory, without the lock; see crossing.c. */
	struct purser_meter meter;
	struct purser_limit_state limits;
	struct irq_work crossed_irq;
	struct work_struct crossed_work;

	/* Protected by the table's mutex. */
	struct rhash_head name_node;
	struct rhash_head pidns_node;
	struct list_head namesakes; /* all records of this name, newest first */
	struct list_head ended_node;
	bool holds_name;	   /* the name index points to name_node */
	bool retired;		   /* has left the live part of the table */
	struct purser_fifos fifos; /* closed when it leaves the table */

	struct work_struct retire_work;
	struct delayed_work grace_work;

	struct kref ref;
	struct rcu_head rcu;
};

bool purser_name_is_legal(const char *name);

struct purser_container *__must_check purser_container_alloc(
	const char *name, struct pid *pid, struct pid_namespace *ns);
bool purser_container_get(struct purser_container *c);
void purser_container_put(struct purser_container *c);
void purser_container_release(struct purser_container *c);
struct task_struct *purser_container_init_task(struct purser_container *c);

void purser_container_snapshot(const struct purser_container *c,
			       struct purser_record *out);
void purser_container_count_end(enum purser_reason reason);
u64 purser_container_ends(enum purser_reason reason);
void purser_container_event(struct purser_container *c,
			    enum purser_event_type type);
void purser_container_event_at(struct purser_container *c,
			       enum purser_event_type type,
			       const struct purser_crossing *x);

#endif /* PURSER_CONTAINER_H */
