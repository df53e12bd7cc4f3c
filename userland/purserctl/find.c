// SPDX-License-Identifier: GPL-2.0
/* Finding the process to register, see find.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/paths.h"
#include "base/quote.h"
#include "base/report.h"
#include "cgroup/mount.h"
#include "cgroup/processes.h"
#include "cgroup/systemd.h"
#include "find.h"
#include "processes.h"

static int open_found(const struct process *process, struct found *found,
		      struct failure *failure)
{
	found->pid = process->pid;
	found->pidfd = process_open(process);
	if (found->pidfd < 0)
		return failed_errno(failure, found->pidfd, "process %d",
				    process->pid);
	return 0;
}

/* Name some of them, so that a person can choose. @what: such as "are in the cgroup x" */
static int too_many(const struct processes *roots, const char *what,
		    struct failure *failure)
{
	const size_t most = 8;
	char pids[128] = "";
	size_t len = 0;

	for (size_t i = 0; i < roots->n && i < most; i++)
		len += snprintf(pids + len, sizeof(pids) - len, "%s%d",
				i ? ", " : "", roots->all[i].pid);
	return failed(
		failure, EXIT_FAILED,
		"%zu processes %s and do not descend from each other (%s%s): give one PID",
		roots->n, what, pids, roots->n > most ? ", ..." : "");
}

static int choose(struct processes *all, const char *what, struct found *found,
		  struct failure *failure)
{
	processes_keep_roots(all);
	if (!all->n)
		return failed(failure, EXIT_FAILED, "no processes %s", what);
	if (all->n > 1)
		return too_many(all, what, failure);
	return open_found(&all->all[0], found, failure);
}

int find_by_comm(const char *comm, struct found *found, struct failure *failure)
{
	struct processes all = { 0 };
	int err = processes_find(&all, comm);
	char what[QUOTED_SIZE + 32];

	snprintf(what, sizeof(what), "are called \"%s\"", QUOTE(comm));
	err = err ? failed_errno(failure, err, "cannot read /proc") :
		    choose(&all, what, found, failure);
	processes_free(&all);
	return err;
}

static int add_all(int folder, struct processes *all)
{
	__cleanup_free pid_t *pids = NULL;
	size_t n;
	int err = cgroup_processes(folder, &pids, &n);

	for (size_t i = 0; !err && i < n; i++)
		err = processes_add_pid(all, pids[i]);
	return err;
}

/* Open the folder of a cgroup; a descriptor or a negative errno. */
static int open_cgroup(const char *path)
{
	__cleanup_free char *mount = NULL, *below = NULL;
	bool has_v1;
	int err;

	if (cgroup_is_v2(path))
		return file_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
	err = cgroup_mount(&mount, &has_v1);
	if (err)
		return err;
	below = path_join(mount, path + strspn(path, "/"), "");
	if (!below)
		return -ENOMEM;
	return file_open(AT_FDCWD, below, O_RDONLY | O_DIRECTORY);
}

int find_by_cgroup(const char *path, struct found *found,
		   struct failure *failure)
{
	int folder __cleanup_close = open_cgroup(path);
	struct processes all = { 0 };
	char what[QUOTED_SIZE + 32];
	int err;

	if (folder < 0)
		return failed_errno(failure, folder, "cgroup \"%s\"",
				    QUOTE(path));
	err = add_all(folder, &all);
	snprintf(what, sizeof(what), "are in the cgroup \"%s\"", QUOTE(path));
	err = err ? failed_errno(failure, err,
				 "cannot read the processes of \"%s\"",
				 QUOTE(path)) :
		    choose(&all, what, found, failure);
	processes_free(&all);
	return err;
}

/* Tell whether a process is in the cgroup @path, or below it. */
static bool is_in_cgroup(pid_t pid, const char *path)
{
	const size_t len = strlen(path);
	char name[32], line[4200];
	__cleanup_fclose FILE *file = NULL;
	bool found = false;

	snprintf(name, sizeof(name), "/proc/%d/cgroup", pid);
	file = fopen(name, "re");
	while (file && !found && fgets(line, sizeof(line), file)) {
		const char *at = strchr(line, ':');

		at = at ? strchr(at + 1, ':') : NULL;
		found = at && !strncmp(at + 1, path, len) &&
			(at[1 + len] == '\n' || at[1 + len] == '/');
	}
	return found;
}

static int open_main(const struct systemd_unit *unit, const char *name,
		     struct found *found, struct failure *failure)
{
	struct process process;
	int err = process_read(unit->main_pid, &process);

	if (err)
		return failed_errno(failure, err, "the main process of %s, %d",
				    QUOTE(name), unit->main_pid);
	if (open_found(&process, found, failure))
		return -1;
	/* Another process may have got the PID since systemd has answered. */
	if (is_in_cgroup(unit->main_pid, unit->cgroup))
		return 0;
	cleanup_close(&found->pidfd);
	return failed(failure, EXIT_FAILED,
		      "the main process of %s, %d, is not in its cgroup \"%s\"",
		      QUOTE(name), unit->main_pid, QUOTE(unit->cgroup));
}

int find_by_unit(const char *name, struct found *found, struct failure *failure)
{
	struct systemd_unit unit;
	int err;

	if (systemd_unit_find(name, &unit, failure))
		return -1;
	if (unit.main_pid)
		err = open_main(&unit, name, found, failure);
	else if (unit.cgroup && *unit.cgroup)
		err = find_by_cgroup(unit.cgroup, found, failure);
	else
		err = failed(failure, EXIT_FAILED,
			     "%s has no process: systemd does not run it",
			     QUOTE(name));
	free(unit.cgroup);
	return err;
}

void warn_about_parent(pid_t pid)
{
	struct process process, parent;

	/* A process that is to become a container begins as a copy of its launcher. */
	if (process_read(pid, &process) ||
	    process_read(process.parent, &parent) ||
	    strcmp(process.comm, parent.comm) ||
	    !processes_share(pid, parent.pid, "exe") ||
	    !processes_share(pid, parent.pid, "ns/pid"))
		return;
	report_warning(
		"process %d is a child of process %d, which runs the same program (%s): that one and its other children are not in the container",
		pid, parent.pid, parent.comm);
}
