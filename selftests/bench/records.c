// SPDX-License-Identifier: GPL-2.0
/*
 * records KIND COUNT ROUNDS SPIN-MS
 *
 * Fills the kernel's table and measures what operations on it cost. The module must be
 * loaded with an empty table; the program unloads it at the end. KIND is
 *   live     COUNT containers, each an idle process
 *   ended    COUNT records of containers that have ended
 *   members  one container of COUNT idle processes, and their parent
 *
 * The output is lines of fields between tabs, for table.awk:
 *
 *	table KIND COUNT FIGURE ROUND VALUE
 *
 * VALUE is in nanoseconds, for "memory" in bytes, for "list_memory" in KiB, and for
 * "sweep" a fraction of the processor's time.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../lib/process.h"
#include "base/clock.h"
#include "libpurser/purser.h"

#define KEEPER "keeper"
#define USAGE  "records live|ended|members COUNT ROUNDS SPIN-MS"

/* How many records all dumps of one size may print together; at least one dump runs. */
#define DUMPED_MAX 20000

static struct purser *purser;
static const char *kind;
static unsigned long count, rounds, spin_ms;
static pid_t *pids;   /* of the containers, then ROUNDS + 1 spare ones */
static uint64_t *ids; /* of the records */
static bool ended;
static uint64_t hard_limit = 64 << 20;
/* A container that lives as long as the table: with the last one the module detaches its
 * probes, and waits for other processors. */
static pid_t keeper;

static int64_t now(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static void put(const char *figure, unsigned long round, double value)
{
	say("table\t%s\t%lu\t%s\t%lu\t%.17g\n", kind, count, figure, round,
	    value);
}

static void __attribute__((noreturn)) refused(const char *what)
{
	fprintf(stderr, "records: %s: %s\n", what, purser_last_error(purser));
	exit(1);
}

static void name_of(char name[32], unsigned long i)
{
	snprintf(name, 32, "record-%06lu", i);
}

static uint64_t enter_as(const char *name, pid_t pid)
{
	const struct purser_registration reg = {
		.name = name,
		.pid = pid,
		.soft_limit = hard_limit / 2,
		.hard_limit = hard_limit,
	};
	uint64_t id;

	if (purser_register(purser, &reg, &id))
		refused("register");
	return id;
}

static void enter(unsigned long i)
{
	char name[32];

	name_of(name, i);
	ids[i] = enter_as(name, pids[i]);
}

/*
 * The kernel's own memory that the module can take, in bytes: slabs, memory for each CPU
 * and mapped pages. The pause lets the kernel free what waits for a grace period of RCU.
 */
static double kernel_bytes(void)
{
	char line[256], key[64];
	unsigned long kib, sum = 0;
	FILE *file;

	sleep_for(500);
	file = fopen("/proc/meminfo", "re");
	if (!file)
		fail("records: /proc/meminfo");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63[^:]: %lu", key, &kib) != 2)
			continue;
		if (!strcmp(key, "Slab") || !strcmp(key, "Percpu") ||
		    !strcmp(key, "VmallocUsed"))
			sum += kib;
	}
	fclose(file);
	return sum * 1024.0;
}

/* The time that a fixed number of instructions takes, in nanoseconds. */
static double spin(unsigned long steps)
{
	int64_t begin = now();

	for (volatile unsigned long i = 0; i < steps; i++)
		;
	return (double)(now() - begin);
}

/* The number of steps that take SPIN-MS while nothing else runs. */
static unsigned long spin_steps(void)
{
	const unsigned long probe = 1000000;
	double best = spin(probe);

	for (int i = 0; i < 10; i++) {
		double t = spin(probe);

		if (t < best)
			best = t;
	}
	return (unsigned long)(probe * ((double)spin_ms * 1e6 / best));
}

/* What the sweeps take from a program that computes. */
static void measure_sweep(unsigned long steps, double alone)
{
	double beside = spin(steps);

	put("sweep", 1, beside > alone ? 1 - alone / beside : 0);
}

static void fill(void)
{
	int64_t begin;

	if (ended) {
		begin = now();
		for (unsigned long i = 0; i < count; i++) {
			pids[i] = start_process(0);
			enter(i);
			end_process(pids[i]);
		}
		put("life", 1, (double)(now() - begin) / count);
		return;
	}
	begin = now();
	for (unsigned long i = 0; i < count; i++)
		enter(i);
	put("fill", 1, (double)(now() - begin) / count);
}

static void get(const struct purser_ref *ref, const char *figure,
		unsigned long round, unsigned long i)
{
	static struct purser_container c;
	int64_t begin = now();

	if (purser_get(purser, ref, &c))
		refused("get");
	if (round)
		put(figure, round, (double)(now() - begin));
	if (c.id != ids[i])
		refused("another record");
}

static void get_some(unsigned long round)
{
	/* Records from all over the table. */
	unsigned long i = round * 7919 % count;
	char name[32];

	name_of(name, i);
	get(&(struct purser_ref){ .name = name }, "get_name", round, i);
	get(&(struct purser_ref){ .id = ids[i] }, "get_id", round, i);
	if (!ended)
		get(&(struct purser_ref){ .pid = pids[i] }, "get_pid", round,
		    i);
}

/* Round 0 is not printed: it fills caches. */
static void measure_single(unsigned long round)
{
	const unsigned long i = count + round;
	int64_t begin = now();

	enter(i);
	if (round)
		put("register", round, (double)(now() - begin));
	get_some(round);
	if (ended)
		end_process(pids[i]);
	begin = now();
	if (purser_unregister(purser, &(struct purser_ref){ .id = ids[i] }))
		refused("unregister");
	if (round)
		put("unregister", round, (double)(now() - begin));
}

