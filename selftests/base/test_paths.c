// SPDX-License-Identifier: GPL-2.0
/* Roots and paths. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "tap.h"

static char dir[] = "/tmp/purser-test.XXXXXX";

static char *below(const char *name)
{
	static char buf[128];

	snprintf(buf, sizeof(buf), "%s/%s", dir, name);
	return buf;
}

static void resolve(void)
{
	char *path = NULL;

	if (mkdir(below("a"), 0755) || symlink("a", below("link")))
		bail("setting up");
	is_int(path_resolve_dir(below("link"), &path), 0, "a symbolic link");
	is_str(path, below("a"), "is resolved");
	free(path);
	close(open(below("file"), O_CREAT | O_WRONLY, 0600));
	is_int(path_resolve_dir(below("file"), &path), -ENOTDIR,
	       "a file is no folder");
	is_int(path_resolve_dir(below("none"), &path), -ENOENT,
	       "what is not there is not made");
	unlink(below("file"));
	unlink(below("link"));
	rmdir(below("a"));
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
	resolve();
	join("/run", "x", ".log", "/run/x.log");
	join("/", "x", "", "/x");
	is_int(path_absolute("/x/../y", &path), 0, "an absolute path");
	is_str(path, "/x/../y", "stays as it is");
	free(path);

	ok(!rmdir(dir), "nothing else was made");
	return tap_end();
}
