// SPDX-License-Identifier: GPL-2.0
/*
 * "engine supervisor": setting up, the loop, taking down. What is not undone
 * here dies with the process; what outlives it is undone in any case: the
 * socket, the lock, containers and their records. But one that leaves its
 * containers to the next undoes nothing at all, as if it had been killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "end.h"
#include "folders.h"
#include "base/lock.h"
#include "neighbours.h"
#include "recover.h"
#include "base/report.h"
#include "shutdown.h"
#include "overlay/folder.h"
#include "supervisor.h"
#include "takeover.h"

/* Report, and the exit code that goes with @err. */
static int told(int err, const char *what, const char *on)
{
	report(err, "%s %s", what, on);
	return err == -EACCES || err == -EPERM ? EXIT_NO_PERMISSION :
						 EXIT_FAILED;
}

static void on_log_news(struct loop_source *source, uint32_t events)
{
	struct supervisor *supervisor = loop_container(
		source, struct supervisor, log_news);
	uint64_t key, lost;
	int error;

	(void)events;
	while (log_pipeline_finished(supervisor->logs, &key, &error, &lost) >
	       0) {
		struct container *c = registry_key(&supervisor->registry, key);

		if (c)
			container_log_done(c, error, lost);
	}
}

static void cleaner_job_back(struct cleaner_job *job)
{
	if (job->owner)
		container_state_removed(job->owner);
	else
		state_swept(job);
}

static void on_cleaner_news(struct loop_source *source, uint32_t events)
{
	struct supervisor *supervisor = loop_container(
		source, struct supervisor, cleaner_news);
	struct cleaner_job *job;

	(void)events;
	while ((job = cleaner_finished(supervisor->cleaner)))
		cleaner_job_back(job);
}

static struct container *container_of_pid(struct supervisor *supervisor,
					  pid_t pid)
{
	struct container *c;

	TAILQ_FOREACH(c, &supervisor->registry.all, link) {
		if (c->pid == pid)
			return c;
	}
	return NULL;
}

/* Dead children, those too that whoever became this program had. */
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
			container_reap(c);
		else if (waitid(P_PID, info.si_pid, &info, WEXITED | WNOHANG) <
			 0)
			return;
	}
}

