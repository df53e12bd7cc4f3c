// SPDX-License-Identifier: GPL-2.0
/*
 * Protecting the program file. Until execve() has succeeded, the process of a container
 * runs the supervisor's program. A hostile root can make execve() run that program: with
 * a command, an interpreter or a loader that is a link to /proc/self/exe. Through that
 * link, root in the container could write to the program file on the host, and would own
 * the host when a supervisor starts the next time. If the program was executed from a
 * read-only mount, no capability allows to write to its file through that link.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "launch.h"
#include "raw.h"

#define PROGRAM "/proc/self/exe"

static int is_protected(void)
{
	int fd __cleanup_close = open(PROGRAM, O_PATH | O_CLOEXEC);
	struct statvfs fs;

	if (fd < 0 || fstatvfs(fd, &fs))
		return -errno;
	return fs.f_flag & ST_RDONLY ? 1 : 0;
}

int launch_protect_program(char *const argv[])
{
	struct mount_attr read_only = { .attr_set = MOUNT_ATTR_RDONLY };
	int fd __cleanup_close = -1;
	int r = is_protected();

	if (r < 0)
		return r;
	if (r) {
		/* After execveat() the name is the number of the descriptor. */
		prctl(PR_SET_NAME, program_invocation_short_name);
		return 0;
	}
	fd = (int)raw(SYS_open_tree, AT_FDCWD, PROGRAM,
		      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (fd < 0)
		return fd;
	r = (int)raw(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &read_only,
		     sizeof(read_only));
	if (r)
		return r;
	execveat(fd, "", argv, environ, AT_EMPTY_PATH);
	return -errno;
}
