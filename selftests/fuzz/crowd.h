/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The processes that the fuzzer registers: its own children. A few of them live at a
 * time, each for a short while, and some are the init of a pid namespace. The fuzzer
 * names no other process to the kernel, except some that the kernel must refuse; see
 * is_ours_to_name().
 */
#ifndef FUZZ_CROWD_H
#define FUZZ_CROWD_H

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "random.h"

#define N_CHILDREN 16
#define N_DEAD	   16

/* struct child - a process that the fuzzer has started */
struct child {
	pid_t pid; /* 0: it has been reaped */
	int pidfd;
	bool condemned; /* it may die: the table was told to end it */
};

static struct child children[N_CHILDREN];
static pid_t dead[N_DEAD];
static unsigned long n_dead, n_started;

/*
 * PIDs that the kernel must refuse: the system's init, the first kernel threads, and
 * numbers that no process can have (PID_MAX_LIMIT is 2^22).
 */
static const uint32_t odd_pids[] = {
	0, 1, 2, 3, 1 << 22, INT32_MAX, 1U << 31, UINT32_MAX,
};

static inline bool is_ours_to_name(uint32_t pid)
{
	size_t i;

	for (i = 0; i < sizeof(odd_pids) / sizeof(odd_pids[0]); i++)
		if (odd_pids[i] == pid)
			return true;
	for (i = 0; i < N_CHILDREN; i++)
		if ((uint32_t)children[i].pid == pid)
			return true;
	/* The kernel counts PIDs up, and gives a PID again only much later. */
	for (i = 0; i < N_DEAD; i++)
		if ((uint32_t)dead[i] == pid)
			return true;
	return false;
}

/* Exit if the process has a command line: kernel threads have none. */
static inline void require_kernel_thread(int pid)
{
	char path[64], buf[16];
	ssize_t n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	f = fopen(path, "re");
	if (!f)
		fail("fuzz: cannot read %s", path);
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	if (n) {
		fprintf(stderr, "fuzz: process %d is no kernel thread\n", pid);
		exit(1);
	}
}

static inline uint32_t draw_pid(void)
{
	unsigned int how = draw(16), which = draw(N_CHILDREN);

	if (how == 0)
		return DRAW_FROM(odd_pids);
	if (how == 1)
		return dead[which % N_DEAD];
	return children[which].pid;
}

static inline uint32_t draw_pidfd(uint32_t pid)
{
	static const uint32_t odd[] = { 0, 1, 3, 9999, INT32_MAX, UINT32_MAX };
	unsigned int how = draw(4), which = draw(N_CHILDREN);
	uint32_t fd = DRAW_FROM(odd);
	size_t i;

	if (how == 0)
		return fd;
	if (how == 1)
		return children[which].pidfd;
	for (i = 0; i < N_CHILDREN; i++)
		if ((uint32_t)children[i].pid == pid)
			return children[i].pidfd;
	return fd;
}

static inline void on_signal(int sig)
{
	(void)sig;
}

/* The life of a child. It must not draw numbers. */
static inline void __attribute__((noreturn)) live(unsigned int kind)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_range(3, ~0U, 0);
	if (kind & 1)
		signal(SIGTERM, SIG_IGN);
	else if (kind & 2)
		signal(SIGTERM, on_signal);
	/* Have a grandchild, which dies with the child. */
	if ((kind & 12) == 4 && fork() == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	if ((kind & 12) == 8)
		execl("/bin/sleep", "sleep", "infinity", (char *)NULL);
	for (;;)
		pause();
}

static inline void start_child(struct child *c)
{
	unsigned int kind = draw(16);
	bool own_namespace = one_in(3);
	long pid;

	pid = syscall(SYS_clone, SIGCHLD | (own_namespace ? CLONE_NEWPID : 0),
		      NULL, NULL, NULL, NULL);
	if (pid < 0)
		fail("fuzz: cannot start a process");
	if (!pid)
		live(kind);
	c->pid = pid;
	c->condemned = false;
	c->pidfd = syscall(SYS_pidfd_open, c->pid, 0);
	if (c->pidfd < 0)
		fail("fuzz: cannot open a process");
	n_started++;
}

/* bury() - remember the PID of a child that has been reaped */
static inline void bury(struct child *c)
{
	dead[n_dead++ % N_DEAD] = c->pid;
	close(c->pidfd);
	c->pidfd = -1;
	c->pid = 0;
}

/* is_dead() - the child has died; it is not reaped here */
static inline bool is_dead(const struct child *c)
{
	siginfo_t info = { 0 };

	if (waitid(P_PID, c->pid, &info, WEXITED | WNOHANG | WNOWAIT))
		fail("fuzz: cannot wait for a process");
	return info.si_pid != 0;
}

static inline void end_child(struct child *c)
{
	if (!c->pid)
		return;
	kill(c->pid, SIGKILL);
	while (waitpid(c->pid, NULL, 0) < 0)
		if (errno != EINTR)
			fail("fuzz: cannot wait for a process");
	bury(c);
}

/* Replace a child, by preference a condemned one that has died. */
static inline void replace_child(void)
{
	struct child *c = &children[draw(N_CHILDREN)];
	size_t i;

	for (i = 0; i < N_CHILDREN; i++)
		if (children[i].condemned && is_dead(&children[i]))
			c = &children[i];
	end_child(c);
	start_child(c);
}

static inline void start_crowd(void)
{
	size_t i;

	require_kernel_thread(2);
	require_kernel_thread(3);
	for (i = 0; i < N_CHILDREN; i++)
		start_child(&children[i]);
}

static inline void end_crowd(void)
{
	size_t i;

	for (i = 0; i < N_CHILDREN; i++)
		end_child(&children[i]);
}

/* condemn() - the table was told to end that process */
static inline void condemn(pid_t pid)
{
	size_t i;

	for (i = 0; i < N_CHILDREN; i++)
		if (children[i].pid == pid)
			children[i].condemned = true;
}

/*
 * Complain about processes that have died although the table was not told to end them.
 * All events so far must have been passed to condemn() before.
 */
static inline void count_the_dead(void)
{
	size_t i;

	for (i = 0; i < N_CHILDREN; i++)
		if (children[i].pid && !children[i].condemned &&
		    is_dead(&children[i]))
			complain(
				"process %d has died, but no request asked for that",
				children[i].pid);
}

#endif /* FUZZ_CROWD_H */
