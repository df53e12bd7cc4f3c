// SPDX-License-Identifier: GPL-2.0
/* What the operations of the control protocol have in common, see operation.h. */
#include <errno.h>
#include <signal.h>

#include "operation.h"
#include "settings.h"
#include "unregistered.h"

int operation_id(struct json_object *m, const char **id,
		 struct failure *failure)
{
	if (!object_get_string(m, "id", id))
		return 0;
	return failed(failure, EXIT_FAILED,
		      "request: field \"id\" is missing or not a string");
}

struct container *operation_find(struct client *client, struct json_object *m,
				 struct failure *failure)
{
	struct container *c;
	const char *id;

	if (operation_id(m, &id, failure))
		return NULL;
	c = registry_name(&supervisor_of(client)->registry, id);
	if (!c)
		failed(failure, EXIT_FAILED, "no container \"%s\"", id);
	return c;
}

int operation_wait(struct client *client, struct container *c,
		   enum waiter_kind kind, struct failure *failure)
{
	int err = waiter_add(client, c, kind);

	return failed_if(failure, err, "container \"%s\"", c->name);
}

struct stop operation_default_stop(const struct container *c)
{
	static const struct stop_choice none;
	const struct stop_choice *choice = c ? &c->again.stop : &none;

	return (struct stop){
		.signal = choice->signal ? choice->signal : SIGTERM,
		.grace_ms = choice->has_timeout ? choice->timeout_ms :
						  DEFAULT_GRACE_MS,
	};
}

/* Read a field that may be missing. */
static int read_optional(int err)
{
	return err == -ENOENT ? 0 : err;
}

int operation_read_stop(const struct container *c, struct json_object *m,
			struct stop *stop, struct failure *failure)
{
	*stop = operation_default_stop(c);
	if (!read_optional(object_get_int(m, "signal", &stop->signal)) &&
	    !read_optional(object_get_u64(m, "grace_ms", &stop->grace_ms)) &&
	    !object_get_bool(m, "wait", &stop->wait) && stop->signal >= 1 &&
	    stop->signal <= 64 && stop->grace_ms <= PURSER_GRACE_MAX_MS)
		return 0;
	return failed(
		failure, EXIT_FAILED,
		"request: signal or grace period is out of range, or wait is missing");
}

int operation_stop(struct container *c, const struct stop *stop, bool *already,
		   struct failure *failure)
{
	struct kernel *kernel = &c->supervisor->kernel;
	struct purser_ref ref = { .id = c->id };
	int err;

	*already = false;
	if (container_is_unregistered(c)) {
		err = unregistered_stop(c, stop->signal, stop->grace_ms);
		return failed_if(failure, err, "container \"%s\": stopping it",
				 c->name);
	}
	/* Its start failed before it was registered: it ends without a stop. */
	if (!c->id)
		return 0;
	err = purser_stop(kernel->commands, &ref, stop->signal, stop->grace_ms);
	*already = err == -EALREADY;
	if (!err || err == -EALREADY || err == -ESRCH)
		return 0;
	return failed(failure, err == -EPERM ? EXIT_NO_PERMISSION : EXIT_FAILED,
		      "container \"%s\": %s", c->name,
		      purser_last_error(kernel->commands));
}
