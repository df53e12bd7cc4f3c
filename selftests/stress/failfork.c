// SPDX-License-Identifier: GPL-2.0
/*
 * failfork
 *
 * Registers a process that forks repeatedly. In each fork one allocation fails: each of
 * the last 20 in turn, which include the module's. Either the fork fails and the module
 * counts no child, or it succeeds and the module counts the child. If the module had no
 * memory to track the child, the next sweep must count it.
 *
 * A fork makes fewer allocations if the kernel has kept the stack of an ended task. So one
 * round can pass over the module's allocation; then another round follows.
 *
 * Prints "untracked PID" for each child that is not counted at first, a line for each
 * error, and then how many allocations failed. Exit status: 0 if there was no error, else
 * 1.
 */
#include "faults.h"
#include "libpurser/purser.h"

#define NAME "failfork"

/* struct result - the result of one fork, sent by the process that forks */
struct result {
	unsigned int n;
	bool injected;
	int err;
	pid_t child; /* 0: the fork failed */
};

/* How many of the last allocations fail in turn. The module's probe runs near the end. */
#define LAST 20
/* More allocations than a fork makes. */
#define FAR    100000
#define ROUNDS 10

static struct purser *purser;
static bool untracked;
static bool wrong;

static void transfer(ssize_t done, size_t wanted)
{
	if (done < 0 || (size_t)done != wanted)
		fail("failfork: a pipe is broken");
}

/* Returns how many allocations a fork makes. */
static unsigned int count_allocations(void)
{
	unsigned int left;
	pid_t child;

	arm(FAR);
	child = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (!child)
		_exit(0);
	left = armed_for();
	arm(0);
	if (child < 0)
		fail("failfork: cannot fork");
	end_process(child);
	return FAR - left;
}

/*
 * Forks at each order and sends the result. The child lives until the next order. After a
 * fork in which no allocation failed, a new round begins.
 */
static void __attribute__((noreturn)) fork_on(int results, int orders)
{
	struct result r = { .n = 0 };
	char order;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		/* The first order comes after the registration. */
		transfer(read(orders, &order, 1), 1);
		if (!r.n) {
			r.n = count_allocations();
			r.n = r.n > LAST ? r.n - LAST : 0;
		}
		arm(++r.n);
		r.child = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
		if (!r.child)
			for (;;)
				pause();
		r.err = r.child < 0 ? errno : 0;
		r.injected = disarm();
		if (r.err)
			r.child = 0;
		transfer(write(results, &r, sizeof(r)), sizeof(r));
		transfer(read(orders, &order, 1), 1);
		if (r.child)
			end_process(r.child);
		transfer(write(results, &r, sizeof(r)), sizeof(r));
		if (!r.injected)
			r.n = 0;
	}
}

static uint32_t processes(void)
{
	struct purser_ref ref = { .name = NAME };
	struct purser_container c;

	if (purser_get(purser, &ref, &c))
		fail("failfork: cannot get the record: %s",
		     purser_last_error(purser));
	return c.processes;
}

/* How many seconds to wait for the sweep. */
#define PATIENCE 60

static time_t seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* Waits until the sweep has counted a child that the fork probe could not track. */
static bool found_later(void)
{
	time_t end = seconds() + PATIENCE;

	while (processes() != 2) {
		if (seconds() > end)
			return false;
		sleep_for(10);
	}
	return true;
}

/* Makes one fork. Returns false if it made fewer allocations, so that none failed. */
static bool attempt(int orders, int results)
{
	struct result r;
	uint32_t n;

	transfer(write(orders, "", 1), 1);
	transfer(read(results, &r, sizeof(r)), sizeof(r));
	n = processes() - 1;
	if (n != (r.child ? 1 : 0)) {
		if (r.child && !n && r.injected) {
			untracked = true;
			say("untracked %d\n", r.child);
		}
		wrong = !r.child || n || !r.injected || !found_later();
	}
	if (wrong || (r.err && !r.injected)) {
		wrong = true;
		say("fork: allocation %u: child %d, %s, %u counted\n", r.n,
		    r.child, r.err ? strerrorname_np(r.err) : "no error", n);
	}
	transfer(write(orders, "", 1), 1);
	transfer(read(results, &r, sizeof(r)), sizeof(r));
	if (processes() != 1) {
		wrong = true;
		say("fork: allocation %u: %u processes are counted after the child's end\n",
		    r.n, processes());
	}
	if (!r.injected)
		say("fork: the last allocation that failed was %u\n", r.n - 1);
	return r.injected;
}

int main(int argc, char **argv)
{
	struct purser_registration reg = { .name = NAME };
	struct purser_ref ref = { .name = NAME };
	int orders[2], results[2];
	uint64_t id;

	(void)argv;
	if (argc != 1)
		bad_usage("failfork");
	if (pipe(orders) || pipe(results))
		fail("failfork: cannot make a pipe");
	reg.pid = fork();
	if (reg.pid < 0)
		fail("failfork: cannot fork");
	if (!reg.pid)
		fork_on(results[1], orders[0]);
	if (purser_open(&purser) || purser_register(purser, &reg, &id))
		fail("failfork: cannot register");
	for (int i = 0; i < ROUNDS && !untracked && !wrong; i++)
		while (attempt(orders[1], results[0]) && !wrong)
			;
	end_process(reg.pid);
	if (purser_unregister(purser, &ref))
		fail("failfork: cannot unregister: %s",
		     purser_last_error(purser));
	purser_close(purser);
	return wrong;
}
