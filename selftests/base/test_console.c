// SPDX-License-Identifier: GPL-2.0
/* Tests raw mode: saved, set, restored; job control; sizes; signals. */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/console.h"
#include "must.h"
#include "tap.h"

static bool is_raw(int fd)
{
	struct termios mode;

	must(tcgetattr(fd, &mode));
	return !(mode.c_lflag & (ICANON | ECHO | ISIG));
}

static void test_mode(void)
{
	struct console console = { 0 };
	struct termios before, after;
	int master, slave, pipe[2];

	must(openpty(&master, &slave, NULL, NULL, NULL));
	must(tcgetattr(slave, &before));
	is_int(console_raw(&console, slave), 0, "a terminal gets raw mode");
	ok(is_raw(slave), "it has no echo, no lines and no signals");
	console_restore(&console);
	must(tcgetattr(slave, &after));
	ok(before.c_lflag == after.c_lflag && before.c_iflag == after.c_iflag &&
		   before.c_oflag == after.c_oflag,
	   "it gets back its mode");
	console_continued(&console);
	ok(!is_raw(slave), "after that, SIGCONT does not change it");

	must(pipe2(pipe, O_CLOEXEC));
	is_int(console_raw(&console, pipe[0]), -ENOTTY, "a pipe has no mode");
	console_restore(&console);
	is_int(console_raw(&console, -1), -EBADF, "nor has no descriptor");
	close(pipe[0]);
	close(pipe[1]);
	close(master);
	close(slave);
}

static void test_size(void)
{
	const struct winsize size = { .ws_row = 33, .ws_col = 77 };
	struct winsize got = { 0 };
	int master, slave, other, its;

	must(openpty(&master, &slave, NULL, NULL, &size));
	must(openpty(&other, &its, NULL, NULL, NULL));
	console_pass_size(slave, other);
	ok(console_size(its, &got) && got.ws_row == 33 && got.ws_col == 77,
	   "the size is passed on");
	ok(!console_size(-1, &got), "no descriptor has no size");
	console_pass_size(slave, -1);
	console_pass_size(-1, other);
	ok(console_size(its, &got) && got.ws_row == 33,
	   "without a size, nothing changes");
	close(master);
	close(slave);
	close(other);
	close(its);
}

/* The other side of the tests with job control: a job of a shell that we play. */
static int job(void)
{
	struct console console = { 0 };
	struct signalfd_siginfo info;
	int fd = console_signals(true);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int err = console_raw(&console, 0);

	if (err)
		return -err;
	for (;;) {
		poll(&p, 1, -1);
		if (read(fd, &info, sizeof(info)) != sizeof(info))
			continue;
		if (info.ssi_signo == SIGCONT)
			console_continued(&console);
		if (info.ssi_signo == SIGTERM)
			break;
	}
	console_restore(&console);
	return 0;
}

static pid_t begin_job(bool foreground)
{
	pid_t pid = must(fork());

	if (!pid) {
		setpgid(0, 0);
		/* The shell gives it the terminal, or not. */
		kill(getpid(), SIGSTOP);
		_exit(job());
	}
	setpgid(pid, pid);
	must(waitpid(pid, NULL, WUNTRACED));
	if (foreground)
		must(tcsetpgrp(0, pid));
	must(kill(pid, SIGCONT));
	return pid;
}

static bool wait_raw(bool raw)
{
	for (int i = 0; i < 500; i++) {
		if (is_raw(0) == raw)
			return true;
		usleep(10000);
	}
	return false;
}

static int end_job(pid_t pid)
{
	int status;

	must(kill(pid, SIGTERM));
	must(waitpid(pid, &status, 0));
	must(tcsetpgrp(0, getpgrp()));
	return status;
}

static void shell_foreground(void)
{
	struct termios mode;
	pid_t pid = begin_job(true);
	int status;

	ok(wait_raw(true), "a job in the foreground makes the terminal raw");
	must(tcgetattr(0, &mode));
	kill(pid, SIGSTOP);
	must(waitpid(pid, &status, WUNTRACED));
	must(tcsetpgrp(0, getpgrp()));
	mode.c_lflag |= ICANON | ECHO | ISIG;
	must(tcsetattr(0, TCSANOW, &mode));
	must(tcsetpgrp(0, pid));
	kill(pid, SIGCONT);
	ok(wait_raw(true), "a job that was stopped makes it raw again");
	is_int(end_job(pid), 0, "SIGTERM ends it");
	ok(!is_raw(0), "the terminal is not raw any more");
}

static void shell_background(void)
{
	pid_t pid = begin_job(false);
	int status;

	must(waitpid(pid, &status, WUNTRACED));
	ok(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTTOU,
	   "a job in the background is stopped");
	ok(!is_raw(0), "it has not changed the terminal");
	must(tcsetpgrp(0, pid));
	kill(pid, SIGCONT);
	ok(wait_raw(true), "in the foreground it makes the terminal raw");
	/* As after SIGSTOP and bg: another job has the terminal. */
	must(tcsetpgrp(0, getpgrp()));
	is_int(end_job(pid), 0, "it ends in the background");
	ok(is_raw(0), "and leaves the mode to the shell");
}

/* SIGTERM ends a job that was stopped in the background, as it ends other programs. */
static void shell_killed(void)
{
	pid_t pid = begin_job(false);
	int status;

	must(waitpid(pid, &status, WUNTRACED));
	kill(pid, SIGTERM);
	kill(pid, SIGCONT);
	must(waitpid(pid, &status, 0));
	is_int(WEXITSTATUS(status), EINTR, "SIGTERM ends it in the background");
	ok(!is_raw(0), "it has not changed the terminal");
}

/* A shell on a terminal of its own, with jobs. */
static int shell(int terminal)
{
	setsid();
	must(ioctl(terminal, TIOCSCTTY, 0));
	must(dup2(terminal, 0));
	signal(SIGTTOU, SIG_IGN);
	shell_foreground();
	shell_killed();
	shell_background();
	return tap_end();
}

int main(void)
{
	int master, slave, status;
	pid_t pid;

	test_mode();
	test_size();
	must(openpty(&master, &slave, NULL, NULL, NULL));
	pid = must(fork());
	if (!pid)
		_exit(shell(slave));
	must(waitpid(pid, &status, 0));
	return WEXITSTATUS(status);
}
