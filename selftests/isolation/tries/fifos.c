// SPDX-License-Identifier: GPL-2.0
/* Tries with the FIFO that is the container's stderr. Outcomes go to stdout. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "try.h"

#define FIFO STDERR_FILENO

/* The FIFO's path on the host. */
static int host_name(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/fd/2", path, size - 1);

	path[n < 0 ? 0 : n] = '\0';
	return result(n);
}

static int rename_it(const struct attempt *t)
{
	char path[PATH_MAX];
	int r = host_name(path, sizeof(path));

	(void)t;
	return r ? r : result(rename(path, path));
}

static int open_its_folder(const struct attempt *t)
{
	char path[PATH_MAX], *slash = NULL;
	int i, r = host_name(path, sizeof(path));

	(void)t;
	for (i = 0; !r && path[i]; i++)
		if (path[i] == '/')
			slash = &path[i];
	if (slash)
		slash[1] = '\0';
	return r ? r : result(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

static int enlarge(const struct attempt *t)
{
	long most = 0;
	FILE *file = fopen("/proc/sys/fs/pipe-max-size", "r");
	int before = fcntl(FIFO, F_GETPIPE_SZ), r;

	(void)t;
	if (!file || fscanf(file, "%ld", &most) != 1)
		return -ENOTDIR;
	fclose(file);
	r = result(fcntl(FIFO, F_SETPIPE_SZ, (int)(2 * most)));
	fcntl(FIFO, F_SETPIPE_SZ, before);
	return r;
}

/* A hard link would keep the FIFO when the run folder is gone. */
static int link_it(const struct attempt *t)
{
	int fd = FIFO, r;
	char path[32];

	(void)t;
	/* A link cannot leave its mount: without the protection use a FIFO here. */
	if (off && mkfifo("fifo", 0600))
		return -ENOTDIR;
	if (off)
		fd = open("fifo", O_RDWR | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	r = result(linkat(AT_FDCWD, path, AT_FDCWD, "link", AT_SYMLINK_FOLLOW));
	unlink("link");
	unlink("fifo");
	return r;
}

const struct attempt fifos_tries[] = {
	TRY("renaming the FIFO", rename_it, "ENOENT"),
	TRY("opening the folder of the FIFO", open_its_folder, "ENOENT"),
	TRY("making the FIFO larger than the limit", enlarge, "EPERM",
	    .only = CAPABILITIES),
	TRY("linking the FIFO to another name", link_it, "EXDEV"),
	{ 0 },
};
