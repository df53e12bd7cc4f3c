// SPDX-License-Identifier: GPL-2.0
/*
 * survive_storm WAY MIB
 *
 * Processes that change without end; see survive.h. WAY is
 *
 *   exec      the first process and a child call execve() without end
 *   threads   a child starts threads without end; in another child a thread beside two
 *             others calls execve() without end
 *   forks     two children fork without end; their children exit
 *   orphans   two chains of processes: each starts the next one, in its own session,
 *             and exits
 *   leave     likewise, and the first process exits at the line "go"
 */
#include <pthread.h>

#include "survive.h"

static const char usage[] =
	"survive_storm exec|threads|forks|orphans|leave MIB";

#define EXIT_CODE 7

/* Execute the program itself, as "survive_storm again WAY". */
static void __attribute__((noreturn)) exec_again(const char *way)
{
	execl("/proc/self/exe", "survive_storm", "again", way, NULL);
	fail("cannot call execve()");
}

static void exec_for_ever(int go)
{
	let_attack(go);
	start_child(0);
	exec_again("exec");
}

static void *wait_in_thread(void *unused)
{
	(void)unused;
	wait_for_ever();
}

static void *end_thread(void *unused)
{
	return unused;
}

static void *exec_in_thread(void *unused)
{
	(void)unused;
	exec_again("threads");
}

static void start_thread(void *(*run)(void *))
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, run, NULL);
	if (errno)
		fail("cannot start a thread");
	pthread_detach(thread);
}

/* Another thread than the main one calls execve(), which ends the main thread. */
static void __attribute__((noreturn)) start_threads_and_exec(void)
{
	start_thread(wait_in_thread);
	start_thread(exec_in_thread);
	wait_for_ever();
}

static void start_threads(int go)
{
	if (!start_child(0))
		for (;;)
			start_thread(end_thread);
	if (!start_child(0))
		start_threads_and_exec();
	let_attack(go);
}

static void fork_for_ever(int go)
{
	for (int i = 0; i < 2; i++) {
		if (start_child(0))
			continue;
		signal(SIGCHLD, SIG_IGN);
		for (;;)
			if (!start_child(0))
				_exit(0);
	}
	let_attack(go);
}

static void start_chain(void)
{
	if (start_child(0))
		return;
	for (;;) {
		setsid();
		if (start_child(0))
			_exit(0);
	}
}

/* The first process of the pid namespace reaps the orphans. */
static void run_away(int go)
{
	signal(SIGCHLD, SIG_IGN);
	start_chain();
	start_chain();
	let_attack(go);
}

static void run_away_and_leave(int go)
{
	(void)go;
	signal(SIGCHLD, SIG_IGN);
	start_chain();
	start_chain();
	wait_for_go();
	_exit(EXIT_CODE);
}

static const struct way ways[] = {
	{ "exec", exec_for_ever },	 { "threads", start_threads },
	{ "forks", fork_for_ever },	 { "orphans", run_away },
	{ "leave", run_away_and_leave }, { NULL, NULL },
};

int main(int argc, char **argv)
{
	if (argc != 3)
		bad_usage(usage);
	if (!strcmp(argv[1], "again") && !strcmp(argv[2], "exec"))
		exec_again(argv[2]);
	if (!strcmp(argv[1], "again"))
		start_threads_and_exec();
	run_way(find_way(ways, argv[1], usage),
		number(usage, "MIB", argv[2], 1, 4096));
}
