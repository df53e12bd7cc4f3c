// SPDX-License-Identifier: GPL-2.0
/*
 * Paths in the container's root. Whoever filled that root may have put a
 * symbolic link anywhere; no path is followed out of it, and none through the
 * links of /proc, which lead to open files. Whoever owns it may also rename
 * anything between two calls: what is to be the same is the same descriptor.
 */
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>

#include "plan.h"
#include "raw.h"

/* Somebody else may be renaming folders there; then it asks to try again. */
#define TRIES 64

int child_open(int root, const char *path, uint64_t flags, uint64_t resolve)
{
	const struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = resolve | RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int tries = TRIES;
	long r;

	do {
		r = raw(SYS_openat2, root, path, &how, sizeof(how));
	} while (r == -EAGAIN && --tries);
	return (int)r;
}

static int make(int folder, const char *name, bool is_folder)
{
	long r;

	if (is_folder)
		r = raw(SYS_mkdirat, folder, name, 0755);
	else
		r = raw(SYS_mknodat, folder, name, S_IFREG | 0644, 0UL);
	return r == -EEXIST ? 0 : (int)r;
}

/*
 * Walks down and makes what is missing. @path is cut at each slash in turn and
 * mended again.
 */
int child_make(int root, char *path, bool is_folder, uint64_t resolve)
{
	int parent __cleanup_raw_close = child_open(root, "/", O_PATH, resolve);
	char *name, *end = path, cut;
	uint64_t flags;
	bool folder;
	int fd, r;

	while (parent >= 0) {
		name = end + strspn(end, "/");
		if (!*name)
			break;
		end = name + strcspn(name, "/");
		folder = is_folder || end[strspn(end, "/")];
		flags = O_PATH | (folder ? O_DIRECTORY : 0);
		cut = *end;
		*end = '\0';
		fd = child_open(root, path, flags, resolve);
		if (fd == -ENOENT) {
			r = make(parent, name, folder);
			fd = r ? r : child_open(root, path, flags, resolve);
		}
		*end = cut;
		raw_close(parent);
		parent = fd;
	}
	fd = parent;
	parent = -1;
	return fd;
}