static void on_signal(struct loop_source *source, uint32_t events)
{
	struct supervisor *supervisor = loop_container(
		source, struct supervisor, signals);
	struct signalfd_siginfo info;

	(void)events;
	while (read(source->fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap(supervisor);
		else
			shutdown_request(supervisor);
	}
}

static int set_up_signals(struct supervisor *supervisor)
{
	sigset_t set;
	int err, fd;

	signal(SIGPIPE, SIG_IGN);
	/* A file that may not be that long is an error like others. */
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	err = -pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (err)
		return err;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return -errno;
	err = loop_add(&supervisor->loop, &supervisor->signals, fd, EPOLLIN,
		       on_signal);
	if (err)
		close(fd);
	return err;
}

static int set_up_kernel(struct supervisor *supervisor)
{
	int err = kernel_check(supervisor);

	if (!err)
		return EXIT_OK;
	report(0, "cannot open the container table: %s", kernel_why(err));
	return kernel_exit_code(err);
}

static int set_up_roots(struct supervisor *supervisor,
			const struct supervisor_options *o)
{
	int code = folders_set_up(supervisor, o);
	const char *what;
	int err = code ? 0 : root_set_up(supervisor, &what);

	return err ? told(err, "finding the file system of", what) : code;
}

/* A default that cannot be kept to is said now, and keeps nobody from starting. */
static void set_up_storage(struct supervisor *supervisor)
{
	struct storage *storage = &supervisor->storage;

	storage_probe(storage, supervisor->roots.state);
	if (!storage->default_bytes || storage->kind != STORAGE_NONE)
		return;
	report(0,
	       "state directory %s: no storage limit: its file system has no project quotas switched on, and there is no %s to make images with",
	       supervisor->roots.state, storage->lacks);
	storage->default_bytes = 0;
}

static int set_up_lock(struct supervisor *supervisor)
{
	const char *run = supervisor->roots.run;
	pid_t holder;
	int fd;

	supervisor->lock_path = path_join(run, LOCK_FILE, "");
	if (!supervisor->lock_path)
		return told(-ENOMEM, "run directory", run);
	fd = lock_take(supervisor->lock_path, &holder);
	if (fd == -EWOULDBLOCK) {
		report(0,
		       "run directory %s: another supervisor, pid %d, serves it",
		       run, holder);
		return EXIT_FAILED;
	}
	if (fd < 0)
		return told(fd, "locking", supervisor->lock_path);
	supervisor->lock_fd = fd;
	return EXIT_OK;
}

/* An earlier supervisor's output is in these files: they are left alone. */
static int refuse_logs(int err, const char *folder)
{
	if (err != -EPROTO && err != -EBADMSG)
		return told(err, "starting the log pipeline in", folder);
	report(0, "log folder %s: %s: it is left alone, with all containers",
	       folder,
	       err == -EPROTO ? "its files are of another version" :
				"its files make no sense");
	return EXIT_FAILED;
}

static int set_up_threads(struct supervisor *supervisor, size_t log_buffer)
{
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
		return refuse_logs(err, dir);
	err = cleaner_create(&supervisor->cleaner);
	if (!err)
		err = loop_add(&supervisor->loop, &supervisor->cleaner_news,
			       cleaner_event_fd(supervisor->cleaner), EPOLLIN,
			       on_cleaner_news);
	if (!err)
		err = state_sweep(supervisor);
	if (err)
		return told(err, "cleaning", supervisor->roots.state);
	return EXIT_OK;
}

static int set_up_socket(struct supervisor *supervisor)
{
	__cleanup_free char *path = path_join(supervisor->roots.run,
					      PROTOCOL_SOCKET, "");
	int err = path ? control_open(supervisor, path) : -ENOMEM;

	return err ? told(err, "listening on", path ? path : "a socket") :
		     EXIT_OK;
}

/* Nobody is to leave for one who then refuses. */
static int make_room(struct supervisor *supervisor)
{
	int code = recover_check(supervisor);

	return code ? code : take_over(supervisor->roots.run);
}

/* A container takes a pidfd, a cgroup, two FIFOs and a log file. */
static void raise_descriptor_limit(struct supervisor *supervisor)
{
	struct rlimit limit;

	container_rlimits_find(&supervisor->rlimits);
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		report(-errno, "raising the limit of open files");
}

static int set_up(struct supervisor *supervisor,
		  const struct supervisor_options *o)
{
	int err, code;

	err = path_open_dir(o->base, &supervisor->base_fd,
			    &supervisor->roots.base);
	if (err)
		return told(err, "base rootfs", o->base);
	if (o->ready_fd >= 0 && fcntl(o->ready_fd, F_SETFD, FD_CLOEXEC) < 0) {
		report(-errno, "ready descriptor %d", o->ready_fd);
		return EXIT_USAGE;
	}
	err = loop_open(&supervisor->loop);
	if (err)
		return told(err, "making", "the event loop");
	code = set_up_kernel(supervisor);
	if (code)
		return code;
	code = set_up_roots(supervisor, o);
	if (!code)
		code = neighbours_check_folders(supervisor);
	if (!code)
		set_up_storage(supervisor);
	if (!code && o->take_over)
		code = make_room(supervisor);
	if (!code)
		code = set_up_lock(supervisor);
	if (!code)
		code = folders_set_up_below(supervisor);
	if (code)
		return code;

	raise_descriptor_limit(supervisor);
	/* Before the pipeline, which takes over what is there. */
	code = recover_check(supervisor);
	if (code)
		return code;
	/* Before threads are made, which get the mask. */
	err = set_up_signals(supervisor);
	if (err)
		return told(err, "setting up", "signals");
	code = set_up_threads(supervisor, o->log_buffer);
	if (code)
		return code;
	err = cgroup_tree_set_up(&supervisor->cgroups, o->cgroup_root);
	if (err)
		return told(err, "setting up", "cgroups");
	code = recover(supervisor);
	return code ? code : set_up_socket(supervisor);
}

/* One of ours, unless something is in it that is not ours to remove. */
static void remove_folder(char *path)
{
	if (path && rmdir(path) < 0 && errno != ENOENT && errno != ENOTEMPTY)
		report(-errno, "removing %s", path);
	free(path);
}

static void take_down(struct supervisor *supervisor)
{
	int fd = supervisor->signals.fd;

	control_close(supervisor);
	if (supervisor->logs)
		log_pipeline_destroy(supervisor->logs);
	remove_folder(supervisor->log_folder);
	if (supervisor->cleaner) {
		/* What could not be removed before may go now. */
		state_sweep(supervisor);
		cleaner_destroy(supervisor->cleaner, cleaner_job_back);
	}
	shutdown_end(supervisor);
	root_take_down(supervisor);
	shutdown_forget(supervisor);
	registry_free(&supervisor->registry);
	cgroup_tree_take_down(&supervisor->cgroups);
	remove_folder(supervisor->run_folders);
	kernel_close(supervisor);
	loop_remove(&supervisor->loop, &supervisor->signals);
	cleanup_close(&fd);
	loop_close(&supervisor->loop);
	if (supervisor->lock_fd >= 0)
		lock_release(supervisor->lock_fd, supervisor->lock_path);
	free(supervisor->lock_path);
	roots_free(&supervisor->roots);
}

static void tell_ready(const struct supervisor *supervisor, int ready_fd)
{
	static const char line[] = "ready\n";

	report(0, "supervisor ready, base %s", supervisor->roots.base);
	if (ready_fd < 0)
		return;
	if (write(ready_fd, line, strlen(line)) < 0)
		report(-errno, "ready descriptor %d", ready_fd);
	close(ready_fd);
}

static int serve(struct supervisor *supervisor)
{
	int err = 0;

	while (!err && !supervisor->leaving && !shutdown_is_done(supervisor))
		err = loop_turn(&supervisor->loop);
	return err ? told(err, "waiting for", "events") : EXIT_OK;
}

int supervisor_run(const struct supervisor_options *options)
{
	struct supervisor supervisor = {
		.log_defaults = options->log,
		.log_give_up_ms = options->log_give_up_ms,
		.storage.default_bytes = options->storage_max,
		.base_fd = -1,
		.lock_fd = -1,
		.loop.epoll_fd = -1,
		.log_news.fd = -1,
		.cleaner_news.fd = -1,
		.signals.fd = -1,
		.patience.fd = -1,
		.patience_fd = -1,
	};
	int code;

	kernel_init(&supervisor.kernel);
	control_init(&supervisor.control);
	if (registry_init(&supervisor.registry))
		return told(-ENOMEM, "making", "the registry");
	code = set_up(&supervisor, options);
	if (!code) {
		tell_ready(&supervisor, options->ready_fd);
		code = serve(&supervisor);
	}
	/* What it has taken over is for the next one, if not for this one. */
	if (code && !TAILQ_EMPTY(&supervisor.registry.all))
		supervisor.leaving = true;
	if (!supervisor.leaving)
		take_down(&supervisor);
	return code;
}
