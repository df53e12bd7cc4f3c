// SPDX-License-Identifier: GPL-2.0
/* The commands that end a container: kill and delete. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>

#include "base/cleanup.h"
#include "base/object.h"
#include "base/parse.h"
#include "commands.h"
#include "container.h"
#include "removal.h"
#include "settings.h"

/* Pidfds that are open together. */
#define AT_A_TIME 128

#define STOP_SIGNAL_ANNOTATION "org.opencontainers.image.stopSignal"

static int not_running(const struct oci_container *c, struct failure *failure)
{
	/* Callers recognize these words. */
	return failed(failure, EXIT_FAILED,
		      "container \"%s\": container not running", c->folder.id);
}

/* What a manager sends to end a container; the image may name another signal. */
static bool asks_for_end(const struct oci_container *c, int sig)
{
	const char *text;
	int stop_signal;

	if (sig == SIGTERM || sig == SIGINT || sig == SIGQUIT)
		return true;
	return c->state.annotations &&
	       !object_get_string(c->state.annotations, STOP_SIGNAL_ANNOTATION,
				  &text) &&
	       !parse_signal(text, &stop_signal) && sig == stop_signal;
}

/*
 * By the kernel's table, which notes first that the manager asked for the end. A signal
 * other than SIGKILL is a signal and no more, unless the administrator wants the container
 * killed at once if it has no handler.
 */
static int send_stop(struct oci_container *c, int sig, struct failure *failure)
{
	const struct purser_ref ref = { .id = c->record.id };
	struct settings settings;
	int err;

	if (settings_read(&settings, failure))
		return -1;
	if (sig == SIGKILL)
		err = purser_stop(c->table, &ref, sig, 0);
	else if (settings.kill_without_handler)
		err = purser_stop(c->table, &ref, sig, PURSER_GRACE_MAX_MS);
	else
		err = purser_stop_gently(c->table, &ref, sig);
	/* An earlier signal has asked: this one is sent as well. */
	if (err == -EALREADY && sig != SIGKILL)
		err = purser_stop_gently(c->table, &ref, sig);
	if (!err || err == -EALREADY)
		return 0;
	if (err == -ESRCH || err == -ENOENT)
		return not_running(c, failure);
	return failed(failure, EXIT_FAILED, "stopping container \"%s\": %s",
		      c->folder.id, purser_last_error(c->table));
}

static int send_signal(struct oci_container *c, int sig,
		       struct failure *failure)
{
	int pidfd __cleanup_close = container_pidfd(c, failure);

	if (pidfd < 0)
		return -1;
	if (!pidfd_send_signal(pidfd, sig, NULL, 0))
		return 0;
	if (errno == ESRCH)
		return not_running(c, failure);
	return failed_errno(failure, -errno, "sending %d to container \"%s\"",
			    sig, c->folder.id);
}

static int compare_pids(const void *a, const void *b)
{
	const pid_t one = *(const pid_t *)a, other = *(const pid_t *)b;

	return (one > other) - (one < other);
}

static int open_pidfds(const pid_t *pids, size_t n, int fds[],
		       struct failure *failure)
{
	for (size_t i = 0; i < n; i++) {
		fds[i] = pidfd_open(pids[i], 0);
		if (fds[i] < 0 && errno != ESRCH)
			return failed_errno(failure, -errno,
					    "opening process %d", pids[i]);
	}
	return 0;
}

/*
 * Processes come and go meanwhile. If a PID is listed after its pidfd was opened, then the
 * pidfd is that of a process in the cgroup.
 */
static int send_to_some(struct oci_container *c, int sig, const pid_t *pids,
			size_t n, int fds[], struct failure *failure)
{
	__cleanup_free pid_t *later = NULL;
	size_t n_later;

	if (open_pidfds(pids, n, fds, failure) ||
	    cgroup_home_pids(&c->cgroup, &later, &n_later, failure))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (fds[i] < 0 || !bsearch(&pids[i], later, n_later,
					   sizeof(*later), compare_pids))
			continue;
		if (pidfd_send_signal(fds[i], sig, NULL, 0) && errno != ESRCH)
			return failed_errno(failure, -errno,
					    "sending %d to process %d", sig,
					    pids[i]);
	}
	return 0;
}

/* Some at a time: there may be more processes than we may have descriptors. */
static int send_to_all(struct oci_container *c, int sig,
		       struct failure *failure)
{
	__cleanup_free pid_t *pids = NULL;
	int fds[AT_A_TIME], err = 0;
	size_t n, some;

	if (cgroup_home_pids(&c->cgroup, &pids, &n, failure))
		return -1;
	for (size_t done = 0; !err && done < n; done += some) {
		some = n - done < AT_A_TIME ? n - done : AT_A_TIME;
		for (size_t i = 0; i < some; i++)
			fds[i] = -1;
		err = send_to_some(c, sig, pids + done, some, fds, failure);
		for (size_t i = 0; i < some; i++)
			cleanup_close(&fds[i]);
	}
	return err;
}

static int parse_signal_operand(const char *text, int *sig,
				struct failure *failure)
{
	*sig = SIGTERM;
	if (!text || !parse_signal(text, sig))
		return 0;
	if (!strcmp(text, "0")) {
		*sig = 0;
		return 0;
	}
	return failed(failure, EXIT_USAGE, "\"%s\" is no signal", text);
}

static int deliver(struct oci_container *c, int sig, bool all,
		   struct failure *failure)
{
	/* What a container without a PID namespace has left behind is in its cgroup. */
	if (all && (!container_is_live(c) || sig != SIGKILL))
		return send_to_all(c, sig, failure);
	if (c->status == OCI_STOPPED || c->status == OCI_CREATING)
		return not_running(c, failure);
	return sig == SIGKILL || asks_for_end(c, sig) ?
		       send_stop(c, sig, failure) :
		       send_signal(c, sig, failure);
}

int oci_kill(const struct oci_options *options, struct failure *failure)
{
	struct oci_container c;
	int sig, err;

	if (parse_signal_operand(options->signal, &sig, failure) ||
	    container_open(&c, options, false, failure))
		return -1;
	err = deliver(&c, sig, options->all, failure);
	container_close(&c);
	return err ? -1 : EXIT_OK;
}

static int delete (struct oci_container *c, bool force, struct failure *failure)
{
	if (c->status == OCI_CREATED && !force)
		force = true;
	if (c->status != OCI_STOPPED && !force)
		return failed(
			failure, EXIT_FAILED,
			"cannot delete container \"%s\" that is not stopped: it is %s",
			c->folder.id, oci_status_names[c->status]);
	if (container_kill(c, failure))
		return -1;
	return container_remove(c, failure);
}

int oci_delete(const struct oci_options *options, struct failure *failure)
{
	struct oci_container c;
	int err;

	/* Callers clean up more than once. */
	if (options->force && !container_exists(options))
		return EXIT_OK;
	if (container_open(&c, options, true, failure))
		return -1;
	err = delete (&c, options->force, failure);
	container_close(&c);
	return err ? -1 : EXIT_OK;
}
