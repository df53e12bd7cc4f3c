/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The event log: the last events, numbered without gaps.
 */
#ifndef PURSER_EVENT_H
#define PURSER_EVENT_H

#include <linux/sched.h>
#include <linux/types.h>
#include <linux/purser.h>

/* struct purser_killer - who sent a signal, as in enum purser_attr_killer */
struct purser_killer {
	u32 pid;
	u32 uid;
	char comm[TASK_COMM_LEN]; /* padded with NULs */
};

/*
 * struct purser_record - a container's public fields at one moment
 *
 * It is a plain copy without pointers or locks. The uapi header documents the units.
 */
struct purser_record {
	u64 id;
	char name[PURSER_NAME_MAX + 1];
	u32 pid;
	u32 pidns;
	u32 state;
	u32 reason;
	int exit_code; /* -1 if init did not return */
	int signal;    /* 0 if no signal ended init */
	bool has_killer;
	struct purser_killer killer;
	u32 oom_scope; /* 0 if the OOM killer did not end it */
	bool forced;
	bool no_handler;
	u64 soft_limit;
	u64 hard_limit;
	u64 rss;
	u64 usage;
	u64 peak;
	bool has_crossed_by; /* a page fault crossed the hard limit */
	struct purser_killer crossed_by;
	u32 processes;
	u32 outside;
	u64 cpu_time;
	u64 registered_at;
	u64 started_at;
	u64 exited_at;
	u64 soft_crossings;
	u64 soft_held;
};

struct purser_event {
	u64 seq;
	u64 time;
	u32 type;
	struct purser_record record;
};

/* struct purser_event_stats - see the info command */
struct purser_event_stats {
	u64 made;
	u64 dropped;
};

int purser_event_init(int (*deliver)(const struct purser_event *event));
void purser_event_stop(void);
void purser_event_free(void);

void purser_event_add(enum purser_event_type type,
		      const struct purser_record *record);
bool purser_event_next(u64 after, struct purser_event *out);
void purser_event_stats(struct purser_event_stats *out);

#endif /* PURSER_EVENT_H */
