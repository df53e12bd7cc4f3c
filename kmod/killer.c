// SPDX-License-Identifier: GPL-2.0
/*
 * Who ended a container: the senders of the signals that its init got, and the
 * OOM killer.
 *
 * A probe notes the sender when the signal is sent, one sender for each signal number:
 * its name and its user may be gone when the container dies. The exit of init tells
 * which of the signals was the fatal one (lifecycle.c).
 */
#include <linux/cred.h>
#include <linux/memcontrol.h>
#include <linux/page_counter.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/preempt.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <trace/events/signal.h>

#include "killer.h"
#include "member.h"

/*
 * struct purser_senders - the last sender of each signal to init
 *
 * The sender writes it, under the siglock of init: one at a time. The exit of init
 * reads it under the same lock. It is freed a grace period after the container is
 * retired.
 */
struct purser_senders {
	u64 seen; /* bit N - 1: signal N has a sender */
	/* Whose context SIGKILL came from; compared, never followed. */
	const struct task_struct *killed_by;
	struct purser_killer sender[_NSIG];
};

/* The container whose init @task is, or NULL. Under rcu_read_lock(). */
static struct purser_container *container_of_init(struct task_struct *task)
{
	struct purser_member *m = purser_member_find(task_tgid(task));

	return m && m->pid == READ_ONCE(m->container->pid) ? m->container :
							     NULL;
}

struct purser_senders *purser_killer_alloc(void)
{
	return kzalloc(sizeof(struct purser_senders), GFP_KERNEL_ACCOUNT);
}

/**
 * purser_killer_of_current() - the calling process, as a sender
 * @out: what it is now
 *
 * Context: of a process; also under a spinlock.
 */
void purser_killer_of_current(struct purser_killer *out)
{
	out->pid = task_tgid_nr(current);
	out->uid = from_kuid(&init_user_ns, current_uid());
	strscpy_pad(out->comm, current->comm, sizeof(out->comm));
}

static void set_kernel(struct purser_killer *out)
{
	out->pid = 0;
	out->uid = 0;
	strscpy_pad(out->comm, "kernel", sizeof(out->comm));
}

/*
 * Is the signal one that the kernel made, for whatever reason, in the context of
 * a process that may have nothing to do with it? The code alone does not tell: by
 * rt_sigqueueinfo() a process may send others what looks like a timer's. But a
 * timer's comes from an interrupt or, where it measures CPU time, from the
 * process itself.
 */
static bool made_by_kernel(const struct kernel_siginfo *info,
			   struct task_struct *task)
{
	if (info == SEND_SIG_PRIV || !in_task() || current->flags & PF_KTHREAD)
		return true;
	if (info == SEND_SIG_NOINFO)
		return false;
	return info->si_code > 0 ||
	       (info->si_code == SI_TIMER && same_thread_group(current, task));
}

/**
 * purser_killer_on_signal() - probe of signal_generate
 * @unused: the probe's data: NULL
 * @signal: its number
 * @info: what it says, or one of the SEND_SIG_* values
 * @task: whom it is for
 * @group: unused
 * @result: what becomes of it, TRACE_SIGNAL_*
 *
 * A signal that is dropped, or is pending already, has no part in what follows;
 * to a process that is dying nothing is sent any more. So the first SIGKILL is
 * the one that is kept, and of other signals the last one that got through.
 *
 * Context: any, also an interrupt; the siglock of @task is held, interrupts are
 * off. A look-up and a copy of 24 bytes; takes no lock.
 */
void purser_killer_on_signal(void *unused, int signal,
			     struct kernel_siginfo *info,
			     struct task_struct *task, int group, int result)
{
	struct purser_senders *senders;
	struct purser_killer *sender;
	struct purser_container *c;

	if (result != TRACE_SIGNAL_DELIVERED &&
	    result != TRACE_SIGNAL_LOSE_INFO)
		return;
	rcu_read_lock();
	c = container_of_init(task);
	senders = c ? READ_ONCE(c->senders) : NULL;
	if (senders && signal >= 1 && signal <= _NSIG) {
		sender = &senders->sender[signal - 1];
		if (made_by_kernel(info, task))
			set_kernel(sender);
		else
			purser_killer_of_current(sender);
		if (signal == SIGKILL)
			senders->killed_by = current;
		senders->seen |= BIT_ULL(signal - 1);
	}
	rcu_read_unlock();
}

/**
 * purser_killer_read() - who sent @signal to the init of @c
 * @c: the container
 * @task: a thread of its init that has not left do_exit() yet
 * @signal: 1 to 64
 * @out: set where the sender was seen
 *
 * Context: of @task, interrupts on, under rcu_read_lock(); no locks held.
 * Return: whether it was seen.
 */
