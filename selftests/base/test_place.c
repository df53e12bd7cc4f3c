// SPDX-License-Identifier: GPL-2.0
/* Tests places: a folder with several names has one place. */
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/place.h"
#include "must.h"
#include "tap.h"

#define DIR "/mnt"

static int open_dir(const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	must(fd);
	return fd;
}

static int find(const char *path, struct place *place)
{
	int fd = open_dir(path);
	int err = place_find(fd, place);

	close(fd);
	return err;
}

static enum relation relation(const char *a, const char *b)
{
	enum relation there, back;
	struct place x, y;

	if (find(a, &x) || find(b, &y))
		bail("%s or %s has no place", a, b);
	there = place_compare(&x, &y);
	back = place_compare(&y, &x);
	place_free(&x);
	place_free(&y);
	if (there != (back == RELATION_HOLDS  ? RELATION_INSIDE :
		      back == RELATION_INSIDE ? RELATION_HOLDS :
						back))
		bail("%s and %s do not agree", a, b);
	return there;
}

static void make_folders(void)
{
	static const char *const folders[] = {
		"/a",	  "/a/b",     "/a/b/c",	       "/ab",
		"/other", "/a/other", "/odd \\ one\n", "/odd \\ one\n/x",
		"/bound", "/part",
	};
	char path[64];

	must(unshare(CLONE_NEWNS));
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	must(mount("tmpfs", DIR, "tmpfs", 0, "mode=0755"));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), DIR "%s", folders[i]);
		must(mkdir(path, 0755));
	}
	must(mount("tmpfs", DIR "/a/other", "tmpfs", 0, NULL));
	must(mkdir(DIR "/a/other/x", 0755));
	must(mount(DIR "/odd \\ one\n", DIR "/bound", NULL, MS_BIND, NULL));
	must(mount(DIR "/a/b", DIR "/part", NULL, MS_BIND, NULL));
}

static void relations(void)
{
	is_int(relation(DIR "/a", DIR "/a/."), RELATION_SAME,
	       "a folder with two names is the same");
	is_int(relation(DIR "/a", DIR "/a/b/c"), RELATION_HOLDS,
	       "a folder holds the folders below it");
	is_int(relation(DIR, DIR "/a"), RELATION_HOLDS,
	       "the top of a file system holds its folders");
	is_int(relation(DIR "/a", DIR "/ab"), RELATION_NONE,
	       "a folder does not hold one with a longer name");
	is_int(relation(DIR "/a", DIR "/other"), RELATION_NONE,
	       "two folders side by side");
	is_int(relation(DIR "/a", DIR "/a/other/x"), RELATION_NONE,
	       "a folder does not hold another file system in it");
	is_int(relation("/", DIR), RELATION_NONE,
	       "\"/\" does not hold another file system");
	is_int(relation(DIR "/a/other", DIR "/a/other/x"), RELATION_HOLDS,
	       "the top of that file system holds its folder");
}

static void binds(void)
{
	is_int(relation(DIR "/part", DIR "/a/b"), RELATION_SAME,
	       "a bind mount is the same as its source");
	is_int(relation(DIR "/a", DIR "/part/c"), RELATION_HOLDS,
	       "a folder holds what a bind mount of its content holds");
	is_int(relation(DIR "/a", DIR "/part"), RELATION_HOLDS,
	       "a folder holds a bind mount of its content");
	is_int(relation(DIR "/other", DIR "/part"), RELATION_NONE,
	       "another folder does not hold the bind mount");
	is_int(relation(DIR "/odd \\ one\n", DIR "/bound"), RELATION_SAME,
	       "a folder with special characters is the same");
	is_int(relation(DIR "/odd \\ one\n", DIR "/bound/x"), RELATION_HOLDS,
	       "a folder with special characters holds another one");
}

static void types(void)
{
	struct place place;

	must(find(DIR, &place));
	is_str(place_kernel_type(&place), NULL,
	       "tmpfs is not a file system of the kernel's own");
	place_free(&place);
	must(find("/proc/sys", &place));
	is_str(place_kernel_type(&place), "proc",
	       "proc is a file system of the kernel's own");
	place_free(&place);
	must(mount("devtmpfs", DIR "/other", "devtmpfs", 0, NULL));
	must(find(DIR "/other", &place));
	is_str(place_kernel_type(&place), "devtmpfs",
	       "devtmpfs is a file system of the kernel's own");
	place_free(&place);
	must(umount(DIR "/other"));
}

static void above(void)
{
	int fd = open_dir(DIR "/a/b/c");
	struct place place;

	must(find(DIR "/a", &place));
	ok(place_is_above(&place, fd), "place_is_above() knows a folder above");
	must(rename(DIR "/a", DIR "/e"));
	ok(place_is_above(&place, fd),
	   "place_is_above() knows it after a rename");
	must(rename(DIR "/e", DIR "/a"));
	place_free(&place);
	must(find(DIR "/other", &place));
	ok(!place_is_above(&place, fd),
	   "place_is_above() refuses a folder beside it");
	place_free(&place);
	must(find("/", &place));
	ok(place_is_above(&place, fd),
	   "place_is_above() knows \"/\" in another file system");
	place_free(&place);
	close(fd);
}

static void moved(void)
{
	int fd = open_dir(DIR "/a/b/c");
	struct place place, known = { 0 };

	must(rename(DIR "/a/b/c", DIR "/other/d"));
	must(place_find(fd, &place));
	is_str(place.path, "/other/d",
	       "the place of a moved folder has its new path");
	known.dev = place.dev;
	known.ino = place.ino;
	is_int(place_compare(&place, &known), RELATION_SAME,
	       "a place without a path is compared by its inode");
	ok(!place_is_above(&known, fd),
	   "a place without a path is above no folder");
	known.ino++;
	is_int(place_compare(&place, &known), RELATION_NONE,
	       "a place with another inode is another folder");
	place_free(&place);
	must(rmdir(DIR "/other/d"));
	is_int(place_find(fd, &place), -ENOENT,
	       "a removed folder has no place");
	close(fd);
	fd = open_dir(DIR "/part");
	must(umount2(DIR "/part", MNT_DETACH));
	is_int(place_find(fd, &place), -EXDEV,
	       "a folder in a detached mount has no place");
	close(fd);
}

int main(void)
{
	if (geteuid()) {
		skip("places of folders", "root is needed");
		return tap_end();
	}
	make_folders();
	relations();
	binds();
	types();
	above();
	moved();
	return tap_end();
}
