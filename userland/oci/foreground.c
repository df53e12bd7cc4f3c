// SPDX-License-Identifier: GPL-2.0
/* Staying until a process ends, see foreground.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "foreground.h"

#define CHUNK 4096

/** struct flow - bytes on their way from one descriptor to another */
struct flow {
	int from, to;
	char bytes[CHUNK];
	size_t len, done; /* read and written */
	bool closed;	  /* no more comes */
};

/** struct session - see foreground() */
struct session {
	struct launch *launch;
	int signals;
	struct flow in, out; /* of the terminal */
	bool raw;
	struct termios saved;
};

static void pass_size(const struct session *s)
{
	struct winsize size;

	if (s->launch->terminal_fd >= 0 &&
	    !ioctl(STDIN_FILENO, TIOCGWINSZ, &size))
		ioctl(s->launch->terminal_fd, TIOCSWINSZ, &size);
}

/* Signals that tell about ourselves are not for the container. */
static void pass_signal(struct session *s)
{
	struct signalfd_siginfo info;

	if (read(s->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGWINCH)
		pass_size(s);
	else if (info.ssi_signo != SIGCHLD && info.ssi_signo != SIGPIPE)
		pidfd_send_signal(s->launch->pidfd, info.ssi_signo, NULL, 0);
}

/* Neither read nor write more than poll() has promised. */
static void move(struct flow *f, short readable, short writable)
{
	ssize_t n;

	if (f->len == f->done && readable) {
		n = read(f->from, f->bytes, sizeof(f->bytes));
		f->done = 0;
		f->len = n > 0 ? n : 0;
		/* A terminal whose other side is closed says EIO. */
		if (!n || (n < 0 && errno != EINTR && errno != EAGAIN))
			f->closed = true;
	} else if (f->len > f->done && writable) {
		n = write(f->to, f->bytes + f->done, f->len - f->done);
		if (n > 0)
			f->done += n;
		else if (n < 0 && errno != EINTR && errno != EAGAIN)
			f->closed = true;
	}
	if (f->closed)
		f->len = f->done = 0;
}

static bool is_full(const struct flow *f)
{
	return f->len > f->done;
}

static struct pollfd want(const struct flow *f)
{
	const bool full = is_full(f);

	if (f->closed || f->from < 0)
		return (struct pollfd){ .fd = -1 };
	return (struct pollfd){ .fd = full ? f->to : f->from,
				.events = full ? POLLOUT : POLLIN };
}

/* One round. Returns 1 when the process has ended, 0 before, or a negative errno. */
static int step(struct session *s, bool ended)
{
	struct pollfd p[] = {
		{ .fd = ended ? -1 : s->launch->pidfd, .events = POLLIN },
		{ .fd = s->signals, .events = POLLIN },
		want(&s->in),
		want(&s->out),
	};

	/* What it has written is there already; our reader may have to take it yet. */
	if (poll(p, 4, ended && !is_full(&s->out) ? 0 : -1) < 0)
		return errno == EINTR ? 0 : -errno;
	if (p[1].revents)
		pass_signal(s);
	if (p[2].revents)
		move(&s->in, p[2].events & POLLIN, p[2].events & POLLOUT);
	if (p[3].revents)
		move(&s->out, p[3].events & POLLIN, p[3].events & POLLOUT);
	if (ended)
		return !p[3].revents && !is_full(&s->out);
	return p[0].revents ? 1 : 0;
}

/* Until the process has ended and all that it has written to its terminal is passed on. */
static int wait_end(struct session *s)
{
	int r;

	while (!(r = step(s, false)))
		;
	s->in.from = -1;
	if (r < 0 || s->launch->terminal_fd < 0)
		return r < 0 ? r : 0;
	while (!s->out.closed && !(r = step(s, true)))
		;
	return r < 0 ? r : 0;
}

static int reap(struct launch *launch, struct failure *failure)
{
	siginfo_t info = { 0 };
	int r;

	do {
		r = waitid(P_PIDFD, launch->pidfd, &info, WEXITED);
	} while (r && errno == EINTR);
	if (r)
		return failed_errno(failure, -errno, "waiting for process %d",
				    launch->pid);
	return info.si_code == CLD_EXITED ? info.si_status :
					    128 + info.si_status;
}

static int begin(struct session *s)
{
	sigset_t all;

	sigfillset(&all);
	/* These tell of faults of our own. */
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGILL);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGABRT);
	sigprocmask(SIG_BLOCK, &all, NULL);
	s->signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->signals < 0)
		return -errno;
	if (s->launch->terminal_fd < 0)
		return 0;
	pass_size(s);
	if (!tcgetattr(STDIN_FILENO, &s->saved)) {
		struct termios raw = s->saved;

		cfmakeraw(&raw);
		s->raw = !tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	s->in.from = STDIN_FILENO;
	s->in.to = s->launch->terminal_fd;
	s->out.from = s->launch->terminal_fd;
	s->out.to = STDOUT_FILENO;
	return 0;
}

int foreground(struct launch *launch, struct failure *failure)
{
	struct session s = {
		.launch = launch,
		.signals = -1,
		.in = { .from = -1 },
		.out = { .from = -1 },
	};
	int err = begin(&s);

	if (!err)
		err = wait_end(&s);
	if (s.raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &s.saved);
	cleanup_close(&s.signals);
	if (err)
		return failed_errno(failure, err, "waiting for process %d",
				    launch->pid);
	return reap(launch, failure);
}

void foreground_reap(struct launch *launch)
{
	struct failure failure;

	pidfd_send_signal(launch->pidfd, SIGKILL, NULL, 0);
	reap(launch, &failure);
}
