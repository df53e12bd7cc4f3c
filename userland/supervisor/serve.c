// SPDX-License-Identifier: GPL-2.0
/*
 * "engine supervisor": setting up, the loop, taking down. Taking down removes the things
 * that outlive the process: the socket, the lock, containers and their records. A
 * supervisor that leaves its containers to the next one removes nothing, as if it had
 * been killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "again.h"
#include "base/cleanup.h"
#include "base/lock.h"
#include "base/notify.h"
#include "base/report.h"
#include "end.h"
#include "folders.h"
#include "launch/launch.h"
#include "layer.h"
#include "leftovers.h"
#include "mirror.h"
#include "neighbours.h"
#include "operations.h"
#include "recover.h"
#include "restart_policy.h"
#include "root.h"
#include "serve.h"
#include "shutdown.h"
#include "start.h"
#include "takeover.h"
#include "userns.h"

static void on_log_news(struct loop_source *source)
{
	struct supervisor *supervisor = loop_container(
		source, struct supervisor, log_news);
	uint64_t key, lost;
	int error;

	while (log_pipeline_finished(supervisor->logs, &key, &error, &lost) >
	       0) {
		struct container *c = registry_key(&supervisor->registry, key);

		if (c)
			container_log_done(c, error, lost);
	}
}

static void folder_removed(struct remover_job *job)
{
	if (job->owner)
		container_layer_is_removed(job->owner);
	else
		state_swept(job);
}

static void on_remover_news(struct loop_source *source)
{
	struct supervisor *supervisor = loop_container(
		source, struct supervisor, remover_news);
	struct remover_job *job;

	while ((job = remover_finished(supervisor->layers.remover)))
		folder_removed(job);
}

static struct container *container_of_pid(struct supervisor *supervisor,
					  pid_t pid)
{
	struct container *c;

	TAILQ_FOREACH(c, &supervisor->registry.all, link) {
		if (c->init.pid == pid)
			return c;
	}
	return NULL;
}

/* Reap every dead child, including those inherited across execve(). */
static void reap(struct supervisor *supervisor)
{
	for (;;) {
		siginfo_t info = { 0 };
		struct container *c;

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    !info.si_pid)
			return;
		c = container_of_pid(supervisor, info.si_pid);
		if (c)
			start_look(c);
		else if (waitid(P_PID, info.si_pid, &info, WEXITED | WNOHANG) <
			 0)
			return;
	}
}

