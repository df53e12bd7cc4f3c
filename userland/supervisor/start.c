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
#include "base/cleanup.h"
#include "end.h"
#include "job.h"
#include "log/names.h"
#include "neighbours.h"
#include "base/report.h"
#include "rundir.h"
#include "start.h"
#include "overlay/folder.h"
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
	c->log = a->log;
	c->log_key = a->log_key;
	c->log_path = a->log_path;
	a->log_path = NULL;
	c->token = a->request->token;
	a->request->token = NULL;
	c->overlay = !a->request->rootfs;
	c->root = a->root;
	a->root = (struct place){ 0 };
	c->warning = a->warning;
	a->warning = NULL;
	c->run_path = path_join(supervisor->run_folders, c->name, "");
	if (c->overlay)
		c->state_path = path_join(supervisor->roots.state, c->name, "");
	if (!c->run_path || (c->overlay && !c->state_path) ||
	    registry_add(&supervisor->registry, c)) {
		container_free(c);
		return NULL;
	}
	return c;
}

/*
 * One of that name that is in no table may live on, see recover.c: nothing of it
 * is to be touched.
 */
static bool check_leftover(struct admission *a, struct container *c)
{
	const struct cgroup_tree *tree = &c->supervisor->cgroups;
	int err = cgroup_place(&c->cgroup, tree, c->name);

	if (!err && c->cgroup.path)
		err = cgroup_wait_left(c->cgroup.path);
	if (err == -EBUSY)
		return refuse(
			&a->error, EXIT_FAILED,
			"container \"%s\": its cgroup %s is left over from an earlier one and has processes in it",
			c->name, c->cgroup.path);
	if (!err)
		err = rundir_wait_unused(c->run_path, LEFTOVER_MS);
	if (err)
		return refuse(
			&a->error, EXIT_FAILED,
			"container \"%s\": %s is left over from an earlier one%s%s",
			c->name, c->run_path,
			err == -EBUSY ? " that lives" : ": ",
			err == -EBUSY ? "" : strerror(-err));
	return true;
}

/* The journal comes before all that it speaks of. */
static bool make_run_folder(struct admission *a, struct container *c)
{
	const char *path = c->run_path;
	int err = rundir_make(path, c->log_path);

	c->run_made = !err;
	if (!err && c->state_path)
		err = rundir_note(path, RUNDIR_STATE, c->state_path);
	if (!err && c->cgroup.path)
		err = rundir_note(path, RUNDIR_CGROUP, c->cgroup.path);
	if (err)
		return refuse(&a->error, EXIT_FAILED,
			      "container \"%s\": making %s: %s", c->name, path,
			      strerror(-err));
	return true;
}

static bool make_cgroup(struct admission *a, struct container *c)
{
	int err = cgroup_make(&c->cgroup, &c->supervisor->cgroups);

	if (err)
		return refuse(&a->error, EXIT_FAILED,
			      "container \"%s\": making its cgroup %s: %s",
			      c->name, c->cgroup.path, strerror(-err));
	return true;
}

/* Before its first process is born there. */
static bool set_wall(struct admission *a, struct container *c)
{
	const struct wall_choice *choice = &a->request->wall;
	struct wall wall = wall_choose(choice, a->request->hard_limit);
	const char *file;
	int err = wall_set(c->cgroup.fd, &wall, choice, &file);

	if (!err && a->request->cpus)
		err = wall_set_cpus(c->cgroup.fd, a->request->cpus, &file);
	if (err == -ENOENT)
		return refuse(
			&a->error, EXIT_FAILED,
			"container \"%s\": there is no %s to set; the supervisor said why when it started",
			c->name, file);
	if (err)
		return refuse(
			&a->error, EXIT_FAILED,
			"container \"%s\": setting %s of its cgroup %s: %s",
			c->name, file, c->cgroup.path, strerror(-err));
	return true;
}

/* What it may write, 0 for no bound. */
static uint64_t storage_bytes(const struct admission *a,
			      const struct container *c)
{
	const struct storage_choice *choice = &a->request->storage;

	if (!c->overlay)
		return 0;
	return choice->chosen ? choice->bytes :
				c->supervisor->storage.default_bytes;
}

static bool make_state(struct admission *a, struct container *c)
{
	struct storage *storage = &c->supervisor->storage;
	uint64_t bytes = storage_bytes(a, c);
	int err;

	if (bytes && storage->kind == STORAGE_NONE)
		return refuse(
			&a->error, EXIT_FAILED,
			"container \"%s\": no storage limit can be kept to: the file system of %s has no project quotas switched on, and there is no %s to make an image with",
			c->name, c->supervisor->roots.state, storage->lacks);
	err = c->overlay ? state_make(c->supervisor, c->state_path) : 0;
	if (err)
		return refuse(&a->error, EXIT_FAILED,
			      "container \"%s\": making %s: %s", c->name,
			      c->state_path, strerror(-err));
	c->state_made = c->overlay;
	if (bytes && storage->kind == STORAGE_QUOTA)
		err = storage_bound(storage, c->state_path, bytes);
	if (err)
		return refuse(&a->error, EXIT_FAILED,
			      "container \"%s\": setting the quota of %s: %s",
			      c->name, c->state_path, strerror(-err));
	return true;
}

