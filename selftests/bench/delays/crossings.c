// SPDX-License-Identifier: GPL-2.0
/*
 * News about a process: that it has taken memory above a limit, or that it has ended. The
 * time begins in the process, just before the page that crosses the limit, or just before
 * _exit(), and ends when the listener's line can be read.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "delays.h"

#define PAGE  4096ul
#define ROOM  256ul /* pages that a process may take */
#define BATCH 64ul  /* faults that the kernel counts at a time */
#define CHILD "bench-crossing"

static struct touch *shared;
static int go[2], ready[2];

static void share(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		fail("delays: mmap");
	memset(shared, 0, sizeof(*shared));
	if (pipe2(go, O_CLOEXEC) || pipe2(ready, O_CLOEXEC))
		fail("delays: pipe");
}

static void unshare_it(void)
{
	munmap(shared, sizeof(*shared));
	for (int i = 0; i < 2; i++) {
		close(go[i]);
		close(ready[i]);
	}
}

static void pass(int fd, const char *what)
{
	char c;

	if (read(fd, &c, 1) != 1)
		fail("delays: %s", what);
}

static void signal_to(int fd)
{
	if (write(fd, "", 1) != 1)
		fail("delays: write");
}

/* The number behind a key in a file of a cgroup. */
static unsigned long value_in(int fd, const char *key)
{
	char text[512];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	char *at;

	if (n < 0)
		fail("delays: cannot read the cgroup");
	text[n] = '\0';
	at = strstr(text, key);
	return at ? strtoul(at + strlen(key), NULL, 10) : 0;
}

/* The first write to a page, and the first look at the clock, take pages themselves. */
static void warm_up(void)
{
	volatile int64_t *begun = shared->begun;

	for (size_t i = 0; i < TOUCHES_MAX; i++)
		begun[i] = clock_ns(CLOCK_BOOTTIME);
	memset(shared->begun, 0, sizeof(shared->begun));
	shared->last = 0;
}

/*
 * The process: it says that it is ready, waits, and touches shared->n pages; if there is
 * a file of a cgroup's events, it stops when "high" in it has grown.
 */
static void __attribute__((noreturn)) touch_pages(const char *events)
{
	const unsigned long all = ROOM + 2 * BATCH;
	volatile char *from = mmap(NULL, all * PAGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const int fd = events ? open(events, O_RDONLY | O_CLOEXEC) : -1;
	const unsigned long was = events ? value_in(fd, "high ") : 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (from == MAP_FAILED)
		fail("delays: mmap");
	madvise((void *)from, all * PAGE, MADV_NOHUGEPAGE);
	warm_up();
	/* What the process has taken so far is counted then. */
	for (unsigned long i = ROOM; i < all; i++)
		from[i * PAGE] = 1;
	signal_to(ready[1]);
	pass(go[0], "go");
	for (unsigned long i = 0; i < shared->n; i++) {
		shared->begun[i] = clock_ns(CLOCK_BOOTTIME);
		from[i * PAGE] = 1;
		if (events && value_in(fd, "high ") > was)
			break;
	}
	for (;;)
		pause();
}

static pid_t start_toucher(const char *events, const char *procs)
{
	pid_t pid = fork();
	int fd;

	if (pid < 0)
		fail("delays: fork");
	if (pid)
		return pid;
	if (procs) {
		fd = open(procs, O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, "0", 1) != 1)
			fail("delays: %s", procs);
		close(fd);
	}
	touch_pages(events);
}

/* When the last touch before @time began. */
static int64_t last_touch(int64_t time)
{
	int64_t begun = 0;

	for (unsigned long i = 0; i < TOUCHES_MAX && shared->begun[i]; i++)
		if (shared->begun[i] <= time)
			begun = shared->begun[i];
	return begun;
}

static void put(const char *side, const char *scenario, unsigned long round,
		int64_t ns)
{
	if (round)
		say("delay\t%s\t%s\t%lu\t%" PRId64 "\n", side, scenario, round,
		    ns);
}

/* Read lines until there is an event of this type. */
static void read_event(struct listener *monitor, const char *type,
		       struct line *line)
{
	char words[64];

	snprintf(words, sizeof(words), "\"event\":\"%s\"", type);
	do {
		listener_read(monitor, line);
	} while (!strstr(line->text, words));
}

