// SPDX-License-Identifier: GPL-2.0
/* The terminal of the user, see console.h. */
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "array.h"
#include "console.h"

/* Signals that must keep their usual effect. */
static const int faults[] = { SIGSEGV, SIGBUS,	SIGILL, SIGFPE,
			      SIGABRT, SIGTRAP, SIGSYS };
static const int stops[] = { SIGTTIN, SIGTTOU };

/* Have them stop the program even if its parent ignores them. */
static void use_default(const int *signals, size_t n, sigset_t *set)
{
	for (size_t i = 0; i < n; i++) {
		signal(signals[i], SIG_DFL);
		sigdelset(set, signals[i]);
	}
}

int console_signals(bool terminal)
{
	sigset_t set;
	int fd;

	sigfillset(&set);
	use_default(faults, ARRAY_SIZE(faults), &set);
	use_default(stops, ARRAY_SIZE(stops), &set);
	if (!terminal)
		sigdelset(&set, SIGTSTP);
	if (sigprocmask(SIG_SETMASK, &set, NULL) < 0)
		return -errno;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

/* Whether another job has the terminal. Of a terminal without jobs this is false. */
static bool in_background(int fd)
{
	pid_t group = tcgetpgrp(fd);

	return group >= 0 && group != getpgrp();
}

static int set_mode(int fd, const struct termios *mode)
{
	int ret;

	do {
		ret = tcsetattr(fd, TCSANOW, mode);
	} while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : 0;
}

static int set_raw(const struct console *console)
{
	struct termios raw = console->saved;

	cfmakeraw(&raw);
	return set_mode(console->fd, &raw);
}

/*
 * Wait until the program is in the foreground: until then, the mode is another job's. The
 * kernel stops a program in the background that calls tcflow(). TCOON changes nothing.
 */
static int wait_for_foreground(int fd)
{
	while (in_background(fd)) {
		if (tcflow(fd, TCOON) < 0 && errno != EINTR)
			return -errno;
	}
	return 0;
}

int console_raw(struct console *console, int fd)
{
	int err = wait_for_foreground(fd);

	*console = (struct console){ .fd = fd };
	if (err)
		return err;
	if (tcgetattr(fd, &console->saved) < 0)
		return -errno;
	err = set_raw(console);
	console->raw = !err;
	return err;
}

void console_continued(struct console *console)
{
	if (console->raw && !in_background(console->fd))
		set_raw(console);
}

void console_restore(struct console *console)
{
	if (console->raw && !in_background(console->fd))
		set_mode(console->fd, &console->saved);
	console->raw = false;
}

bool console_size(int fd, struct winsize *size)
{
	return fd >= 0 && !ioctl(fd, TIOCGWINSZ, size);
}

void console_pass_size(int from, int to)
{
	struct winsize size;

	if (to >= 0 && console_size(from, &size))
		ioctl(to, TIOCSWINSZ, &size);
}