bool purser_killer_read(const struct purser_container *c,
			struct task_struct *task, int signal,
			struct purser_killer *out)
{
	const struct purser_senders *senders = READ_ONCE(c->senders);
	struct sighand_struct *sighand;
	bool seen;

	if (!senders)
		return false;
	/* A thread has it until exit_notify(). */
	sighand = rcu_dereference(task->sighand);
	spin_lock_irq(&sighand->siglock);
	seen = senders->seen & BIT_ULL(signal - 1);
	if (seen)
		*out = senders->sender[signal - 1];
	spin_unlock_irq(&sighand->siglock);
	return seen;
}

/*
 * The last victim of the OOM killer, whoever that was. The kernel's oom_lock is
 * held wherever there are victims.
 */
static struct {
	const struct task_struct *by; /* compared, never followed */
	enum purser_oom_scope scope;
} last_victim;

/*
 * Which memory was short: that of a cgroup where @task is in one that is full.
 * The OOM killer does not tell. For a cgroup it runs only when a charge of up to
 * 8 pages (2^PAGE_ALLOC_COSTLY_ORDER) does not fit below the limit of the cgroup
 * or of one above it; that one has counted the event, and whatever each CPU had
 * charged in advance (64 pages, MEMCG_CHARGE_BATCH) may have been given back since.
 * Where it takes a whole cgroup (memory.oom.group), one after the other, there may
 * be room once the first is dead: what holds for that one holds for the others.
 */
static enum purser_oom_scope oom_scope(struct task_struct *task)
{
#ifdef CONFIG_MEMCG
	const unsigned long slack = (1 << PAGE_ALLOC_COSTLY_ORDER) +
				    64 * num_online_cpus();
	bool full = false, group = false;
	struct mem_cgroup *memcg;

	if (mem_cgroup_disabled())
		return PURSER_OOM_SCOPE_GLOBAL;
	rcu_read_lock();
	for (memcg = mem_cgroup_from_task(task); memcg;
	     memcg = parent_mem_cgroup(memcg)) {
		full |= page_counter_read(&memcg->memory) + slack >
				READ_ONCE(memcg->memory.max) &&
			atomic_long_read(
				&memcg->memory_events_local[MEMCG_OOM]);
		group |= READ_ONCE(memcg->oom_group);
	}
	rcu_read_unlock();
	if (full || (group && last_victim.by == current &&
		     last_victim.scope == PURSER_OOM_SCOPE_CGROUP))
		return PURSER_OOM_SCOPE_CGROUP;
#endif
	return PURSER_OOM_SCOPE_GLOBAL;
}

/**
 * purser_killer_on_oom_victim() - probe of mark_victim
 * @unused: the probe's data: NULL
 * @task: a thread of the process that the OOM killer has chosen
 * @uid: unused
 *
 * The OOM killer sends SIGKILL first and marks its victim then, in one context.
 * It also marks, without a signal, what is dying already: then the cause is
 * another one.
 *
 * Context: of whoever is short of memory; task_lock(@task) is held. Takes the
 * container's lock inside it.
 */
void purser_killer_on_oom_victim(void *unused, struct task_struct *task,
				 uid_t uid)
{
	const struct purser_senders *senders;
	struct purser_container *c;

	last_victim.scope = oom_scope(task);
	last_victim.by = current;
	rcu_read_lock();
	c = container_of_init(task);
	senders = c ? READ_ONCE(c->senders) : NULL;
	/* This very context sent the SIGKILL, not a process by kill(). */
	if (senders && READ_ONCE(senders->killed_by) == current &&
	    !senders->sender[SIGKILL - 1].pid) {
		spin_lock(&c->lock);
		if (c->state != PURSER_STATE_EXITED && !c->oom_scope)
			c->oom_scope = last_victim.scope;
		spin_unlock(&c->lock);
	}
	rcu_read_unlock();
}

/**
 * purser_killer_on_oom_victim_pid() - the same, where the tracepoint tells the pid
 * @unused: the probe's data: NULL
 * @pid: of that thread, in the initial pid namespace
 *
 * Context: as purser_killer_on_oom_victim(). The lock keeps the task where it is.
 */
void purser_killer_on_oom_victim_pid(void *unused, int pid)
{
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(find_pid_ns(pid, &init_pid_ns), PIDTYPE_PID);
	if (task)
		purser_killer_on_oom_victim(unused, task, 0);
	rcu_read_unlock();
}
