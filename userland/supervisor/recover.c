// SPDX-License-Identifier: GPL-2.0
/*
 * Taking over from an earlier supervisor, see recover.h. First every record of
 * ours becomes a container, then each gets back what it has on the host; last
 * come run folders and logs that no record speaks of.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cookie.h"
#include "end.h"
#include "base/parse.h"
#include "recover.h"
#include "recover_take.h"
#include "base/report.h"
#include "rundir.h"
#include "supervisor.h"

static int told(int err, const char *what)
{
	report(err, "taking over from an earlier supervisor: %s", what);
	return err == -EACCES || err == -EPERM ? EXIT_NO_PERMISSION :
						 EXIT_FAILED;
}

struct check {
	struct supervisor *supervisor;
	bool refused;
};

static int check_record(const struct purser_container *record, void *arg)
{
	struct check *check = arg;
	struct cookie cookie;
	int err = cookie_parse(record, check->supervisor->roots.run, &cookie);

	if (!err)
		cookie_free(&cookie);
	if (!err || err == -ENOENT || err == -ENOMEM)
		return err == -ENOENT ? 0 : err;
	report(0,
	       "container \"%s\": its cookie %s: run directory %s is left alone",
	       record->name,
	       err == -EPROTO ? "is of another version" : "makes no sense",
	       check->supervisor->roots.run);
	check->refused = true;
	return err;
}

int recover_check(struct supervisor *supervisor)
{
	struct check check = { .supervisor = supervisor };
	int err = purser_list(supervisor->kernel.dumps, 0, check_record,
			      &check);

	if (check.refused)
		return EXIT_FAILED;
	return err ? told(err, "reading the kernel's table") : EXIT_OK;
}

struct recovery {
	struct supervisor *supervisor;
	struct source *sources;
	size_t n_sources;
	int err;
};

static void add_source(uint64_t key, const char *path, void *arg)
{
	struct recovery *r = arg;
	struct source *sources = reallocarray(r->sources, r->n_sources + 1,
					      sizeof(*sources));

	registry_avoid_key(&r->supervisor->registry, key);
	if (!sources) {
		r->err = -ENOMEM;
		return;
	}
	r->sources = sources;
	sources[r->n_sources] = (struct source){ key, strdup(path), false };
	if (!sources[r->n_sources++].path)
		r->err = -ENOMEM;
}

static void free_sources(struct recovery *r)
{
	for (size_t i = 0; i < r->n_sources; i++)
		free(r->sources[i].path);
	free(r->sources);
}

static struct source *find_key(struct recovery *r, uint64_t key)
{
	for (size_t i = 0; i < r->n_sources; i++) {
		if (r->sources[i].key == key)
			return &r->sources[i];
	}
	return NULL;
}

/* That of a start which did not come to be registered. */
static struct source *find_path(struct recovery *r, const char *path)
{
	for (size_t i = 0; i < r->n_sources; i++) {
		if (!r->sources[i].claimed && !strcmp(r->sources[i].path, path))
			return &r->sources[i];
	}
	return NULL;
}

/* As the kernel has it now, a container of which nothing is taken over yet. */
static void note_record(struct container *c,
			const struct purser_container *record)
{
	outcome_from_record(&c->now, record);
	c->final = record->state == PURSER_STATE_EXITED;
	if (!c->final)
		c->live_state = record->state;
	else if (c->now.started)
		c->live_state = PURSER_STATE_RUNNING;
	c->pid = c->final ? 0 : record->pid;
}

static int copy_string(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return from && !*to ? -ENOMEM : 0;
}

static int note_cookie(struct container *c, struct cookie *cookie)
{
	const struct cookie_fields *f = &cookie->fields;
	int err;

	c->overlay = f->overlay;
	c->log = c->supervisor->log_defaults;
	c->log.driver = f->driver;
	c->log_key = f->key;
	c->command = cookie->command;
	cookie->command = (struct string_list){ 0 };
	err = root_recover(c, f);
	if (err)
		return err;
	c->run_path = path_join(c->supervisor->run_folders, c->name, "");
	if (f->overlay) {
		const char *state = c->supervisor->roots.state;

		c->state_path = path_join(f->state ? f->state : state, c->name,
					  "");
	}
	if (!c->run_path || (f->overlay && !c->state_path) ||
	    copy_string(&c->rootfs, f->rootfs) ||
	    copy_string(&c->log_path, f->log) ||
	    copy_string(&c->token, f->token))
		return -ENOMEM;
	return 0;
}

static struct container *new_adopted(struct supervisor *supervisor,
				     const char *name)
{
	struct container *c = container_new(supervisor, name);

	if (c)
		c->adopted = true;
	return c;
}

static int adopt(struct recovery *r, const struct purser_container *record,
		 struct cookie *cookie)
{
	struct registry *registry = &r->supervisor->registry;
	struct container *c = new_adopted(r->supervisor, record->name);
	struct container *older = registry_name(registry, record->name);
	int err = c ? note_cookie(c, cookie) : -ENOMEM;

