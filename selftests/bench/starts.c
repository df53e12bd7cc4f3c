// SPDX-License-Identifier: GPL-2.0
/*
 * Measures how long starts of containers take, side by side. A round takes one sample of
 * each side; each round begins with another one.
 *
 * With LIVE, the number of containers that live already, only a few sides take turns.
 *
 * The output is lines of fields between tabs, for start.awk:
 *
 *	start SCENARIO SIDE ROUND NS KIB CREATE_NS DELETE_NS
 *
 * NS: from before the first command until the process of the container has exited. KIB:
 * the largest peak of a command. CREATE_NS, DELETE_NS: of the commands create and delete,
 * or "-". The exec of a runtime is done as podman does it: detached, with --process.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../workloads/workload.h"

#define USAGE	   "starts DIR COUNT PAUSE-MS [LIVE]"
#define BENCH_ID   "purser-bench"
#define WORDS_MAX  20
#define ROUNDS_MAX 1000
#define PATH_ROOM  256

/** struct side - one way to start a container: a command, or an OCI runtime */
struct side {
	const char *scenario; /* NULL: "LIVE live" */
	const char *name;
	const char *runtime;	  /* or NULL */
	char *command[WORDS_MAX]; /* if there is no runtime */
	char *after[WORDS_MAX];	  /* outside the measured time, or empty */
};

#define FLOOR                                \
	{                                    \
		"./floor", ROOT, "/bin/true" \
	}
#define ENGINE_RUN                                           \
	{                                                    \
		"engine", "run", BENCH_ID, "--", "/bin/true" \
	}
#define ENGINE_START                                                      \
	{                                                                 \
		"engine", "start", BENCH_ID, "--", "/bin/sleep", "100000" \
	}
#define ENGINE_REMOVE                               \
	{                                           \
		"engine", "rm", "--force", BENCH_ID \
	}

/* The folder of the benchmark, an absolute path. It is the working folder. */
static const char *dir;
#define ROOT "root"

static const struct side sides[] = {
	{ "run", "floor", NULL, FLOOR, { NULL } },
	{ "run",
	  "bwrap",
	  NULL,
	  { "bwrap", "--unshare-pid", "--unshare-ipc", "--unshare-uts",
	    "--unshare-net", "--unshare-cgroup", "--bind", ROOT, "/", "--proc",
	    "/proc", "--dev", "/dev", "/bin/true" },
	  { NULL } },
	{ "run", "engine run", NULL, ENGINE_RUN, { NULL } },
	{ "run", "crun", "crun", { NULL }, { NULL } },
	{ "run", "runc", "runc", { NULL }, { NULL } },
	{ "run", "purser-oci", "purser-oci", { NULL }, { NULL } },
	{ "start", "engine start", NULL, ENGINE_START, ENGINE_REMOVE },
	{ "exec", "crun", "crun", { NULL }, { NULL } },
	{ "exec", "runc", "runc", { NULL }, { NULL } },
	{ "exec", "purser-oci", "purser-oci", { NULL }, { NULL } },
};

static const struct side sides_live[] = {
	{ NULL, "floor", NULL, FLOOR, { NULL } },
	{ NULL, "engine run", NULL, ENGINE_RUN, { NULL } },
	{ NULL, "engine start", NULL, ENGINE_START, ENGINE_REMOVE },
};

#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

/** struct sample - what is measured */
struct sample {
	uint64_t ns, create_ns, delete_ns;
	long kib;
};

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void __attribute__((noreturn)) become(char *const argv[])
{
	int in = open("empty", O_RDONLY);
	int out = open("output", O_WRONLY | O_CREAT | O_APPEND, 0600);

	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(126);
	close(in);
	close(out);
	execvp(argv[0], argv);
	fprintf(stderr, "starts: cannot start %s: %s\n", argv[0],
		strerror(errno));
	_exit(127);
}

/* Run a command and wait for it. @kib: raised to its peak; or NULL */
static void run(char *const argv[], long *kib)
{
	struct rusage usage;
	pid_t pid = fork();
	int status;

	if (!pid)
		become(argv);
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		fail("starts: cannot run %s", argv[0]);
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "starts: %s %s has failed, status 0x%x\n",
			argv[0], argv[1], status);
		exit(1);
	}
	if (kib && usage.ru_maxrss > *kib)
		*kib = usage.ru_maxrss;
}

