// SPDX-License-Identifier: GPL-2.0
/*
 * "engine run": start, wait, and end as the container did. SIGINT and SIGTERM
 * ask for a stop of the container; its end is waited for all the same.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cleanup.h"
#include "client.h"
#include "commands.h"
#include "outcome.h"
#include "report.h"

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

static int send_stop(struct connection *connection, const char *id)
{
	struct json_object *m = message_new("stop", NULL);

	if (m && (message_set_string(m, "id", id) ||
		  message_set_int(m, "signal", SIGTERM) ||
		  message_set_u64(m, "grace_ms", DEFAULT_GRACE_MS) ||
		  message_set_bool(m, "wait", false))) {
		json_object_put(m);
		m = NULL;
	}
	return connection_send(connection, m);
}

/* The container has ended: say how, unless it just returned. */
static int take_end(struct json_object *reply, const char *id)
{
	struct outcome outcome;
	char text[OUTCOME_TEXT_LEN];

	if (outcome_decode(reply, &outcome))
		return run_code(reply_is_strange());
	if (outcome.reason != PURSER_REASON_EXITED)
		report(0, "container \"%s\": %s", id,
		       outcome_text(&outcome, text));
	return outcome_status(&outcome);
}

/* Returns the exit status where @reply is the last one, else -1. */
static int take_reply(struct json_object *reply, const char *id)
{
	bool of_run = message_is(reply, "op", "run");

	if (of_run && message_is(reply, "type", "ended"))
		return take_end(reply, id);
	if (!message_is(reply, "type", "error"))
		return -1;
	/* A stop that was refused is worth a line; the end is still to come. */
	if (message_is(reply, "op", "stop")) {
		reply_failure(reply);
		return -1;
	}
	return run_code(reply_failure(reply));
}

/* Take all replies that are there; -1 where the last one is not among them. */
static int take_replies(struct connection *connection, const char *id)
{
	struct json_object *reply;
	int ret, status = -1;

	while (status < 0) {
		ret = connection_take(connection, &reply);
		if (!ret)
			break;
		if (ret < 0) {
			report(ret == -ECONNRESET ? 0 : ret,
			       "container \"%s\": the supervisor went away before it ended",
			       id);
			return EXIT_ENGINE;
		}
		status = take_reply(reply, id);
		json_object_put(reply);
	}
	return status;
}

static int wait_for_end(struct connection *connection, int signals,
			const char *id)
{
	struct pollfd fds[] = {
		{ .fd = connection->fd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	int status;

	for (;;) {
		struct signalfd_siginfo info;

		status = take_replies(connection, id);
		if (status >= 0)
			return status;
		if (poll(fds, 2, -1) < 0 && errno != EINTR) {
			report(-errno, "waiting for container \"%s\"", id);
			return EXIT_ENGINE;
		}
		if (read(signals, &info, sizeof(info)) == sizeof(info) &&
		    send_stop(connection, id))
			return EXIT_ENGINE;
	}
}

int command_run(const struct start_options *options)
{
	__cleanup_close int signals = catch_signals();
	struct connection connection;
	struct json_object *m;
	int code;

	if (signals < 0) {
		report(-errno, "catching signals");
		return EXIT_ENGINE;
	}
	code = connection_open(&connection, options->run_dir);
	if (code)
		goto out;
	m = message_new("run", NULL);
	if (m && request_encode(&options->request, m)) {
		json_object_put(m);
		m = NULL;
	}
	code = connection_send(&connection, m);
out:
	code = code ? run_code(code) :
		      wait_for_end(&connection, signals, options->request.id);
	connection_close(&connection);
	return code;
}