static void on_signal(struct loop_source *source)
{
	struct supervisor *supervisor = loop_container(
		source, struct supervisor, signals);
	struct signalfd_siginfo info;

	while (read(source->fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap(supervisor);
		else
			shutdown_request(supervisor);
	}
}

static int set_up_signals(struct supervisor *supervisor,
			  struct failure *failure)
{
	sigset_t set;
	int err, fd;

	signal(SIGPIPE, SIG_IGN);
	/* Without the signal, a file that gets too long is an ordinary error. */
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	err = -pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (!err) {
		fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
		err = fd < 0 ? -errno :
			       loop_add(&supervisor->loop, &supervisor->signals,
					fd, EPOLLIN, on_signal);
	}
	return failed_if(failure, err, "setting up signals");
}

static int set_up_kernel(struct supervisor *supervisor, struct failure *failure)
{
	int ret = kernel_check(&supervisor->kernel, failure);

	if (ret)
		failure_prefix(failure, "cannot open the container table: ");
	return ret;
}

/* A default limit that cannot be enforced is reported once, and then ignored. */
static void set_up_storage(struct supervisor *supervisor)
{
	struct storage *storage = &supervisor->storage;

	storage_probe(storage, supervisor->roots.state);
	if (!storage->default_bytes || storage->kind != STORAGE_NONE)
		return;
	report_warning(
		"state directory %s: no storage limit: its file system has no project quotas enabled, and %s for images is missing",
		supervisor->roots.state, storage->lacks);
	storage->default_bytes = 0;
}

static int set_up_lock(struct supervisor *supervisor, struct failure *failure)
{
	const char *run = supervisor->roots.run;
	pid_t holder;
	int fd = -ENOMEM;

	supervisor->lock_path = path_join(run, LOCK_FILE, "");
	if (supervisor->lock_path)
		fd = lock_take(supervisor->lock_path, &holder);
	if (fd == -EWOULDBLOCK)
		return failed(
			failure, EXIT_FAILED,
			"run directory %s: another supervisor, pid %d, serves it",
			run, holder);
	if (fd < 0)
		return failed_errno(failure, fd, "locking run directory %s",
				    run);
	supervisor->lock_fd = fd;
	return 0;
}

/* These files hold output that an earlier supervisor has read: leave them alone. */
static int refuse_logs(struct failure *failure, int err, const char *folder)
{
	if (err != -EPROTO && err != -EBADMSG)
		return failed_errno(failure, err,
				    "starting the log pipeline in %s", folder);
	return failed(
		failure, EXIT_FAILED,
		"log folder %s: %s: it is left alone, with all containers",
		folder,
		err == -EPROTO ? "its files are of another version" :
				 "its files are damaged");
}

static int set_up_threads(struct supervisor *supervisor, size_t log_buffer,
			  struct failure *failure)
{
	struct state_folders *layers = &supervisor->layers;
	const char *dir = supervisor->log_folder;
	int err = log_pipeline_create(&supervisor->logs, dir, log_buffer);

	if (!err)
		log_pipeline_set_give_up(supervisor->logs,
					 supervisor->log_give_up_ms);
	if (!err)
		err = loop_add(&supervisor->loop, &supervisor->log_news,
			       log_pipeline_event_fd(supervisor->logs), EPOLLIN,
			       on_log_news);
	if (err)
		return refuse_logs(failure, err, dir);
	err = remover_create(&layers->remover);
	if (!err)
		err = loop_add(&supervisor->loop, &supervisor->remover_news,
			       remover_event_fd(layers->remover), EPOLLIN,
			       on_remover_news);
	if (!err)
		err = state_sweep(layers);
	return failed_if(failure, err, "cleaning %s", layers->dir);
}

static int set_up_socket(struct supervisor *supervisor, struct failure *failure)
{
	__cleanup_free char *path = path_join(supervisor->roots.run,
					      PROTOCOL_SOCKET, "");
	int err = path ? control_open(&supervisor->control, path) : -ENOMEM;

	return failed_if(failure, err, "listening on %s",
			 path ? path : "a socket");
}

/* Check that we can take over before asking the running supervisor to leave. */
static int make_room(struct supervisor *supervisor, struct failure *failure)
{
	if (recover_check(supervisor, failure))
		return -1;
	return take_over(supervisor->roots.run, failure);
}

/* Each container needs descriptors for a pidfd, a cgroup, two FIFOs and a log file. */
static void raise_descriptor_limit(struct supervisor *supervisor)
{
	struct rlimit limit;

	container_rlimits_find(&supervisor->rlimits);
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		report_warning_errno(-errno, "raising the limit of open files");
}

/* Set up everything that does not need the lock of the run directory. */
static int look_around(struct supervisor *supervisor,
		       const struct supervisor_options *o,
		       struct failure *failure)
{
	int err = path_open_dir(o->base, &supervisor->base_fd,
				&supervisor->roots.base);

	if (err)
		return failed_errno(failure, err, "base rootfs %s", o->base);
	if (o->ready_fd >= 0 && fcntl(o->ready_fd, F_SETFD, FD_CLOEXEC) < 0) {
		failed_errno(failure, -errno, "ready descriptor %d",
			     o->ready_fd);
		failure->code = EXIT_USAGE;
		return -1;
	}
	err = loop_open(&supervisor->loop);
	if (err)
		return failed_errno(failure, err, "making the event loop");
	if (set_up_kernel(supervisor, failure) ||
	    folders_set_up(supervisor, o, failure) ||
	    root_find_own(supervisor, failure) ||
	    neighbours_check_folders(supervisor, failure))
		return -1;
	set_up_storage(supervisor);
	return o->take_over ? make_room(supervisor, failure) : 0;
}

static int set_up(struct supervisor *supervisor,
		  const struct supervisor_options *o, struct failure *failure)
{
	int err;

	if (look_around(supervisor, o, failure) ||
	    set_up_lock(supervisor, failure) ||
	    folders_set_up_below(supervisor, failure))
		return -1;
	raise_descriptor_limit(supervisor);
	/*
	 * Check before the pipeline takes over the earlier one's files. Block signals
	 * before making threads, which inherit the mask.
	 */
	if (recover_check(supervisor, failure) ||
	    set_up_signals(supervisor, failure) ||
	    set_up_threads(supervisor, o->log_buffer, failure))
		return -1;
	err = cgroup_tree_set_up(&supervisor->cgroups, o->cgroup_root);
	if (err)
		return failed_errno(failure, err, "setting up cgroups");
	if (recover(supervisor, failure))
		return -1;
	err = leftovers_sweep(supervisor);
	if (err)
		return failed_errno(
			failure, err,
			"removing leftovers from state directory %s",
			supervisor->roots.state);
	userns_settle(supervisor);
	restart_at_boot(supervisor);
	return set_up_socket(supervisor, failure);
}

/* Remove one of our folders if it is empty. */
static void remove_folder(char *path)
{
	if (path && rmdir(path) < 0 && errno != ENOENT && errno != ENOTEMPTY)
		report_warning_errno(-errno, "removing %s", path);
	free(path);
}

static void free_roots(struct roots *roots)
{
	free(roots->run);
	free(roots->state);
	free(roots->log);
	free(roots->base);
}

static void take_down(struct supervisor *supervisor)
{
	struct state_folders *layers = &supervisor->layers;
	struct loop *loop = &supervisor->loop;

	control_close(&supervisor->control);
	if (supervisor->logs)
		log_pipeline_destroy(supervisor->logs);
	remove_folder(supervisor->log_folder);
	if (layers->remover) {
		/* Try again to remove folders that could not be removed before. */
		state_sweep(layers);
		remover_destroy(layers->remover, folder_removed);
	}
	loop_close_source(loop, &supervisor->shutdown.patience);
	restarts_clear(&supervisor->restarts);
	root_forget_own(supervisor);
	shutdown_forget(supervisor);
	registry_free(&supervisor->registry);
	cgroup_tree_take_down(&supervisor->cgroups);
	remove_folder(supervisor->run_folders);
	kernel_close(&supervisor->kernel);
	loop_close_source(loop, &supervisor->signals);
	loop_close(loop);
	cleanup_close(&supervisor->state_fd);
	if (supervisor->lock_fd >= 0)
		lock_release(supervisor->lock_fd, supervisor->lock_path);
	free(supervisor->lock_path);
	free_roots(&supervisor->roots);
	free(supervisor->userns_not);
}

static void tell_ready(const struct supervisor *supervisor, int ready_fd)
{
	static const char line[] = "ready\n";
	int err = notify_manager("READY=1");

	if (err)
		report_warning_errno(err, "telling the service manager");
	if (supervisor->userns_not)
		report_info(
			"supervisor ready, base %s; root of its containers is root of the host: %s",
			supervisor->roots.base, supervisor->userns_not->text);
	else
		report_info("supervisor ready, base %s",
			    supervisor->roots.base);
	if (ready_fd < 0)
		return;
	if (write(ready_fd, line, strlen(line)) < 0)
		report_warning_errno(-errno, "ready descriptor %d", ready_fd);
	close(ready_fd);
}

static int serve(struct supervisor *supervisor, struct failure *failure)
{
	int err = 0;

	while (!err && !supervisor->shutdown.leaving &&
	       !shutdown_is_done(supervisor)) {
		err = loop_turn(&supervisor->loop);
		report_catch_up();
	}
	return failed_if(failure, err, "waiting for events");
}

/* Make sure that containers cannot write to this program's file. */
static int protect_program(char *const argv[], struct failure *failure)
{
	const char *lacking = launch_kernel_lacks();
	int err;

	if (lacking)
		return failed(failure, EXIT_FAILED, "this kernel has no %s",
			      lacking);
	err = launch_protect_program(argv);
	return failed_if(failure, err,
			 "protecting the program file from containers");
}

int supervisor_run(const struct supervisor_options *options, char *const argv[],
		   struct failure *failure)
{
	struct supervisor supervisor = {
		.log_defaults = options->log,
		.log_give_up_ms = options->log_give_up_ms,
		.max_requests = options->max_requests,
		.storage.default_bytes = options->storage_max,
		.userns = options->userns,
		.ids = options->ids,
		.base_fd = -1,
		.lock_fd = -1,
		.state_fd = -1,
		.loop.epoll_fd = -1,
		.log_news.fd = -1,
		.remover_news.fd = -1,
		.signals.fd = -1,
		.shutdown.patience.fd = -1,
	};
	int ret;

	/* All containers' output waits for the threads of this program. */
	report_never_wait();
	/* The modes of logs have a meaning, see log/names.h. */
	umask(022);
	if (protect_program(argv, failure))
		return -1;
	kernel_init(&supervisor.kernel, &supervisor.loop, &mirror_ops,
		    &supervisor);
	restarts_init(&supervisor.restarts, &supervisor.loop, again_start);
	control_init(&supervisor.control, &supervisor.loop, &operations_ops,
		     &supervisor);
	if (registry_init(&supervisor.registry))
		return failed_errno(failure, -ENOMEM, "making the registry");
	ret = set_up(&supervisor, options, failure);
	if (!ret) {
		tell_ready(&supervisor, options->ready_fd);
		ret = serve(&supervisor, failure);
	}
	/* If this supervisor cannot serve its containers, leave them to the next one. */
	if (ret && !TAILQ_EMPTY(&supervisor.registry.all))
		supervisor.shutdown.leaving = true;
	if (!supervisor.shutdown.leaving)
		take_down(&supervisor);
	return ret;
}
