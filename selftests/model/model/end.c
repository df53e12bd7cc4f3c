// SPDX-License-Identifier: GPL-2.0
/* Steps that end a container. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model.h"

#define CGROUP "/sys/fs/cgroup/purser-model"

static void bury_members(struct book *b)
{
	struct process *p, *next;

	for (p = TAILQ_FIRST(&processes); p; p = next) {
		next = TAILQ_NEXT(p, all);
		if (p->book != b)
			continue;
		bury(p);
		/* The next one may have died with it. */
		next = TAILQ_FIRST(&processes);
	}
}

/* Removes the dead processes of a container that has ended. */
static void bury_container(struct book *b)
{
	if (b->killed)
		bury_members(b);
	else if (b->init)
		bury(b->init);
	b->init = NULL;
}

/* All expected events have come: of the container's end, or of its init's. */
static void take_end(struct book *b)
{
	if (b->rank || b->headless)
		bury_container(b);
	if (!b->rank)
		expect_limits(b);
}

/** settle_end() - wait for all expected events, which may include the container's end */
void settle_end(struct book *b)
{
	settle();
	take_end(b);
	if (!b->rank)
		return;
	settle_table();
	release(b);
}

static bool is_fatal(const struct process *p, int sig)
{
	return sig == SIGKILL ||
	       (!p->blocked[sig] && p->action[sig] == ACTION_DEFAULT &&
		p->space->init != p);
}

static int fatal_signal(const struct process *p)
{
	static const int signals[] = { SIGKILL, SIGTERM, SIGHUP, SIGABRT,
				       SIGALRM, 34,	 64 };
	int sig = signals[below(7)];

	return is_fatal(p, sig) ? sig : SIGKILL;
}

static void end_by_exit(struct book *b)
{
	int code = chance(30) ? 0 : below(256);

	expect_end(b, code, 0, NULL);
	tell(b->init, ORDER_EXIT, code, 0, 0);
}

static void end_by_kill(struct book *b)
{
	struct process *from = &killers[below(N_KILLERS)];
	struct killer killer = killer_of(from);
	int sig = fatal_signal(b->init);

	expect_end(b, -1, sig, &killer);
	send_signal(from, b->init, sig);
}

/* The first process or another member sends the signal; an init of a namespace exits. */
static void end_from_inside(struct book *b)
{
	struct process *from = any_member(b, true);
	struct killer killer = killer_of(from);
	int sig = fatal_signal(b->init);

	if (b->space || from->space != b->init->space) {
		end_by_exit(b);
		return;
	}
	expect_end(b, -1, sig, &killer);
	note("%d (%s) of %s sends its init signal %d", from->pid, from->comm,
	     b->name, sig);
	if (from == b->init)
		tell(from, ORDER_KILL, 0, sig, 0);
	else
		must(ask(from, ORDER_KILL, b->init->pid, sig, 0), "kill");
}

static void end_by_crash(struct book *b)
{
	expect_end(b, -1, SIGSEGV, &the_kernel);
	tell(b->init, ORDER_CRASH, 0, 0, 0);
}

/* A handler calls exit(): no signal kills the process. */
static void end_by_handler(struct book *b)
{
	if (b->init->blocked[SIGTERM])
		set_blocked(b->init, SIGTERM, false);
	set_action(b->init, SIGTERM, ACTION_EXIT);
	expect_end(b, ACTION_CODE, 0, NULL);
	send_signal(&killers[below(N_KILLERS)], b->init, SIGTERM);
}

static void end_by_pending(struct book *b)
{
	int sig = b->init->pending;

	if (!sig || b->space) {
		end_by_exit(b);
		return;
	}
	expect_end(b, -1, sig,
		   b->init->pending_from.seen ? &b->init->pending_from : NULL);
	note("%s takes signal %d, which was pending", b->name, sig);
	tell(b->init, ORDER_UNBLOCK, sig, 0, 0);
}

static void end_by_limit(struct book *b)
{
	change_limits(b, chance(50) ? LOW : 0, LOW);
}

