// SPDX-License-Identifier: GPL-2.0
/* The record of a container, see record.h. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/object.h"
#include "record.h"

#define COOKIE_VERSION 1

/* Enough to recognize a container; the cookie has room for little more. */
#define NAME_ROOM 128

int record_table(struct purser **table, struct failure *failure)
{
	int err = purser_open(table);

	if (err == -ENOENT)
		return failed(
			failure, EXIT_NO_MODULE,
			"the kernel has no container table: load the module purser");
	if (err)
		return failed(failure, EXIT_FAILED,
			      "connecting to the kernel's container table: %s",
			      purser_last_error(NULL));
	return 0;
}

static struct json_object *make_cookie(const struct oci_state *state,
				       const struct oci_folder *folder,
				       const char *name)
{
	struct object o = object_new();

	object_add_int(&o, "oci", COOKIE_VERSION);
	object_add_string(&o, "state", folder->path);
	object_add_string(&o, "token", state->token);
	if (name && strlen(name) < NAME_ROOM)
		object_add_bytes(&o, "name", name);
	return object_done(&o);
}

static bool is_ours(const struct purser_container *c,
		    const struct oci_state *state)
{
	struct json_object *cookie = object_parse(c->cookie, c->cookie_len);
	bool ours = cookie && object_is(cookie, "token", state->token);

	json_object_put(cookie);
	return ours;
}

/* Say who has the name. */
static int name_is_taken(const struct purser_container *other,
			 struct failure *failure)
{
	struct json_object *cookie = object_parse(other->cookie,
						  other->cookie_len);
	const char *where = NULL;

	if (cookie && object_get_string(cookie, "state", &where) &&
	    object_get_string(cookie, "run", &where))
		where = NULL;
	failed(failure, EXIT_FAILED,
	       "container \"%s\" already exists on this machine: its first process is %d%s%s",
	       other->name, other->pid, where ? ", and it belongs to " : "",
	       where ? where : "");
	json_object_put(cookie);
	return -1;
}

int record_check_name(struct purser *table, const char *name,
		      struct failure *failure)
{
	const struct purser_ref ref = { .name = name };
	struct purser_container other;

	if (purser_get(table, &ref, &other) || !record_is_live(&other))
		return 0;
	return name_is_taken(&other, failure);
}

int record_register(struct purser *table, struct oci_state *state,
		    const struct oci_folder *folder, const char *name,
		    pid_t pid, int pidfd, const struct record_limits *limits,
		    struct failure *failure)
{
	struct json_object *cookie = make_cookie(state, folder, name);
	struct purser_registration registration = {
		.name = folder->id,
		.pid = pid,
		.pidfd = &pidfd,
		.soft_limit = limits->soft,
		.hard_limit = limits->hard,
	};
	int err;

	registration.cookie = json_line(cookie, &registration.cookie_len);
	err = registration.cookie ?
		      purser_register(table, &registration, &state->record) :
		      -ENOMEM;
	json_object_put(cookie);
	if (!err)
		return 0;
	if (err == -EEXIST && record_check_name(table, folder->id, failure))
		return -1;
	if (err == -ENOMEM)
		return failed_errno(failure, err, "registering \"%s\"",
				    folder->id);
	return failed(
		failure, err == -EPERM ? EXIT_NO_PERMISSION : EXIT_FAILED,
		"registering \"%s\" in the kernel's table: %s%s", folder->id,
		purser_last_error(table),
		err == -EPERM ? " (this needs CAP_NET_ADMIN of the host)" : "");
}

int record_find(struct purser *table, const struct oci_state *state,
		const struct oci_folder *folder,
		struct purser_container *record, struct failure *failure)
{
	const struct purser_ref by_id = { .id = state->record };
	const struct purser_ref by_name = { .name = folder->id };
	int err;

	if (!state->token)
		return 0;
	err = purser_get(table, state->record ? &by_id : &by_name, record);
	/* A module that was loaded anew numbers its records anew. */
	if (!err)
		return is_ours(record, state);
	if (err == -ENOENT)
		return 0;
	return failed(failure, EXIT_FAILED, "reading the record of \"%s\": %s",
		      folder->id, purser_last_error(table));
}

bool record_is_live(const struct purser_container *record)
{
	return record->state != PURSER_STATE_EXITED;
}
