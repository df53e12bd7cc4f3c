// SPDX-License-Identifier: GPL-2.0
/* Starting a container, from the request to execve(); see start.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "admission.h"
#include "base/array.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "container_cgroup.h"
#include "container_kept.h"
#include "container_log.h"
#include "end.h"
#include "etc_files.h"
#include "ids.h"
#include "job.h"
#include "layer.h"
#include "neighbours.h"
#include "restart_policy.h"
#include "run_folder.h"
#include "start.h"
#include "userns.h"

/* struct output - the FIFOs of a container, opened once for each user */
struct output {
	int child[LOG_N_STREAMS]; /* read-write, so that there is always a reader */
	int reader[LOG_N_STREAMS]; /* for the log pipeline */
	int kept[LOG_N_STREAMS]; /* for the kernel, until the log is complete */
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

static int open_output(struct container *c, struct output *output,
		       struct failure *failure)
{
	const char *path = c->run_folder;
	int err;

	if (!c->log.path)
		return 0;
	err = run_folder_open(path, O_RDWR, output->child);
	if (!err)
		err = run_folder_open(path, O_RDONLY | O_NONBLOCK,
				      output->reader);
	if (!err)
		err = run_folder_open(path, O_RDONLY | O_NONBLOCK,
				      output->kept);
	return failed_if(failure, err, "opening the FIFOs of its output");
}

/*
 * A live container of that name may exist without a record, see orphan.c. Then leave its
 * things alone, and refuse the start.
 */
static int check_leftover(struct container *c, struct failure *failure)
{
	__cleanup_free char *path = run_folder_path(c->supervisor, c->name);
	int err = path ? cgroup_place(&c->cgroup, &c->supervisor->cgroups,
				      c->name) :
			 -ENOMEM;

	if (!err && c->cgroup.path)
		err = cgroup_wait_left(c->cgroup.path);
	if (err == -EBUSY)
		return failed(
			failure, EXIT_FAILED,
			"its cgroup %s belongs to an earlier container and has processes in it",
			c->cgroup.path);
	if (!err)
		err = run_folder_wait_unused(path, LEFTOVER_MS);
	if (err == -EBUSY)
		return failed(
			failure, EXIT_FAILED,
			"%s belongs to an earlier container that is alive",
			path);
	return failed_if(failure, err, "looking for an earlier container");
}

/* The size limit of its writable layer; 0: none. */
static uint64_t storage_bytes(const struct container *c,
			      const struct start_request *request)
{
	if (request->rootfs)
		return 0;
	return request->storage.chosen ? request->storage.bytes :
					 c->supervisor->storage.default_bytes;
}

/* Make the container's things on the host, and describe the launch. */
static int prepare(struct admission *a, struct failure *failure)
{
	const struct start_request *request = a->request;
	struct container *c = a->c;
	struct supervisor *supervisor = c->supervisor;
	const uint64_t bytes = storage_bytes(c, request);
	__cleanup_free char *layer = NULL;
	char hostname[HOST_NAME_MAX + 1];

	if (check_leftover(c, failure))
		return -1;
	if (!request->rootfs) {
		layer = layer_path(supervisor, c->name);
		if (!layer)
			return failed_errno(failure, -ENOMEM, "its layer");
	}
	if (container_make_run_folder(c, layer, failure) ||
	    (layer && container_make_layer(c, layer, bytes, failure)) ||
	    container_make_cgroup(c, request, failure) ||
	    etc_files_add(&a->mounts, c->run_folder, request,
			  request_hostname(request, hostname), c->ids.first,
			  failure))
		return -1;
	c->job = job_new(a->request, c->command.strings, c->root.path,
			 a->root.fd, c->layer.path, c->cgroup.fd, &a->mounts,
			 failure);
	if (!c->job)
		return -1;
	job_set_limits(c->job, &supervisor->rlimits);
	if (a->userns >= 0)
		job_set_userns(c->job, a->userns, c->ids.first);
	if (supervisor->storage.kind == STORAGE_IMAGE)
		c->job->image_bytes = bytes;
	return 0;
}

/* Put the container's name in front of a failure; returns @ret. */
static int of_container(const struct container *c, struct failure *failure,
			int ret)
{
	if (ret)
		failure_prefix(failure, "container \"%s\": ", c->name);
	return ret;
}

static void on_sync(struct loop_source *source);

static void on_pidfd(struct loop_source *source)
{
	start_look(loop_container(source, struct container, init.pidfd));
}

/* Kill a child that cannot be watched. */
static void discard_child(struct launch *launch)
{
	siginfo_t info;

	pidfd_send_signal(launch->pidfd, SIGKILL, NULL, 0);
	while (waitid(P_PIDFD, launch->pidfd, &info, WEXITED) < 0 &&
	       errno == EINTR)
		;
	close(launch->pidfd);
}

static int watch_child(struct container *c, struct failure *failure)
{
	struct launch *launch = &c->job->launch;
	int err = container_watch(c, launch->pidfd, on_pidfd);

	if (err) {
		discard_child(launch);
	} else {
		c->init.pid = launch->pid;
		err = loop_add(&c->supervisor->loop, &c->sync, launch->sync_fd,
			       EPOLLIN, on_sync);
	}
	return failed_if(failure, err, "watching its init");
}

/*
 * Whether the launch says why its process has exited. The kernel refuses an exiting
 * process a moment before the process closes its end of the launch's socket.
 */
static bool has_failed(struct launch *launch, struct failure *failure)
{
	struct pollfd p = { .fd = launch->sync_fd, .events = POLLIN };

	while (poll(&p, 1, LEFTOVER_MS) < 0 && errno == EINTR)
		;
	return launch_result(launch, failure) < 0;
}

static int register_init(struct admission *a, const struct output *output,
			 struct failure *failure)
{
	struct container *c = a->c;
	struct kernel *kernel = &c->supervisor->kernel;
	const int fifos[] = {
		output->kept[LOG_STDOUT],
		output->kept[LOG_STDERR],
		log_pipeline_keep_fd(c->supervisor->logs),
	};
	struct purser_registration registration = {
		.name = c->name,
		.pid = c->init.pid,
		.pidfd = &c->init.pidfd.fd,
		.soft_limit = c->job->request.soft_limit,
		.hard_limit = c->job->request.hard_limit,
		.cookie = a->cookie,
		.cookie_len = a->cookie_len,
		.fifos = fifos,
		.n_fifos = c->log.path ? ARRAY_SIZE(fifos) : 0,
	};
	struct purser_ref ref = { 0 };
	int err = purser_register(kernel->commands, &registration, &ref.id);

