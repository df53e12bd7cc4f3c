// SPDX-License-Identifier: GPL-2.0
/*
 * The first process of a container that was started with --init. It runs the command as its
 * child, passes signals on to it, reaps every process that has lost its parent, and exits
 * as the command does. Its arguments are the command's words.
 *
 * The kernel drops a signal to the first process of a PID namespace if that process has no
 * handler for it, and gives it all orphans. Most programs expect neither.
 *
 * The program is static, so it runs in any root. The supervisor has it in its own program,
 * and executes it from memory: no file of it is in the container.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_ENGINE	    125
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND	    127

/* They mean an error of this program itself. */
static const int own_signals[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL,
				   SIGSEGV, SIGSYS, SIGTRAP };

/* Without stdio, whose code would be half of this program. */
static void complain(const char *command)
{
	const char *parts[] = { "cannot run \"", command,
				"\": ", strerrordesc_np(errno), "\n" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i] && write(2, parts[i], strlen(parts[i])) < 0)
			return;
}

/* In a process group of its own, which gets the terminal if there is one. */
__attribute__((noreturn)) static void run(char **argv, const sigset_t *mask)
{
	setpgid(0, 0);
	/* SIGTTOU is still blocked. Without a terminal it fails. */
	tcsetpgrp(0, getpid());
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	complain(argv[0]);
	_exit(errno == ENOENT || errno == ENOTDIR ? EXIT_NOT_FOUND :
						    EXIT_NOT_EXECUTABLE);
}

/* Reap all dead children; the status of @command, or -1 if it lives. */
static int reap(pid_t command)
{
	int status, result = -1;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != command)
			continue;
		result = WIFEXITED(status) ? WEXITSTATUS(status) :
					     128 + WTERMSIG(status);
	}
	return result;
}

int main(int argc, char **argv)
{
	sigset_t signals, mask;
	siginfo_t info;
	int status = -1;
	pid_t command;

	if (argc < 1)
		return EXIT_ENGINE;
	sigfillset(&signals);
	for (size_t i = 0; i < sizeof(own_signals) / sizeof(own_signals[0]);
	     i++)
		sigdelset(&signals, own_signals[i]);
	sigprocmask(SIG_BLOCK, &signals, &mask);
	prctl(PR_SET_NAME, "purser-init");
	command = fork();
	if (!command)
		run(argv, &mask);
	if (command < 0) {
		complain(argv[0]);
		return EXIT_ENGINE;
	}
	while (status < 0) {
		int sig = sigwaitinfo(&signals, &info);

		if (sig == SIGCHLD)
			status = reap(command);
		else if (sig > 0)
			kill(command, sig);
	}
	return status;
}
