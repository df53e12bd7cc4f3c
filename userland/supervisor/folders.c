// SPDX-License-Identifier: GPL-2.0
/* The folders of a supervisor, see folders.h. */
#include <errno.h>
#include <fcntl.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/report.h"
#include "base/trust.h"
#include "control/protocol.h"
#include "folders.h"
#include "kept.h"
#include "run_folder.h"

/* The folder of the log pipeline, below the run directory. */
#define LOG_DIR "log"

/* @why: why a folder cannot be trusted, see trust.h, or NULL */
static int refuse(struct failure *failure, int err, const char *what,
		  const char *path, const char *why)
{
	if (!why)
		return failed_errno(failure, err, "%s %s", what, path);
	failed_errno(failure, err, "%s", what);
	return failed(failure, failure->code, "%s %s is refused: %s", what,
		      path, why);
}

struct wanted {
	const char *what;
	const char *path;
	mode_t mode;
	bool groups; /* groups may write to a folder above it */
};

static int make(const struct wanted *wanted, char **resolved,
		struct place *place, struct failure *failure)
{
	__cleanup_free char *why = NULL;
	int fd __cleanup_close = trust_make(wanted->path, wanted->mode,
					    wanted->groups, &why);
	int err = fd < 0 ? fd : path_of_fd(fd, resolved);

	if (!err)
		err = place_find(fd, place);
	if (err)
		return refuse(failure, err, wanted->what, wanted->path, why);
	if (why)
		report_warning("%s %s can be replaced by a group: %s",
			       wanted->what, wanted->path, why);
	return 0;
}

/* Check files that an earlier owner of the folder may have left. */
static int check_run_dir(const char *run, struct failure *failure)
{
	static const char *const names[] = { LOCK_FILE, PROTOCOL_SOCKET };
	int fd __cleanup_close = file_open(AT_FDCWD, run, O_PATH | O_DIRECTORY);
	__cleanup_free char *why = NULL;
	int err = fd < 0 ? fd : 0;

	for (size_t i = 0; !err && i < ARRAY_SIZE(names); i++)
		err = trust_entry(fd, names[i], &why);
	return err ? refuse(failure, err, "run directory", run, why) : 0;
}

static int make_kept(const char *state, struct failure *failure)
{
	__cleanup_free char *why = NULL;
	int err = kept_prepare(state, &why);

	return err ? refuse(failure, err, "state directory", state, why) : 0;
}

int folders_set_up(struct supervisor *supervisor,
		   const struct supervisor_options *o, struct failure *failure)
{
	const struct wanted run = { "run directory", o->run_dir, 0755, false };
	const struct wanted state = { "state directory", o->state_dir, 0700,
				      false };
	const struct wanted log = { "log directory", o->log_dir, 0750, true };
	struct roots *roots = &supervisor->roots;
	struct place *own = supervisor->own;

	if (make(&run, &roots->run, &own[OWN_RUN], failure) ||
	    make(&state, &roots->state, &own[OWN_STATE], failure) ||
	    make(&log, &roots->log, &own[OWN_LOG], failure) ||
	    make_kept(roots->state, failure))
		return -1;
	supervisor->layers.dir = roots->state;
	return check_run_dir(roots->run, failure);
}

/*
 * Check the symbolic links in a run folder. Do not check its FIFOs: they belong to the
 * container, which may have changed their owner.
 */
static int check_journal(int all, const struct dirent *entry, void *why)
{
	static const char *const notes[] = { RUN_FOLDER_STATE,
					     RUN_FOLDER_CGROUP };
	int fd __cleanup_close = -1;
	int err;

	if (entry->d_name[0] == '.')
		return 0;
	fd = file_open(all, entry->d_name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
	err = fd < 0 ? fd : 0;
	/* Not a folder, so not a run folder. */
	if (err == -ENOTDIR || err == -ELOOP)
		return 0;
	for (size_t i = 0; !err && i < ARRAY_SIZE(notes); i++)
		err = trust_entry(fd, notes[i], why);
	return err;
}

static int open_below(const char *run, const char *name, char **why)
{
	int parent __cleanup_close = file_open(AT_FDCWD, run,
					       O_PATH | O_DIRECTORY);
	int fd __cleanup_close = parent < 0 ? parent :
					      trust_make_below(parent, name,
							       0700, why);
	int err = fd < 0 ? fd : trust_entries(fd, why);

	return err ? err : take_fd(&fd);
}

/* @path: set to its path; @journals: it contains run folders */
static int make_below(const char *run, const char *name, bool journals,
		      char **path, struct failure *failure)
{
	__cleanup_free char *why = NULL;
	int fd __cleanup_close = open_below(run, name, &why);
	int err = fd < 0 ? fd : 0;

	if (!err && journals)
		err = path_each_entry(fd, ".", check_journal, &why);
	if (!err) {
		*path = path_join(run, name, "");
		err = *path ? 0 : -ENOMEM;
	}
	return err ? refuse(failure, err, "run directory", run, why) : 0;
}

int folders_set_up_below(struct supervisor *supervisor, struct failure *failure)
{
	const char *run = supervisor->roots.run;

	if (make_below(run, RUN_FOLDERS, true, &supervisor->run_folders,
		       failure))
		return -1;
	return make_below(run, LOG_DIR, false, &supervisor->log_folder,
			  failure);
}
