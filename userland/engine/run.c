// SPDX-License-Identifier: GPL-2.0
/*
 * "engine run": start a container, wait for its end, and exit with its status. SIGINT and
 * SIGTERM ask for a stop of the container; run still waits for its end, until the third
 * signal. If the supervisor dies, run asks the next one. The token in the request identifies the container among
 * those with the same id.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "commands.h"
#include "control/connection.h"
#include "control/outcome.h"

/* The pause if the supervisor closed a connection without an answer. */
#define RETRY_MS 100

/* With that many signals, run exits, whether anybody has answered or not. */
#define SIGNALS_TO_GIVE_UP 3

/* Results besides an exit status and the -1 of a failure. */
#define NO_STATUS (-2) /* there will be more replies */
#define LOST	  (-3) /* the supervisor is gone */

struct run {
	const char *id;
	struct connection connection;
	int signals;
	unsigned int n_signals;
	bool stop_wanted; /* a stop was asked for and is not answered yet */
	bool told_loss; /* the loss was reported, and there was no reply since */
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

/* The container has ended: print how, unless it exited by itself. */
static int take_end(struct run *run, struct json_object *reply)
{
	struct outcome outcome;
	char text[OUTCOME_TEXT_LEN];

	if (outcome_decode(reply, &outcome))
		return reply_is_strange(run->failure);
	reply_tell_loss(reply, run->id);
	if (!outcome.started)
		report(0,
		       "container \"%s\" did not start: its supervisor died meanwhile, so the reason is not known",
		       run->id);
	else if (outcome.reason != PURSER_REASON_EXITED)
		report_warning("container \"%s\": %s", run->id,
			       outcome_text(&outcome, text));
	return outcome_status(&outcome);
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
		reply_warning(reply);
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

	if (read(run->signals, &info, sizeof(info)) != sizeof(info))
		return 0;
	run->stop_wanted = true;
	if (++run->n_signals < SIGNALS_TO_GIVE_UP)
		return 1;
	return failed(
		run->failure, EXIT_ENGINE,
		"container \"%s\": not waiting any longer after %u signals; it may be running",
		run->id, run->n_signals);
}

static int wait_for_end(struct run *run)
{
	struct pollfd fds[] = {
		{ .fd = run->connection.fd, .events = POLLIN },
		{ .fd = run->signals, .events = POLLIN },
	};
	int status;

	for (;;) {
		status = take_replies(run);
		if (status != NO_STATUS)
			return status;
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return failed_errno(run->failure, -errno,
					    "waiting for container \"%s\"",
					    run->id);
		status = take_signal(run);
		if (status < 0 || (status && send_stop(run)))
			return -1;
	}
}

/* The supervisor has died: connect to the next one, which knows the container. */
static int find_next(struct run *run, const struct start_options *options)
{
	const struct start_request *request = &options->request;
	struct pollfd also = { .fd = run->signals, .events = POLLIN };
	int ret;

	/*
	 * A dying supervisor may still accept connections for a moment, and one without
	 * memory for a client closes the connection: wait before the next try.
	 */
	if (run->told_loss)
		poll(&also, 1, RETRY_MS);
	else
		report_warning(
			"container \"%s\": the supervisor went away, waiting for the next one",
			run->id);
	run->told_loss = true;
	do {
		connection_close(&run->connection);
		ret = connection_await(&run->connection, options->run_dir,
				       &also, 1, run->failure);
		if (ret == CONNECTION_OTHER && take_signal(run) < 0)
			return -1;
	} while (ret == CONNECTION_OTHER);
	if (!ret)
		ret = connection_wait(&run->connection, run->id, request->token,
				      run->failure);
	if (!ret && run->stop_wanted)
		ret = send_stop(run);
	return ret;
}

static int run_to_end(struct run *run, const struct start_options *options)
{
	int err = connection_open(&run->connection, options->run_dir,
				  run->failure);
	int status = LOST;

	/* Until a container is asked for, a signal ends this program. */
	run->signals = err ? -1 : catch_signals();
	if (!err && run->signals < 0)
		err = failed_errno(run->failure, -errno, "catching signals");
	if (!err)
		err = connection_start(&run->connection, "run",
				       &options->request, run->failure);
	while (!err && status == LOST) {
		status = wait_for_end(run);
		if (status == LOST)
			err = find_next(run, options);
	}
	connection_close(&run->connection);
	return err ? err : status;
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
		.failure = failure,
		.signals = -1,
	};
	int status = -1;

	options->request.token = make_token();
	if (!options->request.token)
		failed_errno(failure, -errno, "making a random token");
	else
		status = run_to_end(&run, options);
	cleanup_close(&run.signals);
	if (status < 0)
		failure->code = run_code(failure->code);
	return status;
}
