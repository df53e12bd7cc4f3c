// SPDX-License-Identifier: GPL-2.0
/*
 * kinship N
 *
 * Registers a process while N other processes exist that are not related to it, and
 * prints how much CPU time the registration takes, in ns: "crowd T" if the others are
 * children of one process, and "chain T" if each is a child of the one before. T is the
 * sum of several registrations, since the clock of CPU time of an emulated machine has
 * steps of milliseconds.
 */
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#include "process.h"
#include "libpurser/purser.h"

#define ATTEMPTS    50
#define STACK_BYTES 8192UL

static const char usage[] = "kinship N";

/* The state of the N processes, which all share this memory. */
static struct {
	unsigned long left;
	char *stacks;
	bool chain;
	int ready;
} family;

static struct purser *purser;

static int live(void *unused);

static void start_next(void)
{
	char *stack = family.stacks + family.left * STACK_BYTES;

	if (clone(live, stack, CLONE_VM | CLONE_FILES | CLONE_FS | SIGCHLD,
		  NULL) < 0)
		fail("kinship: cannot start a process, %lu are left",
		     family.left);
}

/* In a chain, each process but the last starts one more. */
static int live(void *unused)
{
	(void)unused;
	if (family.chain && --family.left)
		start_next();
	else if (family.chain && write(family.ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static void __attribute__((noreturn)) lead(void)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	family.stacks = mmap(NULL, family.left * STACK_BYTES,
			     PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			     0);
	if (family.stacks == MAP_FAILED)
		fail("kinship: no room for stacks");
	if (family.chain) {
		start_next();
	} else {
		for (; family.left; family.left--)
			start_next();
		if (write(family.ready, "", 1) != 1)
			_exit(1);
	}
	for (;;)
		pause();
}

/* Starts N processes; returns their process group. */
static pid_t start_family(unsigned long n, bool chain)
{
	int ready[2];
	pid_t pid;
	char c;

	if (pipe(ready))
		fail("kinship: cannot make a pipe");
	family.left = n;
	family.chain = chain;
	family.ready = ready[1];
	pid = fork();
	if (pid < 0)
		fail("kinship: cannot fork");
	if (!pid)
		lead();
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		fail("kinship: %lu processes do not start", n);
	close(ready[0]);
	return pid;
}

static void end_family(pid_t group)
{
	kill(-group, SIGKILL);
	while (waitpid(group, NULL, 0) < 0 && errno == EINTR)
		;
	/* Init reaps the orphans. */
	while (!kill(-group, 0))
		sleep_for(1);
}

static uint64_t cpu_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static uint64_t register_once(const char *name, pid_t pid)
{
	struct purser_registration reg = { .name = name, .pid = pid };
	uint64_t start = cpu_time(), id;

	if (purser_register(purser, &reg, &id))
		fail("kinship: cannot register: %s", purser_last_error(purser));
	return cpu_time() - start;
}

static void measure(const char *what, unsigned long n, bool chain, pid_t pid)
{
	pid_t group = start_family(n, chain);
	struct purser_ref ref = { .name = "kin" };
	uint64_t sum = 0;
	int i;

	for (i = 0; i < ATTEMPTS; i++) {
		sum += register_once("kin", pid);
		if (purser_unregister(purser, &ref))
			fail("kinship: cannot unregister");
	}
	end_family(group);
	say("%s %llu\n", what, (unsigned long long)sum);
}

int main(int argc, char **argv)
{
	struct purser_ref ref = { .name = "first" };
	unsigned long n;
	pid_t pid, first;

	if (argc != 2)
		bad_usage(usage);
	n = number(usage, "N", argv[1], 1, 100000);
	if (purser_open(&purser))
		fail("kinship: cannot reach the module");
	pid = start_process(0);
	/* The first registration attaches the tracepoints: do not measure that. */
	first = start_process(0);
	register_once("first", first);
	measure("crowd", n, false, pid);
	measure("chain", n, true, pid);
	if (purser_unregister(purser, &ref))
		fail("kinship: cannot unregister");
	end_process(first);
	end_process(pid);
	purser_close(purser);
	return 0;
}
