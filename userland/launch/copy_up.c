// SPDX-License-Identifier: GPL-2.0
/*
 * Copying the content of a folder into a tmpfs that will be mounted over it. Symbolic
 * links are copied, not followed. The root may belong to any user, so the depth is
 * limited; if another process renames a file meanwhile, that is an error, or the file is
 * not copied.
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <limits.h>
#include <sys/sysmacros.h>

#include "child.h"
#include "raw.h"

#define DEPTH_MAX 64
#define CHUNK	  (1 << 20)

static int copy_folder(int from, int to, int depth);

/* Set the owner first, because that clears set-id bits. */
static int copy_owner_and_mode(int fd, const struct statx *st)
{
	long r = raw(SYS_fchown, fd, st->stx_uid, st->stx_gid);

	return r ? (int)r : (int)raw(SYS_fchmod, fd, st->stx_mode & 07777);
}

static int copy_file(int from, int to, const char *name, const struct statx *st)
{
	int in __cleanup_raw_close = (int)raw(
		SYS_openat, from, name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
	int out __cleanup_raw_close = -1;
	long n;

	if (in < 0)
		return in;
	out = (int)raw(SYS_openat, to, name,
		       O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0)
		return out;
	do {
		n = raw(SYS_sendfile, out, in, NULL, (size_t)CHUNK);
	} while (n > 0);
	return n ? (int)n : copy_owner_and_mode(out, st);
}

static int copy_link(int from, int to, const char *name, const struct statx *st)
{
	char text[PATH_MAX];
	long n = raw(SYS_readlinkat, from, name, text, sizeof(text) - 1);
	long r;

	if (n < 0)
		return (int)n;
	text[n] = '\0';
	r = raw(SYS_symlinkat, text, to, name);
	return r ? (int)r :
		   (int)raw(SYS_fchownat, to, name, st->stx_uid, st->stx_gid,
			    AT_SYMLINK_NOFOLLOW);
}

/* Leave out a node that the caller may not make. */
static int copy_node(int to, const char *name, const struct statx *st)
{
	long r = raw(SYS_mknodat, to, name, st->stx_mode,
		     (unsigned long)makedev(st->stx_rdev_major,
					    st->stx_rdev_minor));

	if (r)
		return r == -EPERM ? 0 : (int)r;
	return (int)raw(SYS_fchownat, to, name, st->stx_uid, st->stx_gid,
			AT_SYMLINK_NOFOLLOW);
}

static int copy_subfolder(int from, int to, const char *name,
			  const struct statx *st, int depth)
{
	int in __cleanup_raw_close = -1;
	int out __cleanup_raw_close = -1;
	int r;

	if (!depth)
		return -ELOOP;
	in = (int)raw(SYS_openat, from, name,
		      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (in < 0)
		return in;
	r = (int)raw(SYS_mkdirat, to, name, 0700);
	if (r)
		return r;
	out = (int)raw(SYS_openat, to, name,
		       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (out < 0)
		return out;
	r = copy_folder(in, out, depth - 1);
	return r ? r : copy_owner_and_mode(out, st);
}

static int copy_entry(int from, int to, const char *name, int depth)
{
	struct statx st;
	long r = raw(SYS_statx, from, name, AT_SYMLINK_NOFOLLOW,
		     STATX_BASIC_STATS, &st);

	if (r)
		return (int)r;
	if (S_ISDIR(st.stx_mode))
		return copy_subfolder(from, to, name, &st, depth);
	if (S_ISREG(st.stx_mode))
		return copy_file(from, to, name, &st);
	if (S_ISLNK(st.stx_mode))
		return copy_link(from, to, name, &st);
	return S_ISSOCK(st.stx_mode) ? 0 : copy_node(to, name, &st);
}

static int copy_folder(int from, int to, int depth)
{
	char entries[1024] __attribute__((aligned(8)));
	const struct dirent64 *entry;
	long n, at;
	int r;

	for (;;) {
		n = raw(SYS_getdents64, from, entries, sizeof(entries));
		if (n <= 0)
			return (int)n;
		for (at = 0; at < n; at += entry->d_reclen) {
			entry = (const struct dirent64 *)(entries + at);
			if (!strcmp(entry->d_name, ".") ||
			    !strcmp(entry->d_name, ".."))
				continue;
			r = copy_entry(from, to, entry->d_name, depth);
			if (r)
				return r;
		}
	}
}

int child_copy_up(int from, int to)
{
	struct statx st;
	long r;

	/* The umask must not change the copied modes. */
	raw(SYS_umask, 0);
	r = raw(SYS_statx, from, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &st);
	if (!r)
		r = copy_folder(from, to, DEPTH_MAX);
	if (!r)
		r = copy_owner_and_mode(to, &st);
	raw(SYS_umask, 022);
	return (int)r;
}
