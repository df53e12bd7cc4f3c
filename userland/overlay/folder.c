// SPDX-License-Identifier: GPL-2.0
/* State folders, see folder.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/paths.h"
#include "base/report.h"
#include "folder.h"
#include "image.h"
#include "overlay.h"

/* No container id begins with a dot, so this is never the name of a state folder. */
#define ASIDE ".stale-"

/* Have the remover remove a folder that belongs to no container; takes @path over. */
static int sweep(struct state_folders *folders, char *path)
{
	struct remover_job *job = calloc(1, sizeof(*job));

	if (!job) {
		free(path);
		return -ENOMEM;
	}
	job->path = path;
	remover_submit(folders->remover, job);
	return 0;
}

void state_swept(struct remover_job *job)
{
	if (job->error)
		report_warning_errno(job->error, "removing %s", job->path);
	free((char *)job->path);
	free(job);
}

/* Rename @path; the caller must free() its new name @aside. */
static int put_aside(struct state_folders *folders, const char *path,
		     char **aside)
{
	char name[sizeof(ASIDE) + 32];
	int err;

	snprintf(name, sizeof(name), ASIDE "%d-%u", getpid(),
		 folders->n_aside++);
	*aside = path_join(folders->dir, name, "");
	if (!*aside)
		return -ENOMEM;
	if (!rename(path, *aside))
		return 0;
	err = -errno;
	free(*aside);
	return err;
}

int state_put_aside(struct state_folders *folders, const char *path)
{
	char *aside;
	int err = put_aside(folders, path, &aside);

	if (!err)
		free(aside);
	return err;
}

int state_remove_later(struct state_folders *folders, const char *path)
{
	struct remover_job *job = calloc(1, sizeof(*job));
	char *aside;
	int err = job ? put_aside(folders, path, &aside) : -ENOMEM;

	if (err) {
		free(job);
		return err == -ENOENT ? 0 : err;
	}
	job->path = aside;
	remover_submit(folders->remover, job);
	return 0;
}

int state_make(struct state_folders *folders, const char *path)
{
	char *aside;
	int err;

	if (!mkdir(path, 0700))
		return 0;
	if (errno != EEXIST)
		return -errno;
	err = put_aside(folders, path, &aside);
	if (!err)
		err = sweep(folders, aside);
	if (err)
		return err;
	return mkdir(path, 0700) < 0 ? -errno : 0;
}

/* Stop at the first other entry. */
static int check_entry(int folder, const struct dirent *entry, void *arg)
{
	static const char *const names[] = { OVERLAY_UPPER, OVERLAY_WORK,
					     IMAGE_NAME };

	(void)folder;
	(void)arg;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(entry->d_name, names[i]))
			return 0;
	}
	return -EEXIST;
}

bool state_is_layer(int folder, const char *name)
{
	int fd __cleanup_close = file_open(folder, name,
					   O_RDONLY | O_DIRECTORY | O_NOFOLLOW);

	return fd >= 0 && !path_each_entry(fd, ".", check_entry, NULL);
}

static int sweep_entry(int folder, const struct dirent *entry, void *arg)
{
	struct state_folders *folders = arg;
	char *path;

	(void)folder;
	if (strncmp(entry->d_name, ASIDE, strlen(ASIDE)))
		return 0;
	path = path_join(folders->dir, entry->d_name, "");
	return path ? sweep(folders, path) : -ENOMEM;
}

int state_sweep(struct state_folders *folders)
{
	return path_each_entry(AT_FDCWD, folders->dir, sweep_entry, folders);
}
