/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Paths and folders. Functions that return an int return 0 or a negative errno. The
 * caller must free() the paths that they set.
 */
#ifndef BASE_PATHS_H
#define BASE_PATHS_H

#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>

/** path_of_fd() - find the name that an open file has now, without symbolic links */
int path_of_fd(int fd, char **path);

/**
 * path_open_dir() - open a folder with O_PATH
 * @resolved: its name, for messages; another folder may have that name at any time
 */
int path_open_dir(const char *path, int *fd, char **resolved);

/** path_leads_to() - tell whether @path is a name of the open file @fd */
bool path_leads_to(const char *path, int fd);

/**
 * path_climb() - replace an open folder by the folder above it
 * @st: set to the status of the folder above
 * Returns false at "/" and after an error. *@fd is always open.
 */
bool path_climb(int *fd, struct stat *st);

/**
 * path_each_entry() - call @fn for each entry of a folder but "." and ".."
 * @parent, @path: the folder, as for openat(); a symbolic link is refused
 * @fn: @folder is the open folder
 * Returns 0, the first value other than 0 that @fn returned, or a negative errno.
 */
int path_each_entry(int parent, const char *path,
		    int (*fn)(int folder, const struct dirent *entry,
			      void *arg),
		    void *arg);

/** path_absolute() - put the working directory in front of a relative path */
int path_absolute(const char *path, char **absolute);

/** path_join() - make "DIR/NAMESUFFIX", for free(); NULL: out of memory */
char *path_join(const char *dir, const char *name, const char *suffix);

/** same_file() - tell whether two files are the same */
static inline bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

#endif /* BASE_PATHS_H */
