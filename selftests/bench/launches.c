// SPDX-License-Identifier: GPL-2.0
/*
 * launches FOLDER N - what a user namespace costs at the start of a container
 *
 * Launches /bin/true in an overlay, as the supervisor does but without the kernel's table:
 * N times with a user namespace and N times without, in turns. FOLDER has the base in
 * "base" and an empty "state"; its file system must be able to map ids. Prints, for both,
 * the median and the smallest time from before the user namespace to the end of the
 * process, and the medians of the CPU time of both processes.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "launch/launch.h"
#include "overlay/overlay.h"
#include "supervisor/id_pool.h"
#include "supervisor/policy.h"

#define FIRST IDS_DEFAULT_FIRST

/** struct sample - of one launch, in microseconds */
struct sample {
	double elapsed;
	double cpu;
};

__attribute__((noreturn)) static void die(const char *what)
{
	fprintf(stderr, "launches: %s\n", what);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double cpu_of(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static double cpu(void)
{
	return cpu_of(RUSAGE_SELF) + cpu_of(RUSAGE_CHILDREN);
}

static void wait_for_result(struct launch *l)
{
	struct pollfd p = { .fd = l->sync_fd, .events = POLLIN };
	struct failure failure;
	int r;

	do {
		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			die("poll() failed");
		r = launch_result(l, &failure);
	} while (!r);
	if (r < 0)
		die(failure.text);
}

static void launch_one(const struct overlay_spec *overlay, int userns)
{
	static char *const argv[] = { "/bin/true", NULL };
	static char *const envp[] = { "PATH=/bin", NULL };
	const struct namespace_spec joined = { .kind = CLONE_NEWUSER,
					       .fd = userns };
	struct container_spec spec;
	struct failure failure;
	struct launch l;
	int status;

	if (policy_init(&spec, &failure))
		die(failure.text);
	spec.id = "bench";
	spec.namespaces |= CLONE_NEWNET;
	spec.process.argv = argv;
	spec.process.envp = envp;
	spec.root.path = overlay->base;
	spec.root.is_mount = true;
	if (userns >= 0) {
		spec.joined = &joined;
		spec.n_joined = 1;
	}
	spec.root.fd = overlay_mount(overlay, &failure);
	if (spec.root.fd < 0 ||
	    launch_begin(&l, &spec, (int[]){ -1, -1, -1 }, &failure))
		die(failure.text);
	close(spec.root.fd);
	launch_release(&l);
	wait_for_result(&l);
	launch_end(&l);
	close(l.pidfd);
	if (waitpid(l.pid, &status, 0) != l.pid || status)
		die("the container has failed");
}

static struct sample take(const char *base, const char *state, bool own)
{
	static const struct id_range range = { .outside = FIRST,
					       .count = IDS_PER_CONTAINER };
	static const struct id_map map = { &range, 1 };
	struct overlay_map ids = { .userns = -1, .root = FIRST };
	struct overlay_spec overlay = {
		.base = base,
		.base_fd = -1,
		.state_dir = state,
	};
	struct sample s;

	if (mkdir(state, 0700))
		die("the folder for the layer cannot be made");
	s = (struct sample){ now(), cpu() };
	if (own) {
		ids.userns = launch_user_namespace(&map, &map, FIRST);
		if (ids.userns < 0)
			die("there can be no user namespace");
		overlay.map = &ids;
	}
	launch_one(&overlay, ids.userns);
	s.elapsed = now() - s.elapsed;
	s.cpu = cpu() - s.cpu;
	cleanup_close(&ids.userns);
	if (overlay_remove(state))
		die("the layer cannot be removed");
	return s;
}

static int compare_elapsed(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return (x->elapsed > y->elapsed) - (x->elapsed < y->elapsed);
}

static int compare_cpu(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

static void print(const char *name, struct sample *samples, size_t n)
{
	double median, least;

	qsort(samples, n, sizeof(*samples), compare_elapsed);
	median = samples[n / 2].elapsed;
	least = samples[0].elapsed;
	qsort(samples, n, sizeof(*samples), compare_cpu);
	printf("%s\tmedian %.0f\tleast %.0f\tcpu %.0f\n", name, median, least,
	       samples[n / 2].cpu);
}

int main(int argc, char **argv)
{
	long n = argc == 3 ? atol(argv[2]) : 0;
	struct sample *samples[2];
	char *base, *state;

	if (n < 1) {
		fprintf(stderr, "usage: launches FOLDER N\n");
		return 2;
	}
	for (int own = 0; own < 2; own++)
		samples[own] = calloc((size_t)n, sizeof(**samples));
	if (asprintf(&base, "%s/base", argv[1]) < 0 ||
	    asprintf(&state, "%s/state/layer", argv[1]) < 0 || !samples[0] ||
	    !samples[1])
		die("out of memory");
	/* The first launch of each kind finds cold caches. */
	take(base, state, false);
	take(base, state, true);
	for (long i = 0; i < n; i++)
		for (int k = 0; k < 2; k++) {
			const bool own = (i + k) % 2;

			samples[own][i] = take(base, state, own);
		}
	print("host", samples[0], (size_t)n);
	print("auto", samples[1], (size_t)n);
	return 0;
}
