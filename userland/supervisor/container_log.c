// SPDX-License-Identifier: GPL-2.0
/* The logs of containers, see container_log.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "container_log.h"
#include "log/names.h"
#include "restore.h"
#include "run_folder.h"
#include "supervisor.h"

char *log_path(const struct supervisor *supervisor, const char *name)
{
	return path_join(supervisor->roots.log, name, ".log");
}

int container_choose_log(struct container *c, const struct log_choice *choice)
{
	struct supervisor *supervisor = c->supervisor;

	c->log.settings = log_choose(choice, &supervisor->log_defaults);
	c->log.key = registry_new_key(&supervisor->registry);
	if (c->log.settings.driver == LOG_DRIVER_NONE)
		return 0;
	c->log.path = log_path(supervisor, c->name);
	return c->log.path ? 0 : -ENOMEM;
}

static int add_to_pipeline(struct container *c, const int fds[LOG_N_STREAMS])
{
	struct log_source_spec spec = {
		.path = c->log.path,
		.settings = c->log.settings,
	};
	int err;

	memcpy(spec.fds, fds, sizeof(spec.fds));
	err = log_pipeline_add(c->supervisor->logs, c->log.key, &spec);
	c->log.open = !err;
	return err;
}

int container_open_log(struct container *c, const int fds[LOG_N_STREAMS],
		       struct failure *failure)
{
	int err = logfile_claim(c->log.path, &c->log.had_old);

	c->log.claimed = !err;
	if (!err)
		err = add_to_pipeline(c, fds);
	return failed_if(failure, err, "opening its log %s", c->log.path);
}

/*
 * Resume the log in the pipeline. The pipeline does not know a log that is complete or
 * was never opened, and no log at all if its folder was lost. Then add the log again: if
 * the FIFOs are empty, that adds nothing to it.
 */
static int read_again(struct container *c, const struct earlier_log *log,
		      const int fds[LOG_N_STREAMS])
{
	if (log)
		return log_pipeline_resume(c->supervisor->logs, c->log.key,
					   fds);
	return c->now.started ? add_to_pipeline(c, fds) : -ENOENT;
}

/* -ENOENT: there are no FIFOs; -EALREADY: the log was finished before. */
static bool is_nothing_to_read(int err)
{
	return err == -ENOENT || err == -EALREADY;
}

/* If somebody has removed the FIFOs of a live container, its processes still have them. */
static int open_fifos(struct container *c, int fds[LOG_N_STREAMS])
{
	int err = run_folder_open(c->run_folder, O_RDONLY | O_NONBLOCK, fds);

	if (err != -ENOENT || !c->init.pid)
		return err;
	err = container_find_fifos(c, fds);
	if (err)
		container_warning(
			c, err,
			"somebody has removed its FIFOs, and none of its processes has them open");
	return err;
}

int container_take_over_log(struct container *c, struct earlier_log *log)
{
	int fds[LOG_N_STREAMS];
	int err = open_fifos(c, fds);

	if (log) {
		log->claimed = true;
		c->log.open = true;
	}
	if (!err) {
		err = read_again(c, log, fds);
		for (int i = 0; err && i < LOG_N_STREAMS; i++)
			close(fds[i]);
	}
	if (is_nothing_to_read(err))
		err = 0;
	if (!err && c->log.open && !c->init.pid) {
		err = log_pipeline_finish(c->supervisor->logs, c->log.key);
		c->log.open = !err || err == -EALREADY;
	}
	return is_nothing_to_read(err) ? 0 : err;
}

void container_finish_log(struct container *c)
{
	int err = c->log.open ?
			  log_pipeline_finish(c->supervisor->logs, c->log.key) :
			  0;

	if (err)
		container_warning(c, err, "finishing its log");
}

void container_trim_log(struct container *c)
{
	const bool gaps = c->log.had_old && !c->log.trimmed;
	int err = c->log.path ? logfile_trim(c->log.path,
					     c->log.settings.max_files, gaps) :
				0;

	c->log.trimmed = c->log.path && !err;
	if (err)
		container_warning(c, err, "removing its oldest logs");
}

void container_remove_log(const struct supervisor *supervisor, const char *name,
			  bool gaps)
{
	__cleanup_free char *path = path_join(supervisor->roots.log, name,
					      ".log");
	int err = path ? logfile_trim(path, 0, gaps) : -ENOMEM;

	if (err)
		report_warning_errno(err, "container \"%s\": removing its log",
				     name);
}

void container_undo_log(struct container *c)
{
	int err = c->log.claimed ? logfile_undo(c->log.path, c->log.had_old) :
				   0;

	if (err)
		container_warning(c, err, "removing its log %s", c->log.path);
}