	if (err == -ESRCH && has_failed(&c->job->launch, failure))
		return -1;
	if (err)
		return of_container(
			c, failure,
			kernel_failed(kernel, err, failure,
				      "registering it in the kernel"));
	err = registry_set_id(&c->supervisor->registry, c, ref.id);
	if (err) {
		purser_unregister(kernel->commands, &ref);
		return failed_errno(failure, err, "container \"%s\"", c->name);
	}
	return 0;
}

/* Another supervisor may have registered a container meanwhile. */
static int check_neighbours(const struct admission *a, struct failure *failure)
{
	const struct container *c = a->c;
	const char *wanted = c->job->request.rootfs;
	struct root root = a->root;

	if (wanted)
		root.place = c->root.place;
	return neighbours_check(c->supervisor, &root, wanted, !wanted, c->id,
				failure);
}

static int open_log(struct container *c, struct output *output,
		    struct failure *failure)
{
	if (!c->log.path)
		return 0;
	if (container_open_log(c, output->reader, failure))
		return of_container(c, failure, -1);
	/* They belong to the pipeline now. */
	for (int i = 0; i < LOG_N_STREAMS; i++)
		output->reader[i] = -1;
	return 0;
}

/*
 * Open a pipe for reading and writing: a reader never sees its end, whether this
 * supervisor lives or not. Returns a descriptor or a negative errno.
 */
static int endless_pipe(void)
{
	char path[sizeof("/proc/self/fd/") + 12];
	int ends[2], fd;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	fd = file_open(AT_FDCWD, path, O_RDWR);
	close(ends[0]);
	close(ends[1]);
	return fd;
}

static int begin(const struct admission *a, const struct output *output,
		 struct failure *failure)
{
	struct container *c = a->c;
	int input __cleanup_close = -1;
	/* -1, as in all three without a log: the container's own null device. */
	int stdio[] = {
		a->input,
		output->child[LOG_STDOUT],
		output->child[LOG_STDERR],
	};

