/* SPDX-License-Identifier: GPL-2.0 */
/* Where things are: the three roots, and what has its place below them. */
#ifndef BASE_PATHS_H
#define BASE_PATHS_H

#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>

#define DEFAULT_RUN_DIR	  "/run/purser"
#define DEFAULT_STATE_DIR "/var/lib/purser"
#define DEFAULT_LOG_DIR	  "/var/log/purser"

/* The environment variable that takes the place of --run-dir. */
#define RUN_DIR_VARIABLE "PURSER_RUN_DIR"

/** struct roots - absolute, without symbolic links, owned by the holder */
struct roots {
	char *run;
	char *state;
	char *log;
	char *base; /* the base rootfs of overlays */
};

/** path_resolve_dir() - an existing folder; -ENOTDIR where it is not one */
int path_resolve_dir(const char *path, char **resolved);

/** path_list_dir() - a stream of what is in an open folder, O_PATH will do */
int path_list_dir(int folder, DIR **dir);

/** path_of_fd() - the name that an open file has now, without symbolic links */
int path_of_fd(int fd, char **path);

/**
 * path_open_dir() - open a folder (O_PATH) once and for all
 * Its name may lead elsewhere at any time; @resolved is for people.
 */
int path_open_dir(const char *path, int *fd, char **resolved);

/** path_absolute() - @path below the working directory, nothing resolved */
int path_absolute(const char *path, char **absolute);

/** path_join() - "dir/name" with @suffix behind; NULL where memory ran out */
char *path_join(const char *dir, const char *name, const char *suffix);

/** same_file() - whether two names led to the same file */
static inline bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

void roots_free(struct roots *roots);

#endif /* BASE_PATHS_H */
