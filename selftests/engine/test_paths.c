// SPDX-License-Identifier: GPL-2.0
/* Roots and paths. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"
#include "tap.h"

static char dir[] = "/tmp/purser-test.XXXXXX";

static char *below(const char *name)
{
	static char buf[128];

	snprintf(buf, sizeof(buf), "%s/%s", dir, name);
	return buf;
}

static mode_t mode_of(const char *name)
{
	struct stat st;

	return stat(below(name), &st) ? 0 : st.st_mode & 07777;
}

static void make_roots(void)
{
	char *path = NULL;

	umask(022);
	is_int(path_make_root(below("a/b/c//"), 0700, &path), 0,
	       "make a root and what is above it");
	is_str(path, below("a/b/c"), "it has its plain name");
	is_int(mode_of("a/b/c"), 0700, "its mode is as asked for");
	is_int(mode_of("a/b"), 0755, "that of its parents is not");
	free(path);
	path = NULL;
	is_int(path_make_root(below("a/b/c"), 0755, &path), 0, "it is there");
	is_int(mode_of("a/b/c"), 0700, "and stays as it is");
	free(path);

	if (symlink("b", below("a/link")))
		bail("symlink");
	path = NULL;
	is_int(path_make_root(below("a/link/c"), 0755, &path), 0,
	       "through a symbolic link");
	is_str(path, below("a/b/c"), "it is resolved");
	free(path);

	close(open(below("file"), O_CREAT | O_WRONLY, 0600));
	is_int(path_make_root(below("file"), 0755, &path), -ENOTDIR,
	       "a file is no root");
	is_int(path_make_root(below("file/x"), 0755, &path), -ENOTDIR,
	       "and none is made below it");
	is_int(path_make_root("", 0755, &path), -ENOENT, "nor an empty name");
	is_int(path_resolve_dir(below("none"), &path), -ENOENT,
	       "what is not there is not made");
}

static void join(const char *a, const char *b, const char *c, const char *want)
{
	char *path = path_join(a, b, c);

	is_str(path, want, "%s", want);
	free(path);
}

int main(void)
{
	char *path;

	if (!mkdtemp(dir))
		bail("mkdtemp");
	make_roots();
	join("/run", "x", ".log", "/run/x.log");
	join("/", "x", "", "/x");
	is_int(path_absolute("/x/../y", &path), 0, "an absolute path");
	is_str(path, "/x/../y", "stays as it is");
	free(path);

	unlink(below("file"));
	unlink(below("a/link"));
	rmdir(below("a/b/c"));
	rmdir(below("a/b"));
	rmdir(below("a"));
	ok(!rmdir(dir), "nothing else was made");
	return tap_end();
}
