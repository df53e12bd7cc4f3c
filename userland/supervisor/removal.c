// SPDX-License-Identifier: GPL-2.0
/* Removing ended containers, see removal.h. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/strings.h"
#include "container_kept.h"
#include "container_log.h"
#include "end.h"
#include "kept.h"
#include "layer.h"
#include "removal.h"

static void queue_removed(struct client *client, const char *id)
{
	struct object reply = message_begin("rm", "removed");

	object_add_string(&reply, "id", id);
	client_queue(client, object_done(&reply));
}

/* Remove a container that has no record, only a request; 0 or a negative errno. */
static int remove_kept(struct supervisor *supervisor, const char *id)
{
	int err = kept_remove(supervisor->roots.state, id);

	if (err)
		return err;
	restarts_cancel(&supervisor->restarts, id);
	layer_forget_kept(supervisor, id);
	container_remove_log(supervisor, id, true);
	return 0;
}

/* Kill it; it is removed, and the client gets its answer, when it has ended. */
static int remove_live(struct client *client, struct container *c,
		       struct failure *failure)
{
	const struct stop stop = { .signal = SIGKILL };
	bool already;

	if (operation_stop(c, &stop, &already, failure) ||
	    operation_wait(client, c, WAIT_REMOVE, failure))
		return -1;
	if (c->again.wanted)
		request_note_restarting(c->supervisor, c->name, false);
	c->again.wanted = false;
	c->again.auto_remove = true;
	return 0;
}

static int remove_one(struct client *client, const char *id,
		      struct failure *failure)
{
	struct supervisor *supervisor = supervisor_of(client);
	struct container *c = registry_name(&supervisor->registry, id);
	int err;

	if (c && c->phase != PHASE_ENDED)
		return failed(
			failure, EXIT_FAILED,
			"container \"%s\" has not ended: stop it first, or use --force",
			id);
	if (c) {
		container_discard(c);
		return 0;
	}
	err = remove_kept(supervisor, id);
	if (err == -ENOENT)
		return failed(failure, EXIT_FAILED, "no container \"%s\"", id);
	return failed_if(failure, err, "container \"%s\": removing its request",
			 id);
}

static void remove_records(struct client *client)
{
	struct supervisor *supervisor = supervisor_of(client);
	struct container *c, *next;

	for (c = TAILQ_FIRST(&supervisor->registry.all); c; c = next) {
		next = TAILQ_NEXT(c, link);
		if (c->phase != PHASE_ENDED || c->replaced_by ||
		    restarts_waits(&supervisor->restarts, c->name))
			continue;
		queue_removed(client, c->name);
		container_discard(c);
	}
}

struct leftovers {
	struct supervisor *supervisor;
	struct string_list ids;
};

static int note_leftover(const char *id, void *arg)
{
	struct leftovers *left = arg;
	struct supervisor *supervisor = left->supervisor;
	struct kept kept;
	bool ours;

	if (registry_name(&supervisor->registry, id) ||
	    restarts_waits(&supervisor->restarts, id))
		return 0;
	/* Another supervisor may use the same state directory. */
	if (!kept_read(supervisor->roots.state, id, &kept)) {
		ours = !strcmp(kept.run, supervisor->roots.run);
		kept_free(&kept);
		if (!ours)
			return 0;
	}
	return string_list_add(&left->ids, id);
}

/* Those that ended under an earlier supervisor, or before a reboot. */
static int remove_leftovers(struct client *client)
{
	struct leftovers left = { .supervisor = supervisor_of(client) };
	int err = kept_each(left.supervisor->roots.state, note_leftover, &left);

	for (size_t i = 0; i < left.ids.n; i++) {
		if (!remove_kept(left.supervisor, left.ids.strings[i]))
			queue_removed(client, left.ids.strings[i]);
	}
	string_list_free(&left.ids);
	return err;
}

static int remove_ended(struct client *client, struct failure *failure)
{
	int err;

	remove_records(client);
	err = remove_leftovers(client);
	if (err)
		return failed_errno(failure, err, "reading the kept requests");
	client_reply(client, message_new("rm", "end"));
	return 0;
}

/* Read a field that may be missing. */
static int read_flag(struct json_object *m, const char *key, bool *flag,
		     struct failure *failure)
{
	*flag = false;
	return object_get_bool(m, key, flag) == -EINVAL ?
		       failed(failure, EXIT_FAILED,
			      "request: field \"%s\" is not a boolean", key) :
		       0;
}

int op_rm(struct client *client, struct json_object *m, struct failure *failure)
{
	struct container *c;
	bool ended, force;
	const char *id;

	if (read_flag(m, "ended", &ended, failure) ||
	    read_flag(m, "force", &force, failure))
		return -1;
	if (ended)
		return remove_ended(client, failure);
	if (operation_id(m, &id, failure))
		return -1;
	c = registry_name(&supervisor_of(client)->registry, id);
	if (force && c && c->phase != PHASE_ENDED)
		return remove_live(client, c, failure);
	if (remove_one(client, id, failure))
		return -1;
	queue_removed(client, id);
	client_reply(client, message_new("rm", "end"));
	return 0;
}
