// SPDX-License-Identifier: GPL-2.0
/* Checking start requests, see admission.h. */
#include <errno.h>
#include <string.h>

#include "admission.h"
#include "base/cleanup.h"
#include "container_log.h"
#include "neighbours.h"

static const char *what_it_does(const struct container *c)
{
	if (c->phase == PHASE_LAUNCHING)
		return "starting";
	if (c->phase == PHASE_FAILED)
		return "being removed";
	if (container_is_final(c) || !c->init.pid)
		return "ending";
	return purser_state_name(c->live_state);
}

/* Refuse an id that a live container has, even if another program started that. */
static int check_id(struct supervisor *supervisor, const char *id,
		    struct failure *failure)
{
	struct container *c = registry_name(&supervisor->registry, id);
	struct purser_ref ref = { .name = id };
	struct purser_container record;
	int err;

	if (c && container_is_unregistered(c) && c->init.pid)
		return failed(
			failure, EXIT_FAILED,
			"container \"%s\" is still running as pid %d, but somebody has unregistered it: \"engine stop %s\" ends it",
			id, c->init.pid, id);
	if (c && c->phase != PHASE_ENDED)
		return failed(failure, EXIT_FAILED,
			      "container \"%s\" is still %s", id,
			      what_it_does(c));
	err = c ? -ENOENT :
		  purser_get(supervisor->kernel.commands, &ref, &record);
	if (err == -ENOENT)
		return 0;
	if (err) {
		kernel_failed(&supervisor->kernel, err, failure,
			      "looking for its id");
		failure_prefix(failure, "container \"%s\": ", id);
		return -1;
	}
	if (record.state != PURSER_STATE_EXITED)
		return failed(
			failure, EXIT_FAILED,
			"container \"%s\" is still %s as pid %d, and not this supervisor's",
			id, purser_state_name(record.state), record.pid);
	return 0;
}

static int make_cookie(struct admission *a, struct failure *failure)
{
	const struct container *c = a->c;
	const struct roots *roots = &c->supervisor->roots;
	const struct cookie cookie = {
		.run = roots->run,
		.rootfs = c->root.path,
		.root_dev = a->root.place.dev,
		.root_ino = a->root.place.ino,
		.overlay = !a->request->rootfs,
		.state = roots->state,
		.log = c->log.path,
		.driver = c->log.settings.driver,
		.key = c->log.key,
		.token = c->token,
		.command = c->command,
	};
	int err = cookie_build(&cookie, a->cookie, &a->cookie_len);

	if (err == -ENAMETOOLONG)
		return failed(
			failure, EXIT_FAILED,
			"container \"%s\": the paths of its root and of the supervisor's folders are too long for the kernel's record",
			c->name);
	return failed_if(failure, err, "container \"%s\"", c->name);
}

/* Move fields from the request and the open root to the container. */
static int fill_container(struct admission *a)
{
	struct start_request *request = a->request;
	struct container *c = a->c;

	c->command = request->command;
	request->command = (struct string_list){ 0 };
	c->token = request->token;
	request->token = NULL;
	c->root.path = strdup(a->root.path);
	if (!c->root.path)
		return -ENOMEM;
	return container_choose_log(c, &request->log);
}

int admit(struct admission *a, struct failure *failure)
{
	struct supervisor *supervisor = a->c->supervisor;
	const char *id = a->c->name, *rootfs = a->request->rootfs;
	int err;

	if (supervisor->shutdown.stopping)
		return failed(failure, EXIT_FAILED,
			      "container \"%s\": the supervisor is stopping",
			      id);
	if (kernel_check(&supervisor->kernel, failure)) {
		failure_prefix(failure, "container \"%s\": ", id);
		return -1;
	}
	if (check_id(supervisor, id, failure) ||
	    root_open(supervisor, rootfs, &a->root, failure) ||
	    neighbours_check(supervisor, &a->root, rootfs, !rootfs, 0,
			     failure) ||
	    mounts_open(supervisor, a->request, &a->mounts, failure))
		return -1;
	err = fill_container(a);
	if (!err && rootfs)
		err = root_warning(&a->root, id, &a->c->warning);
	if (err)
		return failed_errno(failure, err, "container \"%s\"", id);
	return make_cookie(a, failure);
}

void admission_free(struct admission *a)
{
	root_free(&a->root);
	mounts_free(&a->mounts);
	cleanup_close(&a->userns);
}
