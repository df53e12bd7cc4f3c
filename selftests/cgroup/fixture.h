/* SPDX-License-Identifier: GPL-2.0 */
/* Cgroups of version 2 and processes in them, for the tests of this folder. */
#ifndef SELFTESTS_CGROUP_FIXTURE_H
#define SELFTESTS_CGROUP_FIXTURE_H

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup2.h"
#include "must.h"

/** put_text() - write to a file below an open folder; returns 0 or an errno */
static inline int __attribute__((unused))
put_text(int folder, const char *file, const char *text)
{
	int fd = openat(folder, file, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		err = errno;
	close(fd);
	return err;
}

/** get_text() - all of a small file below an open folder; "" if it cannot be read */
static inline const char *__attribute__((unused))
get_text(int folder, const char *file)
{
	static char text[4096];
	int fd = openat(folder, file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* What a child of start_in() has in memory at least. */
#define CHILD_BYTES (4 << 20)

/** start_in() - start a child in the cgroup, which sleeps until it is killed */
static inline pid_t __attribute__((unused)) start_in(int cgroup)
{
	int ready[2];
	pid_t pid;
	char c;

	must(pipe2(ready, O_CLOEXEC));
	pid = must(fork());
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (put_text(cgroup, "cgroup.procs", "0"))
			_exit(1);
		memset(mmap(NULL, CHILD_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
		       1, CHILD_BYTES);
		must(write(ready[1], "", 1));
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		bail("a process cannot enter the cgroup");
	close(ready[0]);
	return pid;
}

/** reap() - wait for a child; returns its status as waitpid() has it */
static inline int __attribute__((unused)) reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			bail("waitpid: %s", strerror(errno));
	}
	return status;
}

#endif /* SELFTESTS_CGROUP_FIXTURE_H */
