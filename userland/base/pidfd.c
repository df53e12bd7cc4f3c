// SPDX-License-Identifier: LGPL-2.1
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "parse.h"
#include "pidfd.h"

/* PIDs are told as the PID namespace that /proc is mounted for has them. */
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

/* 0 where the line is not about it. */
static int parse_line(char *line, pid_t *pid)
{
	static const char key[] = "Pid:\t";

	if (strncmp(line, key, sizeof(key) - 1))
		return 0;
	line[strcspn(line, "\n")] = '\0';
	/* 0: in no PID namespace that is seen from here; -1: it has ended. */
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
