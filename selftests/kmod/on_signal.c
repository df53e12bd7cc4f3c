// SPDX-License-Identifier: GPL-2.0
/*
 * on_signal SIGNAL default|ignore|catch|block
 * on_signal SIGNAL exit|wait CODE
 *
 * Prints "ready" once it stands so to SIGNAL, a number:
 *   default  as the kernel would have it
 *   ignore   ignores it
 *   catch    has a handler that does nothing
 *   block    blocks it and never looks
 *   exit     has a handler that ends the process with CODE
 *   wait     blocks it, takes it with sigwait() and ends with CODE
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
