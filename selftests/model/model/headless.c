// SPDX-License-Identifier: GPL-2.0
/*
 * Containers without a namespace that have outlived their first process: they go on,
 * are held to their limits and can be stopped. The end of the last process is theirs;
 * what they tell of it is the end of the first.
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

/** stop_headless_slowly() - all of it gets the signal, and keeps it */
void stop_headless_slowly(struct book *b)
{
	struct purser_ref ref = ref_of(b);

	block_everywhere(b, SIGUSR1);
	note("%s, without its first process, is stopped, in a long time",
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

/* Each of them gets the signal of a stop, and exits of it. */
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
	note("%s, without its first process, is stopped, and obeys", b->name);
	must(purser_stop(purser, &ref, SIGTERM, LONG_MS), "stop");
	settle_end(b);
}

static void end_by_limit(struct book *b)
{
	change_limits(b, chance(50) ? LOW : 0, LOW);
	settle_end(b);
}

/** end_headless() - one end of it, of all there are */
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
