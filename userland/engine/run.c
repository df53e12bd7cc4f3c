// SPDX-License-Identifier: GPL-2.0
/*
 * "engine run": start, wait, and end as the container did. SIGINT and SIGTERM
 * ask for a stop of the container; its end is waited for all the same. When the
 * supervisor dies the next one is asked: a token that came with the request tells
 * the container from another one of its id.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "control/connection.h"
#include "commands.h"
#include "control/outcome.h"
#include "base/report.h"

#define TOKEN_BYTES 16

/* Between two connections that nothing came of. */
#define RETRY_MS 100

/* None of the exit statuses: no last reply came yet, or none will. */
#define NO_STATUS (-1)
#define LOST	  (-2)

struct run {
	const char *id;
	char token[2 * TOKEN_BYTES + 1];
	struct connection connection;
	int signals;
	bool stop_wanted; /* and no supervisor has answered to that */
	bool told_loss;	  /* and no supervisor has said anything since */
};

/* The engine's own failures must not look like the container's. */
static int run_code(int code)
{
	if (code == EXIT_NOT_FOUND || code == EXIT_NOT_EXECUTABLE)
		return code;
	return EXIT_ENGINE;
}

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
	struct object m = message_begin("stop", NULL);

	object_add_string(&m, "id", run->id);
	object_add_int(&m, "signal", SIGTERM);
	object_add_u64(&m, "grace_ms", DEFAULT_GRACE_MS);
	object_add_bool(&m, "wait", false);
	return connection_send(&run->connection, object_done(&m));
}

/* The container has ended: say how, unless it just returned. */
static int take_end(struct json_object *reply, const char *id)
{
	struct outcome outcome;
	char text[OUTCOME_TEXT_LEN];

	if (outcome_decode(reply, &outcome))
		return run_code(reply_is_strange());
	reply_tell_loss(reply, id);
	if (!outcome.started)
		report(0,
		       "container \"%s\" did not start: its supervisor died meanwhile, and why it did not is not known",
		       id);
	else if (outcome.reason != PURSER_REASON_EXITED)
		report(0, "container \"%s\": %s", id,
		       outcome_text(&outcome, text));
	return outcome_status(&outcome);
}

/* Returns the exit status where @reply is the last one, else NO_STATUS. */
static int take_reply(struct run *run, struct json_object *reply)
{
	bool of_stop = object_is(reply, "op", "stop");

	run->told_loss = false;
	if (of_stop)
		run->stop_wanted = false;
	else if (object_is(reply, "type", "ended"))
		return take_end(reply, run->id);
	else if (object_is(reply, "type", "started"))
		reply_warning(reply);
	if (!object_is(reply, "type", "error"))
		return NO_STATUS;
	/* A stop that was refused is worth a line; the end is still to come. */
	if (of_stop) {
		reply_failure(reply);
		return NO_STATUS;
	}
	return run_code(reply_failure(reply));
}

/* Take all replies that are there. */
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
		if (ret < 0) {
			report(ret, "container \"%s\": waiting for its end",
			       run->id);
			return EXIT_ENGINE;
		}
		status = take_reply(run, reply);
		json_object_put(reply);
	}
	return status;
}

/* Whether one had come: to be passed on until a supervisor has answered. */
static bool take_signal(struct run *run)
{
	struct signalfd_siginfo info;

	if (read(run->signals, &info, sizeof(info)) != sizeof(info))
		return false;
	run->stop_wanted = true;
	return true;
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
		if (poll(fds, 2, -1) < 0 && errno != EINTR) {
			report(-errno, "waiting for container \"%s\"", run->id);
			return EXIT_ENGINE;
		}
		if (take_signal(run) && send_stop(run))
			return EXIT_ENGINE;
	}
}

static int send_run(struct run *run, const struct start_request *request)
{
	struct object m = message_begin("run", NULL);

	request_encode(request, &m);
	object_add_string(&m, "token", run->token);
	return connection_send(&run->connection, object_done(&m));
}

static int send_wait(struct run *run)
{
	struct object m = message_begin("wait", NULL);

	object_add_string(&m, "id", run->id);
	object_add_string(&m, "token", run->token);
	return connection_send(&run->connection, object_done(&m));
}

/* The supervisor has died: the next one has the container, or knows of its end. */
static int find_next(struct run *run, const char *run_dir)
{
	struct pollfd also = { .fd = run->signals, .events = POLLIN };
	int code;

	/*
	 * One that is dying may take connections for a moment; one that has no
	 * memory for a client cuts it off, and is to be left in peace.
	 */
	if (run->told_loss)
		poll(&also, 1, RETRY_MS);
	else
		report(0,
		       "container \"%s\": the supervisor went away, waiting for the next one",
		       run->id);
	run->told_loss = true;
	do {
		connection_close(&run->connection);
		code = connection_await(&run->connection, run_dir, &also, 1);
		if (code == CONNECTION_OTHER)
			take_signal(run);
	} while (code == CONNECTION_OTHER);
	if (!code)
		code = send_wait(run);
	if (!code && run->stop_wanted)
		code = send_stop(run);
	return code;
}

static int run_to_end(struct run *run, const struct start_options *options)
{
	int code = connection_open(&run->connection, options->run_dir);
	int status = LOST;

	if (!code)
		code = send_run(run, &options->request);
	while (!code && status == LOST) {
		status = wait_for_end(run);
		if (status == LOST)
			code = find_next(run, options->run_dir);
	}
	connection_close(&run->connection);
	return code ? run_code(code) : status;
}

static int make_token(char *token)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char random[TOKEN_BYTES];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return -errno;
	for (size_t i = 0; i < sizeof(random); i++) {
		*token++ = digits[random[i] >> 4];
		*token++ = digits[random[i] & 15];
	}
	*token = '\0';
	return 0;
}

int command_run(const struct start_options *options)
{
	struct run run = { .id = options->request.id };
	int code;

	if (make_token(run.token)) {
		report(-errno, "making a random token");
		return EXIT_ENGINE;
	}
	run.signals = catch_signals();
	if (run.signals < 0) {
		report(-errno, "catching signals");
		return EXIT_ENGINE;
	}
	code = run_to_end(&run, options);
	close(run.signals);
	return code;
}
