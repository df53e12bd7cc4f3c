// SPDX-License-Identifier: GPL-2.0
/* Removing what containers leave, however hostile its shape. */
#include <sys/resource.h>

#include "fixture.h"

#define DEPTH	 2000
#define OUTSIDE	 PLACE "/outside"
#define SENTINEL OUTSIDE "/sentinel"

static void make_state(void)
{
	must(mkdir(STATE, 0700));
	must(mkdir(STATE "/upper", 0755));
	must(mkdir(STATE "/work", 0700));
}

static bool exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

static int open_fds(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 4096; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void test_plain(void)
{
	make_state();
	must(mkdir(STATE "/upper/etc", 0755));
	put_file(STATE "/upper/etc/passwd", "root", 0644);
	must(mknod(STATE "/upper/etc/whiteout", S_IFCHR, 0));
	must(mkfifo(STATE "/upper/fifo", 0600));
	must(mkdir(STATE "/work/work", 0));
	is_int(overlay_remove(STATE), 0, "a plain state folder is removed");
	ok(!exists(STATE), "and is gone");
	is_int(overlay_remove(STATE), 0, "one that is not there is no error");
}

static void test_links(void)
{
	make_state();
	must(symlink(OUTSIDE, STATE "/upper/folder"));
	must(symlink(SENTINEL, STATE "/upper/file"));
	must(symlink("../../outside", STATE "/upper/relative"));
	must(symlink("..", STATE "/upper/up"));
	must(mkdir(STATE "/upper/d", 0755));
	must(symlink("/", STATE "/upper/d/root"));
	is_int(overlay_remove(STATE), 0,
	       "a tree with symbolic links is removed");
	ok(!exists(STATE) && exists(SENTINEL), "what they point to is not");

	must(mkdir(STATE, 0700));
	must(symlink(OUTSIDE, STATE "/upper"));
	is_int(overlay_remove(STATE), 0,
	       "a link in place of the upper folder too");
	ok(!exists(STATE) && exists(SENTINEL), "without following it");

	must(symlink(OUTSIDE, STATE));
	must(mkdir(OUTSIDE "/upper", 0755));
	ok(overlay_remove(STATE) < 0 && exists(OUTSIDE "/upper"),
	   "a link in place of the state folder is refused");
	must(rmdir(OUTSIDE "/upper"));
	must(unlink(STATE));
}

/* Deeper than a path is long, and than descriptors may be open. */
static void test_deep(void)
{
	struct rlimit old, limit;
	int i, fd, next, before;

	make_state();
	fd = must(open(STATE "/upper", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	for (i = 0; i < DEPTH; i++) {
		must(mkdirat(fd, "a folder", 0755));
		must(symlinkat(OUTSIDE, fd, "link"));
		next = must(openat(fd, "a folder",
				   O_RDONLY | O_DIRECTORY | O_CLOEXEC));
		must(mkdirat(next, "empty", 0));
		close(fd);
		fd = next;
	}
	close(fd);
	before = open_fds();
	must(getrlimit(RLIMIT_NOFILE, &old));
	limit = old;
	limit.rlim_cur = 128;
	must(setrlimit(RLIMIT_NOFILE, &limit));
	is_int(overlay_remove(STATE), 0, "%d levels are removed", DEPTH);
	must(setrlimit(RLIMIT_NOFILE, &old));
	is_int(open_fds(), before, "no descriptor stays open");
	ok(!exists(STATE) && exists(SENTINEL), "nothing of it is left");
}

static void test_wide(void)
{
	char path[PATH_MAX];
	int i;

	make_state();
	for (i = 0; i < 3000; i++) {
		snprintf(path, sizeof(path), STATE "/upper/%d", i);
		must(mkdir(path, i % 2 ? 0 : 0755));
		snprintf(path, sizeof(path), STATE "/upper/%d/file", i);
		put_file(path, "", i % 3 ? 0 : 0644);
	}
	is_int(overlay_remove(STATE), 0,
	       "3000 folders, half of them without any permission, are removed");
	ok(!exists(STATE), "nothing of it is left");
}

static void test_mounts(void)
{
	int r;

	make_state();
	must(mkdir(STATE "/upper/fs", 0755));
	must(mkdir(STATE "/upper/bind", 0755));
	must(mount("tmpfs", STATE "/upper/fs", "tmpfs", 0, NULL));
	put_file(STATE "/upper/fs/file", "", 0644);
	r = overlay_remove(STATE);
	ok(r == -EXDEV || r == -EBUSY, "a mount in it is an error: %s",
	   strerror(-r));
	ok(exists(STATE "/upper/fs/file"), "and is not entered");
	must(umount(STATE "/upper/fs"));

	/* The same file system, so that st_dev tells nothing. */
	if (!exists(STATE "/upper/bind"))
		must(mkdir(STATE "/upper/bind", 0755));
	must(mount(OUTSIDE, STATE "/upper/bind", NULL, MS_BIND, NULL));
	r = overlay_remove(STATE);
	ok(r == -EXDEV || r == -EBUSY, "so is a bind mount: %s", strerror(-r));
	ok(exists(SENTINEL), "and is not entered");
	must(umount(STATE "/upper/bind"));

	/* On the very top, where no folder above has been read. */
	must(mount(OUTSIDE, STATE "/upper", NULL, MS_BIND, NULL));
	r = overlay_remove(STATE);
	ok(r == -EXDEV || r == -EBUSY, "so is one on the upper folder: %s",
	   strerror(-r));
	ok(exists(SENTINEL), "and is not entered");
	must(umount(STATE "/upper"));
	is_int(overlay_remove(STATE), 0, "with the mounts gone all is removed");
}

static void test_foreign(void)
{
	make_state();
	put_file(STATE "/note", "mine", 0644);
	is_int(overlay_remove(STATE), -ENOTEMPTY,
	       "what no launch has made is not removed");
	ok(exists(STATE "/note") && !exists(STATE "/upper"), "all else is");
	must(unlink(STATE "/note"));
	is_int(overlay_remove(STATE), 0, "the folder goes when it is empty");
}

int main(void)
{
	fixture_begin();
	must(mkdir(OUTSIDE, 0755));
	put_file(SENTINEL, "", 0644);
	test_plain();
	test_links();
	test_deep();
	test_wide();
	test_mounts();
	test_foreign();
	return tap_end();
}
