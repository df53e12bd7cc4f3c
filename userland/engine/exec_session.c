// SPDX-License-Identifier: GPL-2.0
/* The user's side of a process in a container, see exec_session.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/relay.h"
#include "exec_session.h"
#include "keeper.h"
#include "launch/launch.h"
#include "supervisor/id_pool.h"
#include "user_terminal.h"

/** struct session - one call of exec_attached() */
struct session {
	bool input;
	bool has_terminal;
	int signals;
	int gave_up; /* the signal that came before the command ran; 0: none */
	struct keeper keeper;
	struct relay relay;
	struct user_terminal user;
	struct failure *failure;
};

/* The ends of pipes that the process gets, and its stdin if it gets no input: -1. */
static int make_pipe(int *its, int *ours, bool it_reads)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	*its = fds[it_reads ? 0 : 1];
	*ours = fds[it_reads ? 1 : 0];
	fcntl(*ours, F_SETFL, O_NONBLOCK);
	return 0;
}

static int make_pipes(struct session *s, int stdio[3])
{
	int in = -1, out = -1, err = -1, r = 0;

	if (s->input)
		r = make_pipe(&stdio[0], &in, true);
	if (!r)
		r = make_pipe(&stdio[1], &out, false);
	if (!r)
		r = make_pipe(&stdio[2], &err, false);
	if (in >= 0)
		s->relay.in = (struct flow){ .from = STDIN_FILENO,
					     .to = in,
					     .owns_to = true };
	if (out >= 0)
		flow_to_user(&s->relay.out, out, true, STDOUT_FILENO);
	if (err >= 0)
		flow_to_user(&s->relay.err, err, true, STDERR_FILENO);
	return r;
}

/* The process runs, and has sent its terminal. */
static int connect_terminal(struct session *s)
{
	const int terminal = s->keeper.terminal;

	if (terminal < 0)
		return 0;
	return user_terminal_connect(&s->user, &s->relay, terminal, terminal,
				     false, s->failure);
}

/* Nobody sees the terminal any more: hang up, so that the kernel sends SIGHUP to its job. */
static void hang_up(struct session *s)
{
	relay_close(&s->relay);
	cleanup_close(&s->keeper.terminal);
	s->user.master = -1;
}

/* Signals that a terminal sends to all processes of a job. */
static bool is_of_terminal(int sig)
{
	return sig == SIGINT || sig == SIGQUIT || sig == SIGHUP;
}

static bool asks_for_end(int sig)
{
	return is_of_terminal(sig) || sig == SIGTERM;
}

/*
 * Before the command runs, a signal that asks for an end goes to the keeper: it gives up,
 * or the command has begun meanwhile and gets the signal. A second one ends engine at once,
 * because the keeper may wait for a container that was paused. Returns true then.
 */
static bool pass_signal(struct session *s, int sig)
{
	if (!s->keeper.runs && !asks_for_end(sig))
		return false;
	if (!s->keeper.runs && s->gave_up)
		return true;
	if (!s->keeper.runs)
		s->gave_up = sig;
	keeper_signal(&s->keeper, sig, is_of_terminal(sig));
	return false;
}

/* Returns true if the signal ends engine. */
static bool take_signal(struct session *s)
{
	struct signalfd_siginfo info;

	if (read(s->signals, &info, sizeof(info)) != sizeof(info))
		return false;
	if (user_terminal_signal(&s->user, info.ssi_signo))
		return false;
	switch (info.ssi_signo) {
	case SIGCHLD:
	case SIGPIPE:
	case SIGURG:
		break;
	default:
		return pass_signal(s, info.ssi_signo);
	}
	return false;
}

/* Pass on the last output, until a signal asks for an end: our reader may be stuck. */
static void drain(struct session *s)
{
	struct signalfd_siginfo info;

	while (relay_drain(&s->relay, s->signals) == -EINTR) {
		if (read(s->signals, &info, sizeof(info)) == sizeof(info) &&
		    asks_for_end(info.ssi_signo))
			break;
	}
}

