// SPDX-License-Identifier: GPL-2.0
/* The terminal of the user, see console.h. */
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
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

/*
 * Whether another job has the terminal. The master side of a terminal has the group of the
 * other side, so compare the sessions, too.
 */
static bool in_background(int fd)
{
	pid_t group = tcgetpgrp(fd);

	return group >= 0 && group != getpgrp() && tcgetsid(fd) == getsid(0);
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

/* Take a blocked signal that is pending; returns false if it is not. */
static bool take_pending(int sig)
{
	const struct timespec now = { 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	return sigtimedwait(&set, NULL, &now) == sig;
}

static bool end_is_pending(void)
{
	sigset_t set;

	return !sigpending(&set) &&
	       (sigismember(&set, SIGTERM) || sigismember(&set, SIGHUP) ||
		sigismember(&set, SIGINT) || sigismember(&set, SIGQUIT));
}

/*
 * If the kernel stopped the program in read() or tcsetattr(), it would begin these again
 * after SIGCONT, and the program could not see that SIGTERM is pending.
 */
int console_wait_foreground(int fd, int sig)
{
	bool stopped = false;
	int err = 0;

	while (!err && in_background(fd)) {
		take_pending(SIGCONT);
		kill(0, sig);
		/* The kernel does not stop a group whose shell is gone. */
		if (!take_pending(SIGCONT))
			return -EIO;
		stopped = true;
		err = end_is_pending() ? -EINTR : 0;
	}
	/* For the signalfd, and console_continued(). */
	if (stopped)
		kill(getpid(), SIGCONT);
	return err;
}

int console_raw(struct console *console, int fd)
{
	int err = console_wait_foreground(fd, SIGTTOU);

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
