// SPDX-License-Identifier: GPL-2.0
/* The way of a container from a request to execve(), see start.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "admission.h"
#include "cleanup.h"
#include "end.h"
#include "job.h"
#include "logfile.h"
#include "report.h"
#include "start.h"
#include "statedir.h"
#include "supervisor.h"

/* Enter it in the registry; from here on container_fail() undoes. */
static struct container *make_container(struct admission *a)
{
	struct supervisor *supervisor = a->supervisor;
	struct container *c = container_new(supervisor, a->request->id);

	if (!c)
		return NULL;
	c->rootfs = a->rootfs;
	a->rootfs = NULL;
	c->log_path = a->log_path;
	a->log_path = NULL;
	c->overlay = !a->request->rootfs;
	c->root_dev = a->root.st_dev;
	c->root_ino = a->root.st_ino;
	c->stale_id = a->stale_id;
	if (c->overlay)
		c->state_path = path_join(supervisor->roots.state, c->name, "");
	if ((c->overlay && !c->state_path) ||
	    registry_add(&supervisor->registry, c)) {
		container_free(c);
		return NULL;
	}
	return c;
}

static bool make_cgroup(struct admission *a, struct container *c)
{
	const struct cgroup_tree *tree = &c->supervisor->cgroups;
	int err = cgroup_make(&c->cgroup, tree, c->name);

	if (err == -EBUSY)
		return refuse(
			&a->error, EXIT_FAILED,
			"container \"%s\": its cgroup %s is left over from an earlier one and has processes in it",
			c->name, c->cgroup.path);
	if (err)
		return refuse(&a->error, EXIT_FAILED,
			      "container \"%s\": making its cgroup %s: %s",
			      c->name,
			      c->cgroup.path ? c->cgroup.path : tree->root,
			      strerror(-err));
	return true;
}

static bool prepare(struct admission *a, struct container *c)
{
	int err;

	if (c->overlay) {
		err = state_make(c->supervisor, c->state_path);
		if (err)
			return refuse(&a->error, EXIT_FAILED,
				      "container \"%s\": making %s: %s",
				      c->name, c->state_path, strerror(-err));
		c->state_made = true;
	}
	if (!make_cgroup(a, c))
		return false;
	c->job = job_new(a->request, c->rootfs, c->state_path, c->cgroup.fd);
	if (!c->job)
		return refuse(&a->error, EXIT_FAILED, "container \"%s\": %s",
			      c->name, strerror(ENOMEM));
	return true;
}

static void on_pidfd(struct loop_source *source, uint32_t events)
{
	(void)events;
	container_reap(loop_container(source, struct container, pidfd));
}

static void on_sync(struct loop_source *source, uint32_t events)
{
	(void)events;
	start_look(loop_container(source, struct container, sync));
}

/* A process that nobody could watch is not to be had. */
static void discard_child(struct launch *launch)
{
	siginfo_t info;

	pidfd_send_signal(launch->pidfd, SIGKILL, NULL, 0);
	while (waitid(P_PIDFD, launch->pidfd, &info, WEXITED) < 0 &&
	       errno == EINTR)
		;
	close(launch->pidfd);
}

static bool begin(struct admission *a, struct container *c, const int stdio[3])
{
	struct launch *launch = &c->job->launch;
	struct loop *loop = &c->supervisor->loop;
	int err;

	err = launch_begin(launch, &c->job->spec, stdio, &a->error);
	if (err)
		return false;
	c->job->begun = true;
	err = loop_add(loop, &c->pidfd, launch->pidfd, EPOLLIN, on_pidfd);
	if (err) {
		discard_child(launch);
	} else {
		c->pid = launch->pid;
		err = loop_add(loop, &c->sync, launch->sync_fd, EPOLLIN,
			       on_sync);
	}
	if (err)
		return refuse(&a->error, EXIT_FAILED,
			      "container \"%s\": watching its init: %s",
			      c->name, strerror(-err));
	return true;
}

static bool enter_in_table(struct admission *a, struct container *c)
{
	struct kernel *kernel = &c->supervisor->kernel;
	struct purser_registration registration = {
		.name = c->name,
		.pid = c->pid,
		.pidfd = &c->pidfd.fd,
		.soft_limit = c->job->request.soft_limit,
		.hard_limit = c->job->request.hard_limit,
		.cookie = a->cookie,
		.cookie_len = a->cookie_len,
	};
	struct purser_ref ref = { 0 };
	int err;

	err = purser_register(kernel->commands, &registration, &ref.id);
	if (err)
		return refuse(
			&a->error,
			err == -EPERM ? EXIT_NO_PERMISSION : EXIT_FAILED,
			"container \"%s\": registering it in the kernel: %s",
			c->name, purser_last_error(kernel->commands));
	err = registry_set_id(&c->supervisor->registry, c, ref.id);
	if (err) {
		purser_unregister(kernel->commands, &ref);
		return refuse(&a->error, EXIT_FAILED, "container \"%s\": %s",
			      c->name, strerror(-err));
	}
	return true;
}

