// SPDX-License-Identifier: GPL-2.0
/*
 * Taking over from an earlier supervisor, see recover.h. First every record of this run
 * directory becomes a container. Then each container gets its things on the host. Last
 * come run folders and logs without a record, see orphan.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/report.h"
#include "container_cgroup.h"
#include "container_kept.h"
#include "end.h"
#include "layer.h"
#include "orphan.h"
#include "recover.h"
#include "restore.h"
#include "root.h"
#include "run_folder.h"

/* struct check - a check of all records, which changes nothing */
struct check {
	struct supervisor *supervisor;
	bool refused; /* the failure is filled */
	struct failure *failure;
};

static int check_record(const struct purser_container *record, void *arg)
{
	struct check *check = arg;
	const char *run = check->supervisor->roots.run;
	struct cookie cookie;
	int err = cookie_parse(record, run, &cookie);

	if (!err)
		cookie_free(&cookie);
	if (!err || err == -ENOENT || err == -ENOMEM)
		return err == -ENOENT ? 0 : err;
	check->refused = true;
	return failed(
		check->failure, EXIT_FAILED,
		"container \"%s\": its cookie %s: run directory %s is left alone",
		record->name,
		err == -EPROTO ? "is of another version" : "is invalid", run);
}

static const char taking_over[] = "taking over from an earlier supervisor";

static int failed_list(int err, struct failure *failure)
{
	return failed_errno(failure, err, "%s: reading the kernel's table",
			    taking_over);
}

int recover_check(struct supervisor *supervisor, struct failure *failure)
{
	struct check check = { .supervisor = supervisor, .failure = failure };
	int err = kernel_list(&supervisor->kernel, check_record, &check);

	if (check.refused)
		return -1;
	return err ? failed_list(err, failure) : 0;
}

/* Copy the record to a new container. */
static void note_record(struct container *c,
			const struct purser_container *record)
{
	outcome_from_record(&c->now, record);
	if (!container_is_final(c))
		c->live_state = record->state;
	else if (c->now.started)
		c->live_state = PURSER_STATE_RUNNING;
	c->init.pid = container_is_final(c) ? 0 : record->pid;
}

/* Move fields from the cookie to the container. */
static int note_cookie(struct container *c, struct cookie *cookie)
{
	struct supervisor *supervisor = c->supervisor;

	if (!cookie->overlay &&
	    root_find_known(cookie, &c->root.place) == -ENOMEM)
		return -ENOMEM;
	c->log.settings = supervisor->log_defaults;
	c->log.settings.driver = cookie->driver;
	c->log.key = cookie->key;
	c->log.path = cookie->log;
	c->command = cookie->command;
	c->token = cookie->token;
	c->root.path = cookie->rootfs;
	cookie->log = cookie->token = cookie->rootfs = NULL;
	cookie->command = (struct string_list){ 0 };

	c->run_folder = run_folder_path(supervisor, c->name);
	if (cookie->overlay)
		c->layer.path = path_join(
			cookie->state ? cookie->state : supervisor->roots.state,
			c->name, "");
	return !c->run_folder || (cookie->overlay && !c->layer.path) ? -ENOMEM :
								       0;
}

static int adopt(struct recovery *r, const struct purser_container *record,
		 struct cookie *cookie)
{
	struct registry *registry = &r->supervisor->registry;
	struct container *older = registry_name(registry, record->name);
	struct container *c = container_new(r->supervisor, record->name);
	int err = c ? note_cookie(c, cookie) : -ENOMEM;

	/*
	 * Two records have this name: the earlier supervisor was killed after a start and
	 * before it removed the record of the ended container that the new one replaces.
	 */
	if (!err && older)
		container_forget(older);
	if (!err)
		err = registry_add(registry, c);
	if (err) {
		if (c)
			container_free(c);
		return err;
	}
	c->adopted = true;
	registry_avoid_key(registry, c->log.key);
	c->phase = PHASE_LIVE;
	note_record(c, record);
	container_take_over_request(c);
	return registry_set_id(registry, c, record->id);
}

static int adopt_record(const struct purser_container *record, void *arg)
{
	struct recovery *r = arg;
	struct cookie cookie;
	int err = cookie_parse(record, r->supervisor->roots.run, &cookie);

	if (err)
		return err == -ENOENT ? 0 : err;
	err = adopt(r, record, &cookie);
	cookie_free(&cookie);
	return err;
}

static void on_pidfd(struct loop_source *source)
{
	container_reap(loop_container(source, struct container, init.pidfd));
}

/* Watch init. -ENOENT: the container has no record any more. */
static int watch_init(struct container *c)
{
	const struct purser_ref ref = { .id = c->id };
	struct purser_container record;
	int fd = purser_pidfd(c->supervisor->kernel.commands, &ref, &record);
	int err;

	if (fd < 0 && fd != -ESRCH)
		return fd;
	note_record(c, &record);
	if (fd < 0)
		return container_is_final(c) ? 0 : fd;
	err = container_watch(c, fd, on_pidfd);
	if (err)
		close(fd);
	return err;
}

/* May free @c: if it was unregistered, or if it has ended and nothing is left to do. */
static int take_over_container(struct recovery *r, struct container *c)
{
	int err = c->init.pid ? watch_init(c) : 0;

	/* take_over_orphans() then handles its things on the host. */
	if (err == -ENOENT) {
		registry_remove(&r->supervisor->registry, c);
		container_free(c);
		return 0;
	}
	if (!err && c->init.pid)
		err = container_restore_run_folder(c);
	if (!err)
		err = container_take_over_layer(c);
	if (!err)
		err = container_take_over_cgroup(c);
	if (!err && c->log.path)
		err = container_take_over_log(
			c, recovery_log_by_key(r, c->log.key));
	if (err)
		report(err, "container \"%s\": taking it over", c->name);
	else if (container_is_final(c))
		container_advance(c);
	return err;
}

static int take_over_all(struct recovery *r)
{
	struct container *c, *next;
	int err = 0;

	for (c = TAILQ_FIRST(&r->supervisor->registry.all); c && !err;
	     c = next) {
		next = TAILQ_NEXT(c, link);
		err = take_over_container(r, c);
	}
	return err ? err : take_over_orphans(r);
}

int recover(struct supervisor *supervisor, struct failure *failure)
{
	struct recovery r = { .supervisor = supervisor };
	int ret = 0, err = recovery_begin(&r);

	if (!err)
		err = kernel_list(&supervisor->kernel, adopt_record, &r);
	if (err) {
		ret = failed_list(err, failure);
	} else {
		/* The messages before this one name the container. */
		err = take_over_all(&r);
		if (err)
			ret = failed_errno(failure, err, "%s", taking_over);
	}
	recovery_end(&r);
	return ret;
}
