// SPDX-License-Identifier: GPL-2.0
/*
 * ballast [--processes N | --sharing N | --threads N | --vfork]
 *
 * Takes memory and gives it back on command. Prints "ready" and the PIDs of its
 * processes, then reads lines from standard input and answers each with "done":
 *   take I KIB    process I, counted from 0, touches KIB more KiB of memory
 *   give I        process I gives back all that it has taken
 *
 * --processes: N processes besides the first, which take memory, too.
 * --sharing: N idle processes that share the memory of the first.
 * --threads: N idle threads.
 * --vfork: the process that obeys is a child of vfork(), which shares the memory of
 * the first.
 * At the end of its input the program sleeps until a signal kills it.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../workloads/workload.h"

#define STACK_BYTES 65536

static const char usage[] =
	"ballast [--processes N | --sharing N | --threads N | --vfork]";

/* A list of what this process has taken. Each mapping begins with such a header. */
struct block {
	struct block *next;
	size_t bytes;
};

static struct block *taken;

/* Processes besides the first read orders from a pipe each, and answer by a common one. */
struct order {
	size_t take; /* bytes; 0: give all back */
};

static int (*orders)[2];
static int answers[2];
static unsigned long n_processes;

static void take(size_t bytes)
{
	struct block *b = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (b == MAP_FAILED)
		fail("ballast: cannot take %zu bytes", bytes);
	/* Small pages, so that no more is taken than was asked for. */
	madvise(b, bytes, MADV_NOHUGEPAGE);
	memset(b, 0xa5, bytes);
	b->next = taken;
	b->bytes = bytes;
	taken = b;
}

static void give(void)
{
	struct block *next;

	for (; taken; taken = next) {
		next = taken->next;
		if (munmap(taken, taken->bytes))
			fail("ballast: cannot give memory back");
	}
}

static void obey(struct order order)
{
	if (order.take)
		take(order.take);
	else
		give();
}

static void __attribute__((noreturn)) wait_for_ever(void)
{
	for (;;)
		pause();
}

static void *wait_in_thread(void *unused)
{
	(void)unused;
	wait_for_ever();
}

static int wait_in_process(void *unused)
{
	(void)unused;
	wait_for_ever();
}

static void serve(int from)
{
	struct order order;

	while (read(from, &order, sizeof(order)) == sizeof(order)) {
		obey(order);
		if (write(answers[1], "", 1) != 1)
			break;
	}
	wait_for_ever();
}

static void start_processes(unsigned long n)
{
	unsigned long i;
	pid_t pid;

	orders = calloc(n, sizeof(*orders));
	if (!orders || pipe(answers))
		fail("ballast: cannot make pipes");
	for (i = 0; i < n; i++) {
		if (pipe(orders[i]))
			fail("ballast: cannot make a pipe");
		pid = fork();
		if (pid < 0)
			fail("ballast: cannot fork");
		if (!pid)
			serve(orders[i][0]);
		printf(" %d", pid);
	}
	n_processes = n;
}

static void start_sharing(unsigned long n)
{
	unsigned long i;
	char *stack;
	pid_t pid;

	for (i = 0; i < n; i++) {
		stack = malloc(STACK_BYTES);
		if (!stack)
			fail("ballast: no memory for a stack");
		pid = clone(wait_in_process, stack + STACK_BYTES,
			    CLONE_VM | SIGCHLD, NULL);
		if (pid < 0)
			fail("ballast: cannot clone");
		printf(" %d", pid);
	}
}

static void start_threads(unsigned long n)
{
	pthread_t thread;
	unsigned long i;

	for (i = 0; i < n; i++) {
		errno = pthread_create(&thread, NULL, wait_in_thread, NULL);
		if (errno)
			fail("ballast: cannot start a thread");
	}
}

static void forward(unsigned long i, struct order order)
{
	char answer;

	if (write(orders[i][1], &order, sizeof(order)) != sizeof(order) ||
	    read(answers[0], &answer, 1) != 1)
		fail("ballast: process %lu is dead", i + 1);
}

static void __attribute__((noreturn)) read_commands(void)
{
	unsigned long i, kib;
	struct order order;
	char line[128];

	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "take %lu %lu", &i, &kib) == 2)
			order.take = kib << 10;
		else if (sscanf(line, "give %lu", &i) == 1)
			order.take = 0;
		else
			bad_usage("take I KIB | give I");
		if (i > n_processes)
			bad_usage("I is the number of a process");
		if (i)
			forward(i - 1, order);
		else
			obey(order);
		say("done\n");
	}
	wait_for_ever();
}

static int obey_in_child(void *unused)
{
	(void)unused;
	say(" %d\n", getpid());
	read_commands();
}

/* As vfork() does, but with a stack of its own for the child. */
static void __attribute__((noreturn)) vfork_and_obey(void)
{
	char *stack = malloc(STACK_BYTES);

	if (!stack)
		fail("ballast: no memory for a stack");
	if (clone(obey_in_child, stack + STACK_BYTES,
		  CLONE_VM | CLONE_VFORK | SIGCHLD, NULL) < 0)
		fail("ballast: cannot clone");
	wait_for_ever();
}

int main(int argc, char **argv)
{
	const char *option = argc > 1 ? argv[1] : "";
	unsigned long n = 0;

	if (argc == 3)
		n = number(usage, "N", argv[2], 1, 1000);
	else if (argc > 2 || (argc == 2 && strcmp(option, "--vfork")))
		bad_usage(usage);

	/* A child would print again what is in the buffer at fork(). */
	setvbuf(stdout, NULL, _IONBF, 0);
	printf("ready %d", getpid());
	if (!strcmp(option, "--processes"))
		start_processes(n);
	else if (!strcmp(option, "--sharing"))
		start_sharing(n);
	else if (!strcmp(option, "--threads"))
		start_threads(n);
	else if (argc == 3)
		bad_usage(usage);
	if (!strcmp(option, "--vfork"))
		vfork_and_obey();
	say("\n");
	read_commands();
}
