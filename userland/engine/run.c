// SPDX-License-Identifier: GPL-2.0
/*
 * "engine run": start a container, wait for its end, and exit with its status. SIGINT and
 * SIGTERM ask for a stop of the container; run still waits for its end, until the third
 * signal. If the supervisor dies, run asks the next one. The token in the request identifies
 * the container among those with the same id.
 *
 * With --tty, the output does not come from the log, but from the container's terminal, see
 * run_terminal.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/relay.h"
#include "base/report.h"
#include "base/standard.h"
#include "commands.h"
#include "control/connection.h"
#include "control/outcome.h"
#include "run_terminal.h"
#include "show_log.h"

/* The pause if the supervisor closed a connection without an answer. */
#define RETRY_MS 100

/* With that many signals, run exits, whether anybody has answered or not. */
#define SIGNALS_TO_GIVE_UP 3

/* Results besides an exit status and the -1 of a failure. */
#define NO_STATUS (-2) /* there will be more replies */
#define LOST	  (-3) /* the supervisor is gone */
#define STARTED	  (-4) /* the container has a log */
#define MORE	  (-5) /* there may be more in the log */

struct run {
	const char *id;
	struct connection connection;
	int signals;
	unsigned int n_signals;
	bool stop_wanted; /* a stop was asked for and is not answered yet */
	bool told_loss; /* the loss was reported, and there was no reply since */
	bool lost;	/* there is no connection */
	const struct start_options *options;
	struct json_object
		*end; /* the last reply, when the container has ended */
	char *log;    /* NULL: there is no output to show */
	bool raw;
	int status;	    /* NO_STATUS until the container has ended */
	struct relay relay; /* without a terminal, only its input is used */
	struct run_terminal terminal;
	struct failure *failure;
};

static int catch_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int send_stop(struct run *run)
{
	return connection_stop(&run->connection, run->id, 0, STOP_DEFAULT_GRACE,
			       false, run->failure);
}

/* The container has ended. What there is to say follows its output. */
static int take_end(struct run *run, struct json_object *reply)
{
	struct outcome outcome;

	if (outcome_decode(reply, &outcome))
		return reply_is_strange(run->failure);
	run->end = json_object_get(reply);
	return outcome_status(&outcome);
}

/* Print how it ended, unless it exited by itself. */
static void tell_end(struct run *run)
{
	struct outcome outcome;
	char text[OUTCOME_TEXT_LEN];

	if (!run->end || outcome_decode(run->end, &outcome))
		return;
	/* Its output comes first. An error of stdout is reported at the end. */
	(void)standard_flush();
	reply_tell_loss(run->end, run->id);
	if (!outcome.started)
		report(0,
		       "container \"%s\" did not start: its supervisor died meanwhile, so the reason is not known",
		       run->id);
	else if (outcome.reason != PURSER_REASON_EXITED)
		report_warning("container \"%s\": %s", run->id,
			       outcome_text(&outcome, text));
}

/* Returns STARTED if there is output to show. */
static int take_started(struct run *run, struct json_object *reply)
{
	const char *path;

	reply_warning(reply);
	if (run->options->quiet || run->terminal.used ||
	    object_get_string(reply, "log", &path))
		return NO_STATUS;
	run->log = strdup(path);
	run->raw = object_is(reply, "driver", log_driver_name(LOG_DRIVER_RAW));
	return run->log ? STARTED : NO_STATUS;
}

/* Returns NO_STATUS if more replies will come. */
static int take_reply(struct run *run, struct json_object *reply)
{
	bool of_stop = object_is(reply, "op", "stop");

	run->told_loss = false;
	if (of_stop)
		run->stop_wanted = false;
	else if (object_is(reply, "type", "ended"))
		return take_end(run, reply);
	else if (object_is(reply, "type", "started"))
		return take_started(run, reply);
	if (!object_is(reply, "type", "error"))
		return NO_STATUS;
	reply_failure(reply, run->failure);
	if (!of_stop)
		return -1;
	/* Only the stop was refused: go on waiting for the container's end. */
	report_failure(run->failure);
	return NO_STATUS;
}

/* Handle all replies that have arrived. */
static int take_replies(struct run *run)
{
	struct json_object *reply;
	int ret, status = NO_STATUS;

	while (status == NO_STATUS) {
		ret = connection_take(&run->connection, &reply);
		if (!ret)
			break;
		if (ret == -ECONNRESET)
			return LOST;
		if (ret < 0)
			return failed_errno(
				run->failure, ret,
				"container \"%s\": waiting for its end",
				run->id);
		status = take_reply(run, reply);
		json_object_put(reply);
	}
	return status;
}

