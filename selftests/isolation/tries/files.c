// SPDX-License-Identifier: GPL-2.0
/*
 * Tries to leave the root by path, descriptor or handle, and to set privileged
 * attributes of inodes.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "try.h"

/* The variable that names a file of the host, which no container has. */
#define HOST_FILE "TRY_FILE"

static int reach(const char *before)
{
	char path[512];

	snprintf(path, sizeof(path), "%s%s", before, variable(HOST_FILE));
	return result(access(path, F_OK));
}

static int dots(const struct attempt *t)
{
	(void)t;
	return reach("/../../../../..");
}

static int link_to_it(const struct attempt *t)
{
	int r;

	(void)t;
	if (symlink(variable(HOST_FILE), "link"))
		return -errno;
	r = result(access("link", F_OK));
	unlink("link");
	return r;
}

static int root_of_init(const struct attempt *t)
{
	(void)t;
	return reach("/proc/1/root");
}

static int root_of(const struct attempt *t)
{
	char root[64];

	snprintf(root, sizeof(root), "/proc/%d/root", variable_pid(t->path));
	return reach(root);
}

static int folder_of(const struct attempt *t)
{
	int fd = open(proc_path(variable_pid(t->path), "cwd"),
		      O_PATH | O_DIRECTORY | O_CLOEXEC);

	return result(fd);
}

/* chroot() into a folder while a descriptor of the old root is open. */
static int leave_root(const struct attempt *t)
{
	int i, up;

	(void)t;
	/* Without the protection there is no root to leave: make one. */
	if (off && (mkdir("cage", 0700) || chroot("cage") || chdir("/")))
		return -ENOTDIR;
	mkdir("cell", 0700);
	up = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (up < 0 || chroot("cell") || fchdir(up))
		return -errno;
	for (i = 0; i < 64; i++)
		if (chdir(".."))
			return -errno;
	if (chroot("."))
		return -errno;
	return reach("");
}

struct handle {
	struct file_handle h;
	unsigned char bytes[MAX_HANDLE_SZ];
};

static int name_to_handle(struct handle *handle)
{
	int mount;

	handle->h.handle_bytes = MAX_HANDLE_SZ;
	return result(name_to_handle_at(AT_FDCWD, ".", &handle->h, &mount, 0));
}

static int make_handle(const struct attempt *t)
{
	struct handle handle = { 0 };

	(void)t;
	return name_to_handle(&handle);
}

/* The inode number of a root is known, and others can be guessed. */
static int open_handle(const struct attempt *t)
{
	struct handle handle = { .h = { .handle_bytes = 8, .handle_type = 1 } };
	int folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)t;
	handle.bytes[0] = 2;
	if (off && name_to_handle(&handle))
		return -EBADF;
	return result(open_by_handle_at(folder, &handle.h, O_RDONLY));
}

/* Link an open file whose name is on the host, or whose name has been removed. */
static int link_fd(const struct attempt *t)
{
	int fd = STDERR_FILENO, r;

	(void)t;
	if (off)
		fd = open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	r = result(linkat(fd, "", AT_FDCWD, "name", AT_EMPTY_PATH));
	if (!r)
		unlink("name");
	unlink("file");
	return r;
}

static int set_attribute(const struct attempt *t)
{
	int fd = open("attributes", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return -errno;
	r = result(fsetxattr(fd, t->path, "y", 1, 0));
	close(fd);
	unlink("attributes");
	return r;
}

static int copy_program(const char *to)
{
	int in = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	char bytes[65536];
	ssize_t n = -1;

	if (in >= 0 && out >= 0)
		while ((n = read(in, bytes, sizeof(bytes))) > 0)
			if (write(out, bytes, (size_t)n) != n)
				return -EIO;
	close(in);
	close(out);
	return result(n);
}

static int run_program(void *path)
{
	execl(path, path, "--exit", "0", NULL);
	return -errno;
}

/* Run a program whose file attribute gives it all capabilities. */
static int file_capabilities(const struct attempt *t)
{
	static const unsigned char all[20] = {
		1, 0, 0, 2, 255, 255, 255, 255, 0, 0, 0, 0, 255, 0, 0, 0,
	};
	char path[] = "program";
	int status, r = copy_program(path);
	pid_t pid;

	(void)t;
	if (r || setxattr(path, "security.capability", all, sizeof(all), 0))
		return r ? r : -errno;
	pid = fork();
	if (!pid)
		_exit(-run_program(path));
	waitpid(pid, &status, 0);
	unlink(path);
	return -WEXITSTATUS(status);
}

const struct attempt files_tries[] = {
	TRY("reaching a file of the host by its path", dots, "ENOENT"),
	TRY("reaching a file of the host by a symbolic link", link_to_it,
	    "ENOENT"),
	TRY("reaching a file of the host below /proc/1/root", root_of_init,
	    "ENOENT"),
	TRY("reaching a file below the root of a process of the host", root_of,
	    "ENOENT", .path = "TRY_VICTIM"),
	TRY("reaching a file below the supervisor's root", root_of, "ENOENT",
	    .path = "TRY_SUPERVISOR"),
	TRY("opening the supervisor's working folder", folder_of, "ENOENT",
	    .path = "TRY_SUPERVISOR"),
	TRY("leaving the root by chroot() below it", leave_root, "ENOENT"),
	TRY("making a handle of a file", make_handle, "EPERM"),
	TRY("opening a file by its handle", open_handle, "EPERM"),
	TRY("linking an open file to a new name", link_fd, "ENOENT"),
	TRY("setting a trusted attribute", set_attribute, "EPERM",
	    .lacks = "EOPNOTSUPP", .path = "trusted.x", .only = CAPABILITIES),
	/* Before 6.7 an overlay itself refuses it; since then it escapes the name. */
	TRY("setting an attribute that overlays obey", set_attribute, "EPERM",
	    .lacks = "EOPNOTSUPP", .path = "trusted.overlay.redirect",
	    .only = CAPABILITIES),
	TRY("running a program with all capabilities", file_capabilities,
	    "EPERM", .lacks = "EOPNOTSUPP", .only = CAPABILITIES),
	{ 0 },
};
