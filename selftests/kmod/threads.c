// SPDX-License-Identifier: GPL-2.0
/*
 * threads N
 *	Starts N threads besides the main one, and prints "ready".
 * threads --leader CODE exit|exit_group CODE
 *	The main thread exits alone, with the first CODE; then the other thread
 *	prints "ready". On SIGUSR1 that one calls exit() or exit_group(), the system
 *	calls, with the second CODE.
 * threads --race N
 *	N threads, including the main one, exit at the same time, each with
 *	another code from 1 to N.
 */
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../workloads/workload.h"

static const char usage[] =
	"threads N | threads --leader CODE exit|exit_group CODE | threads --race N";

/* The kernel clears it and wakes its waiters when the main thread exits. */
static atomic_int leader_lives = 1;

struct last {
	long call; /* the system call that ends it */
	int code;
};

static void *sleep_for_ever(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return NULL;
}

static void *end_last(void *arg)
{
	const struct last *last = arg;
	sigset_t set;
	int sig;

	while (atomic_load(&leader_lives))
		syscall(SYS_futex, &leader_lives, FUTEX_WAIT, 1, NULL, NULL, 0);
	say("ready\n");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigwait(&set, &sig);
	syscall(last->call, last->code);
	return NULL;
}

static void start(void *(*run)(void *), void *arg)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, run, arg);
	if (errno)
		fail("threads: cannot start a thread");
}

static void leave_one_behind(int leader_code, struct last *last)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	start(end_last, last);
	syscall(SYS_set_tid_address, &leader_lives);
	syscall(SYS_exit, leader_code);
}

/* Makes the threads exit together, so that any of them may be the last. */
static pthread_barrier_t all_there;

static void *race(void *code)
{
	pthread_barrier_wait(&all_there);
	syscall(SYS_exit, (long)code);
	return NULL;
}

static void __attribute__((noreturn)) end_at_once(long n)
{
	long i;

	if (pthread_barrier_init(&all_there, NULL, n))
		fail("threads: cannot make a barrier");
	for (i = 2; i <= n; i++)
		start(race, (void *)i);
	race((void *)1L);
	_exit(0);
}

int main(int argc, char **argv)
{
	static struct last last;
	unsigned long i, n;

	if (argc == 5 && !strcmp(argv[1], "--leader")) {
		last.call = strcmp(argv[3], "exit") ? SYS_exit_group : SYS_exit;
		last.code = number(usage, "CODE", argv[4], 0, 255);
		leave_one_behind(number(usage, "CODE", argv[2], 0, 255), &last);
	}
	if (argc == 3 && !strcmp(argv[1], "--race"))
		end_at_once(number(usage, "N", argv[2], 2, 255));
	if (argc != 2)
		bad_usage(usage);
	n = number(usage, "N", argv[1], 0, 10000);
	for (i = 0; i < n; i++)
		start(sleep_for_ever, NULL);
	say("ready\n");
	sleep_for_ever(NULL);
}
