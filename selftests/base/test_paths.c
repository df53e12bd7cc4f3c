// SPDX-License-Identifier: GPL-2.0
/* Tests paths, folders and short files. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/paths.h"
#include "tap.h"

static char dir[] = "/tmp/purser-test.XXXXXX";

static char *below(const char *name)
{
	static char buf[128];

	snprintf(buf, sizeof(buf), "%s/%s", dir, name);
	return buf;
}

static void set_up(void)
{
	if (!mkdtemp(dir) || mkdir(below("a"), 0755) ||
	    symlink("a", below("link")))
		bail("cannot make a folder");
	close(open(below("file"), O_CREAT | O_WRONLY, 0600));
}

static void clean_up(void)
{
	unlink(below("file"));
	unlink(below("link"));
	rmdir(below("a"));
	ok(!rmdir(dir), "the functions made no other files");
}

static void open_dir(void)
{
	char *path = NULL;
	int fd = -1;

	is_int(path_open_dir(below("link"), &fd, &path), 0,
	       "path_open_dir() follows a symbolic link");
	is_str(path, below("a"), "path_open_dir() resolves the link");
	ok(path_leads_to(below("a"), fd) && path_leads_to(below("link"), fd),
	   "path_leads_to() knows both names of a folder");
	ok(!path_leads_to(below("file"), fd) &&
		   !path_leads_to(below("none"), fd),
	   "path_leads_to() refuses another file, and a missing one");
	free(path);
	close(fd);
	is_int(path_open_dir(below("file"), &fd, &path), -ENOTDIR,
	       "path_open_dir() refuses a file");
	is_int(path_open_dir(below("none"), &fd, &path), -ENOENT,
	       "path_open_dir() makes no folder");
}

static void climb(void)
{
	int fd = open(below("a"), O_PATH | O_DIRECTORY);
	struct stat st, above, root;
	int n = 0;

	if (fd < 0 || stat(dir, &above) || stat("/", &root))
		bail("cannot open a folder");
	ok(path_climb(&fd, &st) && same_file(&st, &above),
	   "path_climb() goes to the folder above");
	ok(path_leads_to(dir, fd), "path_climb() opens that folder");
	while (n < 10 && path_climb(&fd, &st))
		n++;
	is_int(n, 2, "path_climb() ends at \"/\"");
	ok(!fstat(fd, &st) && same_file(&st, &root),
	   "path_climb() leaves \"/\" open");
	close(fd);
}

static int count(int folder, const struct dirent *entry, void *arg)
{
	int *n = arg;

	if (faccessat(folder, entry->d_name, F_OK, AT_SYMLINK_NOFOLLOW))
		bail("%s is not in the folder", entry->d_name);
	return ++*n == 10 ? 10 : 0;
}

static void each_entry(void)
{
	int n = 0, fd = open(dir, O_PATH | O_DIRECTORY);

	is_int(path_each_entry(AT_FDCWD, dir, count, &n), 0,
	       "path_each_entry() lists a folder by its name");
	is_int(n, 3, "path_each_entry() passes \".\" and \"..\" over");
	is_int(path_each_entry(fd, ".", count, &n), 0,
	       "path_each_entry() lists a folder that is open with O_PATH");
	is_int(n, 6, "it lists the same entries");
	n = 8;
	is_int(path_each_entry(fd, ".", count, &n), 10,
	       "path_each_entry() ends with a value of the callback");
	is_int(n, 10, "it does not call the callback again");
	is_int(path_each_entry(fd, "link", count, &n), -ENOTDIR,
	       "path_each_entry() refuses a symbolic link");
	is_int(path_each_entry(fd, "none", count, &n), -ENOENT,
	       "path_each_entry() refuses a missing folder");
	close(fd);
}

static void files(void)
{
	int fd = open(dir, O_PATH | O_DIRECTORY);
	char text[8];

	is_int(file_read(fd, "file", text, sizeof(text)), 0,
	       "file_read() reads an empty file");
	is_str(text, "", "an empty file is an empty string");
	is_int(file_write(fd, "file", "1234567\n"), 0, "file_write()");
	is_int(file_read(fd, "file", text, sizeof(text)), -E2BIG,
	       "file_read() refuses a file that is too long");
	truncate(below("file"), 0);
	file_write(fd, "file", "a b\n\n");
	is_int(file_read(fd, "file", text, sizeof(text)), 4,
	       "file_read() drops one newline");
	is_str(text, "a b\n", "file_read() keeps the rest");
	is_int(file_read(fd, "none", text, sizeof(text)), -ENOENT,
	       "file_read() refuses a missing file");
	is_int(file_write(fd, "none", ""), -ENOENT,
	       "file_write() makes no file");
	close(fd);
}

static void join(const char *a, const char *b, const char *c, const char *want)
{
	char *path = path_join(a, b, c);

	is_str(path, want, "path_join() makes %s", want);
	free(path);
}

int main(void)
{
	char *path;

	set_up();
	open_dir();
	climb();
	each_entry();
	files();
	join("/run", "x", ".log", "/run/x.log");
	join("/", "x", "", "/x");
	is_int(path_absolute("/x/../y", &path), 0, "an absolute path");
	is_str(path, "/x/../y", "path_absolute() leaves it as it is");
	free(path);
	clean_up();
	return tap_end();
}