/* Returns the exit status, or -1. */
static int wait_for_end(struct session *s)
{
	struct pollfd also[] = {
		{ .fd = s->keeper.socket, .events = POLLIN },
		{ .fd = s->signals, .events = POLLIN },
	};
	int status = 0;

	for (;;) {
		int ret = relay_wait(&s->relay, also, 2);

		if (ret < 0)
			return failed_errno(s->failure, ret,
					    "waiting for the command");
		if (s->relay.out.refused && s->keeper.terminal >= 0)
			hang_up(s);
		if (also[1].revents && take_signal(s))
			return 128 + s->gave_up;
		if (!also[0].revents)
			continue;
		switch (keeper_look(&s->keeper, &status, s->failure)) {
		case KEEPER_FAILED:
			return s->gave_up ? 128 + s->gave_up : -1;
		case KEEPER_ENDED:
			drain(s);
			return status;
		case KEEPER_RUNS:
			if (connect_terminal(s))
				return -1;
			break;
		default:
			break;
		}
	}
}

/*
 * Programs open /dev/stdout again. Root of a user namespace could not, and could not give
 * the pipes to a user: so give them to that root.
 */
static void give_pipes(const struct enter_spec *spec, const int stdio[3])
{
	uint32_t root;

	if (ids_of_process(spec->pid, &root))
		return;
	for (int i = 0; i < 3; i++)
		if (stdio[i] >= 0)
			(void)!fchown(stdio[i], root, root);
}

static int begin(struct session *s, struct enter_spec *spec)
{
	int stdio[3] = { -1, -1, -1 };
	struct winsize size;
	int err;

	s->signals = console_signals(s->has_terminal && s->input);
	if (s->signals < 0)
		return failed_errno(s->failure, s->signals, "catching signals");
	err = s->has_terminal ? 0 : make_pipes(s, stdio);
	if (!err)
		give_pipes(spec, stdio);
	if (console_size(s->user.size_fd, &size)) {
		spec->process.rows = size.ws_row;
		spec->process.columns = size.ws_col;
	}
	err = err ? failed_errno(s->failure, err, "making pipes") :
		    keeper_begin(&s->keeper, spec, stdio, s->failure);
	for (int i = 0; i < 3; i++)
		cleanup_close(&stdio[i]);
	return err;
}

int exec_attached(struct enter_spec *spec, bool input, struct failure *failure)
{
	struct session s = {
		.input = input,
		.has_terminal = spec->process.terminal,
		.signals = -1,
		.keeper = { .socket = -1, .terminal = -1 },
		.failure = failure,
	};
	int status;

	relay_init(&s.relay);
	user_terminal_init(&s.user, input);
	status = begin(&s, spec) ? -1 : wait_for_end(&s);
	console_restore(&s.user.console);
	relay_close(&s.relay);
	keeper_end(&s.keeper);
	cleanup_close(&s.signals);
	return status;
}

static int wait_for_start(struct launch *l, struct failure *failure)
{
	struct pollfd p = { .fd = l->sync_fd, .events = POLLIN };
	int r = launch_release(l);

	/* -EPIPE: the process is dead, and launch_result() says why. */
	if (r && r != -EPIPE)
		return failed_errno(failure, r, "entering the container");
	while (!(r = launch_result(l, failure))) {
		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			return failed_errno(failure, -errno,
					    "waiting for the command");
	}
	return r < 0 ? -1 : 0;
}

int exec_detached(const struct enter_spec *spec, struct failure *failure)
{
	static const int none[] = { -1, -1, -1 };
	struct launch l;
	int err;

	if (launch_enter(&l, spec, none, failure))
		return -1;
	err = wait_for_start(&l, failure);
	if (err) {
		pidfd_send_signal(l.pidfd, SIGKILL, NULL, 0);
		waitid(P_PIDFD, l.pidfd, NULL, WEXITED);
	}
	launch_end(&l);
	close(l.pidfd);
	return err;
}
