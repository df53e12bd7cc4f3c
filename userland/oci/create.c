// SPDX-License-Identifier: GPL-2.0
/* The commands that make a container and let it start: create, start and run. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/object.h"
#include "base/report.h"
#include "commands.h"
#include "container.h"
#include "creation.h"
#include "foreground.h"
#include "hooks.h"
#include "launching.h"
#include "notify.h"
#include "removal.h"

int oci_create(const struct oci_options *options, struct failure *failure)
{
	struct oci_options detached = *options;
	struct creation c;

	detached.detach = true;
	if (creation_make(&c, &detached, failure))
		return -1;
	creation_end(&c);
	return EXIT_OK;
}

/** struct opening - a start gate that is opened */
struct opening {
	const struct oci_folder *folder;
	const struct oci_state *state;
	const struct oci_config *config;
	pid_t pid;
	struct launch_gate gate;
};

/* The agent of the profile is named in the profile: it is read again, not compiled. */
static int send_notify_fd(struct opening *o, struct failure *failure)
{
	struct seccomp_program program = { 0 };
	struct json_object *state = state_json(o->state, o->folder->id,
					       OCI_CREATED, o->pid);
	int err;

	object_get_string(o->config->seccomp, "listenerPath",
			  &program.listener_path);
	object_get_string(o->config->seccomp, "listenerMetadata",
			  &program.listener_metadata);
	err = state ? notify_send(&program, o->gate.notify_fd, o->pid, state,
				  failure) :
		      failed_errno(failure, -ENOMEM,
				   "sending the notify descriptor");
	json_object_put(state);
	cleanup_close(&o->gate.notify_fd);
	return err;
}

static int wait_start(struct opening *o, struct failure *failure)
{
	struct pollfd p = { .fd = o->gate.fd, .events = POLLIN };
	int r;

	while (!(r = launch_gate_result(&o->gate, failure))) {
		if (o->gate.notify_fd >= 0) {
			if (send_notify_fd(o, failure))
				return -1;
			continue;
		}
		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			return failed_errno(failure, -errno,
					    "waiting for the start");
	}
	return r < 0 ? -1 : 0;
}

static int open_gate(struct opening *o, struct failure *failure)
{
	int err;

	if (launch_gate_open(&o->gate, o->folder->fd, FOLDER_GATE, failure))
		return -1;
	err = wait_start(o, failure);
	launch_gate_close(&o->gate);
	unlinkat(o->folder->fd, FOLDER_GATE, 0);
	return err;
}

/* As the process that is about to run would run them. */
static int run_start_hooks(const struct opening *o, int cgroup_fd, int pidfd,
			   struct failure *failure)
{
	struct hook_place place = {
		.id = o->folder->id,
		.pid = o->pid,
		.pidfd = pidfd,
		.cgroup_fd = cgroup_fd,
		.process = o->config->spec.process,
	};
	struct json_object *state;
	int err;

	if (!o->config->hooks[HOOK_START_CONTAINER].n)
		return 0;
	/* These are for the container's program alone. */
	place.process.terminal = false;
	place.process.filter = NULL;
	place.process.n_fds = 0;
	state = state_json(o->state, o->folder->id, OCI_CREATED, o->pid);
	err = state ? hooks_run(o->config, HOOK_START_CONTAINER, &place, state,
				failure) :
		      failed_errno(failure, -ENOMEM, "running hooks");
	json_object_put(state);
	return err;
}

/* The container runs: a hook that fails does not change that. */
static void run_poststart(const struct oci_state *state, const char *id,
			  const struct oci_config *config, pid_t pid)
{
	struct json_object *json;

	if (!config->hooks[HOOK_POSTSTART].n)
		return;
	json = state_json(state, id, OCI_RUNNING, pid);
	hooks_run_all(config, HOOK_POSTSTART, json);
	json_object_put(json);
}

static int let_run(struct opening *o, int cgroup_fd, int pidfd,
		   struct failure *failure)
{
	if (run_start_hooks(o, cgroup_fd, pidfd, failure) ||
	    open_gate(o, failure))
		return -1;
	run_poststart(o->state, o->folder->id, o->config, o->pid);
	return 0;
}

static int start(struct oci_container *c, struct failure *failure)
{
	int pidfd __cleanup_close = -1;
	struct oci_config config = { 0 };
	struct opening opening = {
		.folder = &c->folder,
		.state = &c->state,
		.config = &config,
		.pid = c->record.pid,
	};
	struct failure ignored;
	int err;

	if (c->status != OCI_CREATED)
		return failed(
			failure, EXIT_FAILED,
			"cannot start container \"%s\": it is %s, not created",
			c->folder.id, oci_status_names[c->status]);
	pidfd = container_pidfd(c, failure);
	if (pidfd < 0 ||
	    (!c->state.plain_start &&
	     oci_config_read(&config, c->folder.fd, FOLDER_CONFIG, failure)))
		return -1;
	err = let_run(&opening, c->cgroup.fd, pidfd, failure);
	/* A container whose start has failed must not wait for another one. */
	if (err && container_kill(c, &ignored))
		report_warning("%s", ignored.text);
	oci_config_free(&config);
	return err;
}

int oci_start(const struct oci_options *options, struct failure *failure)
{
	struct oci_container c;
	int err;

	if (container_open(&c, options, true, failure))
		return -1;
	err = start(&c, failure);
	container_close(&c);
	return err ? -1 : EXIT_OK;
}

/* Remove the container whose process has been reaped. */
static int remove_ended(const struct oci_options *options,
			struct failure *failure)
{
	struct oci_container c;
	int err;

	if (container_open(&c, options, true, failure))
		return -1;
	err = container_remove(&c, failure);
	container_close(&c);
	return err;
}

int oci_run(const struct oci_options *options, struct failure *failure)
{
	struct creation c;
	struct opening opening = {
		.folder = &c.folder,
		.state = &c.state,
		.config = &c.config,
	};
	struct failure cleanup;
	int status = EXIT_OK;

	if (creation_make(&c, options, failure))
		return -1;
	opening.pid = c.launch.pid;
	if (let_run(&opening, c.cgroup.fd, c.launch.pidfd, failure))
		status = -1;
	if (status >= 0 && options->detach) {
		creation_end(&c);
		return EXIT_OK;
	}
	status = status < 0 ? -1 : foreground(&c.launch, failure);
	if (status < 0)
		foreground_reap(&c.launch);
	creation_end(&c);
	if (options->keep && status >= 0)
		return status;
	if (!remove_ended(options, &cleanup))
		return status;
	if (status < 0)
		report_warning("%s", cleanup.text);
	else
		*failure = cleanup;
	return -1;
}