/*
 * Returns 1 if there was a signal, 0, or -1 if it was the last one. The stop is sent again
 * until a supervisor answers.
 */
static int take_signal(struct run *run)
{
	struct signalfd_siginfo info;
	int sig;

	if (read(run->signals, &info, sizeof(info)) != sizeof(info))
		return 0;
	sig = info.ssi_signo;
	if (run->terminal.used &&
	    user_terminal_signal(&run->terminal.user, sig))
		return 0;
	if (sig == SIGHUP)
		return failed(
			run->failure, EXIT_ENGINE,
			"container \"%s\": the terminal has hung up; it may be running",
			run->id);
	if (sig != SIGINT && sig != SIGTERM && sig != SIGQUIT)
		return 0;
	run->stop_wanted = true;
	if (++run->n_signals < SIGNALS_TO_GIVE_UP)
		return 1;
	return failed(
		run->failure, EXIT_ENGINE,
		"container \"%s\": not waiting any longer after %u signals; it may be running",
		run->id, run->n_signals);
}

static int wait_failed(struct run *run, int err)
{
	return failed_errno(run->failure, err, "waiting for container \"%s\"",
			    run->id);
}

/* @watch: a descriptor that is readable when the log may have grown; -1: none */
static int wait_for_end(struct run *run, int watch)
{
	struct pollfd fds[] = {
		{ .fd = run->connection.fd, .events = POLLIN },
		{ .fd = run->signals, .events = POLLIN },
		{ .fd = watch, .events = POLLIN },
		{ .events = POLLIN },
	};
	int status;

	for (;;) {
		fds[3].fd = run_terminal_fd(&run->terminal);
		status = take_replies(run);
		if (status != NO_STATUS)
			return status;
		/* This also passes the input on. */
		status = relay_wait(&run->relay, fds, ARRAY_SIZE(fds));
		if (status < 0)
			return wait_failed(run, status);
		if (fds[3].revents &&
		    run_terminal_take(&run->terminal, &run->relay,
				      run->failure))
			return -1;
		run_terminal_look(&run->terminal, &run->relay);
		status = take_signal(run);
		if (status < 0 || (status && send_stop(run)))
			return -1;
		if (fds[2].revents)
			return MORE;
	}
}

/*
 * The supervisor has died, and the container's terminal does not need it: show it until the
 * container has ended, or until somebody wants it to stop. Returns 0 or -1.
 */
static int show_terminal(struct run *run)
{
	struct pollfd fds[] = {
		{ .fd = run->signals, .events = POLLIN },
		{ .fd = run_terminal_fd(&run->terminal), .events = POLLIN },
	};

	while (!run->stop_wanted &&
	       (fds[1].fd >= 0 ||
		run_terminal_look(&run->terminal, &run->relay))) {
		int ret = relay_wait(&run->relay, fds, ARRAY_SIZE(fds));

		if (ret < 0)
			return wait_failed(run, ret);
		if (fds[1].revents &&
		    run_terminal_take(&run->terminal, &run->relay,
				      run->failure))
			return -1;
		fds[1].fd = run_terminal_fd(&run->terminal);
		if (take_signal(run) < 0)
			return -1;
	}
	run_terminal_end(&run->terminal, &run->relay);
	return 0;
}

/*
 * The supervisor has died: connect to the next one, which knows the container. Returns 0,
 * MORE if the log may have grown meanwhile, or -1.
 */
static int find_next(struct run *run, int watch)
{
	const struct start_request *request = &run->options->request;
	struct pollfd also[] = {
		{ .fd = run->signals, .events = POLLIN },
		{ .fd = watch, .events = POLLIN },
	};
	int ret;

	if (show_terminal(run))
		return -1;
	/*
	 * A dying supervisor may still accept connections for a moment, and one without
	 * memory for a client closes the connection: wait before the next try.
	 */
	if (run->told_loss)
		poll(also, 1, RETRY_MS);
	else if (!run->lost)
		report_warning(
			"container \"%s\": the supervisor went away, waiting for the next one",
			run->id);
	run->told_loss = true;
	run->lost = true;
	do {
		connection_close(&run->connection);
		ret = connection_await(&run->connection, run->options->run_dir,
				       also, ARRAY_SIZE(also), run->failure);
		if (ret == CONNECTION_OTHER && take_signal(run) < 0)
			return -1;
		if (ret == CONNECTION_OTHER && also[1].revents)
			return MORE;
	} while (ret == CONNECTION_OTHER);
	run->lost = ret;
	if (!ret)
		ret = connection_wait(&run->connection, run->id, request->token,
				      run->failure);
	if (!ret && run->stop_wanted)
		ret = send_stop(run);
	return ret;
}

