// SPDX-License-Identifier: GPL-2.0
/* Taking over run folders and logs without a record, see orphan.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/report.h"
#include "container_cgroup.h"
#include "container_log.h"
#include "end.h"
#include "layer.h"
#include "orphan.h"
#include "run_folder.h"
#include "unregistered.h"

static void add_log(uint64_t key, const char *path, void *arg)
{
	struct recovery *r = arg;
	struct earlier_log *logs = reallocarray(r->logs, r->n_logs + 1,
						sizeof(*logs));

	registry_avoid_key(&r->supervisor->registry, key);
	if (!logs) {
		r->err = -ENOMEM;
		return;
	}
	r->logs = logs;
	logs[r->n_logs] = (struct earlier_log){ key, strdup(path), false };
	if (!logs[r->n_logs++].path)
		r->err = -ENOMEM;
}

int recovery_begin(struct recovery *r)
{
	log_pipeline_recovered(r->supervisor->logs, add_log, r);
	return r->err;
}

void recovery_end(struct recovery *r)
{
	for (size_t i = 0; i < r->n_logs; i++)
		free(r->logs[i].path);
	free(r->logs);
}

struct earlier_log *recovery_log_by_key(struct recovery *r, uint64_t key)
{
	for (size_t i = 0; i < r->n_logs; i++) {
		if (r->logs[i].key == key)
			return &r->logs[i];
	}
	return NULL;
}

/* Find the log of a start that was not registered; NULL: there is none. */
static struct earlier_log *log_of_name(struct recovery *r, const char *name)
{
	__cleanup_free char *path = log_path(r->supervisor, name);

	for (size_t i = 0; path && i < r->n_logs; i++) {
		if (!r->logs[i].claimed && !strcmp(r->logs[i].path, path))
			return &r->logs[i];
	}
	return NULL;
}

/* Wait until all processes of a run folder are dead. */
static int wait_for_end(const char *path)
{
	__cleanup_free char *cgroup = NULL;
	int err = run_folder_read(path, RUN_FOLDER_CGROUP, &cgroup);

	if (!err)
		return cgroup_wait_left(cgroup);
	return err == -ENOENT ? run_folder_wait_unused(path, LEFTOVER_MS) : err;
}

/* Make a failed container, for container_fail() to remove. */
static struct container *make_container(struct recovery *r, const char *name,
					const struct earlier_log *log)
{
	struct registry *registry = &r->supervisor->registry;
	struct container *c = container_new(r->supervisor, name);

	if (!c)
		return NULL;
	c->adopted = true;
	c->phase = PHASE_FAILED;
	c->log.key = log ? log->key : registry_new_key(registry);
	c->run_folder = run_folder_path(r->supervisor, name);
	if (c->run_folder && !registry_add(registry, c))
		return c;
	container_free(c);
	return NULL;
}

/*
 * Remove the things of a start that was not registered, or of an ended container that
 * somebody has unregistered. The child of such a start has exited, because its socket
 * lost the other end.
 */
static int remove_orphan(struct recovery *r, const char *name)
{
	struct earlier_log *log = log_of_name(r, name);
	struct container *c = make_container(r, name, log);
	struct failure failure;
	int err = c ? container_take_over_layer(c) : -ENOMEM;

	if (!err)
		err = container_take_over_cgroup(c);
	if (!err && log)
		err = container_take_over_log(c, log);
	if (err) {
		report(err, "container \"%s\": removing its remains", name);
		return err;
	}
	failed(&failure, EXIT_ENGINE,
	       "its supervisor died before the start was complete");
	container_fail(c, &failure);
	return 0;
}

/*
 * Somebody has unregistered a live container, so there will be no event of its end. Go
 * on reading its output, so that it does not wait in write() for ever.
 */
static void leave_alone(struct recovery *r, const char *name, const char *path)
{
	struct earlier_log *log = log_of_name(r, name);
	int fds[LOG_N_STREAMS];

	report_warning(
		"container \"%s\" is alive but not in the kernel's table: it is left alone, see %s",
		name, path);
	if (!log || run_folder_open(path, O_RDONLY | O_NONBLOCK, fds))
		return;
	if (log_pipeline_resume(r->supervisor->logs, log->key, fds)) {
		for (int i = 0; i < LOG_N_STREAMS; i++)
			close(fds[i]);
		return;
	}
	log->claimed = true;
}

/*
 * The same, if its init is found: then this supervisor stops it if asked to, and removes
 * its things when it ends. Returns 0, -ESRCH, or another negative errno.
 */
static int adopt_unregistered(struct recovery *r, const char *name)
{
	struct earlier_log *log = log_of_name(r, name);
	struct container *c = make_container(r, name, log);
	int err = c ? container_take_over_cgroup(c) : -ENOMEM;

	if (!err)
		err = unregistered_watch(c);
	if (err) {
		if (c) {
			cleanup_close(&c->cgroup.fd);
			registry_remove(&r->supervisor->registry, c);
			container_free(c);
		}
		return err;
	}
	c->phase = PHASE_LIVE;
	c->now.started = true;
	c->live_state = PURSER_STATE_RUNNING;
	err = container_take_over_layer(c);
	if (!err && log) {
		c->log.path = strdup(log->path);
		err = c->log.path ? container_take_over_log(c, log) : -ENOMEM;
	}
	report_warning(
		"container \"%s\" is alive as pid %d but not in the kernel's table: \"engine stop %s\" ends it",
		name, c->init.pid, name);
	return err;
}

static int take_over_orphan(int folder, const struct dirent *entry, void *arg)
{
	const char *name = entry->d_name;
	struct recovery *r = arg;
	struct supervisor *supervisor = r->supervisor;
	__cleanup_free char *path = NULL;
	int err;

	(void)folder;
	if (check_container_name(name) ||
	    registry_name(&supervisor->registry, name))
		return 0;
	path = run_folder_path(supervisor, name);
	err = path ? wait_for_end(path) : -ENOMEM;
	if (!err)
		return remove_orphan(r, name);
	if (err == -EBUSY)
		err = adopt_unregistered(r, name);
	if (err == -ESRCH) {
		leave_alone(r, name, path);
		return 0;
	}
	if (!err)
		return 0;
	report(err, "container \"%s\": checking its remains", name);
	return err;
}

int take_over_orphans(struct recovery *r)
{
	int err = path_each_entry(AT_FDCWD, r->supervisor->run_folders,
				  take_over_orphan, r);

	/* Finish all logs that have no container: there will be no more output. */
	for (size_t i = 0; !err && i < r->n_logs; i++) {
		if (!r->logs[i].claimed)
			log_pipeline_finish(r->supervisor->logs,
					    r->logs[i].key);
	}
	return err;
}
