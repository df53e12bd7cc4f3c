// SPDX-License-Identifier: GPL-2.0
/*
 * A layer of a fixed size: a file in the state folder is a disk image. Its ext4 file
 * system holds the folders of the overlay.
 *
 * All blocks of the file are allocated when it is made. In a sparse file, the container
 * could write data for which the host's disk has no room, and lose them.
 *
 * The image is never mounted in the host's mount namespace, and nothing has to unmount
 * it: only the overlay uses it, and the kernel frees the loop device with its last user.
 *
 * The ext4 has no journal: its content is removed with its container, and is not used
 * again after a crash of the machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <sys/mount.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "image.h"

#define CONTROL	      "/dev/loop-control"
#define MKFS	      "mkfs.ext4"
#define MKFS_PATH     "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"
#define IMAGE_IN_MKFS 3
/* Another process may take the free loop device that the kernel has named. */
#define LOOP_TRIES 64

static char *find_mkfs(void)
{
	char *path = NULL;
	const char *p = MKFS_PATH;

	while (*p) {
		int len = (int)strcspn(p, ":");

		if (asprintf(&path, "%.*s/" MKFS, len, p) < 0)
			return NULL;
		if (!access(path, X_OK))
			return path;
		free(path);
		p += len;
		p += *p == ':';
	}
	return NULL;
}

const char *image_lacks(void)
{
	__cleanup_free char *mkfs = find_mkfs();

	if (!mkfs)
		return MKFS;
	return access(CONTROL, R_OK | W_OK) ? CONTROL : NULL;
}

static int make_file(int state, uint64_t bytes)
{
	int fd __cleanup_close = openat(
		state, IMAGE_NAME,
		O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 || fallocate(fd, 0, 0, (off_t)bytes))
		return -errno;
	return take_fd(&fd);
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -EIO;
}

static int make_file_system(int image)
{
	__cleanup_free char *mkfs = find_mkfs();
	char *argv[] = {
		MKFS,
		"-q",
		"-F",
		"-m",
		"0",
		"-O",
		"^has_journal",
		"-E",
		"nodiscard,lazy_itable_init=1",
		"/proc/self/fd/3",
		NULL,
	};
	char *envp[] = { "PATH=" MKFS_PATH, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int r;

	if (!mkfs)
		return -ENOENT;
	r = -posix_spawn_file_actions_init(&actions);
	if (r)
		return r;
	for (int i = 0; !r && i < 3; i++)
		r = -posix_spawn_file_actions_addopen(&actions, i, "/dev/null",
						      O_RDWR, 0);
	if (!r)
		r = -posix_spawn_file_actions_adddup2(&actions, image,
						      IMAGE_IN_MKFS);
	if (!r)
		r = -posix_spawn(&pid, mkfs, &actions, NULL, argv, envp);
	posix_spawn_file_actions_destroy(&actions);
	return r ? r : wait_for(pid);
}

/* LO_FLAGS_AUTOCLEAR: the kernel frees the device when its last user closes it. */
static int try_loop(int control, int image, char *name, size_t len)
{
	struct loop_config config = {
		.fd = (uint32_t)image,
		.info.lo_flags = LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO,
	};
	int fd __cleanup_close = -1;
	int number = ioctl(control, LOOP_CTL_GET_FREE);

	if (number < 0)
		return -errno;
	snprintf(name, len, "/dev/loop%d", number);
	fd = open(name, O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, LOOP_CONFIGURE, &config))
		return -errno;
	return take_fd(&fd);
}

static int make_loop(int image, char *name, size_t len)
{
	int control __cleanup_close = open(CONTROL, O_RDWR | O_CLOEXEC);
	int i, r = -EBUSY;

	if (control < 0)
		return -errno;
	for (i = 0; r == -EBUSY && i < LOOP_TRIES; i++)
		r = try_loop(control, image, name, len);
	return r;
}

static int mount_device(const char *name)
{
	int fs __cleanup_close = fsopen("ext4", FSOPEN_CLOEXEC);
	int tree;

	if (fs < 0 || fsconfig(fs, FSCONFIG_SET_STRING, "source", name, 0) ||
	    fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -errno;
	tree = fsmount(fs, FSMOUNT_CLOEXEC,
		       MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID);
	return tree < 0 ? -errno : tree;
}

int image_mount(int state, uint64_t bytes)
{
	int image __cleanup_close = make_file(state, bytes);
	int loop __cleanup_close = -1;
	char name[32];
	int r = image;

	if (r >= 0)
		r = make_file_system(image);
	/* mkfs may have punched holes to write zeros: allocate these blocks again. */
	if (!r && fallocate(image, 0, 0, (off_t)bytes))
		r = -errno;
	if (!r) {
		loop = make_loop(image, name, sizeof(name));
		r = loop < 0 ? loop : mount_device(name);
	}
	/* If an image was there before, it is not ours. */
	if (r < 0 && r != -EEXIST)
		unlinkat(state, IMAGE_NAME, 0);
	return r;
}