/* Wait for the end, or until the log may have grown; with any supervisor. */
static int wait_on(struct run *run, int watch)
{
	int ret = run->lost ? LOST : wait_for_end(run, watch);

	while (ret == LOST) {
		ret = find_next(run, watch);
		if (!ret)
			ret = wait_for_end(run, watch);
	}
	return ret;
}

/* A log_wait_fn. */
static int wait_for_more(void *arg, int watch)
{
	struct run *run = arg;
	int ret = wait_on(run, watch);

	if (ret == MORE || ret == STARTED)
		return 0;
	if (ret == -1)
		return -ECANCELED;
	run->status = ret;
	return 1;
}

/* Returns 0, or -1 with the failure filled. */
static int show_output(struct run *run)
{
	return show_log(run->id, run->log, run->raw, wait_for_more, run);
}

/*
 * Have the container removed, now that its log is read. If that fails, the supervisor
 * removes it when the connection is closed.
 */
static void remove_ended(struct run *run)
{
	struct json_object *reply;
	struct failure failure;

	if (!connection_remove(&run->connection, run->id, false, &failure) &&
	    !connection_receive(&run->connection, &reply, &failure))
		json_object_put(reply);
}

/* Send the request, with a socket for the container's terminal. */
static int send_with_terminal(struct run *run)
{
	const struct start_options *options = run->options;
	int its = -1;
	int err = run_terminal_begin(&run->terminal, options->interactive, &its,
				     run->failure);

	if (!err)
		err = connection_run(&run->connection, &options->request, its,
				     run->failure);
	cleanup_close(&its);
	return err;
}

/*
 * Send the request. With --interactive it takes a pipe along, which gets our input: the
 * container must not have our terminal or our files.
 */
static int send_run(struct run *run)
{
	const struct start_options *options = run->options;
	int ends[2] = { -1, -1 };
	int err;

	if (options->request.terminal)
		return send_with_terminal(run);
	if (options->interactive && pipe2(ends, O_CLOEXEC) < 0)
		return failed_errno(run->failure, -errno, "making a pipe");
	if (ends[1] >= 0)
		fcntl(ends[1], F_SETFL, O_WRONLY | O_NONBLOCK);
	err = connection_run(&run->connection, &options->request, ends[0],
			     run->failure);
	cleanup_close(&ends[0]);
	if (ends[1] >= 0)
		run->relay.in = (struct flow){
			.from = STDIN_FILENO,
			.to = ends[1],
			.owns_to = true,
		};
	return err;
}

static int run_to_end(struct run *run)
{
	const struct start_options *options = run->options;
	int err = connection_open(&run->connection, options->run_dir,
				  run->failure);
	int ret;

	/* Until a container is asked for, a signal ends this program. */
	if (!err)
		run->signals = options->request.terminal ?
				       console_signals(options->interactive) :
				       catch_signals();
	if (!err && run->signals < 0)
		err = failed_errno(run->failure, -errno, "catching signals");
	if (!err)
		err = send_run(run);
	while (!err && run->status == NO_STATUS) {
		ret = wait_on(run, -1);
		if (ret == STARTED)
			err = show_output(run);
		else if (ret == -1)
			err = -1;
		else
			run->status = ret;
	}
	run_terminal_drain(&run->terminal, &run->relay, run->signals);
	if (!err)
		tell_end(run);
	if (!err && options->request.auto_remove && !run->lost)
		remove_ended(run);
	connection_close(&run->connection);
	return err ? err : run->status;
}

/* Make a token of 128 random bits; the caller must free() it. */
static char *make_token(void)
{
	uint64_t random[2];
	char *token;

	if (getrandom(random, sizeof(random), 0) != sizeof(random) ||
	    asprintf(&token, "%016" PRIx64 "%016" PRIx64, random[0],
		     random[1]) < 0)
		return NULL;
	return token;
}

/* A failure of the engine must not look like an exit code of the container. */
static int run_code(int code)
{
	if (code == EXIT_NOT_FOUND || code == EXIT_NOT_EXECUTABLE)
		return code;
	return EXIT_ENGINE;
}

int command_run(const struct command_line *line, struct failure *failure)
{
	struct start_options *options = line->options;
	struct run run = {
		.id = options->request.id,
		.options = options,
		.failure = failure,
		.signals = -1,
		.status = NO_STATUS,
	};
	int status = -1;

	if (options->detach)
		return command_start(line, failure);
	relay_init(&run.relay);
	options->request.token = make_token();
	if (!options->request.token)
		failed_errno(failure, -errno, "making a random token");
	else
		status = run_to_end(&run);
	cleanup_close(&run.signals);
	relay_close(&run.relay);
	json_object_put(run.end);
	free(run.log);
	if (status < 0)
		failure->code = run_code(failure->code);
	return status;
}