static void end_by_growing(struct book *b)
{
	if (ballast_of(b)) {
		end_by_limit(b);
		return;
	}
	change_limits(b, chance(50) ? MID : LOW, MID);
	settle();
	b->init->ballast = WEIGHT;
	expect_limits(b);
	note("%s grows above its hard limit", b->name);
	tell(b->init, ORDER_GROW, 0, 0, WEIGHT);
}

/* --- Stops --- */

static bool has_no_effect(const struct process *p, int sig)
{
	if (sig == SIGKILL || p->blocked[sig])
		return false;
	if (p->action[sig] == ACTION_DEFAULT)
		return sig == SIGWINCH || p->space->init == p;
	return p->action[sig] == ACTION_IGNORE;
}

static void expect_forced(struct book *b, bool no_handler,
			  const struct killer *killer)
{
	b->next.forced = true;
	b->next.no_handler = no_handler;
	b->killed = true;
	expect(b, PURSER_EVENT_STOP_FORCED);
	expect_end(b, -1, SIGKILL, killer);
}

static void end_by_stop(struct book *b)
{
	static const int signals[] = { SIGTERM,	 SIGTERM, SIGTERM, SIGUSR1,
				       SIGWINCH, SIGKILL, 35 };
	int sig = signals[below(7)], grace = chance(25) ? 0 : LONG_MS;
	struct killer me = killer_of(&killers[0]);
	struct process *init = b->init;
	struct purser_ref ref = ref_of(b);
	bool gently = false;

	b->next.state = PURSER_STATE_STOPPING;
	expect(b, PURSER_EVENT_STOP_REQUESTED);
	if (!grace || has_no_effect(init, sig)) {
		expect_forced(b, has_no_effect(init, sig), &me);
	} else if (is_fatal(init, sig)) {
		/* SIGKILL is not for init alone. */
		b->killed = sig == SIGKILL;
		expect_end(b, -1, sig, &me);
		gently = chance(40);
	} else if (!init->blocked[sig] && init->action[sig] == ACTION_EXIT) {
		expect_end(b, ACTION_CODE, 0, NULL);
		gently = chance(40);
	} else {
		grace = SHORT_MS;
		expect_forced(b, false, &the_kernel);
	}
	if (gently) {
		note("%s is stopped without force with signal %d", b->name,
		     sig);
		must(purser_stop_gently(purser, &ref, sig), "a gentle stop");
		return;
	}
	note("%s is stopped with signal %d, grace %d", b->name, sig, grace);
	must(purser_stop(purser, &ref, sig, grace), "stop");
}

/* --- Held while they die, and races --- */

/*
 * The first process is held in its exit. Later signals have no effect. A stop is refused,
 * except if other processes will outlive the first one: then it stops these. SIGKILL goes
 * to all of them, since the stop has no grace period.
 */
static void end_twice(struct book *b)
{
	unsigned int who = below(N_KILLERS);
	struct killer killer = killer_of(&killers[who]);
	bool stopping = b->next.state == PURSER_STATE_STOPPING;
	bool outlived = !b->space && b->processes > 1;
	struct purser_ref ref = { .id = b->id };

	hold(b->init);
	send_signal(&killers[who], b->init, SIGKILL);
	await_held(b->init);
	send_signal(&killers[(who + 1) % N_KILLERS], b->init, SIGKILL);
	send_signal(&killers[(who + 2) % N_KILLERS], b->init, SIGTERM);
	if (!stopping && outlived) {
		b->next.state = PURSER_STATE_STOPPING;
		expect(b, PURSER_EVENT_STOP_REQUESTED);
		expect_forced(b, has_no_effect(b->init, SIGTERM), &killer);
		must(purser_stop(purser, &ref, SIGTERM, 0), "stop");
	} else if (stopping) {
		expect_forced(b, false, &killer);
		refuse_stop(&ref, SIGTERM, 0,
			    "the container is being stopped already");
	} else {
		b->killed = true;
		expect_end(b, -1, SIGKILL, &killer);
		refuse_stop(&ref, SIGTERM, 0,
			    "the container is ending already");
	}
	let_go(b->init);
}

