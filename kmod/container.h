/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The container.
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

/* The first cause of a container's end; taken once, with cmpxchg(). */
enum purser_cause {
	PURSER_CAUSE_NONE,
	PURSER_CAUSE_STOP,
	PURSER_CAUSE_HARD_LIMIT,
};

/* struct purser_crossing - how a limit was crossed; see crossing.c */
struct purser_crossing {
	struct purser_figures at;
	u64 limit;
	bool by_fault; /* not by new limits, not seen by the sweep */
	struct purser_killer task; /* the task that faulted, if by_fault */
};

/*
 * struct purser_limit_state - where a container stands with its limits
 *
 *   soft   armed --probe: usage >= limit--> CROSSED_SOFT, figures, SOFT_NOTED
 *            ^                                          | settling, c->lock
 *            '---- usage < 7/8 of it, settling ----- reached
 *          "told" follows "reached" at most once a second: each step of "told" is
 *          an event, and a log line (REPORT_SOFT) if the limit was reached.
 *
 *   hard   armed --probe: usage > limit--> CROSSED_HARD, figures, HARD_NOTED
 *            ^                                          | the one who clears NOTED
 *            '------- the limit was raised -------------+--> killed, SIGKILL
 *                                                            | settling, c->lock
 *                                                          reached: event, log line
 *
 *   counters  plain --rss near check_at--> near --WANT_EXACT, all read--> exact
 *               ^------------- the sweep: rss far below check_at -----------'
 *
 *   watching  WANT_FAULTS while rss is above a limit and usage below: page faults
 *             are watched. WANT_COUNT if pages that were freed lazily may hide usage.
 *
 * Only crossing.c and limits.c change it.
 */
struct purser_limit_state {
	/* No lock; see enum purser_limit_bit in crossing.h. */
	unsigned long bits;
	/* Pages of RSS from which on a limit may be crossed; probes read it. */
	long check_at;
	struct purser_crossing soft;
	struct purser_crossing hard;
	bool hard_killed; /* SIGKILL was sent for memory; set once */
	bool near;	  /* counters are read exactly */
	bool exact;	  /* and all have been */
	bool watched;	  /* page faults are watched; under watch_mutex */

	/* Under c->lock. */
	bool soft_reached;
	bool hard_reached;
	bool soft_told;	   /* the last event was soft_limit, not soft_clear */
	u64 soft_told_at;  /* time of that event, boottime ns; 0: none yet */
	bool soft_pending; /* no event tells of the last crossing yet */
	u64 soft_crossings;
	u64 soft_held; /* crossings that no event tells of */
	struct delayed_work soft_work;
};

/*
 * struct purser_hold - objects of the kernel that a live container keeps
 * They go when it is retired, after a grace period: an ended record has numbers only.
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
 * Look-ups run under RCU and take a reference with kref_get_unless_zero(); the
 * table holds one reference from publication to removal. Members point to their
 * container without a reference: they are unlinked before the table's reference
 * goes, and both are freed after a grace period.
 */
struct purser_container {
	/* Constant from publication on. */
	u64 id;
	char name[PURSER_NAME_MAX + 1]; /* padded with NULs: a hash key */
	pid_t pid_nr;			/* of init, in the initial namespace */
	pid_t caller_pid_nr;		/* of init, as its registrar sees it */
	u32 caller_pidns_ino;		/* the registrar's pid namespace */
	u32 pidns_ino;
	bool has_pidns; /* members by namespace; else by descent */
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
	 * Protects the following fields. A leaf but for the event log's lock. Probes
	 * take it, which may run with preemption off. Never taken with siglock or a
	 * runqueue lock held, never in interrupt context.
	 */
	spinlock_t lock;
	enum purser_state state;
	enum purser_reason reason;
	/* A stop sets it under the lock, the hard limit without the lock. */
	enum purser_cause cause;
	int exit_code;
	int signal;
	bool has_killer;
	struct purser_killer killer; /* the sender of the signal that ended it */
	struct purser_killer requester; /* of the stop */
	int requested_signal;		/* sent in the requester's context */
	enum purser_oom_scope oom_scope; /* 0: the OOM killer did not choose it */
	bool init_dead;			 /* exit_code, signal, killer are set */
	bool outlived; /* members lived on after init, which had no cause yet */
	bool forced;
	bool no_handler;
	/* SIGKILL goes to every member, also to a later one; also set without lock. */
	bool killed;
	bool published;	 /* can be found; set once, with its event */
	bool adopted;	 /* running processes became members; set once */
	bool removed;	 /* unregistered, or retired: takes no members */
	bool incomplete; /* a member could not be added: adopt again */
	u64 soft_limit;
	u64 hard_limit;
	u64 cpu_time;
	u64 started_at;
	u64 exited_at;
	u32 processes;
	u32 outside;		      /* of them, in another memory cgroup */
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
	struct list_head namesakes; /* all with this name, the newest first */
	struct list_head ended_node;
	bool holds_name;	   /* name_node is the one in the table */
	bool retired;		   /* off the live part of the table */
	struct purser_fifos fifos; /* put when it leaves the table */

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
void purser_container_event(struct purser_container *c,
			    enum purser_event_type type);
void purser_container_event_at(struct purser_container *c,
			       enum purser_event_type type,
			       const struct purser_crossing *x);

#endif /* PURSER_CONTAINER_H */
