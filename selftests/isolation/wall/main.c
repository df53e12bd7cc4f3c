// SPDX-License-Identifier: GPL-2.0
/*
 * wall [--no-filter] [--all-capabilities] BASE STATE COMMAND [ARGUMENT...]
 *
 * Runs a command in a container as engine makes it, an overlay over BASE with the
 * folder STATE for what it writes, but without a part of its wall. The container has
 * this program's environment and output, and no cgroup and no record of its own.
 */
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch/launch.h"

static int wait_for_end(struct launch *l)
{
	struct failure err;
	struct pollfd ready = { .fd = l->sync_fd, .events = POLLIN };
	int r, status;

	do {
		poll(&ready, 1, -1);
		r = launch_result(l, &err);
	} while (!r);
	launch_end(l);
	if (r < 0)
		fprintf(stderr, "wall: %s\n", err.text);
	if (waitpid(l->pid, &status, 0) != l->pid || !WIFEXITED(status))
		return 1;
	return WEXITSTATUS(status);
}

static int run(const struct container_spec *spec)
{
	const int stdio[3] = { -1, STDOUT_FILENO, STDERR_FILENO };
	struct failure err;
	struct launch l;

	if (launch_begin(&l, spec, stdio, &err)) {
		fprintf(stderr, "wall: %s\n", err.text);
		return 1;
	}
	launch_release(&l);
	return wait_for_end(&l);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "no-filter", no_argument, NULL, 'f' },
		{ "all-capabilities", no_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	struct container_spec spec;
	int c;

	container_spec_init(&spec);
	while ((c = getopt_long(argc, argv, "+", options, NULL)) >= 0) {
		if (c == 'f')
			spec.seccomp = false;
		else if (c == 'c')
			spec.capabilities = UINT64_MAX;
		else
			return 2;
	}
	if (argc - optind < 3)
		return 2;
	spec.id = "wall";
	spec.overlay_lower = argv[optind];
	spec.state_dir = argv[optind + 1];
	spec.argv = argv + optind + 2;
	spec.envp = environ;
	return run(&spec);
}
