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

	/* By its descriptor: its name may be another file's already. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return watch_add(&follow->watch, path, events);
}

/* Watch the file that is written now in the place of the one before. */
static int watch_last(struct log_follow *follow, int fd)
{
	int number = watch_fd(follow, fd, IN_MODIFY);

	if (number < 0)
		return number;
	watch_remove(&follow->watch, follow->last);
	follow->last = number;
	follow->last_fd = fd;
	return 0;
}

static void tell_missed(struct log_follow *follow)
{
	if (!follow->told_missed)
		report(0,
		       "log %s: lines may be missing: files were removed before their successors were found",
		       follow->path);
	follow->told_missed = true;
}

/* What happens from here on is an event; see what has happened until now. */
static int look(struct log_follow *follow, struct log_files *files)
{
	int err, fd;

	watch_take(&follow->watch);
	for (;;) {
		err = log_files_grow(files);
		if (err || !files->n)
			break;
		/* The last but one stays open: a new one has another number. */
		fd = files->files[files->n - 1].fd;
		if (fd == follow->last_fd)
			break;
		err = watch_last(follow, fd);
		if (err)
			break;
	}
	if (files->missed)
		tell_missed(follow);
	log_files_forget(files);
	return err;
}

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
		if (log_files_has(files, at))
			return 1;
		if (follow->ended)
			return 0;
		ret = follow->wait(follow->arg, follow->watch.fd);
		if (ret < 0)
			return ret;
		/* One more look: all was written before the end. */
		follow->ended = ret > 0;
	}
}

int log_follow_begin(struct log_follow *follow, struct log_files *files)
{
	int err;

	follow->ended = false;
	follow->told_missed = false;
	follow->last = -1;
	follow->last_fd = -1;
	err = watch_open(&follow->watch);
	if (err)
		return err;
	follow->folder = watch_fd(follow, files->dir,
				  IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM |
					  IN_DELETE);
	if (follow->folder < 0)
		return follow->folder;
	files->more = more;
	files->more_arg = follow;
	return 0;
}

void log_follow_end(struct log_follow *follow, struct log_files *files)
{
	watch_close(&follow->watch);
	files->more = NULL;
}
