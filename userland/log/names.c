// SPDX-License-Identifier: GPL-2.0
#include "names.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "settings.h"

/* A path of any length, a dot and a number. The kernel refuses a path that is longer. */
#define NAME_ROOM (PATH_MAX + 12)

/* The temporary name of a new file. */
#define DRAFT ".new"

/* How often logfile_oldest() looks again because the files were renamed meanwhile. */
#define MAX_RETRIES 1000
/* How often all numbers are searched for a file that still has a name. */
#define MAX_SEARCHES 8

/* The name of the file with that number; number 0 is the file that is being written. */
static const char *numbered(char buf[NAME_ROOM], const char *path,
			    unsigned int number)
{
	if (number)
		snprintf(buf, NAME_ROOM, "%s.%u", path, number);
	else
		snprintf(buf, NAME_ROOM, "%s", path);
	return buf;
}

static int renumber(const char *path, unsigned int from, unsigned int to)
{
	char old[NAME_ROOM], new[NAME_ROOM];

	if (rename(numbered(old, path, from), numbered(new, path, to)) < 0)
		return -errno;
	return 0;
}

int logfile_shift(const char *path)
{
	unsigned int free_number = 0;
	char name[NAME_ROOM];
	struct stat st;
	int err = 0;

	while (free_number < LOG_MAX_FILES_MAX &&
	       !lstat(numbered(name, path, free_number), &st))
		free_number++;
	if (!free_number)
		return -errno;
	for (unsigned int n = free_number; !err && n > 0; n--)
		err = renumber(path, n - 1, n);
	return err;
}

/* Remove the files from @number on, up to @gap consecutive numbers without a file. */
static int remove_from(const char *path, unsigned int number, unsigned int gap)
{
	unsigned int missing = 0;
	char name[NAME_ROOM];
	int first_err = 0;

	for (; number <= LOG_MAX_FILES_MAX && missing < gap; number++) {
		if (!unlink(numbered(name, path, number))) {
			missing = 0;
			continue;
		}
		missing++;
		if (errno != ENOENT && !first_err)
			first_err = -errno;
	}
	return first_err;
}

/* A crash leaves a gap of one number. */
int logfile_trim(const char *path, unsigned int max_files, bool gaps)
{
	return remove_from(path, max_files, gaps ? LOG_MAX_FILES_MAX + 1 : 2);
}

/* Without the mark, the next container's log shows this one's lines, too. */
static void mark_last(const char *path)
{
	int fd __cleanup_close = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
						    O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode) ||
	    fchmod(fd, st.st_mode & 07777 & ~(mode_t)S_IWUSR))
		return;
}

int logfile_claim(const char *path, bool *had_old)
{
	int err;

	mark_last(path);
	err = logfile_shift(path);
	*had_old = !err;
	return err == -ENOENT ? 0 : err;
}

int logfile_undo(const char *path, bool had_old)
{
	int err = 0;

	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	for (unsigned int n = 1; had_old && !err && n <= LOG_MAX_FILES_MAX; n++)
		err = renumber(path, n, n - 1);
	return err == -ENOENT ? 0 : err;
}

int logfile_open(const char *path, int flags)
{
	/* O_NONBLOCK: if the path is a FIFO, open() must not wait for a reader. */
	int fd = open(path,
		      O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
			      O_NOCTTY | O_NONBLOCK | flags,
		      0640);

	return fd < 0 ? -errno : fd;
}

int logfile_rotate(const char *path, unsigned int max_files)
{
	char draft[NAME_ROOM];
	int err, fd;

	snprintf(draft, sizeof(draft), "%s" DRAFT, path);
	fd = logfile_open(draft, O_TRUNC);
	if (fd < 0)
		return fd;
	err = logfile_shift(path);
	/* -ENOENT: somebody has removed the file, and its name is free. */
	if ((!err || err == -ENOENT) && !rename(draft, path)) {
		/*
		 * Usually one file is too many now, more if fewer are kept than before.
		 * Files behind a gap stay until a start of a container looks at all
		 * numbers: a rotation must not take that long.
		 */
		remove_from(path, max_files, 1);
		return fd;
	}
	if (!err || err == -ENOENT)
		err = -errno;
	unlink(draft);
	close(fd);
	return err;
}

