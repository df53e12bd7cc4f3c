// SPDX-License-Identifier: GPL-2.0
/* Tests that a folder and all folders above it must belong to root alone. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "must.h"
#include "scratch.h"
#include "tap.h"
#include "base/trust.h"

#define USER 1000

static char dir[] = "/tmp/purser-test.XXXXXX";

static char *below(const char *name)
{
	static char bufs[2][128];
	static int which;
	char *buf = bufs[which = !which];

	snprintf(buf, sizeof(bufs[0]), "%s/%s", dir, name);
	return buf;
}

static mode_t mode_of(const char *name)
{
	struct stat st;

	return stat(below(name), &st) ? 0 : st.st_mode & 07777;
}

/* Returns the result of trust_make(). @want: the expected reason, or NULL for none */
static int try(const char *name, bool groups, const char *want)
{
	char *why;
	int fd = trust_make(below(name), 0700, groups, &why);

	if (want)
		is_str(why, want, "the reason is given");
	else if (why)
		bail("%s: %s", name, why);
	free(why);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static const char *text(const char *before, const char *name, const char *after)
{
	static char buf[256];

	snprintf(buf, sizeof(buf), "%s%s%s", before, below(name), after);
	return buf;
}

static void making(void)
{
	char *path = NULL, *why = NULL;
	int fd = trust_make(below("a/b/c//"), 0700, false, &why);

	ok(fd >= 0, "a folder and the folders above it are made");
	is_int(path_of_fd(fd, &path), 0, "the folder has a path");
	is_str(path, below("a/b/c"), "the path has no double slashes");
	is_int(mode_of("a/b/c"), 0700, "the folder has the requested mode");
	is_int(mode_of("a/b"), 0755, "the folders above have the mode 0755");
	free(path);
	close(fd);
	must(chmod(below("a/b/c"), 0750));
	is_int(try("a/b/c", false, NULL), 0, "an existing folder is accepted");
	is_int(mode_of("a/b/c"), 0750, "its mode is not changed");
	is_int(try("a/./b/../b/c", false, NULL), 0,
	       "a path with dots is accepted");
	must(chdir(dir));
	fd = trust_make("a/b", 0700, false, &why);
	ok(fd >= 0, "a relative path is accepted");
	close(fd);

	must(close(open(below("file"), O_CREAT | O_WRONLY, 0600)));
	is_int(try("file", false, NULL), -ENOTDIR, "a file is refused");
	is_int(try("file/x", false, NULL), -ENOTDIR,
	       "a folder below a file is refused");
	is_int(trust_make("", 0700, false, &why), -ENOENT,
	       "an empty path is refused");
	is_int(trust_make("/proc/none", 0700, false, &why), -ENOENT,
	       "a folder that cannot be made is refused");
	is_str(why, NULL, "the errno is the only reason");
}

static void links(void)
{
	must(symlink("b", below("a/link")));
	must(symlink(below("a/link"), below("whole")));
	is_int(try("a/link/c", false, NULL), 0,
	       "a relative symbolic link is followed");
	is_int(try("whole/d", false, NULL), 0,
	       "an absolute symbolic link is followed");
	is_int(mode_of("a/b/d"), 0700,
	       "the folder is made at the target of the link");
	must(symlink("loop", below("loop")));
	is_int(try("loop", false, NULL), -ELOOP, "a link to itself is refused");
	must(symlink("none", below("dangling")));
	is_int(try("dangling/x", false, NULL), 0,
	       "the missing target of a link is made");
	is_int(mode_of("none/x"), 0700, "the folder is made at that target");
}

static void modes(void)
{
	must(chmod(below("a/b"), 0770));
	is_int(try("a/b", false,
		   text("others may write ", "a/b", ", its mode is 0770")),
	       -EPERM, "a folder that a group may write is refused");
	is_int(try("a/b", true,
		   text("others may write ", "a/b", ", its mode is 0770")),
	       -EPERM, "it is refused even if groups may write above it");
	is_int(try("a/b/c", false,
		   text("others may write ", "a/b", ", its mode is 0770")),
	       -EPERM, "a folder below one that a group may write is refused");
	is_int(try("a/b/c", true,
		   text("others may write ", "a/b", ", its mode is 0770")),
	       0, "it is accepted with a reason if groups may write above it");
	must(chmod(below("a/b"), 0777));
	is_int(try("a/b/c", true,
		   text("others may write ", "a/b", ", its mode is 0777")),
	       -EPERM,
	       "a folder below one that all users may write is refused");
	must(chmod(below("a/b"), 01777));
	is_int(try("a/b/c", false, NULL), 0,
	       "it is accepted if the folder above is sticky");
	is_int(try("a/b", false,
		   text("others may write ", "a/b", ", its mode is 1777")),
	       -EPERM, "a sticky folder itself is refused");
	must(chmod(below("a/b"), 0755));
}

static void owners(void)
{
	if (geteuid()) {
		skip("folders of other users", "root is needed");
		return;
	}
	must(chown(below("a/b"), USER, USER));
	is_int(try("a/b", false,
		   text("", "a/b", " belongs to uid 1000, not to root")),
	       -EPERM, "a folder of another user is refused");
	is_int(try("a/b/c", false,
		   text("", "a/b", " belongs to uid 1000, not to root")),
	       -EPERM, "a folder below it is refused");
	is_int(try("a/b/new", false,
		   text("", "a/b", " belongs to uid 1000, not to root")),
	       -EPERM, "a new folder below it is refused");
	is_int(mode_of("a/b/new"), 0, "that folder is not made");
	must(chown(below("a/b"), 0, 0));
	/* A link in a folder such as /tmp. */
	must(chmod(below("a"), 01777));
	must(lchown(below("a/link"), USER, USER));
	is_int(try("a/link", false,
		   text("", "a/link", " belongs to uid 1000, not to root")),
	       -EPERM, "a link of another user is refused");
	must(lchown(below("a/link"), 0, 0));
	is_int(try("a/link", false, NULL), 0, "a link of root is accepted");
	must(chmod(below("a"), 0755));
}

static void entries(void)
{
	char *why;
	int a = open(below("a"), O_PATH | O_DIRECTORY);
	int fd = trust_make_below(a, "own", 0711, &why);

	ok(fd >= 0, "trust_make_below() makes a folder");
	is_int(mode_of("a/own"), 0711, "it has the requested mode");
	close(fd);
	ok(trust_make_below(a, "link", 0700, &why) < 0,
	   "trust_make_below() refuses a link");
	is_str(why, NULL, "the errno is the only reason");
	is_int(trust_entry(a, "none", &why), 0,
	       "trust_entry() accepts a missing entry");
	is_int(trust_entry(a, "link", &why), 0,
	       "trust_entry() accepts a link of root");
	is_int(trust_entries(a, &why), 0,
	       "trust_entries() accepts all entries");
	must(chmod(below("a/own"), 0733));
	is_int(trust_entry(a, "own", &why), -EPERM,
	       "trust_entry() refuses a folder that others may write");
	is_str(why, text("others may write ", "a/own", ", its mode is 0733"),
	       "the reason names it");
	free(why);
	is_int(trust_entries(a, &why), -EPERM, "trust_entries() refuses it");
	free(why);
	is_int(trust_make_below(a, "own", 0700, &why), -EPERM,
	       "trust_make_below() refuses it");
	free(why);
	close(a);
}

int main(void)
{
	umask(022);
	if (!mkdtemp(dir))
		bail("mkdtemp");
	making();
	links();
	modes();
	owners();
	entries();
	must(chdir("/"));
	is_int(scratch_remove(dir), 0, "all files are removed");
	return tap_end();
}
