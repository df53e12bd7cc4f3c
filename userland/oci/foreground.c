// SPDX-License-Identifier: GPL-2.0
/* Staying until a process ends, see foreground.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/console.h"
#include "base/relay.h"
#include "foreground.h"

/** struct session - see foreground() */
struct session {
	struct launch *launch;
	int signals;
	struct relay relay; /* of the terminal */
	struct console console;
};

/* Signals that tell about ourselves are not for the container. */
static void pass_signal(struct session *s)
{
	struct signalfd_siginfo info;

	if (read(s->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGCONT)
		console_continued(&s->console);
	if (info.ssi_signo == SIGWINCH)
		console_pass_size(STDIN_FILENO, s->launch->terminal_fd);
	else if (info.ssi_signo != SIGCHLD && info.ssi_signo != SIGPIPE)
		pidfd_send_signal(s->launch->pidfd, info.ssi_signo, NULL, 0);
}

/* Until the process has ended and all that it has written to its terminal is passed on. */
static int wait_end(struct session *s)
{
	struct pollfd also[] = {
		{ .fd = s->launch->pidfd, .events = POLLIN },
		{ .fd = s->signals, .events = POLLIN },
	};
	int r;

	for (;;) {
		r = relay_wait(&s->relay, also, 2);
		if (r < 0)
			return r;
		if (also[1].revents)
			pass_signal(s);
		if (also[0].revents)
			return relay_drain(&s->relay, -1);
	}
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
	const int terminal = s->launch->terminal_fd;
	int err;

	s->signals = console_signals(true);
	if (s->signals < 0)
		return s->signals;
	if (terminal < 0)
		return 0;
	console_pass_size(STDIN_FILENO, terminal);
	err = console_raw(&s->console, STDIN_FILENO);
	/* Our input may be no terminal; -EINTR: a signal is to end us, in the background. */
	if (err && err != -ENOTTY && err != -EBADF && err != -EINTR)
		return err;
	fcntl(terminal, F_SETFL, O_NONBLOCK);
	s->relay.in = (struct flow){ .from = STDIN_FILENO, .to = terminal };
	s->relay.out = (struct flow){ .from = terminal, .to = STDOUT_FILENO };
	return 0;
}

int foreground(struct launch *launch, struct failure *failure)
{
	struct session s = { .launch = launch };
	int err;

	relay_init(&s.relay);
	err = begin(&s);
	if (!err)
		err = wait_end(&s);
	console_restore(&s.console);
	relay_close(&s.relay);
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