/* @out and @err are closed on error, and the pipeline's on success. */
static bool open_log(struct admission *a, struct container *c, int *out,
		     int *err)
{
	int ret = logfile_claim(c->log_path, &c->log_had_old);

	if (!ret) {
		const struct log_source_spec spec = {
			.path = c->log_path,
			.settings = {
				.driver = LOG_DRIVER_CRI,
				.max_size = LOG_MAX_SIZE_DEFAULT,
				.max_files = LOG_MAX_FILES_DEFAULT,
			},
			.fds = { *out, *err },
		};

		c->log_claimed = true;
		ret = log_pipeline_add(c->supervisor->logs,
				       container_log_key(c), &spec);
	}
	if (ret)
		return refuse(&a->error, EXIT_FAILED,
			      "container \"%s\": opening its log %s: %s",
			      c->name, c->log_path, strerror(-ret));
	c->log_open = true;
	*out = -1;
	*err = -1;
	return true;
}

struct pipe_pair {
	int ends[2];
};

static void close_pipe(struct pipe_pair *p)
{
	cleanup_close(&p->ends[0]);
	cleanup_close(&p->ends[1]);
}

static bool launch(struct admission *a, struct container *c)
{
	struct pipe_pair out
		__attribute__((cleanup(close_pipe))) = { { -1, -1 } };
	struct pipe_pair err
		__attribute__((cleanup(close_pipe))) = { { -1, -1 } };
	int ret;

	if (pipe2(out.ends, O_CLOEXEC) < 0 || pipe2(err.ends, O_CLOEXEC) < 0)
		return refuse(
			&a->error, EXIT_FAILED,
			"container \"%s\": making pipes for its output: %s",
			c->name, strerror(errno));
	if (!prepare(a, c) ||
	    !begin(a, c,
		   (const int[]){ c->supervisor->null_fd, out.ends[1],
				  err.ends[1] }) ||
	    !enter_in_table(a, c) ||
	    !open_log(a, c, &out.ends[0], &err.ends[0]))
		return false;

	ret = launch_release(&c->job->launch);
	/* One that is dead already is what start_look() will hear of. */
	if (ret && ret != -EPIPE)
		return refuse(&a->error, EXIT_FAILED,
			      "container \"%s\": letting it start: %s", c->name,
			      strerror(-ret));
	return true;
}

/* What was for the launch alone goes. */
static void end_launch(struct container *c)
{
	loop_remove(&c->supervisor->loop, &c->sync);
	if (c->job) {
		c->command = c->job->request.command;
		c->job->request.command = (struct string_list){ 0 };
	}
	job_free(c->job);
	c->job = NULL;
}

void start_container(struct supervisor *supervisor, struct client *client,
		     enum waiter_kind kind, struct start_request *request)
{
	struct admission a = { .supervisor = supervisor, .request = request };
	const char *op = kind == WAIT_RUN ? "run" : "start";
	struct container *c = NULL;

	if (admit(&a)) {
		c = make_container(&a);
		if (!c || waiter_add(client, c, kind))
			refuse(&a.error, EXIT_FAILED, "container \"%s\": %s",
			       request->id, strerror(ENOMEM));
		else if (launch(&a, c))
			goto out;
	}
	if (c) {
		end_launch(c);
		/* Without a waiter, for whom there was no memory. */
		if (LIST_EMPTY(&c->waiters))
			client_reply_error(client, op, a.error.exit_code, "%s",
					   a.error.text);
		container_fail(c, a.error.exit_code, a.error.text);
	} else {
		client_reply_error(client, op, a.error.exit_code, "%s",
				   a.error.text);
	}
out:
	request_free(request);
	admission_free(&a);
}

/* It runs its command: what it takes the place of is forgotten now. */
static void started(struct container *c)
{
	struct kernel *kernel = &c->supervisor->kernel;
	struct purser_ref stale = { .id = c->stale_id };
	int err;

	c->phase = PHASE_LIVE;
	if (c->replaces)
		container_forget(c->replaces);
	if (stale.id)
		purser_unregister(kernel->commands, &stale);
	err = logfile_trim(c->log_path, LOG_MAX_FILES_DEFAULT);
	if (err)
		report(err, "container \"%s\": removing its oldest logs",
		       c->name);
	waiters_started(c);
	container_advance(c);
}

void start_look(struct container *c)
{
	struct launch_error error;
	int ret;

	if (!c->job)
		return;
	ret = launch_result(&c->job->launch, &error);
	if (!ret)
		return;
	end_launch(c);
	if (ret > 0)
		started(c);
	else
		container_fail(c, error.exit_code, error.text);
}
