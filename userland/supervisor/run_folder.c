// SPDX-License-Identifier: GPL-2.0
/* Run folders of containers, see run_folder.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/paths.h"
#include "run_folder.h"
#include "supervisor.h"

static const char *const fifo_names[LOG_N_STREAMS] = {
	[LOG_STDOUT] = "stdout",
	[LOG_STDERR] = "stderr",
};

const char *run_folder_fifo(enum log_stream stream)
{
	return fifo_names[stream];
}

const char *const run_folder_etc[N_ETC_FILES] = {
	"hosts",
	"hostname",
	"resolv.conf",
};

static int open_folder(const char *path)
{
	return file_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

/*
 * A process that is not root any more must be able to open /dev/stdout: it opens the FIFO
 * again by the descriptor that it has. Nobody else can: only root can enter the folder.
 */
#define FIFO_MODE 0622

static int make_fifos(const char *path)
{
	int folder __cleanup_close = open_folder(path);

	if (folder < 0)
		return folder;
	for (int i = 0; i < LOG_N_STREAMS; i++) {
		/* The umask has an effect on the first mode, but not on the second. */
		if (mkfifoat(folder, fifo_names[i], 0600) < 0 ||
		    fchmodat(folder, fifo_names[i], FIFO_MODE, 0) < 0)
			return -errno;
	}
	return 0;
}

int run_folder_make(const char *path, bool fifos)
{
	int err = mkdir(path, 0700) < 0 ? -errno : 0;

	if (err == -EEXIST) {
		err = run_folder_remove(path);
		if (!err && mkdir(path, 0700) < 0)
			err = -errno;
	}
	if (err || !fifos)
		return err;
	err = make_fifos(path);
	if (err)
		run_folder_remove(path);
	return err;
}

int run_folder_note(const char *path, const char *thing, const char *target)
{
	__cleanup_free char *link = path_join(path, thing, "");

	if (!link)
		return -ENOMEM;
	return symlink(target, link) < 0 ? -errno : 0;
}

int run_folder_read(const char *path, const char *thing, char **target)
{
	__cleanup_free char *link = path_join(path, thing, "");
	char text[PATH_MAX];
	ssize_t n;

	if (!link)
		return -ENOMEM;
	n = readlink(link, text, sizeof(text));
	if (n < 0)
		return -errno;
	*target = strndup(text, n);
	return *target ? 0 : -ENOMEM;
}

int run_folder_open(const char *path, int flags, int fds[LOG_N_STREAMS])
{
	int folder __cleanup_close = open_folder(path);
	int opened[LOG_N_STREAMS];

	if (folder < 0)
		return folder;
	for (int i = 0; i < LOG_N_STREAMS; i++) {
		opened[i] = openat(folder, fifo_names[i],
				   flags | O_NOFOLLOW | O_CLOEXEC);
		if (opened[i] < 0) {
			int err = -errno;

			while (i-- > 0)
				close(opened[i]);
			return err;
		}
	}
	memcpy(fds, opened, sizeof(opened));
	return 0;
}

/* Returns 1 if a process has the FIFO open for reading, as containers have; 0; or an errno. */
static int is_used(int folder, const char *fifo)
{
	int fd __cleanup_close = openat(
		folder, fifo, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0)
		return 1;
	return errno == ENXIO || errno == ENOENT ? 0 : -errno;
}

static int wait_unused(int folder, const char *fifo, int ms)
{
	struct pollfd p = { 0 };
	int used = is_used(folder, fifo);
	int n;

	if (used <= 0)
		return used;
	p.fd = openat(folder, fifo,
		      O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (p.fd < 0)
		return errno == ENOENT ? 0 : -errno;
	/* poll() reports POLLHUP whatever the mask is. */
	do {
		n = poll(&p, 1, ms);
	} while (n < 0 && errno == EINTR);
	close(p.fd);
	/* There is no POLLHUP if the last writer closed the FIFO before our open(). */
	used = n ? 0 : is_used(folder, fifo);
	return used > 0 ? -EBUSY : used;
}

int run_folder_wait_unused(const char *path, int ms)
{
	int folder __cleanup_close = open_folder(path);
	int err = 0;

	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	for (int i = 0; !err && i < LOG_N_STREAMS; i++)
		err = wait_unused(folder, fifo_names[i], ms);
	return err;
}

int run_folder_remove(const char *path)
{
	int folder __cleanup_close = open_folder(path);
	const char *const names[] = { fifo_names[0],	 fifo_names[1],
				      run_folder_etc[0], run_folder_etc[1],
				      run_folder_etc[2], RUN_FOLDER_STATE,
				      RUN_FOLDER_CGROUP };

	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (unlinkat(folder, names[i], 0) < 0 && errno != ENOENT)
			return -errno;
	}
	return rmdir(path) < 0 && errno != ENOENT ? -errno : 0;
}

char *run_folder_path(const struct supervisor *supervisor, const char *name)
{
	return path_join(supervisor->run_folders, name, "");
}

static int make(const struct container *c, const char *path, const char *layer)
{
	int err = run_folder_make(path, c->log.path);

	if (!err && layer)
		err = run_folder_note(path, RUN_FOLDER_STATE, layer);
	if (!err && c->cgroup.path)
		err = run_folder_note(path, RUN_FOLDER_CGROUP, c->cgroup.path);
	return err;
}

int container_make_run_folder(struct container *c, const char *layer,
			      struct failure *failure)
{
	int err = -ENOMEM;

	c->run_folder = run_folder_path(c->supervisor, c->name);
	if (c->run_folder)
		err = make(c, c->run_folder, layer);
	return failed_if(failure, err, "making its run folder");
}

void container_remove_run_folder(struct container *c)
{
	int err = c->run_folder ? run_folder_remove(c->run_folder) : 0;

	if (err)
		container_warning(c, err, "removing %s", c->run_folder);
	free(c->run_folder);
	c->run_folder = NULL;
}

void container_names_foreign(const struct container *c, const char *thing,
			     const char *path)
{
	container_warning(c, 0, "%s names %s %s, which is left there",
			  c->run_folder, thing, path);
}
