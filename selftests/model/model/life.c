// SPDX-License-Identifier: GPL-2.0
/* Steps in the life of a container. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

#define PARAMETER "/sys/module/purser/parameters/exit_records"
/* The most processes that are in no container. */
#define MOST_FREE 24
/* The most processes with ballast. */
#define MOST_HEAVY 16

/** ref_of() - refer to a container in the table by its id, name or pid, at random */
struct purser_ref ref_of(const struct book *b)
{
	struct purser_ref ref = { .id = b->id };
	unsigned int way = below(3);

	if (way == 1 && find_name(b->name) == b)
		ref = (struct purser_ref){ .name = b->name };
	else if (way == 2 && b->init)
		ref = (struct purser_ref){ .pid = b->init->pid };
	return ref;
}

/* --- Processes --- */

static void do_fork(struct book *b)
{
	struct process *p = any_member(b, true);

	if (b->processes < MOST_MEMBERS)
		fork_process(p, random_fork());
}

static void end_member(struct process *p)
{
	note("%d of %s, %s, ends", p->pid, p->book->name, p->comm);
	switch (below(3)) {
	case 0:
		tell(p, ORDER_EXIT, below(256), 0, 0);
		break;
	case 1:
		tell(p, ORDER_CRASH, 0, 0, 0);
		break;
	default:
		send_signal(&killers[below(N_KILLERS)], p, SIGKILL);
	}
	bury(p);
}

/* Whether no member of @b is left when @p and all that die with it are dead. */
static bool is_last(const struct book *b, const struct process *p)
{
	const struct process *q;

	TAILQ_FOREACH(q, &processes, all)
		if (q->book == b && !dies_with(q, p))
			return false;
	return true;
}

/** end_one_member() - end a member that is not init; it may be the last */
void end_one_member(struct book *b, struct process *p)
{
	if (is_last(b, p))
		expect_last(b);
	end_member(p);
	expect_limits(b);
	settle_end(b);
}

static void do_end_member(struct book *b)
{
	struct process *p = any_member(b, false);

	if (p)
		end_one_member(b, p);
}

static unsigned int count_heavy(void)
{
	unsigned int n = 0;
	struct process *p;

	TAILQ_FOREACH(p, &processes, all)
		n += p->ballast > 0;
	return n;
}

static void do_weigh(struct book *b, struct process *p)
{
	if (!p->ballast && count_heavy() >= MOST_HEAVY)
		return;
	p->ballast = p->ballast ? 0 : WEIGHT;
	note("%d of %s has %llu bytes of ballast", p->pid, b->name,
	     (unsigned long long)p->ballast);
	expect_limits(b);
	must(ask(p, p->ballast ? ORDER_GROW : ORDER_SHRINK, 0, 0, p->ballast),
	     "ballast");
	settle();
}

static void do_exec(struct book *b)
{
	struct process *p = chance(50) ? b->init : NULL;

	if (!p)
		p = any_member(b, true);
	/* An execve() frees memory some time before the module sees it: do that first. */
	if (p->ballast)
		do_weigh(b, p);
	note("%d of %s execs", p->pid, b->name);
	if (p == b->init && !b->next.started) {
		b->next.started = true;
		if (b->next.state == PURSER_STATE_STARTING)
			b->next.state = PURSER_STATE_RUNNING;
		expect(b, PURSER_EVENT_STARTED);
	}
	execute(p);
	settle();
}

/* Uses CPU time, and often ends the process: the record must keep the time. */
static void do_burn(struct book *b)
{
	struct process *p = any_member(b, true);

	tell(p, ORDER_BURN, 0, 0, 20000000);
	must(answer(p, ORDER_BURN, &p->burnt), "burn");
	if (p != b->init && chance(70))
		end_one_member(b, p);
}

static void cull(void)
{
	struct process *p;
	unsigned int n = 0;

	TAILQ_FOREACH(p, &processes, all)
		n += !p->book;
	if (n <= MOST_FREE)
		return;
	while ((p = any_free())) {
		send_signal(&killers[0], p, SIGKILL);
		bury(p);
	}
}

/* --- Records --- */

/** change_limits() - set the limits of a container */
void change_limits(struct book *b, uint64_t soft, uint64_t hard)
{
	struct purser_limits limits = { &soft, &hard };
	struct purser_ref ref = ref_of(b);

	note("%s gets the limits %llu and %llu", b->name,
	     (unsigned long long)soft, (unsigned long long)hard);
	if (soft == b->next.soft_limit && chance(50))
		limits.soft_limit = NULL;
	else if (hard == b->next.hard_limit && chance(50))
		limits.hard_limit = NULL;
	b->next.soft_limit = soft;
	b->next.hard_limit = hard;
	expect(b, PURSER_EVENT_LIMITS_CHANGED);
	expect_limits(b);
	must(purser_set(purser, &ref, &limits), "set");
}

