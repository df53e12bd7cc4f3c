// SPDX-License-Identifier: GPL-2.0
/* The operations that start a container, see again.h. */
#include <errno.h>
#include <sys/stat.h>

#include "again.h"
#include "base/cleanup.h"
#include "base/report.h"
#include "container_kept.h"
#include "kept.h"
#include "start.h"

/* @err: of kept_read() */
static int unreadable(const char *id, int err, struct failure *failure)
{
	if (err == -ENOENT)
		return failed(failure, EXIT_FAILED, "no container \"%s\"", id);
	if (err == -EPROTO)
		return failed(
			failure, EXIT_FAILED,
			"container \"%s\": its kept request is of another version; name its command, or remove it",
			id);
	return failed_errno(failure, err,
			    "container \"%s\": reading its kept request", id);
}

/*
 * "engine start web" starts an ended container as it was. If the user gave options but no
 * command, it is not clear whether these are for the old command.
 */
static int choose_request(struct supervisor *supervisor,
			  struct start_request *request,
			  struct failure *failure)
{
	const struct container *c = registry_name(&supervisor->registry,
						  request->id);
	struct kept kept;
	int err;

	/* A live container is refused later, whatever the request. */
	if (!request->default_command || request->rootfs ||
	    (c && c->phase != PHASE_ENDED))
		return 0;
	err = kept_read(supervisor->roots.state, request->id, &kept);
	if (err == -ENOENT)
		return 0;
	if (err)
		return unreadable(request->id, err, failure);
	if (!request->only_id) {
		kept_free(&kept);
		return failed(
			failure, EXIT_FAILED,
			"container \"%s\" ran before: \"engine start %s\" without options starts it as it was; to start it in another way, name a command after \"--\"",
			request->id, request->id);
	}
	request_free(request);
	*request = kept.request;
	kept.request = (struct start_request){ 0 };
	kept_free(&kept);
	return 0;
}

static int start(struct client *client, struct json_object *m,
		 enum waiter_kind kind, struct failure *failure)
{
	struct start_cause cause = {
		.client = client,
		.kind = kind,
		.input = -1,
	};
	int input __cleanup_close = take_fd(&client->in.fd);
	struct start_request request;
	struct stat st;

	if (request_decode(m, &request, failure))
		return -1;
	if (choose_request(supervisor_of(client), &request, failure)) {
		request_free(&request);
		return -1;
	}
	/* Nothing else: a terminal or a file of the host is not for a container. */
	if (kind == WAIT_RUN && input >= 0 && !fstat(input, &st) &&
	    (request.terminal ? S_ISSOCK(st.st_mode) : S_ISFIFO(st.st_mode)))
		cause.input = input;
	start_container(supervisor_of(client), &cause, &request);
	return 0;
}

int op_start(struct client *client, struct json_object *m,
	     struct failure *failure)
{
	return start(client, m, WAIT_START, failure);
}

int op_run(struct client *client, struct json_object *m,
	   struct failure *failure)
{
	return start(client, m, WAIT_RUN, failure);
}

static int start_kept(struct client *client, struct kept *kept)
{
	const struct start_cause cause = {
		.client = client,
		.kind = WAIT_RESTART,
		.input = -1,
	};

	start_container(supervisor_of(client), &cause, &kept->request);
	return 0;
}

static int stop_for_restart(struct client *client, struct container *c,
			    const struct stop *stop, struct failure *failure)
{
	bool already;

	if (c->phase != PHASE_LIVE)
		return failed(
			failure, EXIT_FAILED,
			"container \"%s\" is starting: restart it when it runs",
			c->name);
	if (c->again.auto_remove)
		return failed(
			failure, EXIT_FAILED,
			"container \"%s\" is to be removed after its end (--rm): it cannot start again",
			c->name);
	if (operation_stop(c, stop, &already, failure) ||
	    operation_wait(client, c, WAIT_RESTART, failure))
		return -1;
	c->again.wanted = true;
	request_note_restarting(c->supervisor, c->name, true);
	return 0;
}

int op_restart(struct client *client, struct json_object *m,
	       struct failure *failure)
{
	struct supervisor *supervisor = supervisor_of(client);
	struct container *c;
	struct kept kept;
	struct stop stop;
	const char *id;
	int ret;

	if (operation_id(m, &id, failure))
		return -1;
	c = registry_name(&supervisor->registry, id);
	if (operation_read_stop(c, m, &stop, failure))
		return -1;
	/* Do not stop a container that cannot be started again. */
	ret = kept_read(supervisor->roots.state, id, &kept);
	if (ret == -ENOENT && c)
		return failed(
			failure, EXIT_FAILED,
			"container \"%s\": its request was not kept: it cannot start again",
			id);
	if (ret)
		return unreadable(id, ret, failure);
	if (c && c->phase != PHASE_ENDED)
		ret = stop_for_restart(client, c, &stop, failure);
	else
		ret = start_kept(client, &kept);
	kept_free(&kept);
	return ret;
}

/* Nobody can start it: answer those who wait for that, or report it. */
static void give_up(struct restarts *restarts, struct container *c,
		    const char *name, int err)
{
	struct failure failure;

	restarts_cancel(restarts, name);
	unreadable(name, err, &failure);
	if (!c || !waiters_refuse(c, &failure))
		report_failure(&failure);
}

void again_start(struct restarts *restarts, const char *name)
{
	struct supervisor *supervisor = loop_container(
		restarts, struct supervisor, restarts);
	const char *state = supervisor->roots.state;
	struct container *c = registry_name(&supervisor->registry, name);
	struct start_cause cause = {
		.by_policy = !c || !c->again.wanted,
		.input = -1,
	};
	struct kept kept;
	int err;

	/* A client may have started it meanwhile. */
	if (supervisor->shutdown.stopping || (c && c->phase != PHASE_ENDED))
		return;
	if (c)
		c->again.wanted = false;
	err = kept_read(state, name, &kept);
	if (err) {
		give_up(restarts, c, name, err);
		return;
	}
	if (cause.by_policy) {
		/* Count attempts: one that fails keeps no other request. */
		cause.restarts = ++kept.restarts;
		err = kept_save(state, &kept);
		if (err)
			report_warning_errno(
				err, "container \"%s\": counting its restarts",
				name);
	}
	start_container(supervisor, &cause, &kept.request);
	kept_free(&kept);
}
