/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Membership: which process belongs to which container.
 */
#ifndef PURSER_MEMBER_H
#define PURSER_MEMBER_H

#include <linux/list.h>
#include <linux/list_bl.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "container.h"

/* struct purser_member - one process (thread group) of a container */
struct purser_member {
	struct hlist_bl_node node;
	struct pid *pid;		    /* of the thread group; constant */
	struct purser_container *container; /* constant */
	struct list_head sibling;	    /* container->members */
	u64 cpu_time;	      /* already counted; container->lock */
	struct purser_mm *mm; /* its counted address space; container->lock */
	bool gone;	      /* removed; container->lock */
	bool outside;	      /* in another memory cgroup; container->lock */
	/* Until execve() it shares the address space of a process outside. */
	bool foreign_mm; /* container->lock */
	/* A process outside all containers has forked it into the pid namespace. */
	bool entered;
	struct rcu_head rcu;
};

int purser_member_init(void);
void purser_member_free(void);

struct purser_member *purser_member_find(struct pid *pid);
struct purser_container *__must_check purser_member_lookup(struct pid *pid);
int purser_member_add_locked(struct purser_container *c,
			     struct task_struct *task, struct mm_struct *mm);
bool purser_member_may_move(const struct purser_member *m,
			    struct task_struct *task);
int purser_member_move_locked(struct purser_member *old,
			      struct purser_container *c,
			      struct task_struct *task);
void purser_member_remove_locked(struct purser_member *m);
void purser_member_remove_all_locked(struct purser_container *c);
void purser_member_locate_locked(struct purser_member *m,
				 struct task_struct *task);
void purser_member_count_cpu_locked(struct purser_member *m,
				    struct task_struct *leader);
unsigned int purser_member_threads(struct purser_container *c);
unsigned int purser_member_total(void);

bool purser_member_group_dead(const struct task_struct *task);
bool purser_member_end_is_decided(const struct purser_container *c);
bool purser_member_is_current(void);

#endif /* PURSER_MEMBER_H */
