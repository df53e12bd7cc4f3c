// SPDX-License-Identifier: GPL-2.0
/* Starts programs, and reads what they have used when they have ended. */
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "flow.h"

/* Above all descriptor numbers that a program gets. */
#define FIRST_FREE_FD (16 + 3 * WRITERS_MAX)

uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

int high_fd(int fd, const char *what)
{
	int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FREE_FD);

	if (high < 0)
		fail("flow: cannot open %s", what);
	close(fd);
	return high;
}

void make_pipe(int fds[2])
{
	if (pipe2(fds, O_CLOEXEC))
		fail("flow: cannot make a pipe");
	for (int i = 0; i < 2; i++)
		fds[i] = high_fd(fds[i], "a pipe");
}

void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void __attribute__((noreturn))
become(char *const argv[], const int *fds, size_t n, pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(126);
	for (size_t i = 0; i < n; i++)
		if (dup2(fds[i], i) < 0)
			_exit(126);
	execvp(argv[0], argv);
	fprintf(stderr, "flow: cannot start %s: %s\n", argv[0],
		strerror(errno));
	_exit(127);
}

pid_t process_start(char *const argv[], const int *fds, size_t n)
{
	pid_t parent = getpid(), pid;

	/*
	 * Not vfork(): until execve() the child would use the memory of this
	 * process, and ru_maxrss would count it.
	 */
	pid = fork();
	if (pid < 0)
		fail("flow: cannot start %s", argv[0]);
	if (!pid)
		become(argv, fds, n, parent);
	return pid;
}

/* Not the times of wait4(2): they include those of the process's children. */
uint64_t process_cpu(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t))
		fail("flow: cannot read the CPU time of %d", pid);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

void process_reap(pid_t pid, const char *name, struct usage *usage)
{
	struct rusage ru;
	siginfo_t info;
	int status;

	if (waitid(P_PID, pid, &info, WEXITED | WNOWAIT))
		fail("flow: cannot wait for %s", name);
	usage->cpu_ns += process_cpu(pid);
	if (wait4(pid, &status, 0, &ru) != pid)
		fail("flow: cannot wait for %s", name);
	usage->rss_kib += ru.ru_maxrss;
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "flow: %s has failed, status 0x%x\n", name,
			status);
		exit(1);
	}
}

void process_stop(pid_t pid)
{
	if (kill(pid, SIGTERM) || waitpid(pid, NULL, 0) != pid)
		fail("flow: cannot stop a writer");
}