static int stat_number(int dir, const char *name, int number, struct stat *st)
{
	char buf[NAME_ROOM];

	return fstatat(dir, numbered(buf, name, number), st, 0) ? -errno : 0;
}

static int open_number(int dir, const char *name, int number)
{
	char buf[NAME_ROOM];
	int fd = openat(dir, numbered(buf, name, number), O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/*
 * While the files are renamed there is a gap of one number, and the file behind it exists.
 * If this file still has its number afterwards, no other one came between.
 */
int logfile_newest(int dir, const char *name, bool *marked)
{
	int fd = open_number(dir, name, 0);
	int before, behind, now;
	struct stat opened, st;

	if (fd < 0)
		return fd == -ENOENT ? -EAGAIN : fd;
	before = stat_number(dir, name, 1, &st);
	*marked = !before && logfile_is_last(&st);
	behind = before ? stat_number(dir, name, 2, &st) : -ENOENT;
	now = fstat(fd, &opened) ? -errno : stat_number(dir, name, 0, &st);
	if (!now && same_file(&opened, &st) &&
	    (*marked || (before == -ENOENT && behind == -ENOENT)))
		return fd;
	close(fd);
	return -EAGAIN;
}

/*
 * The highest number, or a negative errno. Files move to higher numbers, so this searches
 * upwards, or it could miss one that moves meanwhile.
 */
static int highest(int dir, const char *name)
{
	int found = -ENOENT, err;
	struct stat st;

	for (int n = 0; n <= LOG_MAX_FILES_MAX; n++) {
		err = stat_number(dir, name, n, &st);
		if (!err)
			found = n;
		else if (err != -ENOENT)
			return err;
	}
	return found;
}

int logfile_oldest(int dir, const char *name)
{
	struct stat opened, there;

	for (int i = 0;; i++) {
		int number = highest(dir, name), fd;

		if (number < 0)
			return number;
		fd = open_number(dir, name, number);
		if (fd == -ENOENT)
			continue;
		if (fd < 0)
			return fd;
		/* If the files were renamed meanwhile, another one may be open. */
		if (i == MAX_RETRIES ||
		    (!fstat(fd, &opened) && highest(dir, name) == number &&
		     !stat_number(dir, name, number, &there) &&
		     same_file(&opened, &there)))
			return fd;
		close(fd);
	}
}

/*
 * The number of the file @wanted, which is open as @fd, or -ESTALE. This searches
 * upwards, as highest() does. A file that still has a name may have moved ahead of the
 * search, or into another folder.
 */
static int find(int dir, const char *name, const struct stat *wanted, int fd)
{
	struct stat st;

	for (int i = 0; i < MAX_SEARCHES; i++) {
		for (int n = 0; n <= LOG_MAX_FILES_MAX; n++) {
			if (!stat_number(dir, name, n, &st) &&
			    same_file(&st, wanted))
				return n;
		}
		if (fstat(fd, &st) || !st.st_nlink)
			break;
	}
	return -ESTALE;
}

/* Open the file with the highest number below @number, which becomes @below. */
static int open_below(int dir, const char *name, int number, int *below)
{
	int fd = -ENOENT;

	for (*below = number - 1; *below >= 0; --*below) {
		fd = open_number(dir, name, *below);
		if (fd != -ENOENT)
			break;
	}
	return fd;
}

/*
 * Whether the file @wanted still has @number, and no file has a number between that and
 * @below. This searches upwards as well: a file that moves ahead of the search takes
 * the place of @wanted in the end.
 */
static bool are_neighbours(int dir, const char *name, int below, int number,
			   const struct stat *wanted)
{
	struct stat st;

	for (int n = below + 1; n < number; n++) {
		if (stat_number(dir, name, n, &st) != -ENOENT)
			return false;
	}
	return !stat_number(dir, name, number, &st) && same_file(&st, wanted);
}

int logfile_next(int dir, const char *name, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	for (;;) {
		int number = find(dir, name, &st, fd), below, next;

		if (number <= 0)
			return number ? number : -EAGAIN;
		next = open_below(dir, name, number, &below);
		if (next < 0 && next != -ENOENT)
			return next;
		if (next >= 0 && are_neighbours(dir, name, below, number, &st))
			return next;
		if (next >= 0)
			close(next);
		else if (are_neighbours(dir, name, -1, number, &st))
			return -EAGAIN;
	}
}
