// SPDX-License-Identifier: GPL-2.0
#include "numbers.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "settings.h"

/* A file name and a number behind it. */
#define NAME_ROOM (NAME_MAX + 12)

/* How often the files may move while one is looked for, before giving in. */
#define PATIENCE 1000
/* How often all names are looked at for a file that has one. */
#define SCANS 8

static const char *numbered(char buf[NAME_ROOM], const char *name, int number)
{
	if (number)
		snprintf(buf, NAME_ROOM, "%s.%d", name, number);
	else
		snprintf(buf, NAME_ROOM, "%s", name);
	return buf;
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

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

static bool is_after(const struct stat *st, const struct stat *after)
{
	if (!after)
		return true;
	if (same(st, after))
		return false;
	if (st->st_mtim.tv_sec != after->st_mtim.tv_sec)
		return st->st_mtim.tv_sec > after->st_mtim.tv_sec;
	return st->st_mtim.tv_nsec >= after->st_mtim.tv_nsec;
}

/*
 * The highest number that is to be taken, or a negative errno. From below: files
 * move upwards, and none slips by.
 */
static int highest(int dir, const char *name, const struct stat *after)
{
	int found = -ENOENT, err;
	struct stat st;

	for (int n = 0; n <= LOG_MAX_FILES_MAX; n++) {
		err = stat_number(dir, name, n, &st);
		if (!err && is_after(&st, after))
			found = n;
		else if (err && err != -ENOENT)
			return err;
	}
	return found;
}

int log_number_oldest(int dir, const char *name, const struct stat *after)
{
	struct stat opened, there;

	for (int i = 0;; i++) {
		int number = highest(dir, name, after), fd;

		if (number < 0)
			return number;
		fd = open_number(dir, name, number);
		if (fd == -ENOENT)
			continue;
		if (fd < 0)
			return fd;
		/* Where it moved on meanwhile this one may be another. */
		if (i == PATIENCE || (!fstat(fd, &opened) &&
				      highest(dir, name, after) == number &&
				      !stat_number(dir, name, number, &there) &&
				      same(&opened, &there)))
			return fd;
		close(fd);
	}
}

/*
 * The number of the file, or -ESTALE; from below, as highest(). One that still has
 * a name may have kept ahead, or was moved somewhere else.
 */
static int find(int dir, const char *name, const struct stat *wanted, int fd)
{
	struct stat st;

	for (int i = 0; i < SCANS; i++) {
		for (int n = 0; n <= LOG_MAX_FILES_MAX; n++) {
			if (!stat_number(dir, name, n, &st) &&
			    same(&st, wanted))
				return n;
		}
		if (fstat(fd, &st) || !st.st_nlink)
			break;
	}
	return -ESTALE;
}

/* Open the first file below @number; its number is in @below. */
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
 * Whether the file of @number is still there, and none between it and @below.
 * From below once more: a file that keeps ahead ends by taking that place.
 */
static bool are_neighbours(int dir, const char *name, int below, int number,
			   const struct stat *wanted)
{
	struct stat st;

	for (int n = below + 1; n < number; n++) {
		if (stat_number(dir, name, n, &st) != -ENOENT)
			return false;
	}
	return !stat_number(dir, name, number, &st) && same(&st, wanted);
}

int log_number_next(int dir, const char *name, int fd)
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
