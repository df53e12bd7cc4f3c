// SPDX-License-Identifier: GPL-2.0
/* What one container has on the host, and its log, see recover_take.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "recover_take.h"
#include "base/report.h"
#include "rundir.h"
#include "supervisor.h"

/* Not the name that the id and the options give it: nobody's to remove. */
static void leave_behind(const struct container *c, const char *what,
			 const char *path)
{
	report(0, "container \"%s\": %s speaks of %s %s, which is left there",
	       c->name, c->run_path, what, path);
}

/*
 * A run folder tells whether there is something. Where, the id tells, and the
 * options or, of a supervisor that had others, the cookie: what is removed is never
 * named by a link.
 */
static int take_state(struct container *c)
{
	__cleanup_free char *noted = NULL;
	int err = rundir_read(c->run_path, RUNDIR_STATE, &noted);

	if (err)
		return err == -ENOENT ? 0 : err;
	if (!c->state_path)
		c->state_path = path_join(c->supervisor->roots.state, c->name,
					  "");
	if (!c->state_path)
		return -ENOMEM;
	c->state_made = !strcmp(noted, c->state_path);
	if (!c->state_made)
		leave_behind(c, "a state folder", noted);
	return 0;
}

/* Whether a cgroup is that of a container; one in the table had another root. */
static int is_its_cgroup(const struct container *c, const char *path)
{
	__cleanup_free char *own = NULL;
	struct cgroup cgroup;
	int err;

	cgroup_init(&cgroup);
	err = cgroup_place(&cgroup, &c->supervisor->cgroups, c->name);
	own = cgroup.path;
	if (err)
		return err;
	return (own && !strcmp(path, own)) ||
	       (c->id && cgroup_is_named(path, c->name));
}

static int take_cgroup(struct container *c)
{
	char *path;
	int err = rundir_read(c->run_path, RUNDIR_CGROUP, &path);

	if (err)
		return err == -ENOENT ? 0 : err;
	err = is_its_cgroup(c, path);
	if (err > 0) {
		err = cgroup_open(&c->cgroup, path);
		return err == -ENOENT ? 0 : err;
	}
	if (!err)
		leave_behind(c, "a cgroup", path);
	free(path);
	return err;
}

int recover_resources(struct container *c)
{
	int err;

	c->run_made = true;
	err = take_state(c);
	return err ? err : take_cgroup(c);
}

/*
 * Have its FIFOs read again. The pipeline knows a log unless it is complete,
 * was never begun, or the pipeline's folder was lost: then it is added anew,
 * which adds nothing where there is nothing.
 */
static int read_again(struct container *c, const struct source *source,
		      const int fds[LOG_N_STREAMS])
{
	struct log_source_spec spec = {
		.path = c->log_path,
		.settings = c->log,
	};
	int err;

	if (source)
		return log_pipeline_resume(c->supervisor->logs, c->log_key,
					   fds);
	if (!c->now.started)
		return -ENOENT;
	memcpy(spec.fds, fds, sizeof(spec.fds));
	err = log_pipeline_add(c->supervisor->logs, c->log_key, &spec);
	c->log_open = !err;
	return err;
}

int recover_log(struct container *c, struct source *source)
{
	int fds[LOG_N_STREAMS];
	int err = rundir_open(c->run_path, O_RDONLY | O_NONBLOCK, fds);

	if (source) {
		source->claimed = true;
		c->log_open = true;
	}
	if (!err) {
		err = read_again(c, source, fds);
		for (int i = 0; err && i < LOG_N_STREAMS; i++)
			close(fds[i]);
	}
	/* No FIFOs, or a log that was finished before. */
	if (err == -ENOENT || err == -EALREADY)
		err = 0;
	if (!err && c->log_open && !c->pid) {
		err = log_pipeline_finish(c->supervisor->logs, c->log_key);
		c->log_open = !err || err == -EALREADY;
	}
	return err == -ENOENT || err == -EALREADY ? 0 : err;
}
