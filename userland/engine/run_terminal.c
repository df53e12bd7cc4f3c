// SPDX-License-Identifier: GPL-2.0
/* The user's side of "run --tty", see run_terminal.h. */
#include <errno.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/send_fds.h"
#include "run_terminal.h"

int run_terminal_begin(struct run_terminal *t, bool input, int *its,
		       struct failure *failure)
{
	struct winsize size = { 0 };
	int ends[2];

	*t = (struct run_terminal){ .used = true, .socket = -1, .master = -1 };
	user_terminal_init(&t->user, input);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return failed_errno(failure, -errno, "making a socket");
	*its = ends[1];
	t->socket = ends[0];
	/* The first process has it before the command runs. */
	console_size(t->user.size_fd, &size);
	if (write(t->socket, &size, sizeof(size)) != sizeof(size))
		return failed_errno(failure, -errno, "writing to a socket");
	return 0;
}

int run_terminal_fd(const struct run_terminal *t)
{
	return t->used ? t->socket : -1;
}

/* The container could send anything: take nothing but the master side of a terminal. */
static int receive_master(struct run_terminal *t)
{
	int fds[SEND_FDS_MAX], number;
	char byte;
	ssize_t n = receive_fds(t->socket, &byte, 1, fds);

	for (int i = 1; n >= 0 && i < SEND_FDS_MAX; i++)
		cleanup_close(&fds[i]);
	if (n < 0)
		return n == -EAGAIN ? 0 : (int)n;
	t->master = fds[0];
	if (t->master >= 0 && !ioctl(t->master, TIOCGPTN, &number))
		return 1;
	/* Its first process has ended, and run is told why. */
	cleanup_close(&t->master);
	cleanup_close(&t->socket);
	return 0;
}

int run_terminal_take(struct run_terminal *t, struct relay *relay,
		      struct failure *failure)
{
	const int from = t->socket;
	int ret = receive_master(t);

	if (ret < 0)
		return failed_errno(failure, ret,
				    "receiving the container's terminal");
	if (!ret)
		return 0;
	t->shown = true;
	t->socket = -1;
	return user_terminal_connect(&t->user, relay, t->master, from, true,
				     failure);
}

bool run_terminal_look(struct run_terminal *t, struct relay *relay)
{
	if (t->used && t->shown && relay->out.to < 0)
		run_terminal_end(t, relay);
	return t->used && t->shown;
}

void run_terminal_drain(struct run_terminal *t, struct relay *relay,
			int signals)
{
	struct signalfd_siginfo info;
	struct failure ignored;

	/* A short command may have ended before its terminal was taken. */
	if (t->used && !t->shown && t->socket >= 0)
		(void)run_terminal_take(t, relay, &ignored);
	while (t->used && t->shown && relay_drain(relay, signals) == -EINTR) {
		/* Our terminal may be stuck. */
		if (read(signals, &info, sizeof(info)) == sizeof(info) &&
		    (info.ssi_signo == SIGINT || info.ssi_signo == SIGTERM ||
		     info.ssi_signo == SIGQUIT || info.ssi_signo == SIGHUP))
			break;
	}
	run_terminal_end(t, relay);
}

void run_terminal_end(struct run_terminal *t, struct relay *relay)
{
	if (!t->used)
		return;
	console_restore(&t->user.console);
	relay_close(relay);
	t->user.master = -1;
	t->shown = false;
	cleanup_close(&t->master);
	cleanup_close(&t->socket);
}
