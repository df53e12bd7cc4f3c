// SPDX-License-Identifier: GPL-2.0
/*
 * Finding out who ended a container: the senders of the signals that its init got, and
 * the OOM killer.
 *
 * A probe stores the sender when the signal is sent, because the sender may be gone when
 * the container dies. It stores one sender for each signal number. The exit of init
 * shows which of the signals was the fatal one (lifecycle.c).
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
 * The probe writes it in the sender's context, under the siglock of init. The exit of
 * init reads it under the same lock. It is freed one RCU grace period after the
 * container is retired.
 */
struct purser_senders {
	u64 seen; /* bit N - 1: signal N has a sender */
	/* The task that sent SIGKILL; only compared, never dereferenced. */
	const struct task_struct *killed_by;
	struct purser_killer sender[_NSIG];
};

/* The container whose init is @task, or NULL. Caller holds rcu_read_lock(). */
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
 * purser_killer_of_current() - describe the calling process as a sender
 * @out: receives its pid, its user id and its name, as they are now
 *
 * Context: process context; may be called under a spinlock.
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
 * Did the kernel make this signal by itself? It may do so in the context of a process
 * that has nothing to do with the signal. The si_code is not enough to know: with
 * rt_sigqueueinfo() a process can send a signal that looks like that of a timer. But
 * the signal of a real timer comes from an interrupt or, if the timer measures CPU time,
 * from the receiving process itself.
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
 * @signal: the signal's number
 * @info: its siginfo, or one of the SEND_SIG_* values
 * @task: the receiver
 * @group: unused
 * @result: what the kernel did with the signal, TRACE_SIGNAL_*
 *
 * The probe ignores a signal that the kernel drops or that is pending already. The
 * kernel delivers no signal to a process that is dying. Therefore the stored sender is
 * that of the first SIGKILL and, for each other signal, that of the last one delivered.
 *
 * Context: any, including interrupts; the siglock of @task is held, interrupts are
 * off. Costs a look-up and a copy of 24 bytes; takes no lock.
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
 * purser_killer_read() - get the sender of a signal to the init of a container
 * @c: the container
 * @task: a thread of its init that has not left do_exit() yet
 * @signal: 1 to 64
 * @out: receives the sender, if the probe has seen it
 *
 * Context: that of @task, interrupts on, under rcu_read_lock(); no locks held.
 * Return: true if the probe has seen the sender.
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
	/* A thread keeps its sighand until exit_notify(). */
	sighand = rcu_dereference(task->sighand);
	spin_lock_irq(&sighand->siglock);
	seen = senders->seen & BIT_ULL(signal - 1);
	if (seen)
		*out = senders->sender[signal - 1];
	spin_unlock_irq(&sighand->siglock);
	return seen;
}

/*
 * The last victim of the OOM killer, inside or outside containers. The kernel holds its
 * oom_lock whenever it chooses a victim, so no lock of ours is needed.
 */
static struct {
	const struct task_struct *by; /* only compared, never dereferenced */
	enum purser_oom_scope scope;
} last_victim;

/*
 * Was memory short in a cgroup of @task or on the whole machine?
 *
 * The OOM killer does not say. It runs for a cgroup only if a charge of up to 8 pages
 * (2^PAGE_ALLOC_COSTLY_ORDER) does not fit below the limit of that cgroup or of one of
 * its ancestors. The cgroup that is full has counted an OOM event. Each CPU may have
 * returned the pages that it had charged in advance (64 pages, MEMCG_CHARGE_BATCH), so
 * this function allows for that much room below the limit.
 *
 * If the OOM killer kills a whole cgroup (memory.oom.group), it kills one process after
 * the other. After the first death the cgroup may not be full any more. Therefore the
 * answer for the first victim also counts for the next ones.
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
 * The OOM killer first sends SIGKILL and then marks its victim, both in one context. It
 * also marks a process that is dying already, without a signal; in that case the OOM
 * killer is not the cause of the death.
 *
 * Context: that of the task that needed memory; task_lock(@task) is held. Takes the
 * container's lock inside task_lock().
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
	/* The current task sent the SIGKILL, and not by kill(). */
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
 * purser_killer_on_oom_victim_pid() - probe of mark_victim on kernels before 6.9
 * @unused: the probe's data: NULL
 * @pid: pid of the victim's thread, in the initial pid namespace
 *
 * Context: as purser_killer_on_oom_victim(). task_lock() keeps the task from going away.
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
