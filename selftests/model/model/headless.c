// SPDX-License-Identifier: GPL-2.0
/*
 * Steps of headless containers: those without a namespace whose first process is dead.
 * They go on, their limits act, and they can be stopped. They end with their last process,
 * with the exit status of the first one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model.h"

static void block_everywhere(struct book *b, int sig)
{
	struct process *p;

	TAILQ_FOREACH(p, &processes, all)
		if (p->book == b && !p->blocked[sig])
			set_blocked(p, sig, true);
}

static void expect_stop(struct book *b)
{
	b->next.state = PURSER_STATE_STOPPING;
	expect(b, PURSER_EVENT_STOP_REQUESTED);
}

/** stop_headless_slowly() - stop it with a signal that all its processes block */
void stop_headless_slowly(struct book *b)
{
	struct purser_ref ref = ref_of(b);

	block_everywhere(b, SIGUSR1);
	note("%s, without its first process, is stopped with a long grace",
	     b->name);
	expect_stop(b);
	must(purser_stop(purser, &ref, SIGUSR1, LONG_MS), "stop");
	settle();
}

static void end_one_after_the_other(struct book *b)
{
	while (!b->rank)
		end_one_member(b, any_member(b, true));
}

static void end_by_stop(struct book *b)
{
	bool stopping = b->next.state == PURSER_STATE_STOPPING;
	unsigned int grace = chance(50) ? 0 : SHORT_MS;
	struct purser_ref ref = ref_of(b);

	if (grace)
		block_everywhere(b, SIGUSR1);
	if (!stopping)
		expect_stop(b);
	b->next.forced = b->killed = true;
	expect(b, PURSER_EVENT_STOP_FORCED)->forms[0].least = 1;
	expect_last(b);
	note("%s, without its first process, is stopped, grace %u", b->name,
	     grace);
	if (stopping)
		refuse_stop(&ref, SIGUSR1, grace,
			    "the container is being stopped already");
	else
		must(purser_stop(purser, &ref, SIGUSR1, grace), "stop");
	settle_end(b);
}

/* Each process handles the signal of the stop and exits. */
static void end_by_handlers(struct book *b)
{
	struct purser_ref ref = ref_of(b);
	struct process *p;

	TAILQ_FOREACH(p, &processes, all) {
		if (p->book != b)
			continue;
		set_action(p, SIGTERM, ACTION_EXIT);
		if (p->blocked[SIGTERM])
			set_blocked(p, SIGTERM, false);
	}
	expect_stop(b);
	b->killed = true;
	expect_last(b);
	note("%s, without its first process, is stopped and exits", b->name);
	must(purser_stop(purser, &ref, SIGTERM, LONG_MS), "stop");
	settle_end(b);
}

static void end_by_limit(struct book *b)
{
	change_limits(b, chance(50) ? LOW : 0, LOW);
	settle_end(b);
}

/** end_headless() - end the container in a random way */
void end_headless(struct book *b)
{
	if (chance(60))
		end_one_after_the_other(b);
	else if (b->next.state != PURSER_STATE_STOPPING && chance(30))
		end_by_handlers(b);
	else if (chance(50))
		end_by_stop(b);
	else
		end_by_limit(b);
}
