// SPDX-License-Identifier: GPL-2.0
/*
 * shrink N
 *
 * Makes N records of ended containers, has the kernel keep none, and asks for other
 * things meanwhile, which need the table. Prints "answered K": so many requests were
 * sent when records were going already, and answered while there were records left.
 */
#include <sched.h>
#include <signal.h>

#include "process.h"
#include "libpurser/purser.h"

#define PARAMETER   "/sys/module/purser/parameters/exit_records"
#define STACK_BYTES 16384

static const char usage[] = "shrink N";

static struct purser *purser;

static unsigned long ended(struct purser *p)
{
	struct purser_info info;
	unsigned long n;

	if (purser_get_info(p, &info))
		fail("shrink: no counters: %s", purser_last_error(p));
	n = info.ended;
	purser_info_free(&info);
	return n;
}

static void register_as(const char *name, pid_t pid)
{
	struct purser_registration reg = { .name = name, .pid = pid };
	uint64_t id;

	if (purser_register(purser, &reg, &id))
		fail("shrink: cannot register %s: %s", name,
		     purser_last_error(purser));
}

static int rest(void *unused)
{
	(void)unused;
	idle();
}

/* One after the other lives on the same stack, and in this memory. */
static void make_records(unsigned long n)
{
	static char stack[STACK_BYTES] __attribute__((aligned(16)));
	unsigned long i;
	char name[32];
	pid_t pid;

	for (i = 0; i < n; i++) {
		pid = clone(rest, stack + sizeof(stack), CLONE_VM | SIGCHLD,
			    NULL);
		if (pid < 0)
			fail("shrink: cannot start a process");
		snprintf(name, sizeof(name), "record%lu", i);
		register_as(name, pid);
		end_process(pid);
	}
	while (ended(purser) < n)
		sleep_for(1);
}

/* A name that is taken: to know that the kernel looks into the table. */
static void ask_meanwhile(unsigned long n)
{
	struct purser_registration reg = { .name = "taken", .pid = getpid() };
	unsigned long before, answered = 0;
	struct purser *p;
	uint64_t id;
	int err;

	if (purser_open(&p))
		fail("shrink: no module");
	while ((before = ended(p))) {
		err = purser_register(p, &reg, &id);
		if (err != -EEXIST)
			fail("shrink: a name that is taken: %d", err);
		if (before < n && ended(p))
			answered++;
	}
	say("answered %lu\n", answered);
	exit(0);
}

static void keep_none(void)
{
	FILE *f = fopen(PARAMETER, "we");

	if (!f || fprintf(f, "0\n") < 0 || fclose(f))
		fail("shrink: cannot set " PARAMETER);
}

int main(int argc, char **argv)
{
	struct purser_ref ref = { .name = "taken" };
	pid_t taken, last, asker;
	unsigned long n;
	int status;

	if (argc != 2)
		bad_usage(usage);
	n = number(usage, "N", argv[1], 1, 1000000);
	if (purser_open(&purser))
		fail("shrink: no module");
	taken = start_process(0);
	register_as("taken", taken);
	last = start_process(0);
	register_as("last", last);
	make_records(n);

	asker = fork();
	if (asker < 0)
		fail("shrink: cannot fork");
	if (!asker)
		ask_meanwhile(n);
	keep_none();
	/* Records go when another one comes, if not before. */
	end_process(last);
	if (waitpid(asker, &status, 0) != asker || status)
		return 1;
	if (purser_unregister(purser, &ref))
		fail("shrink: cannot unregister");
	end_process(taken);
	purser_close(purser);
	return 0;
}
