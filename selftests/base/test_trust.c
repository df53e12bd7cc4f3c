// SPDX-License-Identifier: GPL-2.0
/* Folders that are root's alone, all the way to them. */
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "tap.h"
#include "base/trust.h"

#define USER 1000

#define must(call)                                              \
	do {                                                    \
		if ((call) < 0)                                 \
			bail("%s: %s", #call, strerror(errno)); \
	} while (0)

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

/* Returns 0 or the error; where it is -EPERM, @want has to be why. */
static int try(const char *name, bool groups, const char *want)
{
	char *why;
	int fd = trust_make(below(name), 0700, groups, &why);

	if (want)
		is_str(why, want, "it says why");
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

	ok(fd >= 0, "make a folder and those above it");
	is_int(path_of_fd(fd, &path), 0, "it has a name");
	is_str(path, below("a/b/c"), "which is plain");
	is_int(mode_of("a/b/c"), 0700, "its mode is as asked for");
	is_int(mode_of("a/b"), 0755, "that of its parents is not");
	free(path);
	close(fd);
	must(chmod(below("a/b/c"), 0750));
	is_int(try("a/b/c", false, NULL), 0, "it is there");
	is_int(mode_of("a/b/c"), 0750, "and stays as it is");
	is_int(try("a/./b/../b/c", false, NULL), 0, "it has more names");
	must(chdir(dir));
	fd = trust_make("a/b", 0700, false, &why);
	ok(fd >= 0, "one of them from the working directory");
	close(fd);

	must(close(open(below("file"), O_CREAT | O_WRONLY, 0600)));
	is_int(try("file", false, NULL), -ENOTDIR, "a file is none");
	is_int(try("file/x", false, NULL), -ENOTDIR, "and none is made below");
	is_int(trust_make("", 0700, false, &why), -ENOENT,
	       "nor without a name");
	is_int(trust_make("/proc/none", 0700, false, &why), -ENOENT,
	       "nor where nothing can be made");
	is_str(why, NULL, "which is the kernel's refusal");
}

static void links(void)
{
	must(symlink("b", below("a/link")));
	must(symlink(below("a/link"), below("whole")));
	is_int(try("a/link/c", false, NULL), 0, "through a symbolic link");
	is_int(try("whole/d", false, NULL), 0, "and one that begins anew");
	is_int(mode_of("a/b/d"), 0700, "to where it leads");
	must(symlink("loop", below("loop")));
	is_int(try("loop", false, NULL), -ELOOP, "one to itself leads nowhere");
	must(symlink("none", below("dangling")));
	is_int(try("dangling/x", false, NULL), 0,
	       "what a link names is made, too");
	is_int(mode_of("none/x"), 0700, "there");
}

static void modes(void)
{
	must(chmod(below("a/b"), 0770));
	is_int(try("a/b", false,
		   text("others may write ", "a/b", ", its mode is 0770")),
	       -EPERM, "a group may write it");
	is_int(try("a/b", true,
		   text("others may write ", "a/b", ", its mode is 0770")),
	       -EPERM, "which is so for all of them");
	is_int(try("a/b/c", false,
		   text("others may write ", "a/b", ", its mode is 0770")),
	       -EPERM, "or one above it");
	is_int(try("a/b/c", true,
		   text("others may write ", "a/b", ", its mode is 0770")),
	       0, "which is told where it is borne");
	must(chmod(below("a/b"), 0777));
	is_int(try("a/b/c", true,
		   text("others may write ", "a/b", ", its mode is 0777")),
	       -EPERM, "but not for everybody");
	must(chmod(below("a/b"), 01777));
	is_int(try("a/b/c", false, NULL), 0, "unless it is sticky");
	is_int(try("a/b", false,
		   text("others may write ", "a/b", ", its mode is 1777")),
	       -EPERM, "which does not make it root's alone");
	must(chmod(below("a/b"), 0755));
}

static void owners(void)
{
	if (geteuid()) {
		skip("folders of others", "root is needed");
		return;
	}
	must(chown(below("a/b"), USER, USER));
	is_int(try("a/b", false,
		   text("", "a/b", " belongs to uid 1000, not to root")),
	       -EPERM, "somebody else's");
	is_int(try("a/b/c", false,
		   text("", "a/b", " belongs to uid 1000, not to root")),
	       -EPERM, "or one below");
	is_int(try("a/b/new", false,
		   text("", "a/b", " belongs to uid 1000, not to root")),
	       -EPERM, "nor is one made there");
	is_int(mode_of("a/b/new"), 0, "it is not there");
	must(chown(below("a/b"), 0, 0));
	/* As in /tmp. */
	must(chmod(below("a"), 01777));
	must(lchown(below("a/link"), USER, USER));
	is_int(try("a/link", false,
		   text("", "a/link", " belongs to uid 1000, not to root")),
	       -EPERM, "a link of somebody else");
	must(lchown(below("a/link"), 0, 0));
	is_int(try("a/link", false, NULL), 0, "of root");
	must(chmod(below("a"), 0755));
}

static void entries(void)
{
	char *why;
	int a = open(below("a"), O_PATH | O_DIRECTORY);
	int fd = trust_make_below(a, "own", 0711, &why);

	ok(fd >= 0, "make one below");
	is_int(mode_of("a/own"), 0711, "of that mode");
	close(fd);
	ok(trust_make_below(a, "link", 0700, &why) < 0, "a link is none");
	is_str(why, NULL, "which is the kernel's word");
	is_int(trust_entry(a, "none", &why), 0,
	       "what is not there is harmless");
	is_int(trust_entry(a, "link", &why), 0, "a link of root's as well");
	is_int(trust_entries(a, &why), 0, "and all that there is");
	must(chmod(below("a/own"), 0733));
	is_int(trust_entry(a, "own", &why), -EPERM,
	       "not what others may write");
	is_str(why, text("others may write ", "a/own", ", its mode is 0733"),
	       "it is named");
	free(why);
	is_int(trust_entries(a, &why), -EPERM, "also among others");
	free(why);
	is_int(trust_make_below(a, "own", 0700, &why), -EPERM,
	       "nor is it taken");
	free(why);
	close(a);
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
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
	is_int(nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0,
	       "nothing is left");
	return tap_end();
}
