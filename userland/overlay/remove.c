// SPDX-License-Identifier: GPL-2.0
/*
 * Removing the files that a container has left in its state folder.
 *
 * The container chose all names, modes and the depth of folders, so no path is used.
 * A folder is opened relative to the descriptor of the folder above it, never through a
 * symbolic link or into another mount. On the way up, device and inode of the folder
 * above are checked. A fixed number of descriptors stays open. Removing needs no space
 * on the disk, which may be full.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "image.h"
#include "overlay.h"

/* How many of the deepest folders on the way down stay open. */
#define KEEP_OPEN 32

/** struct level - a folder on the way down */
struct level {
	DIR *dir; /* NULL: closed */
	dev_t dev;
	ino_t ino;
	bool removed_some; /* since this was last read from its start */
	char *name;	   /* in the folder above */
};

/** struct walk - the folders from the state folder down to the current one */
struct walk {
	int state;
	struct level *levels;
	size_t n, room;
};

static int enter(int folder, const char *name)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV |
			   RESOLVE_NO_SYMLINKS,
	};

	long fd = syscall(SYS_openat2, folder, name, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

static void level_free(struct level *level)
{
	if (level->dir)
		closedir(level->dir);
	free(level->name);
}

/* Takes @fd over. */
static int level_open(struct level *level, int fd)
{
	level->dir = fdopendir(fd);
	if (level->dir)
		return 0;
	close(fd);
	return -ENOMEM;
}

static int grow(struct walk *w)
{
	size_t room = w->room ? 2 * w->room : 64;
	struct level *levels;

	if (w->n < w->room)
		return 0;
	levels = reallocarray(w->levels, room, sizeof(*levels));
	if (!levels)
		return -ENOMEM;
	w->levels = levels;
	w->room = room;
	return 0;
}

static int go_down(struct walk *w, int folder, const char *name)
{
	struct level level = { 0 };
	struct stat st;
	int fd, r;

	r = grow(w);
	if (r)
		return r;
	fd = enter(folder, name);
	if (fd < 0)
		return fd;
	r = level_open(&level, fd);
	if (r)
		return r;
	level.name = strdup(name);
	if (!level.name || fstat(fd, &st)) {
		r = level.name ? -errno : -ENOMEM;
		level_free(&level);
		return r;
	}
	level.dev = st.st_dev;
	level.ino = st.st_ino;
	w->levels[w->n++] = level;
	if (w->n > KEEP_OPEN) {
		struct level *far = &w->levels[w->n - 1 - KEEP_OPEN];

		if (far->dir)
			closedir(far->dir);
		far->dir = NULL;
	}
	return 0;
}

/* Open the folder above @level again. */
static int open_above(struct level *above, const struct level *level)
{
	struct stat st;
	int fd;

	if (above->dir)
		return 0;
	fd = openat(dirfd(level->dir), "..",
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* Another process has moved the folder that is being removed. */
	if (fstat(fd, &st) || st.st_dev != above->dev ||
	    st.st_ino != above->ino) {
		close(fd);
		return -ESTALE;
	}
	above->removed_some = false;
	return level_open(above, fd);
}

/* Remove the current folder, which was read to its end. */
static int go_up(struct walk *w)
{
	struct level *level = &w->levels[w->n - 1];
	struct level *above = w->n > 1 ? level - 1 : NULL;
	int r = above ? open_above(above, level) : 0;

	if (r)
		return r;
	if (unlinkat(above ? dirfd(above->dir) : w->state, level->name,
		     AT_REMOVEDIR)) {
		/* readdir() may skip entries of a folder that changes: read it again. */
		if (errno != ENOTEMPTY || !level->removed_some)
			return -errno;
		level->removed_some = false;
		rewinddir(level->dir);
		return 0;
	}
	if (above)
		above->removed_some = true;
	level_free(level);
	w->n--;
	return 0;
}

/* Returns 1 if @name is a folder that is not empty. */
static int remove_entry(int folder, const char *name)
{
	if (!unlinkat(folder, name, 0) || errno == ENOENT)
		return 0;
	if (errno != EISDIR)
		return -errno;
	if (!unlinkat(folder, name, AT_REMOVEDIR))
		return 0;
	return errno == ENOTEMPTY ? 1 : -errno;
}

static int step(struct walk *w)
{
	struct level *level = &w->levels[w->n - 1];
	struct dirent *entry;
	int r;

	errno = 0;
	entry = readdir(level->dir);
	if (!entry)
		return errno ? -errno : go_up(w);
	if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
		return 0;
	r = remove_entry(dirfd(level->dir), entry->d_name);
	if (r > 0)
		return go_down(w, dirfd(level->dir), entry->d_name);
	level->removed_some = true;
	return r;
}

static int remove_tree(int state, const char *name)
{
	struct walk w = { .state = state };
	int r = remove_entry(state, name);

	if (r <= 0)
		return r;
	r = go_down(&w, state, name);
	while (!r && w.n)
		r = step(&w);
	while (w.n)
		level_free(&w.levels[--w.n]);
	free(w.levels);
	return r;
}

int overlay_remove(const char *state_dir)
{
	static const char *const names[] = {
		OVERLAY_UPPER,
		OVERLAY_WORK,
		IMAGE_NAME,
	};
	int state __cleanup_close = open(
		state_dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	size_t i;
	int r;

	if (state < 0)
		return errno == ENOENT ? 0 : -errno;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		r = remove_tree(state, names[i]);
		if (r)
			return r;
	}
	return rmdir(state_dir) ? -errno : 0;
}
