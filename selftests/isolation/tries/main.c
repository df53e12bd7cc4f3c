// SPDX-License-Identifier: GPL-2.0
/*
 * tries [--outside] [--off | --wanted] GROUP...
 *
 * Makes all tries of these groups, and prints a line for each: the names of the group
 * and of the try, a tab, and the outcome. See try.h.
 *
 *	--outside	make the tries for users of the host, not those for containers
 *	--off		there is no protection; each try gets its own mount namespace
 *	--wanted	make no try, and print the expected outcomes of each: with the
 *			protection, without it, and those that mean that the kernel does
 *			not support the try; then the only part of the wall that stops
 *			the try, "-" for none
 *
 * tries --exit N exits with status N: a try runs a copy of this program.
 */
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "try.h"

/* After so many seconds a hanging try is killed. */
#define PATIENCE 120

bool off;

static bool outside, wanted;

static const struct group groups[] = {
	{ "files", files_tries },
	{ "nodes", nodes_tries },
	{ "mounts", mounts_tries },
	{ "proc", proc_tries },
	{ "sys", sys_tries },
	{ "namespaces", namespaces_tries },
	{ "processes", processes_tries },
	{ "own", own_tries },
	{ "kernel", kernel_tries },
	{ "machine", machine_tries },
	{ "sockets", sockets_tries },
	{ "netlink", netlink_tries },
	{ "resources", resources_tries },
	{ "fifos", fifos_tries },
	{ "outside", outside_tries },
};

static const struct group *find_group(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (!strcmp(groups[i].name, name))
			return &groups[i];
	fprintf(stderr, "tries: unknown group: %s\n", name);
	exit(2);
}

static void make_try(const struct attempt *t, int *outcome)
{
	alarm(PATIENCE);
	if (off && (unshare(CLONE_NEWNS) ||
		    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))) {
		perror("tries: cannot make a mount namespace");
		_exit(2);
	}
	*outcome = t->go(t);
}

static const char *outcome_name(int outcome, int status)
{
	static char text[32];
	const char *name = NULL;

	if (WIFSIGNALED(status)) {
		name = sigabbrev_np(WTERMSIG(status));
		snprintf(text, sizeof(text), "SIG%s", name ? name : "?");
		return text;
	}
	if (outcome == NOTHING)
		return "nothing";
	if (outcome >= 0)
		return outcome ? "no outcome" : "success";
	name = strerrorname_np(-outcome);
	return name ? name : "unknown";
}

/* Make a try in a child: the kernel may kill it, and it may change its own state. */
static void run(const struct group *g, const struct attempt *t, int *outcome)
{
	pid_t pid;
	int status;

	*outcome = INT_MAX;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		make_try(t, outcome);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror("tries: cannot make a child");
		exit(1);
	}
	printf("%s: %s\t%s\n", g->name, t->name,
	       outcome_name(*outcome, status));
}

static void print_wanted(const struct group *g, const struct attempt *t,
			 const char *outcome)
{
	printf("%s: %s\t%s\t%s\t%s\t%s\n", g->name, t->name, outcome,
	       t->off ? t->off : "success", t->lacks ? t->lacks : "-",
	       t->only ? t->only : "-");
}

static int *shared_number(void)
{
	int *n = mmap(NULL, sizeof(*n), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (n == MAP_FAILED) {
		perror("tries");
		exit(1);
	}
	return n;
}

/* Enter a new folder for the files of tries; it is removed at the end. */
static void enter_scratch(char *path)
{
	if (!mkdtemp(path) || chdir(path)) {
		perror("tries: cannot make a folder");
		exit(1);
	}
}

static void go_through(const struct group *g)
{
	int *outcome = shared_number();
	const struct attempt *t;
	const char *due;

	for (t = g->tries; t->name; t++) {
		due = outside ? t->outside : t->inside;
		if (due && wanted)
			print_wanted(g, t, due);
		else if (due)
			run(g, t, outcome);
	}
}

int main(int argc, char **argv)
{
	char scratch[] = "/tmp/tries.XXXXXX";
	int i = 1;

	if (argc == 3 && !strcmp(argv[1], "--exit"))
		return (int)strtol(argv[2], NULL, 10);
	for (; i < argc && !strncmp(argv[i], "--", 2); i++) {
		off |= !strcmp(argv[i], "--off");
		outside |= !strcmp(argv[i], "--outside");
		wanted |= !strcmp(argv[i], "--wanted");
	}
	if (!wanted)
		enter_scratch(scratch);
	for (; i < argc; i++)
		go_through(find_group(argv[i]));
	if (!wanted && !chdir("/"))
		rmdir(scratch);
	return 0;
}
