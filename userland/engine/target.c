// SPDX-License-Identifier: GPL-2.0
/* Containers for commands without a supervisor, see target.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/paths.h"
#include "cgroup/folder.h"
#include "cgroup/freeze.h"
#include "control/outcome.h"
#include "supervisor/run_folder.h"
#include "target.h"
#include "view/handle.h"

int target_ended(const struct purser_container *record, struct failure *failure)
{
	char text[OUTCOME_TEXT_LEN];
	struct outcome outcome;

	outcome_from_record(&outcome, record);
	return failed(failure, EXIT_FAILED,
		      "container \"%s\" has ended already: %s", record->name,
		      outcome_text(&outcome, text));
}

/* The supervisor has noted the cgroup in the run folder, which only root can write. */
static int open_cgroup(const char *run, const char *name, char **path)
{
	__cleanup_free char *all = path_join(run, RUN_FOLDERS, "");
	__cleanup_free char *folder = all ? path_join(all, name, "") : NULL;
	int fd;

	if (!folder)
		return -ENOMEM;
	fd = run_folder_read(folder, RUN_FOLDER_CGROUP, path);
	if (fd)
		return fd;
	fd = cgroup_folder_open(*path);
	if (fd < 0) {
		free(*path);
		*path = NULL;
	}
	return fd;
}

bool container_is_paused(const char *run, const char *name)
{
	__cleanup_free char *path = NULL;
	int fd __cleanup_close = open_cgroup(run, name, &path);

	return fd >= 0 && cgroup_frozen(fd) > 0;
}

void target_of_record(struct target *t, const struct purser_container *record)
{
	*t = (struct target){ .record = *record, .cgroup = -1, .pidfd = -1 };
	t->has_cookie = !cookie_parse(record, NULL, &t->cookie);
	/* The run folder of an ended container may belong to the next one. */
	if (t->has_cookie && record->state != PURSER_STATE_EXITED)
		t->cgroup = open_cgroup(t->cookie.run, record->name,
					&t->cgroup_path);
}

static int not_found(struct purser *table, int err, const char *id,
		     const char *verb, struct failure *failure)
{
	const struct purser_ref ref = { .name = id };

	if (err == -ENOENT)
		return failed(failure, EXIT_FAILED, "no container \"%s\"", id);
	return table_failed_on(failure, err, purser_last_error(table), verb,
			       &ref);
}

int target_find(struct target *t, struct purser *table, const char *id,
		struct failure *failure)
{
	const struct purser_ref ref = { .name = id };
	struct purser_container record;
	int err = check_container_name(id) ? -ENOENT :
					     purser_get(table, &ref, &record);

	if (err)
		return not_found(table, err, id, "find", failure);
	target_of_record(t, &record);
	return 0;
}

int target_open(struct target *t, struct purser *table, const char *id,
		struct failure *failure)
{
	const struct purser_ref ref = { .name = id };
	struct purser_container record;
	int fd = check_container_name(id) ? -ENOENT :
					    purser_pidfd(table, &ref, &record);

	if (fd == -ESRCH)
		return target_ended(&record, failure);
	if (fd < 0)
		return not_found(table, fd, id, "find", failure);
	target_of_record(t, &record);
	t->pidfd = fd;
	return 0;
}

int target_need_cookie(const struct target *t, struct failure *failure)
{
	if (t->has_cookie)
		return 0;
	/* The kernel does not show it to users. */
	if (!t->record.cookie_len && geteuid())
		return failed(failure, EXIT_NO_PERMISSION,
			      "container \"%s\": only root may do that",
			      t->record.name);
	return failed(
		failure, EXIT_FAILED,
		"container \"%s\" was started by another program, which engine does not know",
		t->record.name);
}

int target_need_cgroup(const struct target *t, struct failure *failure)
{
	if (t->cgroup >= 0)
		return 0;
	if (target_need_cookie(t, failure))
		return -1;
	return failed(
		failure, EXIT_FAILED,
		"container \"%s\" has no cgroup of its own, or its run folder is gone",
		t->record.name);
}

bool target_is_live(const struct target *t)
{
	/* EPERM: it lives, and the caller may not send it signals. */
	return !pidfd_send_signal(t->pidfd, 0, NULL, 0) || errno != ESRCH;
}

bool target_is_paused(const struct target *t)
{
	return t->cgroup >= 0 && cgroup_frozen(t->cgroup) > 0;
}

void target_close(struct target *t)
{
	if (t->has_cookie)
		cookie_free(&t->cookie);
	t->has_cookie = false;
	free(t->cgroup_path);
	t->cgroup_path = NULL;
	cleanup_close(&t->cgroup);
	cleanup_close(&t->pidfd);
}
