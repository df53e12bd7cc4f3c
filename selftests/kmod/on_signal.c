// SPDX-License-Identifier: GPL-2.0
/*
 * on_signal SIGNAL default|ignore|catch|block
 * on_signal SIGNAL exit|wait CODE
 *
 * Sets up what it does with SIGNAL, a number, and prints "ready":
 *   default  the default action
 *   ignore   ignore the signal
 *   catch    run a handler that does nothing
 *   block    block the signal
 *   exit     run a handler that exits with CODE
 *   wait     block the signal, wait for it with sigwait() and exit with CODE
 */
#include <signal.h>
#include <unistd.h>

#include "../workloads/workload.h"

static const char usage[] =
	"on_signal SIGNAL default|ignore|catch|block|exit CODE|wait CODE";

static int code;

static void do_nothing(int sig)
{
	(void)sig;
}

static void end(int sig)
{
	(void)sig;
	_exit(code);
}

static void handle(int sig, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	if (sigaction(sig, &action, NULL))
		fail("on_signal: cannot handle signal %d", sig);
}

int main(int argc, char **argv)
{
	const char *how = argc > 2 ? argv[2] : "";
	sigset_t set;
	int sig, got;

	if (argc < 3 || argc > 4)
		bad_usage(usage);
	sig = number(usage, "SIGNAL", argv[1], 1, 64);
	if (argc == 4)
		code = number(usage, "CODE", argv[3], 0, 255);
	sigemptyset(&set);
	sigaddset(&set, sig);

	if (!strcmp(how, "default"))
		handle(sig, SIG_DFL);
	else if (!strcmp(how, "ignore"))
		handle(sig, SIG_IGN);
	else if (!strcmp(how, "catch"))
		handle(sig, do_nothing);
	else if (!strcmp(how, "exit"))
		handle(sig, end);
	else if (strcmp(how, "block") && strcmp(how, "wait"))
		bad_usage(usage);
	else if (sigprocmask(SIG_BLOCK, &set, NULL))
		fail("on_signal: cannot block signal %d", sig);

	say("ready\n");
	if (!strcmp(how, "wait") && !sigwait(&set, &got))
		return code;
	for (;;)
		pause();
}