	/*
	 * Killed between a start and forgetting what the new one takes the place
	 * of: nothing but its record was left of that.
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
	registry_avoid_key(registry, c->log_key);
	c->phase = PHASE_LIVE;
	note_record(c, record);
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

/*
 * A record that is still live after its PID was opened says that the pidfd is of
 * its init. -ENOENT: it has no record any more.
 */
static int watch_init(struct container *c)
{
	struct kernel *kernel = &c->supervisor->kernel;
	struct purser_ref ref = { .id = c->id };
	struct purser_container record;
	int fd __cleanup_close = pidfd_open(c->pid, 0);
	int err = fd < 0 ? -errno : 0;
	int got = purser_get(kernel->commands, &ref, &record);

	if (got)
		return got;
	note_record(c, &record);
	if (c->final)
		return 0;
	if (!err)
		err = container_watch(c, fd);
	if (!err)
		fd = -1;
	return err;
}

/* May free it: where it was unregistered, or where nothing is left to do. */
static int take_over(struct recovery *r, struct container *c)
{
	int err = c->pid ? watch_init(c) : 0;

	/* What it has left is that of nobody, see take_orphan(). */
	if (err == -ENOENT) {
		registry_remove(&r->supervisor->registry, c);
		container_free(c);
		return 0;
	}
	if (!err)
		err = recover_resources(c);
	if (!err && c->log_path)
		err = recover_log(c, find_key(r, c->log_key));
	if (err)
		report(err, "container \"%s\": taking it over", c->name);
	else if (c->final)
		container_advance(c);
	return err;
}

/* Nobody lives who belongs to a run folder without a record. */
static int wait_for_end(const char *path)
{
	__cleanup_free char *cgroup = NULL;
	int err = rundir_read(path, RUNDIR_CGROUP, &cgroup);

	if (!err)
		return cgroup_wait_left(cgroup);
	return err == -ENOENT ? rundir_wait_unused(path, LEFTOVER_MS) : err;
}

/*
 * A start that did not come to be registered: its child exits, since nobody is
 * there to let it go. Or somebody has unregistered it since.
 */
static int remove_orphan(struct recovery *r, const char *name, char *path)
{
	struct supervisor *supervisor = r->supervisor;
	__cleanup_free char *log = path_join(supervisor->roots.log, name,
					     ".log");
	struct source *source = log ? find_path(r, log) : NULL;
	struct container *c = new_adopted(supervisor, name);
	int err = 0;

	if (!c || !log) {
		free(c);
		free(path);
		return -ENOMEM;
	}
	c->run_path = path;
	c->log_key = source ? source->key :
			      registry_new_key(&supervisor->registry);
	err = registry_add(&supervisor->registry, c);
	if (err) {
		container_free(c);
		return err;
	}
	c->phase = PHASE_FAILED;
	err = recover_resources(c);
	if (!err && source)
		err = recover_log(c, source);
	if (err)
		report(err, "container \"%s\": removing what is left of it",
		       name);
	else
		container_fail(c, EXIT_ENGINE,
			       "its supervisor died before it had started it");
	return err;
}

/*
 * Somebody has unregistered it, and nothing will tell of its end. It is not to
 * wait in write() for ever: its output is read on, as long as it lasts.
 */
static void leave_alone(struct recovery *r, const char *name, const char *path)
{
	__cleanup_free char *log = path_join(r->supervisor->roots.log, name,
					     ".log");
	struct source *source = log ? find_path(r, log) : NULL;
	int fds[LOG_N_STREAMS];

	report(0,
	       "container \"%s\" lives on and is not in the kernel's table: it is left alone, see %s",
	       name, path);
	if (!source || rundir_open(path, O_RDONLY | O_NONBLOCK, fds))
		return;
	if (log_pipeline_resume(r->supervisor->logs, source->key, fds)) {
		for (int i = 0; i < LOG_N_STREAMS; i++)
			close(fds[i]);
		return;
	}
	source->claimed = true;
}

static int take_orphan(struct recovery *r, const char *name)
{
	struct supervisor *supervisor = r->supervisor;
	char *path;
	int err;

	if (check_container_name(name) ||
	    registry_name(&supervisor->registry, name))
		return 0;
	path = path_join(supervisor->run_folders, name, "");
	err = path ? wait_for_end(path) : -ENOMEM;
	if (!err)
		return remove_orphan(r, name, path);
	if (err == -EBUSY)
		leave_alone(r, name, path);
	else
		report(err, "container \"%s\": looking at what is left of it",
		       name);
	free(path);
	return err == -EBUSY ? 0 : err;
}

static int take_orphans(struct recovery *r)
{
	DIR *dir = opendir(r->supervisor->run_folders);
	struct dirent *entry;
	int err = 0;

	if (!dir)
		return -errno;
	while (!err && (errno = 0, entry = readdir(dir)))
		err = take_orphan(r, entry->d_name);
	if (!err)
		err = -errno;
	closedir(dir);
	return err;
}

static int take_over_all(struct recovery *r)
{
	struct container *c, *next;
	int err = 0;

	for (c = TAILQ_FIRST(&r->supervisor->registry.all); c && !err;
	     c = next) {
		next = TAILQ_NEXT(c, link);
		err = take_over(r, c);
	}
	if (!err)
		err = take_orphans(r);
	/* Logs of nobody: what was read of them is all that there will be. */
	for (size_t i = 0; !err && i < r->n_sources; i++) {
		if (!r->sources[i].claimed)
			log_pipeline_finish(r->supervisor->logs,
					    r->sources[i].key);
	}
	return err;
}

int recover(struct supervisor *supervisor)
{
	struct recovery r = { .supervisor = supervisor };
	int code = EXIT_OK;
	int err;

	log_pipeline_recovered(supervisor->logs, add_source, &r);
	err = r.err;
	if (!err)
		err = purser_list(supervisor->kernel.dumps, 0, adopt_record,
				  &r);
	if (err)
		code = told(err, "reading the kernel's table");
	/* This one has said of what. */
	else if (take_over_all(&r))
		code = EXIT_FAILED;
	free_sources(&r);
	return code;
}
