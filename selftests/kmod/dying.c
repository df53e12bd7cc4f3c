// SPDX-License-Identifier: GPL-2.0
/*
 * dying held|dumping MIB
 *
 * The first process begins to die and stays so, while a child of it lives:
 *   held     the first process exits with code 7, and the child traces it and holds
 *            it in its exit stop
 *   dumping  the first process dumps core, 16 GiB of it, into the pipe that
 *            core_pattern names. That ends when the reader of the pipe ends.
 *
 * The child prints "ready" when the first process is in that state. When it reads a
 * line it takes MIB of memory and prints "holds MIB".
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../workloads/workload.h"

#define MIB	  (1UL << 20)
#define EXIT_CODE 7

static const char usage[] = "dying held|dumping MIB";

static void __attribute__((noreturn)) take_on_order(size_t mib)
{
	char c, *start;

	say("ready\n");
	do {
		if (read(STDIN_FILENO, &c, 1) != 1)
			break;
	} while (c != '\n');
	if (c == '\n') {
		start = mmap(NULL, mib * MIB, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (start == MAP_FAILED)
			fail("dying: cannot map %zu MiB", mib);
		memset(start, 1, mib * MIB);
		say("holds %zu\n", mib);
	}
	for (;;)
		pause();
}

static void hold(pid_t init, int traced)
{
	int status;

	if (ptrace(PTRACE_SEIZE, init, NULL, PTRACE_O_TRACEEXIT))
		fail("dying: cannot trace the first process");
	if (write(traced, "", 1) != 1)
		fail("dying: cannot tell the first process");
	if (waitpid(init, &status, __WALL) != init ||
	    status >> 16 != PTRACE_EVENT_EXIT)
		fail("dying: the first process is not held");
}

static void exit_when_traced(int traced)
{
	char c;

	if (read(traced, &c, 1) != 1)
		fail("dying: there is no tracer");
	_exit(EXIT_CODE);
}

static void wait_for_dump(int status)
{
	char text[4096];
	ssize_t n;

	do {
		sleep_for(1);
		n = pread(status, text, sizeof(text) - 1, 0);
		if (n <= 0)
			fail("dying: cannot read the first process' status");
		text[n] = '\0';
	} while (!strstr(text, "CoreDumping:\t1"));
}

static void dump(void)
{
	/* It touches a page in each of 64 MiB: a pipe holds 16 pages. */
	size_t size = 16384 * MIB, i;
	char *start = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (start == MAP_FAILED)
		fail("dying: cannot map 16 GiB");
	madvise(start, size, MADV_NOHUGEPAGE); /* where there are any */
	for (i = 0; i < 64 * MIB; i += MIB)
		start[i] = 1;
	if (mprotect(start, MIB, PROT_READ))
		fail("dying: cannot protect a page");
	*(volatile char *)start = 1;
}

int main(int argc, char **argv)
{
	pid_t init = getpid(), child;
	int traced[2], status;
	bool held;
	size_t mib;

	if (argc != 3)
		bad_usage(usage);
	held = !strcmp(argv[1], "held");
	if (!held && strcmp(argv[1], "dumping"))
		bad_usage(usage);
	mib = number(usage, "MIB", argv[2], 1, 4096);
	/* The child cannot open it by PID: /proc may show another namespace's PIDs. */
	status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	if (status < 0 || pipe(traced))
		fail("dying: cannot prepare");
	/* Yama otherwise forbids to trace a parent. */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	child = fork();
	if (child < 0)
		fail("dying: cannot fork");
	if (child && held)
		exit_when_traced(traced[0]);
	else if (child)
		dump();
	if (held)
		hold(init, traced[1]);
	else
		wait_for_dump(status);
	take_on_order(mib);
}
