// SPDX-License-Identifier: GPL-2.0
/*
 * shrink N
 *
 * Makes N records of ended containers, sets exit_records to 0, and sends requests that
 * need the table while the module removes the records. Prints "answered K": K requests
 * were sent and answered while the number of records was falling.
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

/* The processes share this memory, and use the same stack one after the other. */
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

/*
 * Tries to register a taken name. The kernel must look into the table to refuse it.
 */
static void ask_meanwhile(unsigned long n)
{
	struct purser_registration reg = { .name = "taken", .pid = getpid() };
	unsigned long before, answered = 0;
	struct purser *p;
	uint64_t id;
	int err;

	if (purser_open(&p))
		fail("shrink: cannot reach the module");
	while ((before = ended(p))) {
		err = purser_register(p, &reg, &id);
		if (err != -EEXIST)
			fail("shrink: the registration of a taken name returned %d",
			     err);
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
		fail("shrink: cannot reach the module");
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
	/* The end of a container makes the module remove records, if nothing did before. */
	end_process(last);
	if (waitpid(asker, &status, 0) != asker || status)
		return 1;
	if (purser_unregister(purser, &ref))
		fail("shrink: cannot unregister");
	end_process(taken);
	purser_close(purser);
	return 0;
}
