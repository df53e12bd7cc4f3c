// SPDX-License-Identifier: GPL-2.0
#include "follow.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/report.h"

static int watch_fd(struct log_follow *follow, int fd, uint32_t events)
{
	char path[64];

	/* Not by its name, which may already be that of another file. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return watch_add(&follow->watch, path, events);
}

/* Watch the file that is written now, in place of the one before. */
static int watch_last(struct log_follow *follow, int fd)
{
	int number = watch_fd(follow, fd, IN_MODIFY);

	if (number < 0)
		return number;
	/* A file that was cut has the same number as before. */
	if (number != follow->last)
		watch_remove(&follow->watch, follow->last);
	follow->last = number;
	follow->last_fd = fd;
	return 0;
}

static void report_missed(struct log_follow *follow)
{
	if (!follow->reported)
		report_warning(
			"log %s: lines may be missing: files were removed before their successors were found",
			follow->path);
	follow->reported = true;
}

static void report_cut(struct log_follow *follow, struct log_files *files)
{
	report_warning(
		"log %s: somebody has cut the file: it is printed from its start again",
		follow->path);
	files->cut = false;
}

/* Look for new files and bytes. A change after watch_take() is an event. */
static int look(struct log_follow *follow, struct log_files *files)
{
	int err, fd;

	watch_take(&follow->watch);
	for (;;) {
		err = log_files_grow(files);
		if (err || !files->n)
			break;
		/* The file before stays open, so a new file has another descriptor. */
		fd = files->files[files->n - 1].fd;
		if (fd == follow->last_fd)
			break;
		err = watch_last(follow, fd);
		if (err)
			break;
	}
	if (files->missed)
		report_missed(follow);
	if (files->cut)
		report_cut(follow, files);
	log_files_forget(files);
	return err;
}

/* A log_more_fn: wait until there is a byte at offset @at. */
static int more(struct log_files *files, off_t at, void *arg)
{
	struct log_follow *follow = arg;
	int ret;

	if (fflush(follow->out))
		return -errno;
	for (;;) {
		ret = look(follow, files);
		if (ret)
			return ret;
		if (at < log_files_end(files))
			return 1;
		if (follow->ended)
			return 0;
		ret = follow->wait(follow->arg, follow->watch.fd);
		if (ret < 0)
			return ret;
		/* All was written before the end: look once more. */
		follow->ended = ret > 0;
	}
}

int log_follow_begin(struct log_follow *follow, struct log_files *files)
{
	int err;

	follow->ended = false;
	follow->reported = false;
	follow->last = -1;
	follow->last_fd = -1;
	err = watch_open(&follow->watch);
	if (err)
		return err;
	err = watch_fd(follow, files->dir,
		       IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE);
	if (err < 0)
		return err;
	files->more = more;
	files->more_arg = follow;
	return 0;
}

void log_follow_end(struct log_follow *follow, struct log_files *files)
{
	watch_close(&follow->watch);
	files->more = NULL;
}
