// SPDX-License-Identifier: GPL-2.0
/*
 * scope make PATH ID [FILE TEXT]... - make a scope of systemd with a process in it
 * scope run PATH SCOPE COMMAND [FILE TEXT]... - freeze, thaw, update, list, or remove it
 *
 * The resources are FILE and TEXT of cgroup v2. "make" prints the path, the name of the
 * scope, and the PID of a process that sleeps in it.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/failure.h"
#include "cgroup/home.h"

static struct failure failure;

static int __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, failure.text);
	exit(1);
}

static void read_resources(struct cgroup_resources *r, char **words)
{
	static struct cgroup_pair pairs[32];

	r->unified = pairs;
	for (; words[0] && words[1] && r->n_unified < 32; words += 2)
		pairs[r->n_unified++] = (struct cgroup_pair){ words[0],
							      words[1] };
}

/* A process in the cgroup, which lives on. */
static pid_t start(int cgroup)
{
	int entered[2], fd;
	pid_t pid;
	char c;

	if (pipe(entered))
		return -1;
	pid = fork();
	if (!pid) {
		fd = openat(cgroup, "cgroup.procs", O_WRONLY);
		if (fd < 0 || write(fd, "0", 1) != 1 ||
		    write(entered[1], "", 1) != 1)
			_exit(1);
		close_range(0, ~0u, 0);
		execlp("sleep", "sleep", "100000", NULL);
		_exit(1);
	}
	close(entered[1]);
	return read(entered[0], &c, 1) == 1 ? pid : -1;
}

#define MARK "scope"

static int make(char **words)
{
	struct cgroup_resources resources = { 0 };
	struct device_rule deny = { false, 'a', -1, -1, DEVICE_ALL };
	struct cgroup_home home;
	pid_t pid;

	read_resources(&resources, words + 2);
	if (cgroup_home_place(&home, CGROUP_MANAGER_SYSTEMD, words[0], words[1],
			      &failure))
		die("place");
	home.mark = MARK;
	if (cgroup_home_make(&home, words[1], &resources, &deny, 1, &failure))
		die("make");
	pid = start(home.fd);
	if (pid < 0)
		die("start");
	cgroup_home_settle(&home);
	printf("%s %s %d\n", home.path, home.scope, pid);
	cgroup_home_free(&home);
	return 0;
}

static void list(struct cgroup_home *home)
{
	pid_t *pids;
	size_t n;

	if (cgroup_home_pids(home, &pids, &n, &failure))
		die("list");
	for (size_t i = 0; i < n; i++)
		printf("%d\n", pids[i]);
	free(pids);
}

static int run(char **words)
{
	struct cgroup_resources resources = { 0 };
	struct cgroup_home home;
	int err = 0;

	cgroup_home_init(&home);
	home.manager = CGROUP_MANAGER_SYSTEMD;
	home.path = strdup(words[0]);
	home.scope = strdup(words[1]);
	home.mark = MARK;
	cgroup_home_open(&home);
	if (!strcmp(words[2], "update")) {
		read_resources(&resources, words + 3);
		err = cgroup_home_update(&home, &resources, &failure);
	} else if (!strcmp(words[2], "remove")) {
		err = cgroup_home_remove(&home, &failure);
	} else if (!strcmp(words[2], "list")) {
		list(&home);
	} else {
		err = cgroup_home_freeze(&home, !strcmp(words[2], "freeze"),
					 &failure);
	}
	if (err)
		die(words[2]);
	cgroup_home_free(&home);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 3 && !strcmp(argv[1], "make"))
		return make(argv + 2);
	if (argc > 4 && !strcmp(argv[1], "run"))
		return run(argv + 2);
	fprintf(stderr, "usage: scope make PATH ID [FILE TEXT]...\n"
			"       scope run PATH SCOPE COMMAND [FILE TEXT]...\n");
	return 2;
}