/** measure_soft() - a container crosses its soft limit; "purserctl monitor" tells it */
void measure_soft(unsigned long round)
{
	struct purser_container c;
	struct listener monitor;
	struct line line;
	uint64_t soft;
	pid_t pid;

	share();
	pid = start_toucher(NULL, NULL);
	pass(ready[0], "the process");
	enter(CHILD, pid);
	if (purser_get(purser, &(struct purser_ref){ .name = CHILD }, &c))
		refused("get");
	soft = c.usage + ROOM / 2 * PAGE;
	if (purser_set(purser, &(struct purser_ref){ .name = CHILD },
		       &(struct purser_limits){ .soft_limit = &soft }))
		refused("set");
	start_monitor(&monitor);
	/*
	 * The kernel adds up to 64 pages at a time to a process's counters, so more
	 * than up to the limit are needed.
	 */
	shared->n = ROOM;
	signal_to(go[1]);
	read_event(&monitor, "soft_limit", &line);
	put("purser", "memory", round,
	    line.time - last_touch((int64_t)event_number(&line, "time")));
	listener_end(&monitor);
	leave(CHILD);
	end_process(pid);
	unshare_it();
}

static void __attribute__((noreturn)) last_words(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	warm_up();
	signal_to(ready[1]);
	pass(go[0], "go");
	shared->last = clock_ns(CLOCK_BOOTTIME);
	_exit(0);
}

/** measure_exit() - a container ends; "purserctl monitor" tells it */
void measure_exit(unsigned long round)
{
	struct listener monitor;
	struct line line;
	pid_t pid;

	share();
	pid = fork();
	if (pid < 0)
		fail("delays: fork");
	if (!pid)
		last_words();
	pass(ready[0], "the process");
	enter(CHILD, pid);
	start_monitor(&monitor);
	signal_to(go[1]);
	read_event(&monitor, "exited", &line);
	put("purser", "exit", round, line.time - shared->last);
	listener_end(&monitor);
	waitpid(pid, NULL, 0);
	leave(CHILD);
	unshare_it();
}

/** watch_high() - the inotify watcher: print a line if "high" in the file has grown */
void watch_high(const char *file)
{
	const int fd = open(file, O_RDONLY | O_CLOEXEC);
	unsigned long was = value_in(fd, "high "), is;
	const int notify = inotify_init1(IN_CLOEXEC);
	char events[4096];

	if (notify < 0 || inotify_add_watch(notify, file, IN_MODIFY) < 0)
		fail("delays: cannot watch %s", file);
	signal_to(STDERR_FILENO + 1);
	for (;;) {
		if (read(notify, events, sizeof(events)) <= 0)
			fail("delays: inotify");
		is = value_in(fd, "high ");
		if (is > was)
			say("high %lu\n", is);
		was = is;
	}
}

static void write_number(const char *dir, const char *file, unsigned long n)
{
	char path[4096], text[32];
	int fd, len = snprintf(text, sizeof(text), "%lu", n);

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, (size_t)len) != len)
		fail("delays: %s", path);
	close(fd);
}

static unsigned long read_number(const char *dir, const char *file)
{
	char path[4096];
	unsigned long n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = value_in(fd, "");
	close(fd);
	return n;
}

/** measure_high() - a process crosses memory.high of its cgroup; an inotify watcher tells it */
void measure_high(const char *cgroup, unsigned long round)
{
	char events[4096], procs[4096];
	char *const argv[] = { "/proc/self/exe", "watch", events, NULL };
	struct listener watcher;
	struct line line;
	pid_t pid;

	snprintf(events, sizeof(events), "%s/memory.events", cgroup);
	snprintf(procs, sizeof(procs), "%s/cgroup.procs", cgroup);
	if (mkdir(cgroup, 0755))
		fail("delays: %s", cgroup);
	share();
	pid = start_toucher(events, procs);
	pass(ready[0], "the process");
	write_number(cgroup, "memory.high",
		     read_number(cgroup, "memory.current") + ROOM / 2 * PAGE);
	listener_start(&watcher, argv, STDERR_FILENO + 1);
	shared->n = ROOM;
	signal_to(go[1]);
	listener_read(&watcher, &line);
	put("inotify", "memory", round, line.time - last_touch(line.time));
	listener_end(&watcher);
	end_process(pid);
	unshare_it();
	if (rmdir(cgroup))
		fail("delays: %s", cgroup);
}
