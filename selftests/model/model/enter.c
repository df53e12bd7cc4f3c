// SPDX-License-Identifier: GPL-2.0
/* Registration, and requests that must be refused. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model.h"

struct book *anchor;
unsigned int max_live = 60;

/** refused() - the answer @got must be the error @want */
void refused(int got, int want, const char *what)
{
	if (got != want)
		wrong("%s: %s, not %s", what, got ? strerror(-got) : "done",
		      strerror(-want));
}

/** refuse_stop() - a stop must be refused with the message @why */
void refuse_stop(const struct purser_ref *ref, int sig, unsigned int grace,
		 const char *why)
{
	const char *words;

	refused(purser_stop(purser, ref, sig, grace), -EALREADY, why);
	words = purser_last_error(purser);
	if (strcmp(words, why))
		wrong("a stop is refused with \"%s\", not with \"%s\"", words,
		      why);
}

/** random_fork() - random flags for a fork, FORK_* */
int random_fork(void)
{
	return (chance(25) ? FORK_ORPHAN : 0) |
	       (chance(25) ? FORK_SESSION : 0) |
	       (chance(25) ? FORK_THREAD : 0) | (chance(8) ? FORK_NEWPID : 0);
}

static void prepare(struct process *p)
{
	static const char *const comms[] = { "init", "a b", "worker:1/2",
					     "fifteen-letters" };
	struct process *q = p;
	unsigned int n;

	if (chance(10))
		execute(p);
	if (chance(15)) {
		p->uid = 2000 + below(100);
		must(ask(p, ORDER_UID, p->uid, 0, 0), "uid");
	}
	if (chance(25))
		name_process(p, comms[below(4)]);
	if (chance(40))
		set_action(p, SIGTERM, 1 + below(3));
	if (chance(15))
		set_blocked(p, SIGUSR1, true);
	for (n = chance(30) ? 1 + below(2) : 0; n; n--)
		q = fork_process(chance(50) ? q : p, random_fork());
}

/** leave_pending() - send a blocked signal; further signals have no effect */
void leave_pending(struct process *p, unsigned int who)
{
	set_blocked(p, SIGINT, true);
	p->pending = SIGINT;
	p->pending_from = killer_of(&killers[who]);
	send_signal(&killers[who], p, SIGINT);
	send_signal(&killers[(who + 1) % N_KILLERS], p, SIGINT);
	send_signal(&killers[(who + 2) % N_KILLERS], p, SIGWINCH);
}

static void choose_name(char *name, size_t size)
{
	const struct book *b;

	do {
		if (chance(5))
			snprintf(name, size, "%u-%061u", below(2), below(9));
		else
			snprintf(name, size, "m%u", below(3 * max_live));
		b = find_name(name);
	} while (b && !b->rank);
}

/** choose_limits() - random limits that kill no container */
void choose_limits(uint64_t *soft, uint64_t *hard)
{
	static const uint64_t kinds[] = { 0, 0, LOW, MID, HIGH };

	*soft = kinds[below(5)];
	*hard = chance(40) ? HIGH : 0;
}

static struct book *enter(struct process *init, const char *name, uint64_t soft,
			  uint64_t hard)
{
	struct purser_registration reg = {
		.name = name,
		.pid = init->pid,
		.soft_limit = soft,
		.hard_limit = hard,
	};
	uint8_t cookie[sizeof(anchor->cookie)];
	struct book *b;
	uint64_t id;
	int err;

	reg.cookie = cookie;
	reg.cookie_len = chance(50) ? below(sizeof(cookie) + 1) : 0;
	for (size_t i = 0; i < reg.cookie_len; i++)
		cookie[i] = below(256);
	err = purser_register(purser, &reg, &id);
	if (err)
		wrong("%s is not registered: %s", name,
		      purser_last_error(purser));
	b = new_book(id, name, init);
	note("%s (id %llu) is registered: pid %d, %s, %s", name,
	     (unsigned long long)id, init->pid,
	     b->space ? "a namespace" : "bare", init->comm);
	b->cookie_len = reg.cookie_len;
	memcpy(b->cookie, cookie, b->cookie_len);
	b->next.soft_limit = soft;
	b->next.hard_limit = hard;
	join_book(b, init);
	expect(b, PURSER_EVENT_REGISTERED);
	adopt(b);
	expect_limits(b);
	return b;
}

/** register_new() - register a new container */
void register_new(void)
{
	struct process *p = chance(20) ? any_free() : NULL;
	char name[PURSER_NAME_MAX + 1];
	uint64_t soft, hard;
	bool unseen = false;

	if (!p) {
		p = fork_process(NULL, (chance(55) ? FORK_NEWPID : 0) |
					       (chance(20) ? FORK_SESSION : 0));
		prepare(p);
		/* A signal that was sent before the registration. */
		unseen = !p->space->up && chance(8);
	}
	if (unseen)
		leave_pending(p, below(N_KILLERS));
	choose_name(name, sizeof(name));
	choose_limits(&soft, &hard);
	if (chance(3))
		soft = hard = LOW;
	settle_end(enter(p, name, soft, hard));
}

/** start_life() - register the anchor */
void start_life(void)
{
	anchor = enter(fork_process(NULL, 0), "anchor", 0, 0);
	settle();
}

/** refuse_registration() - registrations that must be refused */
void refuse_registration(struct book *b)
{
	struct purser_registration reg = { .name = b->name };
	struct process *member = any_member(b, true);
	uint64_t id;

	reg.pid = killers[1].pid;
	refused(purser_register(purser, &reg, &id), -EEXIST,
		"registering a taken name");
	reg.name = "new";
	reg.pid = member->pid;
	refused(purser_register(purser, &reg, &id), -EEXIST,
		"registering a process of a container");
	reg.pid = killers[1].pid;
	reg.soft_limit = 2;
	reg.hard_limit = 1;
	refused(purser_register(purser, &reg, &id), -EINVAL,
		"registering with a hard limit below the soft one");
	reg.pid = 0x3fffffff;
	reg.soft_limit = 0;
	refused(purser_register(purser, &reg, &id), -ESRCH,
		"registering a pid that no process has");
}
