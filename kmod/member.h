/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which processes belong to which container.
 */
#ifndef PURSER_MEMBER_H
#define PURSER_MEMBER_H

#include <linux/list.h>
#include <linux/list_bl.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "container.h"

/* struct member - one process (thread group) of a container */
struct member {
	struct hlist_bl_node node;
	struct pid *pid;	     /* of the thread group; constant */
	struct container *container; /* constant; see struct container */
	struct list_head sibling;    /* container->members */
	u64 cpu_time;		     /* already counted; container->lock */
	struct purser_mm *mm;	     /* that it counts for; container->lock */
	bool gone;		     /* removed; container->lock */
	/* Its address space is that of a process outside, until it calls execve(). */
	bool borrows; /* container->lock */
	struct rcu_head rcu;
};

int purser_member_init(void);
void purser_member_free(void);

struct member *purser_member_find(struct pid *pid);
int purser_member_add_locked(struct container *c, struct task_struct *task,
			     struct mm_struct *mm);
void purser_member_remove_locked(struct member *m);
void purser_member_remove_all_locked(struct container *c);
void purser_member_adopt(struct container *c);
void purser_member_count_cpu_locked(struct member *m,
				    struct task_struct *leader);
void purser_member_kill(struct container *c);
void purser_member_kill_at_once(struct container *c);
bool purser_member_init_is_dying(const struct container *c);
unsigned int purser_member_total(void);

bool purser_member_group_dead(const struct task_struct *task);
bool purser_member_is_current(void);

void purser_member_on_fork(void *unused, struct task_struct *parent,
			   struct task_struct *child);

#endif /* PURSER_MEMBER_H */
