// SPDX-License-Identifier: GPL-2.0
/*
 * survive_trace WAY MIB
 *
 * Processes that hold each other by ptrace, also in their exit; see survive.h. WAY is
 *
 *   seized    a child traces the first process: if the first process is killed, it stops
 *             in its exit until the child lets it go on
 *   tracer    the first process traces a child, which it has stopped
 *   attached  likewise, by PTRACE_ATTACH and SIGSTOP
 *   pair, ring
 *             two or five children trace each other in a ring: if all are killed, each
 *             waits in its exit for another one
 *   left      as "pair", and the first process exits at the line "go"
 */
#include <stdbool.h>
#include <sys/ptrace.h>

#include "survive.h"

static const char usage[] =
	"survive_trace seized|tracer|attached|pair|ring|left MIB";

#define EXIT_CODE 7
#define MOST	  5

static void seize(pid_t pid)
{
	if (ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACEEXIT))
		fail("cannot trace %d", pid);
}

static void be_seized(int go)
{
	pid_t first = getpid();

	if (start_child(0))
		return;
	seize(first);
	let_attack(go);
	wait_for_ever();
}

/* Stop a child by PTRACE_INTERRUPT, or by the SIGSTOP of PTRACE_ATTACH. */
static void stop_child(bool by_signal, int go)
{
	pid_t child = start_child(0);
	int status;

	if (!child)
		wait_for_ever();
	if (by_signal) {
		if (ptrace(PTRACE_ATTACH, child, NULL, NULL))
			fail("cannot attach to %d", child);
	} else {
		seize(child);
		if (ptrace(PTRACE_INTERRUPT, child, NULL, NULL))
			fail("cannot interrupt %d", child);
	}
	if (waitpid(child, &status, __WALL) != child || !WIFSTOPPED(status))
		fail("%d does not stop", child);
	let_attack(go);
}

static void stop_seized(int go)
{
	stop_child(false, go);
}

static void stop_attached(int go)
{
	stop_child(true, go);
}

/* Child @i traces the next one. @pids is complete when @start can be read. */
static void __attribute__((noreturn))
join_ring(const pid_t *pids, size_t n, size_t i, int start, int done)
{
	char c;

	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	if (read(start, &c, 1) != 1)
		fail("cannot read that the ring is complete");
	seize(pids[(i + 1) % n]);
	if (write(done, "", 1) != 1)
		fail("cannot tell that the ring is joined");
	wait_for_ever();
}

static void make_ring(size_t n)
{
	pid_t *pids = (pid_t *)map_pages(MOST * sizeof(*pids),
					 MAP_SHARED | MAP_ANONYMOUS, -1);
	int start[2], done[2];
	size_t i;
	char c;

	if (pipe(start) || pipe(done))
		fail("cannot make pipes");
	for (i = 0; i < n; i++) {
		pid_t pid = start_child(0);

		if (!pid)
			join_ring(pids, n, i, start[0], done[1]);
		pids[i] = pid;
	}
	for (i = 0; i < n; i++)
		if (write(start[1], "", 1) != 1)
			fail("cannot tell that the ring is complete");
	for (i = 0; i < n; i++)
		if (read(done[0], &c, 1) != 1)
			fail("a child has not joined the ring");
}

static void make_pair(int go)
{
	make_ring(2);
	let_attack(go);
}

static void make_long_ring(int go)
{
	make_ring(MOST);
	let_attack(go);
}

/* There is no attacker: the first process itself waits for the line "go". */
static void leave_pair(int go)
{
	(void)go;
	make_ring(2);
	wait_for_go();
	_exit(EXIT_CODE);
}

static const struct way ways[] = {
	{ "seized", be_seized },
	{ "tracer", stop_seized },
	{ "attached", stop_attached },
	{ "pair", make_pair },
	{ "ring", make_long_ring },
	{ "left", leave_pair },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	if (argc != 3)
		bad_usage(usage);
	run_way(find_way(ways, argv[1], usage),
		number(usage, "MIB", argv[2], 1, 4096));
}
