// SPDX-License-Identifier: GPL-2.0
/* The end of a container, step by step; see end.h. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/report.h"
#include "container_cgroup.h"
#include "container_kept.h"
#include "container_log.h"
#include "end.h"
#include "layer.h"
#include "restart_policy.h"
#include "run_folder.h"
#include "supervisor.h"
#include "waiter.h"

/* Do not change a final record: a record that was read earlier may arrive after it. */
static void note_record(struct container *c,
			const struct purser_container *record)
{
	if (container_is_final(c))
		return;
	outcome_from_record(&c->now, record);
	if (!container_is_final(c))
		c->live_state = record->state;
}

void container_mirror(struct container *c,
		      const struct purser_container *record)
{
	note_record(c, record);
	if (container_is_final(c))
		container_advance(c);
}

/* Remove the kernel's record of a dead container. */
static void drop_record(struct container *c)
{
	struct purser *commands = c->supervisor->kernel.commands;
	struct purser_ref ref = { .id = c->id };
	int err = c->id && commands ? purser_unregister(commands, &ref) : 0;

	if (err && !kernel_forgot(err))
		container_warning(c, 0, "dropping its record: %s",
				  purser_last_error(commands));
}

static void container_remove(struct container *c)
{
	struct failure gone;

	/* A container that replaces it has taken over those who wait for that. */
	failed(&gone, EXIT_FAILED, "container \"%s\" was removed meanwhile",
	       c->name);
	waiters_refuse(c, &gone);
	registry_remove(&c->supervisor->registry, c);
	container_free(c);
}

void container_forget(struct container *c)
{
	drop_record(c);
	container_remove(c);
}

void container_discard(struct container *c)
{
	restarts_cancel(&c->supervisor->restarts, c->name);
	container_forget_request(c);
	layer_forget_kept(c->supervisor, c->name);
	container_remove_log(c->supervisor, c->name, !c->log.trimmed);
	container_forget(c);
}

void container_record_gone(struct container *c)
{
	if (c->phase == PHASE_ENDED) {
		restarts_cancel(&c->supervisor->restarts, c->name);
		container_remove(c);
		return;
	}
	registry_set_id(&c->supervisor->registry, c, 0);
	container_advance(c);
}

/* Read the kernel's record. It has the outcome before init can be reaped. */
static void read_record(struct container *c)
{
	struct kernel *kernel = &c->supervisor->kernel;
	struct purser_container record;
	struct purser_ref ref = { .id = c->id };
	int err;

	if (!c->id || container_is_final(c))
		return;
	err = purser_get(kernel->commands, &ref, &record);
	if (!err) {
		note_record(c, &record);
	} else if (kernel_forgot(err)) {
		registry_set_id(&c->supervisor->registry, c, 0);
	} else {
		container_warning(c, 0, "reading its record: %s",
				  purser_last_error(kernel->commands));
		kernel_look_again(kernel);
	}
}

int container_watch(struct container *c, int pidfd, loop_fn fn)
{
	return loop_add(&c->supervisor->loop, &c->init.pidfd, pidfd, EPOLLIN,
			fn);
}

/*
 * Whether init is dead. The init of an adopted container is the child of another
 * process, which reaps it. But if this supervisor is PID 1, it may have inherited init.
 */
static bool take_status(const struct container *c, siginfo_t *info)
{
	struct pollfd p = { .fd = c->init.pidfd.fd, .events = POLLIN };

	if (!waitid(P_PIDFD, p.fd, info, WEXITED | WNOHANG))
		return info->si_pid;
	if (c->adopted)
		return poll(&p, 1, 0) > 0;
	/* There is no such child any more, so init is dead. */
	container_warning(c, -errno, "reaping its init");
	return true;
}

void container_reap(struct container *c)
{
	siginfo_t info = { 0 };

	if (!c->init.pid || !take_status(c, &info))
		return;
	c->init.pid = 0;
	c->init.wait_code = info.si_code;
	c->init.wait_status = info.si_status;
	loop_close_source(&c->supervisor->loop, &c->init.pidfd);
	loop_close_source(&c->supervisor->loop, &c->patience);
	/* The PID namespace died with it: no process inside can write any more. */
	container_finish_log(c);
	read_record(c);
	container_advance(c);
}

void container_log_done(struct container *c, int error, uint64_t lost)
{
	c->log.error = error;
	c->log.lost = lost;
	/* The pipeline has reported what was lost. */
	if (error && !lost)
		report(error, "container \"%s\": writing its log %s", c->name,
		       c->log.path);
	c->log.open = false;
	container_advance(c);
}

void container_layer_is_removed(struct container *c)
{
	container_layer_removed(c);
	container_advance(c);
}

/* Everything that a failed start made is removed, except the record and the log. */
static void undone(struct container *c)
{
	drop_record(c);
	container_undo_log(c);
	container_drop_request(c);
	waiters_failed(c);
	if (c->again.by_policy)
		restart_failed(c->supervisor, c->name, &c->again, &c->failure);
	container_remove(c);
}

/* Have the kernel close the FIFOs: the log has everything that was in them. */
static void release_fifos(struct container *c)
{
	struct purser *commands = c->supervisor->kernel.commands;
	struct purser_ref ref = { .id = c->id };
	int err;

	if (!c->id || !c->log.path || !commands)
		return;
	err = purser_release_fifos(commands, &ref);
	if (err && !kernel_forgot(err))
		container_warning(c, 0, "having the kernel close its FIFOs: %s",
				  purser_last_error(commands));
}

static void ended(struct container *c)
{
	release_fifos(c);
	c->phase = PHASE_ENDED;
	c->supervisor->registry.n_unfinished--;
	/* Its files are closed: there may be a descriptor for another client. */
	control_resume(&c->supervisor->control);
	waiters_ended(c);
	/* ps prints the kernel's records, so it could not show this container. */
	if (!c->id)
		container_remove(c);
	else if (!c->again.auto_remove)
		restart_after_end(c);
	else if (!waiters_read(c))
		container_discard(c);
}

static void on_cgroup(struct loop_source *source)
{
	container_advance(
		loop_container(source, struct container, cgroup.events));
}

void container_advance(struct container *c)
{
	if (c->phase == PHASE_LAUNCHING || c->phase == PHASE_ENDED ||
	    c->init.pid)
		return;
	if (c->phase == PHASE_LIVE && !container_is_final(c) && c->id)
		return;
	/* First, because a process in the cgroup may have the log's FIFOs open. */
	if (!container_remove_cgroup(c, on_cgroup) || c->log.open ||
	    !container_remove_layer(c))
		return;
	/* Last, because it names the other things. */
	container_remove_run_folder(c);
	if (c->phase == PHASE_FAILED) {
		undone(c);
		return;
	}
	if (!container_is_final(c))
		outcome_from_wait(&c->now, c->init.wait_code,
				  c->init.wait_status);
	ended(c);
}

void container_kill(struct container *c)
{
	if (!c->init.pid)
		return;
	if (pidfd_send_signal(c->init.pidfd.fd, SIGKILL, NULL, 0) < 0 &&
	    errno != ESRCH)
		report(-errno, "container \"%s\": killing it", c->name);
}

void container_fail(struct container *c, const struct failure *failure)
{
	c->phase = PHASE_FAILED;
	c->failure = *failure;
	container_advance(c);
}