/* Wait for the process whose PID a runtime has written: it is ours, as conmon's. */
static void wait_exit(void)
{
	FILE *file = fopen("pid", "r");
	int pid, status;

	if (!file || fscanf(file, "%d", &pid) != 1)
		fail("starts: the runtime has written no PID");
	fclose(file);
	if (waitpid(pid, &status, 0) != pid)
		fail("starts: cannot wait for process %d", pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "starts: /bin/true has ended with 0x%x\n",
			status);
		exit(1);
	}
	unlink("pid");
}

/* Words of a command of a runtime; @more: further ones, or NULL */
static void oci(const struct side *side, const char *command, long *kib,
		char *const more[])
{
	char root[PATH_ROOM];
	char *argv[WORDS_MAX] = { (char *)side->runtime, "--root", root,
				  (char *)command };
	size_t n = 4;

	snprintf(root, sizeof(root), "%s/state/%s", dir, side->runtime);
	while (more && *more)
		argv[n++] = *more++;
	argv[n] = BENCH_ID;
	run(argv, kib);
}

static void create(const struct side *side, const char *kind, long *kib)
{
	char bundle[PATH_ROOM], pid[PATH_ROOM];
	char *more[] = { "--bundle", bundle, "--pid-file", pid, NULL };

	snprintf(pid, sizeof(pid), "%s/pid", dir);
	snprintf(bundle, sizeof(bundle), "%s/bundle/%s-%s", dir, side->runtime,
		 kind);
	oci(side, "create", kib, more);
}

static void sample_run(const struct side *side, struct sample *s)
{
	uint64_t begin = now();

	create(side, "true", &s->kib);
	s->create_ns = now() - begin;
	oci(side, "start", &s->kib, NULL);
	wait_exit();
	s->ns = now() - begin;
	begin = now();
	oci(side, "delete", NULL, NULL);
	s->delete_ns = now() - begin;
}

/* The container that the exec goes into is made before, and removed after. */
static void sample_exec(const struct side *side, struct sample *s)
{
	char pid[PATH_ROOM], process[PATH_ROOM];
	char *detached[] = { "--detach",  "--pid-file", pid,
			     "--process", process,	NULL };
	static char *const force[] = { "--force", NULL };
	uint64_t begin;

	snprintf(pid, sizeof(pid), "%s/pid", dir);
	snprintf(process, sizeof(process), "%s/process.json", dir);
	create(side, "sleep", NULL);
	unlink("pid");
	oci(side, "start", NULL, NULL);
	begin = now();
	oci(side, "exec", &s->kib, detached);
	wait_exit();
	s->ns = now() - begin;
	oci(side, "delete", NULL, force);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static void print_ns(uint64_t ns)
{
	if (ns)
		printf("\t%ju", (uintmax_t)ns);
	else
		printf("\t-");
}

static void sample(const struct side *side, const char *scenario,
		   unsigned long round)
{
	struct sample s = { 0 };
	uint64_t begin = now();

	if (!side->runtime) {
		run(side->command, &s.kib);
		s.ns = now() - begin;
		if (side->after[0])
			run(side->after, NULL);
	} else if (!strcmp(scenario, "exec")) {
		sample_exec(side, &s);
	} else {
		sample_run(side, &s);
	}
	if (!round)
		return;
	printf("start\t%s\t%s\t%lu\t%ju\t%ld", scenario, side->name, round,
	       (uintmax_t)s.ns, s.kib);
	print_ns(s.create_ns);
	print_ns(s.delete_ns);
	say("\n");
}

int main(int argc, char **argv)
{
	const struct side *all = sides;
	size_t n_sides = N_OF(sides);
	unsigned long n, pause_ms, round, i;
	char live[32];

	if (argc != 4 && argc != 5)
		bad_usage(USAGE);
	n = number(USAGE, "COUNT", argv[2], 1, ROUNDS_MAX);
	pause_ms = number(USAGE, "PAUSE-MS", argv[3], 0, 10000);
	if (argc == 5) {
		snprintf(live, sizeof(live), "%lu live",
			 number(USAGE, "LIVE", argv[4], 0, 1000000));
		all = sides_live;
		n_sides = N_OF(sides_live);
	}
	dir = argv[1];
	if (chdir(dir) || prctl(PR_SET_CHILD_SUBREAPER, 1))
		fail("starts: %s", dir);
	/* Round 0 is not printed: it fills caches. */
	for (round = 0; round <= n; round++) {
		for (i = 0; i < n_sides; i++) {
			const struct side *side =
				&all[(i + round + n_sides - 1) % n_sides];

			/* What the sample before has left ends meanwhile. */
			sleep_for(pause_ms);
			sample(side, side->scenario ? side->scenario : live,
			       round);
		}
	}
	return 0;
}
