// SPDX-License-Identifier: GPL-2.0
/* The end of a container, step by step; see end.h. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "end.h"
#include "log/pipeline.h"
#include "log/names.h"
#include "base/report.h"
#include "rundir.h"
#include "start.h"
#include "overlay/folder.h"
#include "supervisor.h"

void container_mirror(struct container *c,
		      const struct purser_container *record)
{
	/* An end stands, even where older news come in after it. */
	if (c->final)
		return;
	outcome_from_record(&c->now, record);
	if (record->state != PURSER_STATE_EXITED) {
		c->live_state = record->state;
		return;
	}
	c->final = true;
	container_advance(c);
}

/* Forgotten by the kernel, or with the whole table when the module went. */
static bool record_is_gone(int err)
{
	return err == -ENOENT || err == -ENODEV;
}

/* Drop the kernel's record of something that is dead. */
static void drop_record(struct container *c, uint64_t id)
{
	struct kernel *kernel = &c->supervisor->kernel;
	struct purser_ref ref = { .id = id };
	int err;

	if (!id || !kernel->commands)
		return;
	err = purser_unregister(kernel->commands, &ref);
	if (err && !record_is_gone(err))
		report(0, "container \"%s\": dropping its record: %s", c->name,
		       purser_last_error(kernel->commands));
}

static void container_remove(struct container *c)
{
	registry_remove(&c->supervisor->registry, c);
	container_free(c);
}

void container_forget(struct container *c)
{
	drop_record(c, c->id);
	container_remove(c);
}

void container_record_gone(struct container *c)
{
	if (c->phase == PHASE_ENDED) {
		container_remove(c);
		return;
	}
	registry_set_id(&c->supervisor->registry, c, 0);
	c->unregistered = true;
	container_advance(c);
}

/* The kernel settled the outcome before init could be reaped: read it. */
static void read_record(struct container *c)
{
	struct kernel *kernel = &c->supervisor->kernel;
	struct purser_container record;
	struct purser_ref ref = { .id = c->id };
	int err;

	if (!c->id || c->final)
		return;
	err = purser_get(kernel->commands, &ref, &record);
	if (!err) {
		container_mirror(c, &record);
	} else if (record_is_gone(err)) {
		container_record_gone(c);
	} else {
		report(0, "container \"%s\": reading its record: %s", c->name,
		       purser_last_error(kernel->commands));
		kernel_look_again(c->supervisor);
	}
}

static void on_pidfd(struct loop_source *source, uint32_t events)
{
	(void)events;
	container_reap(loop_container(source, struct container, pidfd));
}

int container_watch(struct container *c, int pidfd)
{
	return loop_add(&c->supervisor->loop, &c->pidfd, pidfd, EPOLLIN,
			on_pidfd);
}

/*
 * Whether its init is dead. One that was adopted is another's child, who will reap
 * it; but for a supervisor that is itself init and got it as an orphan.
 */
static bool take_status(const struct container *c, siginfo_t *info)
{
	struct pollfd p = { .fd = c->pidfd.fd, .events = POLLIN };

	if (!waitid(P_PIDFD, c->pidfd.fd, info, WEXITED | WNOHANG))
		return info->si_pid;
	if (c->adopted)
		return poll(&p, 1, 0) > 0;
	/* There is no child any more, which is an end too. */
	report(-errno, "container \"%s\": reaping its init", c->name);
	return true;
}

void container_reap(struct container *c)
{
	siginfo_t info = { 0 };
	int fd = c->pidfd.fd;

	if (!c->pid)
		return;
	/* The news of the launch come before those of the end. */
	if (c->phase == PHASE_LAUNCHING)
		start_look(c);
	if (!take_status(c, &info))
		return;

	c->pid = 0;
	c->wait_code = info.si_code;
	c->wait_status = info.si_status;
	loop_remove(&c->supervisor->loop, &c->pidfd);
	close(fd);
	/* Its namespace died with it: nobody inside will write any more. */
	if (c->log_open) {
		int err = log_pipeline_finish(c->supervisor->logs, c->log_key);

		if (err)
			report(err, "container \"%s\": finishing its log",
			       c->name);
	}
	/* container_advance() is not to make the end before the return. */
	c->reaping = true;
	read_record(c);
	c->reaping = false;
	container_advance(c);
}

