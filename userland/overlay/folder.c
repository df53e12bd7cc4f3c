// SPDX-License-Identifier: GPL-2.0
/* State folders, see folder.h. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "folder.h"
#include "supervisor/supervisor.h"

/* No id begins with a dot. */
#define STALE ".stale-"

/* Have the cleaner remove a folder that belongs to no container. */
static int sweep(struct supervisor *supervisor, char *path)
{
	struct cleaner_job *job = calloc(1, sizeof(*job));

	if (!job) {
		free(path);
		return -ENOMEM;
	}
	job->path = path;
	cleaner_submit(supervisor->cleaner, job);
	return 0;
}

void state_swept(struct cleaner_job *job)
{
	if (job->error)
		report(job->error, "removing %s", job->path);
	free((char *)job->path);
	free(job);
}

/* @aside is for free(). */
static int put_aside(struct supervisor *supervisor, const char *path,
		     char **aside)
{
	char name[sizeof(STALE) + 32];
	int err;

	snprintf(name, sizeof(name), STALE "%d-%u", getpid(),
		 supervisor->n_stale++);
	*aside = path_join(supervisor->roots.state, name, "");
	if (!*aside)
		return -ENOMEM;
	if (!rename(path, *aside))
		return 0;
	err = -errno;
	free(*aside);
	return err;
}

int state_put_aside(struct supervisor *supervisor, const char *path)
{
	char *aside;
	int err = put_aside(supervisor, path, &aside);

	if (!err)
		free(aside);
	return err;
}

int state_remove_later(struct supervisor *supervisor, const char *path)
{
	struct cleaner_job *job = calloc(1, sizeof(*job));
	char *aside;
	int err = job ? put_aside(supervisor, path, &aside) : -ENOMEM;

	if (err) {
		free(job);
		return err == -ENOENT ? 0 : err;
	}
	job->path = aside;
	cleaner_submit(supervisor->cleaner, job);
	return 0;
}

int state_make(struct supervisor *supervisor, const char *path)
{
	char *aside;
	int err;

	if (!mkdir(path, 0700))
		return 0;
	if (errno != EEXIST)
		return -errno;
	err = put_aside(supervisor, path, &aside);
	if (!err)
		err = sweep(supervisor, aside);
	if (err)
		return err;
	return mkdir(path, 0700) < 0 ? -errno : 0;
}

int state_sweep(struct supervisor *supervisor)
{
	DIR *dir = opendir(supervisor->roots.state);
	struct dirent *entry;
	int err = 0;

	if (!dir)
		return -errno;
	while (!err && (errno = 0, entry = readdir(dir))) {
		char *path;

		if (strncmp(entry->d_name, STALE, strlen(STALE)))
			continue;
		path = path_join(supervisor->roots.state, entry->d_name, "");
		err = path ? sweep(supervisor, path) : -ENOMEM;
	}
	if (!err)
		err = -errno;
	closedir(dir);
	return err;
}
