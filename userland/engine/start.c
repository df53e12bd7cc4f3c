// SPDX-License-Identifier: GPL-2.0
/* The way of a container from a request to execve(), see start.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "cookie.h"
#include "end.h"
#include "job.h"
#include "logfile.h"
#include "report.h"
#include "start.h"
#include "statedir.h"
#include "supervisor.h"

/** struct start - what is found out before a container is made */
struct start {
	struct supervisor *supervisor;
	struct start_request *request;
	char *rootfs;			/* resolved */
	struct stat root;
	char *log_path;
	uint64_t stale_id;
	char cookie[PURSER_COOKIE_MAX];
	size_t cookie_len;
	struct launch_error error;
};

/* Fill in why a start fails; false, so that it can be returned. */
static bool refuse(struct launch_error *error, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static bool refuse(struct launch_error *error, int code, const char *fmt, ...)
{
	va_list ap;

	error->exit_code = code;
	va_start(ap, fmt);
	print_cut(error->text, sizeof(error->text), fmt, ap);
	va_end(ap);
	return false;
}

static const char *what_it_does(const struct container *c)
{
	if (c->phase == PHASE_LAUNCHING)
		return "starting";
	if (c->phase == PHASE_FAILED)
		return "being removed";
	if (c->final || !c->pid)
		return "ending";
	return purser_state_name(c->live_state);
}

/* The id must not be that of a live container, of ours or of anybody's. */
static bool check_id(struct start *s)
{
	struct kernel *kernel = &s->supervisor->kernel;
	const char *id = s->request->id;
	struct purser_ref ref = { .name = id };
	struct purser_container record;
	struct container *c;
	int err;

	c = registry_name(&s->supervisor->registry, id);
	if (c && c->phase != PHASE_ENDED)
		return refuse(&s->error, EXIT_FAILED,
			      "container \"%s\" is still %s", id,
			      what_it_does(c));
	if (c)
		return true;

	err = purser_get(kernel->commands, &ref, &record);
	if (err == -ENOENT)
		return true;
	if (err)
		return refuse(&s->error, EXIT_FAILED,
			      "container \"%s\": looking for its id: %s", id,
			      purser_last_error(kernel->commands));
	if (record.state != PURSER_STATE_EXITED)
		return refuse(&s->error, EXIT_FAILED,
			      "container \"%s\" is still %s as pid %d, and not this supervisor's",
			      id, purser_state_name(record.state), record.pid);
	if (cookie_is_of(&record, s->supervisor->roots.run))
		s->stale_id = record.id;
	return true;
}

static bool same_folder(const struct stat *st, dev_t dev, ino_t ino)
{
	return st->st_dev == dev && st->st_ino == ino;
}

/* A root belongs to one live container alone. */
static bool check_root(struct start *s)
{
	const char *wanted = s->request->rootfs;
	const char *base = s->supervisor->roots.base;
	struct container *c;
	struct stat st;
	int err;

	err = path_resolve_dir(wanted ? wanted : base, &s->rootfs);
	if (!err && stat(s->rootfs, &s->root) < 0)
		err = -errno;
	if (err)
		return refuse(&s->error, EXIT_FAILED, "rootfs \"%s\": %s",
			      wanted ? wanted : base, strerror(-err));
	if (!wanted)
		return true;

	if (!stat(base, &st) &&
	    same_folder(&st, s->root.st_dev, s->root.st_ino))
		return refuse(&s->error, EXIT_FAILED,
			      "rootfs \"%s\" is the base of this supervisor's overlays",
			      wanted);
	TAILQ_FOREACH(c, &s->supervisor->registry.all, link) {
		if (c->phase != PHASE_ENDED && !c->overlay &&
		    same_folder(&s->root, c->root_dev, c->root_ino))
			return refuse(&s->error, EXIT_FAILED,
				      "rootfs \"%s\" is in use by container \"%s\"",
				      wanted, c->name);
	}
	return true;
}

static bool make_cookie(struct start *s)
{
	struct roots *roots = &s->supervisor->roots;
	struct cookie_fields fields = {
		.run = roots->run,
		.rootfs = s->rootfs,
		.overlay = !s->request->rootfs,
		.command = &s->request->command,
	};
	int err = -ENOMEM;

	s->log_path = path_join(roots->log, s->request->id, ".log");
	fields.log = s->log_path;
	if (s->log_path)
		err = cookie_build(&fields, s->cookie, &s->cookie_len);
	if (err == -ENAMETOOLONG)
		return refuse(&s->error, EXIT_FAILED,
			      "container \"%s\": the paths of its root and log are too long for its record in the kernel",
			      s->request->id);
	if (err)
		return refuse(&s->error, EXIT_FAILED, "container \"%s\": %s",
			      s->request->id, strerror(-err));
	return true;
}

static bool check(struct start *s)
{
	int err;

	if (s->supervisor->stopping)
		return refuse(&s->error, EXIT_FAILED,
			      "container \"%s\": the supervisor is stopping",
			      s->request->id);
	err = kernel_check(s->supervisor);
	if (err)
		return refuse(&s->error, kernel_exit_code(err),
			      "container \"%s\": %s", s->request->id,
			      kernel_why(err));
	return check_id(s) && check_root(s) && make_cookie(s);
}

/* Enter it in the registry; from here on container_fail() undoes. */
static struct container *make_container(struct start *s)
{
	struct supervisor *supervisor = s->supervisor;
	struct container *c = container_new(supervisor, s->request->id);

	if (!c)
		return NULL;
	c->rootfs = s->rootfs;
	s->rootfs = NULL;
	c->log_path = s->log_path;
	s->log_path = NULL;
	c->overlay = !s->request->rootfs;
	c->root_dev = s->root.st_dev;
	c->root_ino = s->root.st_ino;
	c->stale_id = s->stale_id;
	if (c->overlay)
		c->state_path = path_join(supervisor->roots.state, c->name, "");
	if ((c->overlay && !c->state_path) ||
	    registry_add(&supervisor->registry, c)) {
		container_free(c);
		return NULL;
	}
	return c;
}

static bool prepare(struct start *s, struct container *c)
{
	int err;

	if (c->overlay) {
		err = state_make(c->supervisor, c->state_path);
		if (err)
			return refuse(&s->error, EXIT_FAILED,
				      "container \"%s\": making %s: %s",
				      c->name, c->state_path, strerror(-err));
		c->state_made = true;
	}
	c->job = job_new(s->request, c->rootfs, c->state_path);
	if (!c->job)
		return refuse(&s->error, EXIT_FAILED, "container \"%s\": %s",
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

static bool begin(struct start *s, struct container *c, const int stdio[3])
{
	struct launch *launch = &c->job->launch;
	struct loop *loop = &c->supervisor->loop;
	int err;

	err = launch_begin(launch, &c->job->spec, stdio, &s->error);
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
		return refuse(&s->error, EXIT_FAILED,
			      "container \"%s\": watching its init: %s",
			      c->name, strerror(-err));
	return true;
}

static bool enter_in_table(struct start *s, struct container *c)
{
	struct kernel *kernel = &c->supervisor->kernel;
	struct purser_registration registration = {
		.name = c->name,
		.pid = c->pid,
		.soft_limit = c->job->request.soft_limit,
		.hard_limit = c->job->request.hard_limit,
		.cookie = s->cookie,
		.cookie_len = s->cookie_len,
	};
	struct purser_ref ref = { 0 };
	int err;

	err = purser_register(kernel->commands, &registration, &ref.id);
	if (err)
		return refuse(&s->error,
			      err == -EPERM ? EXIT_NO_PERMISSION : EXIT_FAILED,
			      "container \"%s\": registering it in the kernel: %s",
			      c->name, purser_last_error(kernel->commands));
	err = registry_set_id(&c->supervisor->registry, c, ref.id);
	if (err) {
		purser_unregister(kernel->commands, &ref);
		return refuse(&s->error, EXIT_FAILED, "container \"%s\": %s",
			      c->name, strerror(-err));
	}
	return true;
}

/* @out and @err are closed on error, and the pipeline's on success. */
static bool open_log(struct start *s, struct container *c, int *out, int *err)
{
	int ret = logfile_claim(c->log_path, &c->log_had_old);

	if (!ret) {
		c->log_claimed = true;
		ret = log_pipeline_add(c->supervisor->logs,
				       container_log_key(c), *out, *err,
				       c->log_path);
	}
	if (ret)
		return refuse(&s->error, EXIT_FAILED,
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

static bool launch(struct start *s, struct container *c)
{
	struct pipe_pair out __attribute__((cleanup(close_pipe))) = { { -1, -1 } };
	struct pipe_pair err __attribute__((cleanup(close_pipe))) = { { -1, -1 } };
	int ret;

	if (pipe2(out.ends, O_CLOEXEC) < 0 || pipe2(err.ends, O_CLOEXEC) < 0)
		return refuse(&s->error, EXIT_FAILED,
			      "container \"%s\": making pipes for its output: %s",
			      c->name, strerror(errno));
	if (!prepare(s, c) ||
	    !begin(s, c, (const int[]){ c->supervisor->null_fd, out.ends[1],
					err.ends[1] }) ||
	    !enter_in_table(s, c) ||
	    !open_log(s, c, &out.ends[0], &err.ends[0]))
		return false;

	ret = launch_release(&c->job->launch);
	/* One that is dead already is what start_look() will hear of. */
	if (ret && ret != -EPIPE)
		return refuse(&s->error, EXIT_FAILED,
			      "container \"%s\": letting it start: %s",
			      c->name, strerror(-ret));
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
	struct start s = { .supervisor = supervisor, .request = request };
	const char *op = kind == WAIT_RUN ? "run" : "start";
	struct container *c = NULL;

	if (check(&s)) {
		c = make_container(&s);
		if (!c || waiter_add(client, c, kind))
			refuse(&s.error, EXIT_FAILED, "container \"%s\": %s",
			       request->id, strerror(ENOMEM));
		else if (launch(&s, c))
			goto out;
	}
	if (c) {
		end_launch(c);
		/* Without a waiter, for whom there was no memory. */
		if (LIST_EMPTY(&c->waiters))
			client_reply_error(client, op, s.error.exit_code, "%s",
					   s.error.text);
		container_fail(c, s.error.exit_code, s.error.text);
	} else {
		client_reply_error(client, op, s.error.exit_code, "%s",
				   s.error.text);
	}
out:
	request_free(request);
	free(s.rootfs);
	free(s.log_path);
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
	err = logfile_commit(c->log_path, c->log_had_old);
	if (err)
		report(err, "container \"%s\": keeping its earlier log",
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
