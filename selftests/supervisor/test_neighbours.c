// SPDX-License-Identifier: GPL-2.0
/*
 * When a start must read the kernel's table to find containers of other supervisors, and
 * when it need not: no such container may be missed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "must.h"
#include "supervisor/cookie.h"
#include "supervisor/neighbours.h"
#include "supervisor/supervisor.h"

#define LAST 100u /* the last event that the supervisor has read */
#define OURS 5u	  /* the id of its own container */

static struct supervisor supervisor;
static char folder[] = "/tmp/purser-neighbours-XXXXXX";
static char our_run[] = "/run/ours", their_run[] = "/run/theirs";
static struct root root;

/* The kernel's table and its newest events, in place of libpurser and kernel.c. */
static struct purser_container table[2];
static struct purser_event news[2];
static size_t n_records, n_news;
static int news_err;
static int reads; /* of the table */

int kernel_list(struct kernel *kernel, purser_container_fn fn, void *arg)
{
	int err = 0;

	(void)kernel;
	reads++;
	for (size_t i = 0; !err && i < n_records; i++)
		err = fn(&table[i], arg);
	return err;
}

int purser_events_since(struct purser *p, uint64_t seq, purser_event_fn fn,
			void *arg)
{
	int err = news_err;

	(void)p;
	is_int(seq, LAST, "the events after the last one are read");
	for (size_t i = 0; !err && i < n_news; i++)
		err = fn(&news[i], arg);
	return err;
}

/* A live record, of a container of that supervisor in the root. */
static struct purser_container live(uint64_t id, char *run)
{
	static char buf[PURSER_COOKIE_MAX];
	struct cookie cookie = {
		.run = run,
		.rootfs = folder,
		.root_dev = root.place.dev,
		.root_ino = root.place.ino,
		.state = folder,
		.driver = LOG_DRIVER_NONE,
		.key = id,
	};
	struct purser_container c = {
		.id = id,
		.name = "web",
		.state = PURSER_STATE_RUNNING,
	};
	size_t len = sizeof(buf);

	must(string_list_add(&cookie.command, "true"));
	must(cookie_build(&cookie, buf, &len));
	string_list_free(&cookie.command);
	memcpy(c.cookie, buf, len);
	c.cookie_len = len;
	return c;
}

static void record(struct purser_container c)
{
	table[n_records++] = c;
}

static void event(uint64_t seq, struct purser_container c)
{
	news[n_news++] = (struct purser_event){ .seq = seq, .container = c };
	supervisor.kernel.newest = seq;
}

/* The kernel has no record and no news; the supervisor has looked at the table. */
static void begin(void)
{
	struct failure failure;

	n_records = n_news = 0;
	news_err = 0;
	supervisor.kernel.stream.last = LAST;
	supervisor.kernel.newest = LAST;
	must(neighbours_check_folders(&supervisor, &failure));
	reads = 0;
}

/* Check a start before (@id 0) or after its registration. */
static void check(uint64_t id, int want, int want_reads, const char *what)
{
	struct failure failure;
	int ret;

	reads = 0;
	ret = neighbours_check(&supervisor, &root, folder, false, id, &failure);
	is_int(ret, want, "%s: it is %s", what, want ? "refused" : "granted");
	is_int(reads, want_reads, "%s: the table is read %d times", what,
	       want_reads);
}

static void test_alone(void)
{
	begin();
	check(0, 0, 0, "nobody else");
	check(OURS, 0, 0, "nobody else, after the registration");
	event(LAST + 1, live(OURS, our_run));
	check(OURS, 0, 0, "an event of its own");
	check(0, 0, 0, "the next start, with an event that was not read yet");
}

static void test_foreign(void)
{
	begin();
	record(live(3, their_run));
	event(LAST + 1, live(3, their_run));
	check(0, -1, 1, "another supervisor's container came");
	check(0, -1, 1, "it is still there");
	n_records = 0;
	check(0, 0, 1, "it is gone");
	n_news = 0;
	supervisor.kernel.newest = LAST;
	check(0, 0, 0, "and nobody else came");
}

/* The other container gives way, but only at this start. */
static void test_higher(void)
{
	begin();
	record(live(OURS, our_run));
	record(live(9, their_run));
	event(LAST + 1, live(9, their_run));
	check(OURS, 0, 1, "another supervisor's container came later");
	n_news = 0;
	supervisor.kernel.newest = LAST;
	check(0, -1, 1, "the next start");
}

static void test_unknown(void)
{
	begin();
	event(LAST + 2, live(OURS, our_run));
	check(0, 0, 1, "an event is missing");
	begin();
	event(LAST + 1, live(OURS, our_run));
	news_err = -ENOBUFS;
	check(0, 0, 1, "the events cannot be read");
}

int main(void)
{
	static char name[] = "ours";
	struct container *ours = calloc(1, sizeof(*ours));

	if (!mkdtemp(folder) || !ours || registry_init(&supervisor.registry))
		bail("no folder or no memory");
	supervisor.roots.run = our_run;
	ours->name = name;
	must(registry_add(&supervisor.registry, ours));
	must(registry_set_id(&supervisor.registry, ours, OURS));
	root.fd = must(open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC));
	root.path = folder;
	must(place_find(root.fd, &root.place));
	test_alone();
	test_foreign();
	test_higher();
	test_unknown();
	place_free(&root.place);
	close(root.fd);
	rmdir(folder);
	registry_remove(&supervisor.registry, ours);
	free(ours);
	registry_free(&supervisor.registry);
	return tap_end();
}
