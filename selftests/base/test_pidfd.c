// SPDX-License-Identifier: GPL-2.0
/* Tests pidfd_pid(): pidfds, pidfds of dead processes, and other descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/pidfd.h"
#include "tap.h"

static int open_pidfd(pid_t pid)
{
	int fd = pidfd_open(pid, 0);

	if (fd < 0)
		bail("cannot open a pidfd of %d: %s", pid, strerror(errno));
	return fd;
}

static void refused(int fd, int want, const char *what)
{
	pid_t pid = 77;

	is_int(pidfd_pid(fd, &pid), want, "%s is refused", what);
	is_int(pid, 77, "%s: the pid is not changed", what);
}

static void test_live(void)
{
	int fd = open_pidfd(getpid());
	pid_t pid = 0;

	ok(!pidfd_pid(fd, &pid) && pid == getpid(),
	   "a pidfd of this process gives its pid");
	is_int(fcntl(fd, F_DUPFD, 1000), 1000, "the pidfd is duplicated");
	pid = 0;
	ok(!pidfd_pid(1000, &pid) && pid == getpid(),
	   "the duplicate gives the same pid");
	close(1000);
	close(fd);
}

static void test_ended(void)
{
	pid_t child = fork(), pid = 0;
	int fd;

	if (child < 0)
		bail("cannot fork: %s", strerror(errno));
	if (!child)
		for (;;)
			pause();
	fd = open_pidfd(child);
	ok(!pidfd_pid(fd, &pid) && pid == child,
	   "a pidfd of a child gives its pid");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	refused(fd, -ESRCH, "a pidfd of a dead process");
	close(fd);
}

static void test_others(void)
{
	int fds[2], fd = open("/dev/null", O_RDONLY);

	refused(fd, -EBADF, "a device");
	close(fd);
	refused(fd, -EBADF, "a descriptor that is closed");
	refused(-1, -EBADF, "descriptor -1");
	if (pipe(fds))
		bail("cannot make a pipe: %s", strerror(errno));
	refused(fds[0], -EBADF, "a pipe");
	close(fds[0]);
	close(fds[1]);
	fd = open("/proc/self/fdinfo", O_RDONLY | O_DIRECTORY);
	refused(fd, -EBADF, "a folder");
	close(fd);
}

int main(void)
{
	test_live();
	test_ended();
	test_others();
	return tap_end();
}