/* A second stop with less grace. The kernel is the killer when that is over. */
static void end_by_second_stop(struct book *b)
{
	struct purser_ref ref = ref_of(b);
	unsigned int grace = chance(50) ? 0 : SHORT_MS;

	int err;

	if (chance(30) && has_no_effect(b->init, SIGWINCH)) {
		note("%s gets another signal, which has no effect", b->name);
		must(purser_stop_gently(purser, &ref, SIGWINCH),
		     "a gentle stop during a stop");
	}
	expect_forced(b, false, &the_kernel);
	note("%s is stopped again, with grace %u", b->name, grace);
	refuse_stop(&ref, SIGTERM, grace,
		    "the container is being stopped already");
	/* A stop with more grace changes nothing. The container may have ended by now. */
	err = purser_stop(purser, &ref, SIGTERM, LONG_MS);
	if (err != -EALREADY && err != -ESRCH && err != -ENOENT)
		wrong("a third stop: %s", err ? strerror(-err) : "done");
}

/* A stop while the hard limit kills is refused and changes nothing. */
static void end_by_limit_before_stop(struct book *b)
{
	struct purser_ref ref = { .id = b->id };

	hold(b->init);
	change_limits(b, 0, LOW);
	await_held(b->init);
	refuse_stop(&ref, SIGTERM, 0,
		    "the container is being killed for its hard limit");
	let_go(b->init);
}

/* Two processes send signals at the same time. */
static void end_by_two(struct book *b)
{
	unsigned int who = 1 + below(N_KILLERS - 1);
	unsigned int other = 1 + who % (N_KILLERS - 1);
	struct killer first = killer_of(&killers[who]);
	struct killer second = killer_of(&killers[other]);
	int sig = fatal_signal(b->init);
	int err;

	expect_end(b, -1, sig, &first);
	or_else(b, SIGKILL, &second);
	note("%s gets two signals at the same time: %d and 9", b->name, sig);
	tell(&killers[who], ORDER_KILL, b->init->pid, sig, 0);
	tell(&killers[other], ORDER_KILL, b->init->pid, SIGKILL, 0);
	err = answer(&killers[who], ORDER_KILL, NULL);
	if (err != -ESRCH)
		must(err, "kill");
	err = answer(&killers[other], ORDER_KILL, NULL);
	if (err != -ESRCH)
		must(err, "kill");
}

/* A stop and SIGKILL of another process at the same time. */
static void end_by_race(struct book *b)
{
	unsigned int who = 1 + below(N_KILLERS - 1);
	struct killer killer = killer_of(&killers[who]);
	struct killer me = killer_of(&killers[0]);
	struct purser_ref ref = { .id = b->id };
	int err;

	/* If init died first, this would be a stop of the other processes. */
	if (b->next.state == PURSER_STATE_STOPPING ||
	    (!b->space && b->processes > 1)) {
		end_by_two(b);
		return;
	}
	note("%s is killed and stopped at the same time", b->name);
	tell(&killers[who], ORDER_KILL, b->init->pid, SIGKILL, 0);
	err = purser_stop(purser, &ref, SIGKILL, LONG_MS);
	/* If exit_records is 0, the record may have been dropped. */
	if (err && err != -ESRCH && err != -EALREADY &&
	    !(err == -ENOENT && !exit_records))
		wrong("a stop during a kill failed: %s", strerror(-err));
	if (!err) {
		b->next.state = PURSER_STATE_STOPPING;
		expect(b, PURSER_EVENT_STOP_REQUESTED);
		b->killed = true;
	}
	expect_end(b, -1, SIGKILL, &killer);
	if (!err)
		or_else(b, SIGKILL, &me);
	err = answer(&killers[who], ORDER_KILL, NULL);
	if (err != -ESRCH)
		must(err, "kill");
}