static void do_set(struct book *b)
{
	uint64_t soft, hard;

	choose_limits(&soft, &hard);
	change_limits(b, soft, hard);
	settle();
}

static void do_stop_slowly(struct book *b)
{
	struct purser_ref ref = ref_of(b);

	/* A second stop is refused. Its grace is longer, so that it changes nothing. */
	if (b->next.state == PURSER_STATE_STOPPING) {
		refuse_stop(&ref, 1 + below(64), LONG_MS + below(2),
			    "the container is being stopped already");
		return;
	}
	if (!b->init) {
		stop_headless_slowly(b);
		return;
	}
	if (!b->init->blocked[SIGUSR1])
		set_blocked(b->init, SIGUSR1, true);
	note("%s is stopped with a long grace", b->name);
	b->next.state = PURSER_STATE_STOPPING;
	expect(b, PURSER_EVENT_STOP_REQUESTED);
	must(purser_stop(purser, &ref, SIGUSR1, LONG_MS), "stop");
	if (!b->space && !b->init->pending) {
		b->init->pending = SIGUSR1;
		b->init->pending_from = killer_of(&killers[0]);
	}
	settle();
}

static void do_pend(struct book *b)
{
	if (!b->space && b->init && !b->init->pending)
		leave_pending(b->init, below(N_KILLERS));
}

static void do_unregister(struct book *b)
{
	struct process *init = b->init;
	struct purser_ref ref = ref_of(b);

	note("%s (id %llu) is unregistered", b->name,
	     (unsigned long long)b->id);
	expect(b, PURSER_EVENT_UNREGISTERED);
	must(purser_unregister(purser, &ref), "unregister");
	settle();
	release(b);
	refused(purser_unregister(purser, &(struct purser_ref){ .id = b->id }),
		-ENOENT, "unregistering a second time");
	if (init && chance(50)) {
		send_signal(&killers[0], init, SIGKILL);
		bury(init);
	}
}

static void do_forget(void)
{
	struct book *b = any_ended();
	struct purser_limits limits = { &b->id, NULL };
	struct purser_ref ref;

	if (!b)
		return;
	ref = ref_of(b);
	note("%s (id %llu) is forgotten", b->name, (unsigned long long)b->id);
	refused(purser_stop(purser, &ref, SIGTERM, 0), -ESRCH,
		"a stop of an ended container");
	refused(purser_set(purser, &ref, &limits), -ESRCH,
		"new limits of an ended container");
	expect(b, PURSER_EVENT_UNREGISTERED);
	must(purser_unregister(purser, &ref), "forget");
	settle();
}

static void do_get(void)
{
	char name[PURSER_NAME_MAX + 1];
	struct purser_ref ref = { .name = name };
	struct purser_container c;
	struct book *b;
	int err;

	snprintf(name, sizeof(name), "m%u", below(3 * max_live));
	b = find_name(name);
	err = purser_get(purser, &ref, &c);
	if (!b) {
		refused(err, -ENOENT, "get of an unknown name");
		return;
	}
	must(err, name);
	settle_soft(b);
	must(purser_get(purser, &ref, &c), name);
	if (c.id != b->id)
		wrong("get of %s returns id %llu, not %llu", name,
		      (unsigned long long)c.id, (unsigned long long)b->id);
	b->want.least = b->want.most = b->processes;
	b->want.crossings = b->crossings;
	check_record("the record", b, &b->want, &c);
}

static void set_exit_records(void)
{
	static const unsigned int choices[] = { 0, 1, 7, 40, 150, 150 };
	FILE *f = fopen(PARAMETER, "we");

	exit_records = choices[below(6)];
	note("exit_records is %u", exit_records);
	if (!f || fprintf(f, "%u\n", exit_records) < 0 || fclose(f))
		must(-errno, PARAMETER);
}

/** life_step() - make one random step */
void life_step(void)
{
	struct book *b = any_live();
	unsigned int n = below(100);

	cull();
	if (b)
		settle_soft(b);
	if (!b || n < 30) {
		if (n_live <= max_live)
			register_new();
		else
			end_step(b);
	} else if (n < 32)
		refuse_registration(b);
	else if (n < 40)
		do_fork(b);
	else if (n < 45)
		do_end_member(b);
	else if (n < 48)
		do_exec(b);
	else if (n < 54)
		do_set(b);
	else if (n < 57)
		do_weigh(b, any_member(b, true));
	else if (n < 58)
		do_burn(b);
	else if (n < 63)
		do_stop_slowly(b);
	else if (n < 66)
		do_pend(b);
	else if (n < 68)
		do_unregister(b);
	else if (n < 71)
		do_forget();
	else if (n < 75)
		do_get();
	else if (n == 75 && chance(50))
		set_exit_records();
	else
		end_step(b);
}
