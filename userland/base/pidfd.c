// SPDX-License-Identifier: LGPL-2.1
/* Finding the process of a pidfd, see pidfd.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "parse.h"
#include "pidfd.h"

/* Check that /proc shows the PIDs of our own PID namespace. */
static int check_proc(void)
{
	char text[16];
	ssize_t len = readlink("/proc/self", text, sizeof(text) - 1);
	int pid;

	if (len < 0)
		return errno == ENOENT ? -ENOENT : -errno;
	text[len] = '\0';
	return parse_int(text, 1, INT_MAX, &pid) || pid != getpid() ? -EXDEV :
								      0;
}

/* Returns 1 if the line has the PID, 0 if it is another line, or -ESRCH. */
static int parse_line(char *line, pid_t *pid)
{
	static const char key[] = "Pid:\t";

	if (strncmp(line, key, sizeof(key) - 1))
		return 0;
	line[strcspn(line, "\n")] = '\0';
	/* 0: the process is not in this PID namespace; -1: it has ended. */
	return parse_int(line + sizeof(key) - 1, 1, INT_MAX, pid) ? -ESRCH : 1;
}

int pidfd_pid(int fd, pid_t *pid)
{
	__cleanup_fclose FILE *f = NULL;
	char path[40], line[128];
	int ret = 0;

	if (fcntl(fd, F_GETFD) < 0)
		return -errno;
	ret = check_proc();
	if (ret)
		return ret;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	while (!ret && fgets(line, sizeof(line), f))
		ret = parse_line(line, pid);
	if (!ret)
		ret = ferror(f) ? -EIO : -EBADF;
	return ret > 0 ? 0 : ret;
}