/* --- Memory of a cgroup --- */

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? -errno : 0;
}

/* Makes a small cgroup. Returns false if the kernel has no memory controller. */
static bool make_cgroup(void)
{
	static bool tried, made;

	if (tried)
		return made;
	tried = true;
	if (write_file("/sys/fs/cgroup/cgroup.subtree_control", "+memory")) {
		printf("cgroup v2 has no memory controller: no container is "
		       "killed by the OOM killer\n");
		return false;
	}
	if (mkdir(CGROUP, 0755) && errno != EEXIST)
		must(-errno, CGROUP);
	must(write_file(CGROUP "/memory.max", "1M"), CGROUP "/memory.max");
	made = true;
	return true;
}

/*
 * The first process exceeds the limit of its cgroup. The model does not know how much it
 * gets before, so it removes the container's own limits.
 */
static void end_by_oom(struct book *b)
{
	char pid[16];

	if (!make_cgroup()) {
		end_by_exit(b);
		return;
	}
	change_limits(b, 0, 0);
	snprintf(pid, sizeof(pid), "%d", b->init->pid);
	must(write_file(CGROUP "/cgroup.procs", pid), CGROUP "/cgroup.procs");
	b->next.oom_scope = PURSER_OOM_SCOPE_CGROUP;
	expect_end(b, -1, SIGKILL, &the_kernel);
	note("%s is out of memory", b->name);
	tell(b->init, ORDER_GROW, 0, 0, WEIGHT);
}

static void (*const ends[])(struct book *b) = {
	end_by_exit,	 end_by_exit,	  end_by_exit,	end_by_exit,
	end_by_kill,	 end_by_kill,	  end_by_kill,	end_by_kill,
	end_from_inside, end_from_inside, end_by_crash, end_by_handler,
	end_by_pending,	 end_by_pending,  end_by_limit, end_by_limit,
	end_by_growing,	 end_twice,	  end_by_two,	end_by_race,
};

/* --- */

/* Whether to stop the container, at random, if it is not being stopped already. */
static bool stops(struct book *b)
{
	return b->next.state != PURSER_STATE_STOPPING && chance(35);
}

/* Ends up to eight containers at the same time. Their events may come in any order. */
static void end_crowd(void)
{
	struct book *crowd[8];
	size_t n = 0, i;

	for (i = 0; i < n_books && n < 8; i++) {
		struct book *b = books[i];

		if (!b->present || b->rank || b == anchor || b->headless ||
		    chance(50))
			continue;
		crowd[n++] = b;
		if (chance(50))
			end_by_kill(b);
		else
			end_by_exit(b);
	}
	settle();
	for (i = 0; i < n; i++)
		take_end(crowd[i]);
	settle_table();
	for (i = 0; i < n; i++)
		if (crowd[i]->rank)
			release(crowd[i]);
}

/** end_step() - end the container in a random way */
void end_step(struct book *b)
{
	if (chance(3)) {
		end_crowd();
		return;
	}
	note("the end of %s (id %llu), pid %d", b->name,
	     (unsigned long long)b->id, b->pid);
	if (!b->init) {
		end_headless(b);
		return;
	}
	if (chance(3)) {
		end_by_oom(b);
	} else if (b->next.state != PURSER_STATE_STOPPING && chance(4)) {
		end_by_limit_before_stop(b);
	} else if (stops(b)) {
		end_by_stop(b);
	} else if (b->next.state == PURSER_STATE_STOPPING && chance(20)) {
		end_by_pending(b);
	} else if (b->next.state == PURSER_STATE_STOPPING && chance(20)) {
		end_by_second_stop(b);
	} else {
		ends[below(sizeof(ends) / sizeof(ends[0]))](b);
	}
	settle_end(b);
}

/** end_all() - end all containers; the module must then detach the tracepoints */
void end_all(void)
{
	struct book *b;

	while ((b = any_live()))
		end_step(b);
	check_point();
	end_by_kill(anchor);
	settle_end(anchor);
	check_point();
	check_log();
}
