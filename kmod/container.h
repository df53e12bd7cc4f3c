/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The container and the table of containers.
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
	bool by_fault;		   /* else by new limits, or seen by a sweep */
	struct purser_killer task; /* whose fault it was, if so */
};

/*
 * struct container - one entry of the table
 *
 * Look-ups run under RCU and take a reference with kref_get_unless_zero(); the
 * table holds one reference from publication to removal. Members point to their
 * container without a reference: they are unlinked before the table's reference
 * goes, and both are freed after a grace period.
 */
struct container {
	/* Constant from publication on. */
	u64 id;
	char name[PURSER_NAME_MAX + 1]; /* padded with NULs: a hash key */
	struct pid *pid;		/* of init's thread group */
	struct pid_namespace *pidns;	/* NULL: members by descent, not by
					 * namespace
					 */
	u32 pidns_ino;
	struct purser_senders *senders; /* of signals to init; see killer.c */
	void *cookie;
	size_t cookie_len;
	u64 registered_at;

	/*
	 * Protects what follows. A leaf but for the event log's lock; taken in
	 * probes, which may run with preemption off, never with siglock or a runqueue lock
	 * held, never in interrupt context.
	 */
	spinlock_t lock;
	enum purser_state state;
	enum purser_reason reason;
	/* By a stop under the lock, by the hard limit without it. */
	enum purser_cause cause;
	int exit_code;
	int signal;
	bool has_killer;
	struct purser_killer killer;	/* who sent the signal that ended it */
	struct purser_killer requester; /* of the stop */
	int requested_signal;		/* sent in the requester's context */
	enum purser_oom_scope oom_scope; /* 0: the OOM killer did not choose it */
	bool forced;
	bool no_handler;
	bool soft_reached; /* told of, not re-armed yet */
	bool hard_reached; /* told of */
	bool published;	   /* can be found; set once, with its event */
	bool adopted;	   /* what ran already is a member; set once */
	bool removed;	   /* unregistered, or retired: takes no members */
	u64 soft_limit;
	u64 hard_limit;
	u64 cpu_time;
	u64 started_at;
	u64 exited_at;
	u64 soft_crossings;
	u32 processes;
	struct list_head members; /* written under lock, read under RCU */
	long look_at; /* pages of RSS where a limit may be; read in probes */

	/* Memory, without the lock; see crossing.c. */
	struct purser_meter meter;
	unsigned long crossed; /* bits, see crossing.h */
	struct purser_crossing soft_crossing;
	struct purser_crossing hard_crossing;
	bool hard_killed; /* SIGKILL was sent for memory; set once */
	bool near;	  /* counters are read exactly */
	bool exact;	  /* and all have been */
	bool gray;	  /* page faults are watched; under gray_mutex */
	struct irq_work crossed_irq;
	struct work_struct crossed_work;

	/* Protected by the table's mutex. */
	struct rhash_head name_node;
	struct rhash_head pid_node;
	struct rhash_head pidns_node;
	struct list_head ended_node;
	bool holds_name;	   /* name_node is the one in the table */
	bool retired;		   /* off the live part of the table */
	struct purser_fifos fifos; /* put when it leaves the table */

	struct work_struct retire_work;
	struct delayed_work grace_work;

	struct kref ref;
	struct rcu_head rcu;
};

/* struct purser_table_stats - see the info command */
struct purser_table_stats {
	u32 live;
	u32 ended;
};

bool purser_name_is_legal(const char *name);

int purser_container_init(void);
void purser_container_free(void);

struct container *__must_check purser_container_alloc(const char *name,
						      struct pid *pid,
						      struct pid_namespace *ns);
bool purser_container_get(struct container *c);
bool purser_container_is_killed(const struct container *c);
void purser_container_put(struct container *c);

/* The table's mutex: publication, retirement, removal. */
void purser_table_lock(void);
void purser_table_unlock(void);

int purser_table_publish(struct container *c);
void purser_table_unpublish(struct container *c);
void purser_table_retire(struct container *c);
void purser_table_remove(struct container *c);
bool purser_table_has(const struct container *c);
struct container *purser_table_oldest_ended(unsigned int keep);

/* Look-ups: with a reference for the caller, or NULL. */
struct container *__must_check purser_container_by_id(u64 id);
struct container *__must_check purser_container_by_name(const char *name);
struct container *__must_check purser_container_by_pid(struct pid *pid);
struct container *__must_check purser_container_after(u64 id);
/* Under rcu_read_lock(), without a reference. */
struct container *purser_container_of_ns(struct pid_namespace *ns);

unsigned int purser_table_generation(void);
void purser_table_stats(struct purser_table_stats *out);

void purser_container_snapshot(const struct container *c,
			       struct purser_record *out);
void purser_container_event(struct container *c, enum purser_event_type type);
void purser_container_event_at(struct container *c, enum purser_event_type type,
			       const struct purser_figures *at);

#endif /* PURSER_CONTAINER_H */
