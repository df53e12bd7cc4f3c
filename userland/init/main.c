// SPDX-License-Identifier: GPL-2.0
/*
 * The first process of a container that was started with --init or --tty. It runs the
 * command as its child, passes signals on to it, reaps every process that has lost its
 * parent, and exits as the command does. Its arguments are its own name and the command's
 * words. With the name "purser-terminal", it also gives the command a terminal, see
 * terminal.h.
 *
 * The kernel drops a signal to the first process of a PID namespace if that process has no
 * handler for it, and gives it all orphans. Most programs expect neither.
 *
 * The program is static, so it runs in any root. The supervisor has it in its own program,
 * and executes it from memory: no file of it is in the container.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "terminal.h"

#define EXIT_ENGINE	    125
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND	    127

/* They mean an error of this program itself. */
static const int own_signals[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL,
				   SIGSEGV, SIGSYS, SIGTRAP };

/* Without stdio, whose code would be half of this program. */
static void complain(const char *what, const char *command)
{
	const char *parts[] = { "cannot ", what,   " \"",
				command,   "\": ", strerrordesc_np(errno),
				"\n" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i] && write(2, parts[i], strlen(parts[i])) < 0)
			return;
}

/* In a session of its own, which gets the terminal; or in a process group of its own. */
__attribute__((noreturn)) static void run(char **argv, const sigset_t *mask,
					  bool has_terminal)
{
	if (has_terminal)
		terminal_take();
	else
		setpgid(0, 0);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	complain("run", argv[0]);
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

/* Returns the exit status when the command has ended, or -1. */
static int take_signal(pid_t command, int sig)
{
	if (sig == SIGCHLD)
		return reap(command);
	kill(command, sig);
	return -1;
}

static int wait_for_end(pid_t command, const sigset_t *signals)
{
	int status = -1;

	while (status < 0) {
		int sig = sigwaitinfo(signals, NULL);

		if (sig > 0)
			status = take_signal(command, sig);
	}
	return status;
}

/* Returns a signal that has come, or 0. */
static int next_signal(int signals)
{
	struct signalfd_siginfo info;

	return read(signals, &info, sizeof(info)) == sizeof(info) ?
		       (int)info.ssi_signo :
		       0;
}

/*
 * Pass on the last output. The others are to be killed anyway, and could write without an
 * end. A user who does not read makes this wait, but not if a signal asks for an end.
 */
static void drain(struct terminal *t, int signals)
{
	kill(-1, SIGKILL);
	while (terminal_copy(t, signals, false)) {
		int sig = next_signal(signals);

		if (sig == SIGTERM || sig == SIGINT || sig == SIGHUP)
			terminal_leave(t);
	}
}

static int serve_terminal(struct terminal *t, pid_t command, int signals)
{
	int status = -1;

	while (status < 0) {
		int sig;

		terminal_copy(t, signals, true);
		while (status < 0 && (sig = next_signal(signals)))
			status = take_signal(command, sig);
	}
	drain(t, signals);
	return status;
}

static void block_signals(sigset_t *signals, sigset_t *before)
{
	sigfillset(signals);
	for (size_t i = 0; i < sizeof(own_signals) / sizeof(own_signals[0]);
	     i++)
		sigdelset(signals, own_signals[i]);
	sigprocmask(SIG_BLOCK, signals, before);
}

int main(int argc, char **argv)
{
	static struct terminal terminal;
	sigset_t signals, mask;
	bool has_terminal;
	pid_t command;
	int fd = -1;

	if (argc < 2)
		return EXIT_ENGINE;
	has_terminal = !strcmp(argv[0], "purser-terminal");
	block_signals(&signals, &mask);
	prctl(PR_SET_NAME, "purser-init");
	if (has_terminal) {
		fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
		if (fd < 0 || !terminal_open(&terminal)) {
			complain("make a terminal for", argv[1]);
			return EXIT_ENGINE;
		}
	}
	command = fork();
	if (!command)
		run(argv + 1, &mask, has_terminal);
	if (command < 0) {
		complain("run", argv[1]);
		return EXIT_ENGINE;
	}
	return has_terminal ? serve_terminal(&terminal, command, fd) :
			      wait_for_end(command, &signals);
}
