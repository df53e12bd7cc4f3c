/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Helpers for the programs that are hard to kill. Each brings its processes into a state
 * that is hard to kill. Then one of them, the attacker, prints "ready", and takes memory
 * at the line "go", see take.h.
 */
#ifndef SURVIVE_H
#define SURVIVE_H

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "take.h"

/** attack() - print "ready", and take @mib MiB at the line "go" */
static inline void __attribute__((noreturn)) attack(size_t mib)
{
	size_t bytes = mib * MIB;
	char *start;

	wait_for_go();
	start = map_small(bytes);
	write_pages(start, bytes);
	hold(bytes);
}

/** start_child() - fork() with the clone() @flags; ends the program if it fails */
static inline pid_t start_child(unsigned long flags)
{
	pid_t pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid < 0)
		fail("cannot fork");
	return pid;
}

/** open_own() - open a file of the calling process in /proc/self */
static inline int open_own(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail("cannot open %s", path);
	return fd;
}

/** await_text() - wait until the file of open_own() contains @a or @b */
static inline void await_text(int file, const char *a, const char *b)
{
	char text[4096];
	ssize_t n;

	do {
		sleep_for(1);
		n = pread(file, text, sizeof(text) - 1, 0);
		if (n <= 0)
			fail("a process has ended");
		text[n] = '\0';
	} while (!strstr(text, a) && !strstr(text, b));
}

/**
 * start_attacker() - start a child that calls attack() after a byte from the pipe @go
 * It keeps no end to write to: if the other processes exit, it exits, too.
 */
static inline void start_attacker(const int go[2], size_t mib)
{
	char c;

	if (start_child(0))
		return;
	close(go[1]);
	if (read(go[0], &c, 1) != 1)
		fail("the state was not reached");
	attack(mib);
}

/** let_attack() - let start_attacker()'s child attack: the state is reached */
static inline void let_attack(int go)
{
	if (write(go, "", 1) != 1)
		fail("cannot tell the attacker");
}

/* struct way - how to survive; @make gets the pipe for let_attack(), need not return */
struct way {
	const char *name;
	void (*make)(int go);
};

/** find_way() - find @name in a table that ends with a NULL name, or exit with @usage */
static inline const struct way *find_way(const struct way *ways,
					 const char *name, const char *usage)
{
	for (; ways->name; ways++)
		if (!strcmp(ways->name, name))
			return ways;
	bad_usage(usage);
}

/** run_way() - start an attacker, bring about the state of @way, and stay in it */
static inline void __attribute__((noreturn))
run_way(const struct way *way, size_t mib)
{
	int go[2];

	if (pipe(go))
		fail("cannot make a pipe");
	/* Yama may otherwise forbid relatives to trace this process. */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	start_attacker(go, mib);
	way->make(go[1]);
	wait_for_ever();
}

#endif /* SURVIVE_H */