static bool prepare(struct admission *a, struct container *c)
{
	/* The request is the job's afterwards. */
	const uint64_t image_bytes = storage_bytes(a, c);

	if (!check_leftover(a, c) || !make_run_folder(a, c) ||
	    !make_state(a, c) || !make_cgroup(a, c) || !set_wall(a, c))
		return false;
	c->job = job_new(a->request, c->rootfs, a->root_fd, c->state_path,
			 c->cgroup.fd);
	if (!c->job)
		return refuse(&a->error, EXIT_FAILED, "container \"%s\": %s",
			      c->name, strerror(ENOMEM));
	c->job->spec.rlimits = c->supervisor->rlimits.limits;
	c->job->spec.n_rlimits = c->supervisor->rlimits.n;
	if (c->supervisor->storage.kind == STORAGE_IMAGE)
		c->job->spec.image_bytes = image_bytes;
	return true;
}

/* struct output - the FIFOs of a container, opened for each who needs them */
struct output {
	int child[LOG_N_STREAMS]; /* read-write: it is never without a reader */
	int reader[LOG_N_STREAMS]; /* the log pipeline's */
	int kept[LOG_N_STREAMS];   /* the kernel's, beyond the end of both */
};

static const struct output no_output = {
	.child = { -1, -1 },
	.reader = { -1, -1 },
	.kept = { -1, -1 },
};

static void close_output(struct output *output)
{
	for (int i = 0; i < LOG_N_STREAMS; i++) {
		cleanup_close(&output->child[i]);
		cleanup_close(&output->reader[i]);
		cleanup_close(&output->kept[i]);
	}
}

static bool open_output(struct admission *a, struct container *c,
			struct output *output)
{
	int err;

	if (!c->log_path)
		return true;
	err = rundir_open(c->run_path, O_RDWR, output->child);
	if (!err)
		err = rundir_open(c->run_path, O_RDONLY | O_NONBLOCK,
				  output->reader);
	if (!err)
		err = rundir_open(c->run_path, O_RDONLY | O_NONBLOCK,
				  output->kept);
	if (err)
		return refuse(
			&a->error, EXIT_FAILED,
			"container \"%s\": opening the FIFOs of its output: %s",
			c->name, strerror(-err));
	return true;
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

static bool begin(struct admission *a, struct container *c,
		  const struct output *output)
{
	/* Without a log there are none: its own null device, as stdin is. */
	const int stdio[] = {
		-1,
		output->child[LOG_STDOUT],
		output->child[LOG_STDERR],
	};
	struct launch *launch = &c->job->launch;
	struct loop *loop = &c->supervisor->loop;
	int err;

	err = launch_begin(launch, &c->job->spec, stdio, &a->error);
	if (err)
		return false;
	c->job->begun = true;
	err = container_watch(c, launch->pidfd);
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

static bool enter_in_table(struct admission *a, struct container *c,
			   const struct output *output)
{
	struct kernel *kernel = &c->supervisor->kernel;
	const int fifos[] = {
		output->kept[LOG_STDOUT],
		output->kept[LOG_STDERR],
		log_pipeline_keep_fd(c->supervisor->logs),
	};
	struct purser_registration registration = {
		.name = c->name,
		.pid = c->pid,
		.pidfd = &c->pidfd.fd,
		.soft_limit = c->job->request.soft_limit,
		.hard_limit = c->job->request.hard_limit,
		.cookie = a->cookie,
		.cookie_len = a->cookie_len,
		.fifos = fifos,
		.n_fifos = c->log_path ? sizeof(fifos) / sizeof(fifos[0]) : 0,
	};
	struct purser_ref ref = { 0 };
	int err;

	err = purser_register(kernel->commands, &registration, &ref.id);
	/* One that is dead already has said why. */
	if (err == -ESRCH && launch_result(&c->job->launch, &a->error) < 0)
		return false;
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
	/* That of another supervisor may have come into the table meanwhile. */
	return neighbours_admit(a, &c->root, ref.id);
}

static bool open_log(struct admission *a, struct container *c,
		     struct output *output)
{
	struct log_source_spec spec = {
		.path = c->log_path,
		.settings = c->log,
	};
	int ret;

	if (!c->log_path)
		return true;
	memcpy(spec.fds, output->reader, sizeof(spec.fds));
	ret = logfile_claim(c->log_path, &c->log_had_old);
	c->log_claimed = !ret;
	if (!ret)
		ret = log_pipeline_add(c->supervisor->logs, c->log_key, &spec);
	if (ret)
		return refuse(&a->error, EXIT_FAILED,
			      "container \"%s\": opening its log %s: %s",
			      c->name, c->log_path, strerror(-ret));
	c->log_open = true;
	/* They are the pipeline's now. */
	for (int i = 0; i < LOG_N_STREAMS; i++)
		output->reader[i] = -1;
	return true;
}

static bool launch(struct admission *a, struct container *c)
{
	struct output output __attribute__((cleanup(close_output))) = no_output;
	int ret;

	if (!prepare(a, c) || !open_output(a, c, &output) ||
	    !begin(a, c, &output) || !enter_in_table(a, c, &output) ||
	    !open_log(a, c, &output))
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
	struct admission a = {
		.supervisor = supervisor,
		.request = request,
		.root_fd = -1,
	};
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
			client_reply_error(client, op, a.error.code, "%s",
					   a.error.text);
		container_fail(c, a.error.code, a.error.text);
	} else {
		client_reply_error(client, op, a.error.code, "%s",
				   a.error.text);
	}
out:
	request_free(request);
	admission_free(&a);
}

/* It runs its command: what it takes the place of is forgotten now. */
static void started(struct container *c)
{
	int err;

	c->phase = PHASE_LIVE;
	if (c->replaces)
		container_forget(c->replaces);
	err = c->log_path ? logfile_trim(c->log_path, c->log.max_files) : 0;
	if (err)
		report(err, "container \"%s\": removing its oldest logs",
		       c->name);
	waiters_started(c);
	container_advance(c);
}

void start_look(struct container *c)
{
	struct failure error;
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
		container_fail(c, error.code, error.text);
}