static int count_record(const struct purser_container *c, void *arg)
{
	(void)c;
	++*(unsigned long *)arg;
	return 0;
}

static void measure_dump(unsigned long round)
{
	unsigned long seen = 0;
	int64_t begin = now();

	if (purser_list(purser, 0, count_record, &seen))
		refused("dump");
	put("dump", round, (double)(now() - begin));
	if (seen != count + 1) {
		fprintf(stderr, "records: a dump of %lu records has %lu\n",
			count + 1, seen);
		exit(1);
	}
}

/* "purserctl list" with its output thrown away, from before its start to its end. */
static void measure_list(unsigned long round)
{
	char *const argv[] = { "purserctl", "list", NULL };
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	int64_t begin;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	begin = now();
	errno = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	if (errno || wait4(pid, &status, 0, &usage) != pid)
		fail("records: purserctl");
	put("list", round, (double)(now() - begin));
	posix_spawn_file_actions_destroy(&actions);
	if (status) {
		fprintf(stderr, "records: purserctl list has failed\n");
		exit(1);
	}
	put("list_memory", round, (double)usage.ru_maxrss);
}

static void measure_all_of_it(void)
{
	unsigned long n = DUMPED_MAX / count;

	if (n > rounds)
		n = rounds;
	for (unsigned long round = 1; round <= (n ?: 1); round++) {
		measure_dump(round);
		measure_list(round);
	}
}

static void unregister_all(unsigned long n)
{
	int64_t begin = now();

	for (unsigned long i = 0; i < n; i++)
		if (purser_unregister(purser,
				      &(struct purser_ref){ .id = ids[i] }))
			refused("unregister");
	put("empty", 1, (double)(now() - begin) / n);
}

static void unload(void)
{
	int64_t begin;

	if (purser_unregister(purser, &(struct purser_ref){ .name = KEEPER }))
		refused("unregister");
	end_process(keeper);
	purser_close(purser);
	begin = now();
	if (syscall(SYS_delete_module, "purser", O_NONBLOCK))
		fail("records: cannot unload the module");
	put("rmmod", 1, (double)(now() - begin));
}

static void end_all(unsigned long from, unsigned long to)
{
	for (unsigned long i = from; i < to; i++)
		kill(pids[i], SIGKILL);
	for (unsigned long i = from; i < to; i++)
		if (waitpid(pids[i], NULL, 0) != pids[i])
			fail("records: waitpid");
}

static void measure_table(void)
{
	const unsigned long all = count + rounds + 1;
	const unsigned long steps = ended ? 0 : spin_steps();
	const double alone = ended ? 0 : spin(steps);
	double before;

	for (unsigned long i = ended ? count : 0; i < all; i++)
		pids[i] = start_process(0);
	before = kernel_bytes();
	fill();
	put("memory", 1, (kernel_bytes() - before) / count);
	for (unsigned long round = 0; round <= rounds; round++)
		measure_single(round);
	measure_all_of_it();
	if (!ended) {
		measure_sweep(steps, alone);
		unregister_all(count);
	}
	unload();
	if (!ended)
		end_all(0, all);
}

/* A process with COUNT idle children; it closes @ready when all of them are there. */
static pid_t start_parent(void)
{
	int ready[2];
	pid_t pid;
	char c;

	if (pipe2(ready, O_CLOEXEC))
		fail("records: pipe");
	pid = fork();
	if (pid < 0)
		fail("records: fork");
	if (!pid) {
		close(ready[0]);
		for (unsigned long i = 0; i < count; i++)
			start_process(0);
		/* Each child has a copy of this end. It stays open: write. */
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		idle();
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		fail("records: the children cannot be made");
	close(ready[0]);
	return pid;
}

static void measure_members(void)
{
	const unsigned long steps = spin_steps();
	const double alone = spin(steps);
	struct purser_container c;
	int64_t begin;
	double before;

	/* All of them count, and pages that they share count for each. */
	hard_limit = 1ull << 40;
	pids[0] = start_parent();
	before = kernel_bytes();
	begin = now();
	enter(0);
	put("register", 1, (double)(now() - begin));
	put("memory", 1, (kernel_bytes() - before) / (count + 1));
	if (purser_get(purser, &(struct purser_ref){ .id = ids[0] }, &c))
		refused("get");
	if (c.processes != count + 1) {
		fprintf(stderr, "records: the container has %u processes\n",
			c.processes);
		exit(1);
	}
	measure_sweep(steps, alone);
	unregister_all(1);
	unload();
	end_process(pids[0]);
}

int main(int argc, char **argv)
{
	if (argc != 5)
		bad_usage(USAGE);
	kind = argv[1];
	count = number(USAGE, "COUNT", argv[2], 1, 1000000);
	rounds = number(USAGE, "ROUNDS", argv[3], 1, 1000);
	spin_ms = number(USAGE, "SPIN-MS", argv[4], 1, 100000);
	ended = !strcmp(kind, "ended");
	pids = calloc(count + rounds + 1, sizeof(*pids));
	ids = calloc(count + rounds + 1, sizeof(*ids));
	if (!pids || !ids)
		fail("records");
	if (purser_open(&purser)) {
		fprintf(stderr, "records: %s\n", purser_last_error(NULL));
		return 1;
	}
	keeper = start_process(0);
	enter_as(KEEPER, keeper);
	if (!strcmp(kind, "members"))
		measure_members();
	else if (ended || !strcmp(kind, "live"))
		measure_table();
	else
		bad_usage(USAGE);
	return 0;
}