	if (c->job->request.open_stdin) {
		input = endless_pipe();
		if (input < 0)
			return failed_errno(
				failure, input,
				"container \"%s\": making its stdin", c->name);
		stdio[0] = input;
	}
	userns_give_input(c, stdio[0]);
	if (job_begin(c->job, stdio, failure))
		return -1;
	return of_container(c, failure, watch_child(c, failure));
}

static int launch(struct admission *a, struct failure *failure)
{
	struct output output __attribute__((cleanup(close_output))) = no_output;
	struct container *c = a->c;
	int err;

	container_stage_request(c, a->request);
	if (of_container(c, failure, prepare(a, failure)) ||
	    of_container(c, failure, open_output(c, &output, failure)) ||
	    begin(a, &output, failure) || register_init(a, &output, failure) ||
	    check_neighbours(a, failure) || ids_check(c, failure) ||
	    open_log(c, &output, failure))
		return -1;
	err = launch_release(&c->job->launch);
	/* -EPIPE: it is dead already, which start_look() handles. */
	if (err && err != -EPIPE)
		return failed_errno(failure, err,
				    "container \"%s\": letting it start",
				    c->name);
	return 0;
}

/* Free everything that only the launch needed. */
static void end_launch(struct container *c)
{
	loop_remove(&c->supervisor->loop, &c->sync);
	job_free(c->job);
	c->job = NULL;
}

/* Its command runs: forget the ended container that it replaces. */
static void started(struct container *c)
{
	c->phase = PHASE_LIVE;
	container_keep_request(c);
	if (!c->again.by_policy)
		restarts_cancel(&c->supervisor->restarts, c->name);
	if (c->replaces) {
		c->log.trimmed = c->replaces->log.trimmed;
		container_forget(c->replaces);
	}
	container_trim_log(c);
	waiters_started(c);
	container_advance(c);
}

static void take_news(struct container *c)
{
	struct failure failure;
	int ret = c->job ? launch_result(&c->job->launch, &failure) : 0;

	if (!ret)
		return;
	end_launch(c);
	if (ret > 0)
		started(c);
	else
		container_fail(c, &failure);
}

static void on_sync(struct loop_source *source)
{
	take_news(loop_container(source, struct container, sync));
}

void start_look(struct container *c)
{
	/* This does not free @c, because init is not reaped yet. */
	take_news(c);
	container_reap(c);
}

/* What the request says about the time after its end. */
static struct container_again start_again(const struct start_cause *cause,
					  const struct start_request *request)
{
	return (struct container_again){
		.policy = request->restart.policy,
		.max = request->restart.max,
		.restarts = cause->restarts,
		.by_policy = cause->by_policy,
		.auto_remove = request->auto_remove,
		.keep = request->keep,
		.stop = request->stop,
	};
}

/* Add it to the registry. From here on container_fail() undoes the start. */
static int enter(struct admission *a)
{
	struct container *c = a->c;
	int err;

	if (a->request->rootfs) {
		c->root.place = a->root.place;
		a->root.place = (struct place){ 0 };
	}
	err = registry_add(&c->supervisor->registry, c);
	if (!err && c->replaces)
		waiters_move(c->replaces, c);
	return err;
}

/* Answer a start that has left nothing to undo. */
static void refuse(struct supervisor *supervisor,
		   const struct start_cause *cause,
		   const struct start_request *request,
		   const struct failure *failure)
{
	const struct container_again again = start_again(cause, request);
	struct container *old = registry_name(&supervisor->registry,
					      request->id);

	/* If that was for engine restart, the container stays ended. */
	request_note_restarting(supervisor, request->id, false);
	if (cause->client)
		client_reply_failure(cause->client,
				     waiter_operation(cause->kind), failure);
	else if (again.by_policy)
		restart_failed(supervisor, request->id, &again, failure);
	else if (!old || !waiters_refuse(old, failure))
		report_failure(failure);
}

static int add_waiter(struct container *c, const struct start_cause *cause)
{
	return cause->client ? waiter_add(cause->client, c, cause->kind) : 0;
}

void start_container(struct supervisor *supervisor,
		     const struct start_cause *cause,
		     struct start_request *request)
{
	struct container *c = container_new(supervisor, request->id);
	struct admission a = {
		.c = c,
		.request = request,
		.input = cause->input,
		.root.fd = -1,
		.userns = -1,
	};
	struct failure failure;
	bool waits = false, entered = false;
	int ret;

	failed_errno(&failure, -ENOMEM, "container \"%s\"", request->id);
	if (c)
		c->again = start_again(cause, request);
	ret = c && !admit(&a, &failure) ?
		      userns_choose(&a, cause->client, &failure) :
		      -1;
	if (!ret) {
		entered = !enter(&a);
		waits = entered && !add_waiter(c, cause);
		if (!waits)
			ret = failed_errno(&failure, -ENOMEM,
					   "container \"%s\"", request->id);
	}
	if (!ret)
		ret = launch(&a, &failure);
	if (ret && !waits)
		refuse(supervisor, cause, request, &failure);
	if (ret && entered) {
		end_launch(c);
		container_fail(c, &failure);
	} else if (ret && c) {
		container_free(c);
	}
	request_free(request);
	admission_free(&a);
}
