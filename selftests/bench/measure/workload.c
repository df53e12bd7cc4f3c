// SPDX-License-Identifier: GPL-2.0
/* Starts the programs that are measured, measures them from outside, and reaps them. */
#include <fcntl.h>
#include <linux/sched.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../program.h"
#include "measure.h"

/* Above all descriptor numbers that a workload gets. */
#define FIRST_FREE_FD 16

static void make_pipe(int fds[2])
{
	int low[2];

	if (pipe2(low, O_CLOEXEC))
		fail("measure: cannot make a pipe");
	for (int i = 0; i < 2; i++) {
		fds[i] = fcntl(low[i], F_DUPFD_CLOEXEC, FIRST_FREE_FD);
		if (fds[i] < 0)
			fail("measure: cannot make a pipe");
		close(low[i]);
	}
}

static void __attribute__((noreturn))
become(char **argv, int record, int ready, int go)
{
	char path[4096];

	program_path(path, sizeof(path), argv[0]);
	/* In a new pid namespace getppid() is 0: it cannot show whether we have died. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || dup2(record, RECORD_FD) < 0 ||
	    dup2(ready, READY_FD) < 0 || dup2(go, GO_FD) < 0)
		_exit(126);
	execv(path, argv);
	fprintf(stderr, "measure: cannot start %s: %s\n", path,
		strerror(errno));
	_exit(127);
}

static pid_t clone_into(int cgroup, int *pidfd)
{
	struct clone_args args = {
		.flags = CLONE_NEWPID | CLONE_PIDFD,
		.pidfd = (uintptr_t)pidfd,
		.exit_signal = SIGCHLD,
	};

	if (cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = cgroup;
	}
	return syscall(SYS_clone3, &args, sizeof(args));
}

void workload_start(struct workload *w, char **argv, unsigned int workers,
		    int cgroup)
{
	int ready[2], go[2], record;
	char c;

	record = fcntl(record_fd(), F_DUPFD_CLOEXEC, FIRST_FREE_FD);
	if (record < 0)
		fail("measure: cannot duplicate the record");
	make_pipe(ready);
	make_pipe(go);
	w->pid = clone_into(cgroup, &w->pidfd);
	if (w->pid < 0)
		fail("measure: cannot start %s", argv[0]);
	if (!w->pid)
		become(argv, record, ready[1], go[0]);
	close(record);
	close(ready[1]);
	close(go[0]);
	w->ready = ready[0];
	w->go = go[1];
	while (workers--)
		if (read(w->ready, &c, 1) != 1)
			fail("measure: %s does not get ready", argv[0]);
}

void workload_go(struct workload *w)
{
	close(w->go);
	w->go = -1;
}

double workload_answer(struct workload *w)
{
	char text[64];
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(text) - 1 &&
	       (n = read(w->ready, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	text[len] = '\0';
	return len ? strtod(text, NULL) : NAN;
}

static void add(const char *smaps, const char *key, uint64_t *sum)
{
	const char *p = strstr(smaps, key);

	if (p)
		*sum += strtoull(p + strlen(key), NULL, 10) * 1024;
}

/* Read the page tables, since the kernel's counters may lag behind. */
static void add_process(pid_t pid, struct memory *out)
{
	char path[64], *smaps;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	smaps = file_read(AT_FDCWD, path);
	if (!smaps)
		fail("measure: cannot read %s", path);
	add(smaps, "\nRss:", &out->rss);
	add(smaps, "\nPss_Anon:", &out->own);
	add(smaps, "\nPss_Shmem:", &out->own);
	add(smaps, "\nPss_File:", &out->file);
	add(smaps, "\nAnonHugePages:", &out->huge);
	free(smaps);
}

/* The first process and its children: no workload has grandchildren. */
void workload_memory(const struct workload *w, struct memory *out)
{
	char path[64], *children, *p, *end;
	pid_t pid;

	memset(out, 0, sizeof(*out));
	add_process(w->pid, out);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", w->pid,
		 w->pid);
	children = file_read(AT_FDCWD, path);
	if (!children)
		fail("measure: cannot read %s", path);
	for (p = children; (pid = strtol(p, &end, 10)); p = end)
		add_process(pid, out);
	free(children);
}

bool workload_ended(const struct workload *w, int ms)
{
	struct pollfd fd = { .fd = w->pidfd, .events = POLLIN };
	int n;

	do
		n = poll(&fd, 1, ms);
	while (n < 0 && errno == EINTR);
	return n > 0;
}

/* The first process of a pid namespace exits after all others. */
int workload_reap(struct workload *w)
{
	int status;

	if (waitpid(w->pid, &status, 0) != w->pid)
		fail("measure: cannot wait");
	if (w->go >= 0)
		close(w->go);
	close(w->ready);
	close(w->pidfd);
	return status;
}

pid_t *start_sleepers(unsigned long n)
{
	char path[4096], *argv[] = { "sleeper", NULL };
	pid_t *pids = calloc(n + 1, sizeof(*pids));

	if (!pids)
		fail("measure: out of memory");
	program_path(path, sizeof(path), argv[0]);
	for (unsigned long i = 0; i < n; i++) {
		/* vfork() returns when the child has called execve(). */
		pids[i] = vfork();
		if (pids[i] < 0)
			fail("measure: cannot start a sleeper");
		if (!pids[i]) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			execv(path, argv);
			_exit(127);
		}
	}
	return pids;
}
