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
#include "overlay/overlay.h"
#include "supervisor/policy.h"

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

static int run(struct container_spec *spec, const struct overlay_spec *layer)
{
	const int stdio[3] = { -1, STDOUT_FILENO, STDERR_FILENO };
	struct failure err;
	struct launch l;

	spec->root.path = layer->base;
	spec->root.is_mount = true;
	spec->root.fd = overlay_mount(layer, &err);
	if (spec->root.fd < 0 || launch_begin(&l, spec, stdio, &err)) {
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
	struct overlay_spec layer = { .base_fd = -1 };
	struct failure err;
	int c;

	if (policy_init(&spec, &err)) {
		fprintf(stderr, "wall: %s\n", err.text);
		return 1;
	}
	while ((c = getopt_long(argc, argv, "+", options, NULL)) >= 0) {
		if (c == 'f')
			spec.process.filter = NULL;
		else if (c == 'c')
			policy_set_capabilities(&spec.process, UINT64_MAX);
		else
			return 2;
	}
	if (argc - optind < 3)
		return 2;
	spec.id = "wall";
	spec.hostname = "wall";
	spec.process.argv = argv + optind + 2;
	spec.process.envp = environ;
	layer.base = argv[optind];
	layer.state_dir = argv[optind + 1];
	return run(&spec, &layer);
}
