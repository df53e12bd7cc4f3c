// SPDX-License-Identifier: GPL-2.0
/*
 * Launches from a process whose other threads hold the C library's locks most of
 * the time: a child that takes one waits for a thread that it has not.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "fixture.h"

#define LAUNCHES  100
#define LAUNCHERS 2
#define HAMMERS	  4

static atomic_bool enough;
static atomic_int good;

/* malloc(), stdio and the list of open streams, the environment, time zones. */
static void *hammer(void *arg)
{
	void *blocks[64];
	FILE *f;
	size_t i;

	(void)arg;
	while (!enough) {
		for (i = 0; i < 64; i++)
			blocks[i] = malloc(64 + i * 1000);
		for (i = 0; i < 64; i++)
			free(blocks[i]);
		f = fopen("/dev/null", "we");
		if (!f)
			continue;
		fprintf(f, "%d\n", rand());
		fflush(NULL);
		fclose(f);
	}
	return NULL;
}

static void launch_one(const struct container_spec *given,
		       const char *state_dir, int null)
{
	const struct overlay_spec layer = {
		.base = BASE,
		.base_fd = -1,
		.state_dir = state_dir,
	};
	struct container_spec spec = *given;
	struct failure err;
	struct launch l;

	must(mkdir(state_dir, 0700));
	spec.root.path = BASE;
	spec.root.is_mount = true;
	spec.root.fd = overlay_mount(&layer, &err);
	if (spec.root.fd < 0 ||
	    launch_begin(&l, &spec, (int[]){ null, null, null }, &err))
		bail("%s", err.text);
	close(spec.root.fd);
	must(launch_release(&l));
	if (wait_result(&l, &err) != 1)
		bail("%s", err.text);
	launch_end(&l);
	if (!wait_status(l.pid, l.pidfd) && !overlay_remove(state_dir))
		good++;
	close(l.pidfd);
}

static void *launcher(void *arg)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	int null = must(open("/dev/null", O_RDWR | O_CLOEXEC));
	int i;

	for (i = 0; i < LAUNCHES / LAUNCHERS; i++)
		launch_one(&spec, arg, null);
	close(null);
	return NULL;
}

int main(void)
{
	char states[LAUNCHERS][sizeof(STATE "1")];
	pthread_t hammers[HAMMERS], launchers[LAUNCHERS];
	int i;

	fixture_begin();
	for (i = 0; i < HAMMERS; i++)
		if (pthread_create(&hammers[i], NULL, hammer, NULL))
			bail("no thread");
	for (i = 0; i < LAUNCHERS; i++) {
		snprintf(states[i], sizeof(states[i]), STATE "%d", i);
		if (pthread_create(&launchers[i], NULL, launcher, states[i]))
			bail("no thread");
	}
	for (i = 0; i < LAUNCHERS; i++)
		pthread_join(launchers[i], NULL);
	enough = true;
	for (i = 0; i < HAMMERS; i++)
		pthread_join(hammers[i], NULL);
	is_int(good, LAUNCHES, "%d containers run, launched by %d threads",
	       LAUNCHES, LAUNCHERS);
	return tap_end();
}
