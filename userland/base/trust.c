// SPDX-License-Identifier: GPL-2.0
/* Folders that can be trusted, see trust.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "paths.h"
#include "trust.h"

#define OTHERS (S_IWGRP | S_IWOTH)

/* The kernel follows as many symbolic links in one path. */
#define MAX_LINKS 40

/** struct walk - a walk down from "/" */
struct walk {
	int fd;	    /* the folder that it has reached */
	char *left; /* the rest of the path */
	int links;  /* symbolic links that it has followed */
	mode_t mode;
	bool groups;
	char **why;
};

static bool is_ours(const struct stat *st)
{
	return !st->st_uid || st->st_uid == geteuid();
}

/* Set @why. @name: the entry at fault, or "" for the folder itself */
static int explain(char **why, int folder, const char *name,
		   const struct stat *st)
{
	__cleanup_free char *path = NULL;
	const char *slash = *name ? "/" : "";
	char *text;
	int n;

	if (path_of_fd(folder, &path))
		return -ENOMEM;
	if (!is_ours(st))
		n = asprintf(&text, "%s%s%s belongs to uid %u, not to root",
			     path, slash, name, st->st_uid);
	else
		n = asprintf(&text, "others may write %s%s%s, its mode is %04o",
			     path, slash, name, st->st_mode & 07777);
	if (n < 0)
		return -ENOMEM;
	free(*why);
	*why = text;
	return -EPERM;
}

static int check_last(int fd, char **why)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	return is_ours(&st) && !(st.st_mode & OTHERS) ?
		       0 :
		       explain(why, fd, "", &st);
}

/* Check a folder that the walk goes on from. */
static int check_above(const struct walk *w)
{
	struct stat st;
	int err;

	if (fstat(w->fd, &st))
		return -errno;
	if (is_ours(&st) && (!(st.st_mode & OTHERS) || st.st_mode & S_ISVTX))
		return 0;
	err = explain(w->why, w->fd, "", &st);
	if (err == -EPERM && w->groups && is_ours(&st) &&
	    !(st.st_mode & S_IWOTH))
		return 0;
	return err;
}

static int go_to_root(struct walk *w)
{
	cleanup_close(&w->fd);
	w->fd = file_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY);
	return w->fd < 0 ? w->fd : 0;
}

/* Go on with the path that the symbolic link @name leads to. */
static int follow(struct walk *w, int link, const char *name,
		  const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(link, "", target, sizeof(target) - 1);
	char *left;

	if (n < 0)
		return -errno;
	target[n] = '\0';
	if (!is_ours(st))
		return explain(w->why, w->fd, name, st);
	if (++w->links > MAX_LINKS)
		return -ELOOP;
	if (asprintf(&left, "%s/%s", target, w->left) < 0)
		return -ENOMEM;
	free(w->left);
	w->left = left;
	if (target[0] != '/')
		return 0;
	return go_to_root(w);
}

/* Take the next name off the path; NULL: there is no more. */
static char *next_name(struct walk *w)
{
	char *name = w->left + strspn(w->left, "/");
	size_t len = strcspn(name, "/");
	char *copy;

	copy = len ? strndup(name, len) : NULL;
	name += len;
	name += strspn(name, "/");
	memmove(w->left, name, strlen(name) + 1);
	return copy;
}

static int open_name(const struct walk *w, const char *name)
{
	const int flags = O_PATH | O_NOFOLLOW;
	int fd = file_open(w->fd, name, flags);

	if (fd != -ENOENT)
		return fd;
	if (mkdirat(w->fd, name, *w->left ? 0755 : w->mode) && errno != EEXIST)
		return -errno;
	return file_open(w->fd, name, flags);
}

static int step(struct walk *w, const char *name)
{
	int err = check_above(w);
	int fd __cleanup_close = err ? err : open_name(w, name);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st))
		return -errno;
	if (S_ISLNK(st.st_mode))
		return follow(w, fd, name, &st);
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	close(w->fd);
	w->fd = take_fd(&fd);
	return 0;
}

static int walk(struct walk *w)
{
	char *name;
	int err = go_to_root(w);

	while (!err && (name = next_name(w))) {
		err = step(w, name);
		free(name);
	}
	return err ? err : check_last(w->fd, w->why);
}

int trust_make(const char *path, mode_t mode, bool groups, char **why)
{
	struct walk w = { .fd = -1, .mode = mode, .groups = groups };
	int err = *path ? path_absolute(path, &w.left) : -ENOENT;

	*why = NULL;
	w.why = why;
	if (!err)
		err = walk(&w);
	free(w.left);
	if (!err)
		return w.fd;
	cleanup_close(&w.fd);
	return err;
}

int trust_make_below(int folder, const char *name, mode_t mode, char **why)
{
	int fd __cleanup_close = -1;
	int err;

	*why = NULL;
	if (mkdirat(folder, name, mode) < 0 && errno != EEXIST)
		return -errno;
	fd = file_open(folder, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
	if (fd < 0)
		return fd;
	err = check_last(fd, why);
	return err ? err : take_fd(&fd);
}

int trust_entry(int folder, const char *name, char **why)
{
	struct stat st;

	*why = NULL;
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	/* The mode of a symbolic link always has all bits. */
	if (is_ours(&st) && (S_ISLNK(st.st_mode) || !(st.st_mode & OTHERS)))
		return 0;
	return explain(why, folder, name, &st);
}

static int check_entry(int folder, const struct dirent *entry, void *why)
{
	return trust_entry(folder, entry->d_name, why);
}

int trust_entries(int folder, char **why)
{
	*why = NULL;
	return path_each_entry(folder, ".", check_entry, why);
}
