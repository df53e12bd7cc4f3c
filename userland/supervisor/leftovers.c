// SPDX-License-Identifier: GPL-2.0
/* Removing state folders that no container has, see leftovers.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/parse.h"
#include "base/report.h"
#include "container_kept.h"
#include "layer.h"
#include "leftovers.h"
#include "run_folder.h"

/** struct sweep - what must stay */
struct sweep {
	struct supervisor *supervisor;
	const struct string_list *others;
};

/** struct listing - the names of all records that are not this supervisor's */
struct listing {
	const struct registry *registry;
	struct string_list names;
};

static bool exists(const char *path)
{
	return !access(path, F_OK) || errno != ENOENT;
}

/* The container of an ended record has removed its layer, or never will. */
static bool is_ours(const struct supervisor *supervisor, const char *name)
{
	const struct container *c = registry_name(&supervisor->registry, name);

	return c && c->phase != PHASE_ENDED;
}

static bool is_of_other(const struct string_list *others, const char *name)
{
	for (size_t i = 0; i < others->n; i++) {
		if (!strcmp(others->strings[i], name))
			return true;
	}
	return false;
}

/* Whether a run folder or a cgroup has this name; a negative errno: -ENOMEM. */
static int is_in_use(const struct supervisor *supervisor, const char *name)
{
	__cleanup_free char *run_folder = run_folder_path(supervisor, name);
	struct cgroup cgroup;
	bool used;
	int err;

	if (!run_folder)
		return -ENOMEM;
	cgroup_init(&cgroup);
	err = cgroup_place(&cgroup, &supervisor->cgroups, name);
	used = exists(run_folder) || (cgroup.path && exists(cgroup.path));
	cgroup_free(&cgroup);
	return err ? err : used;
}

static int sweep_entry(int folder, const struct dirent *entry, void *arg)
{
	const struct sweep *sweep = arg;
	struct supervisor *supervisor = sweep->supervisor;
	const char *name = entry->d_name;
	__cleanup_free char *path = NULL;
	int err;

	if (check_container_name(name) || is_ours(supervisor, name) ||
	    is_of_other(sweep->others, name) || !state_is_layer(folder, name))
		return 0;
	err = is_in_use(supervisor, name);
	if (err)
		return err < 0 ? err : 0;
	path = path_join(supervisor->roots.state, name, "");
	if (!path)
		return -ENOMEM;
	/* The machine went down while the container ran. */
	if (request_keeps_layer(supervisor, name)) {
		err = layer_keep(supervisor, name, path);
		if (err)
			report_warning_errno(err, "keeping %s", path);
		return 0;
	}
	report_info("removing %s: no container has it any more", path);
	err = state_remove_later(&supervisor->layers, path);
	if (err)
		report_warning_errno(err, "removing %s", path);
	return 0;
}

int leftovers_remove(struct supervisor *supervisor,
		     const struct string_list *others)
{
	struct sweep sweep = { supervisor, others };

	return path_each_entry(AT_FDCWD, supervisor->roots.state, sweep_entry,
			       &sweep);
}

static int note_other(const struct purser_container *record, void *arg)
{
	struct listing *others = arg;

	if (registry_id(others->registry, record->id))
		return 0;
	return string_list_add(&others->names, record->name) ? -ENOMEM : 0;
}

static int sweep_alone(struct supervisor *supervisor)
{
	struct listing others = { .registry = &supervisor->registry };
	int err = kernel_list(&supervisor->kernel, note_other, &others);

	if (!err)
		err = leftovers_remove(supervisor, &others.names);
	string_list_free(&others.names);
	return err;
}

/*
 * Each supervisor keeps a shared lock on the state directory. Another one may share it,
 * and make a layer before it makes a record: remove nothing then.
 */
int leftovers_sweep(struct supervisor *supervisor)
{
	int err = 0;
	int fd = file_open(AT_FDCWD, supervisor->roots.state,
			   O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return fd;
	supervisor->state_fd = fd;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		err = sweep_alone(supervisor);
	if (flock(fd, LOCK_SH | LOCK_NB))
		report_warning_errno(-errno, "locking state directory %s",
				     supervisor->roots.state);
	return err;
}