void container_log_done(struct container *c, int error, uint64_t lost)
{
	c->log_error = error;
	c->log_lost = lost;
	/* The pipeline has said what was lost. */
	if (error && !lost)
		report(error, "container \"%s\": writing its log %s", c->name,
		       c->log_path);
	c->log_open = false;
	container_advance(c);
}

void container_state_removed(struct container *c)
{
	if (c->cleaning.error) {
		report(c->cleaning.error, "container \"%s\": removing %s",
		       c->name, c->state_path);
		state_put_aside(c->supervisor, c->state_path);
	}
	c->cleaning.under_way = false;
	c->state_made = false;
	container_advance(c);
}

/*
 * What it has written may be any number of files, and no end waits for them. Only
 * a folder that cannot be renamed, as where the disk has no room for one more name,
 * is waited for: false is returned, and container_state_removed() comes.
 */
static bool remove_state(struct container *c)
{
	if (c->cleaning.under_way)
		return false;
	if (!state_remove_later(c->supervisor, c->state_path)) {
		c->state_made = false;
		return true;
	}
	c->cleaning.owner = c;
	c->cleaning.path = c->state_path;
	c->cleaning.under_way = true;
	cleaner_submit(c->supervisor->cleaner, &c->cleaning);
	return false;
}

static void on_cgroup(struct loop_source *source, uint32_t events)
{
	(void)events;
	container_advance(
		loop_container(source, struct container, cgroup.events));
}

/* Returns false where it has yet to become empty; then on_cgroup() comes. */
static bool remove_cgroup(struct container *c)
{
	int err = cgroup_remove(&c->cgroup, &c->supervisor->loop, on_cgroup);

	if (err && err != -EINPROGRESS)
		report(err, "container \"%s\": removing its cgroup %s", c->name,
		       c->cgroup.path);
	return err != -EINPROGRESS;
}

static void remove_run_folder(struct container *c)
{
	int err = c->run_made ? rundir_remove(c->run_path) : 0;

	if (err)
		report(err, "container \"%s\": removing %s", c->name,
		       c->run_path);
	c->run_made = false;
}

/* All that a start made is gone but its record and its log. */
static void undone(struct container *c)
{
	int err;

	drop_record(c, c->id);
	if (c->log_claimed) {
		err = logfile_undo(c->log_path, c->log_had_old);
		if (err)
			report(err, "container \"%s\": removing its log %s",
			       c->name, c->log_path);
	}
	waiters_failed(c);
	container_remove(c);
}

/* Its log has all that was in them. */
static void release_fifos(struct container *c)
{
	struct kernel *kernel = &c->supervisor->kernel;
	struct purser_ref ref = { .id = c->id };
	int err;

	if (!c->id || !c->log_path || !kernel->commands)
		return;
	err = purser_release_fifos(kernel->commands, &ref);
	if (err && !record_is_gone(err))
		report(0,
		       "container \"%s\": having the kernel close its FIFOs: %s",
		       c->name, purser_last_error(kernel->commands));
}

static void ended(struct container *c)
{
	release_fifos(c);
	c->phase = PHASE_ENDED;
	c->supervisor->registry.n_unfinished--;
	/* Its files are closed: a client that was put off may be let in. */
	control_resume(c->supervisor);
	waiters_ended(c);
	/* One that the kernel does not know would be in no table. */
	if (c->unregistered)
		container_remove(c);
}

void container_advance(struct container *c)
{
	if (c->phase == PHASE_LAUNCHING || c->phase == PHASE_ENDED)
		return;
	if (c->pid || c->reaping)
		return;
	if (c->phase == PHASE_LIVE && !c->final && !c->unregistered)
		return;
	/* First: whoever is left in it may hold its log open. */
	if (!remove_cgroup(c) || c->log_open)
		return;
	if (c->state_made && !remove_state(c))
		return;
	/* Of all that it spoke of nothing is left. */
	remove_run_folder(c);
	if (c->phase == PHASE_FAILED) {
		undone(c);
		return;
	}
	if (!c->final)
		outcome_from_wait(&c->now, c->wait_code, c->wait_status);
	ended(c);
}

void container_kill(struct container *c)
{
	if (!c->pid)
		return;
	if (pidfd_send_signal(c->pidfd.fd, SIGKILL, NULL, 0) < 0 &&
	    errno != ESRCH)
		report(-errno, "container \"%s\": killing it", c->name);
}

void container_fail(struct container *c, int code, const char *text)
{
	c->phase = PHASE_FAILED;
	c->failure_code = code;
	c->failure = strdup(text);
	container_advance(c);
}
