// SPDX-License-Identifier: GPL-2.0
/*
 * crowd WORD		print "first WORD", then "again WORD" at each SIGUSR1; print
 *			"last WORD" at SIGTERM and exit
 * crowd --roots DIR N	make the roots DIR/0 to DIR/N-1, each with DIR/crowd as
 *			/bin/crowd
 */
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../workloads/workload.h"

static const char usage[] = "crowd WORD | crowd --roots DIR N";

static void make_root(const char *dir, unsigned long n)
{
	static const char *const folders[] = {
		"",	 "/bin", "/dev", "/etc", "/proc",
		"/root", "/sys", "/tmp", "/usr",
	};
	char first[512], path[512];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/%lu%s", dir, n, folders[i]);
		if (mkdir(path, 0755) && errno != EEXIST)
			fail("crowd: cannot make %s", path);
	}
	/* The program is hard-linked into all roots. */
	snprintf(first, sizeof(first), "%s/crowd", dir);
	snprintf(path, sizeof(path), "%s/%lu/bin/crowd", dir, n);
	if (link(first, path) && errno != EEXIST)
		fail("crowd: cannot make %s", path);
}

int main(int argc, char **argv)
{
	sigset_t set;
	int signal;

	if (argc == 4 && !strcmp(argv[1], "--roots")) {
		unsigned long n = number(usage, "N", argv[3], 1, 100000);

		for (unsigned long i = 0; i < n; i++)
			make_root(argv[2], i);
		return 0;
	}
	if (argc != 2)
		bad_usage(usage);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	say("first %s\n", argv[1]);
	while (!sigwait(&set, &signal) && signal != SIGTERM)
		say("again %s\n", argv[1]);
	say("last %s\n", argv[1]);
	return 0;
}
