// SPDX-License-Identifier: GPL-2.0
/*
 * survive DIR TRIALS SEED - kill the supervisor TRIALS times, at random instants
 *
 * This program starts supervisors, whose run, state and log directories are in DIR, and
 * containers, which run DIR/scribe. It follows the events of the kernel's table. At the end
 * it prints what it has done, what went wrong, and for each claim (enum claim) "good" or
 * "bad" and the claim.
 *
 * It waits for events. Only the instants at which it kills supervisors and ends
 * containers depend on the clock.
 *
 * Files: supervisor.c starts and kills supervisors; slots.c starts and ends containers;
 * life.c knows how one container must end; book.c keeps the kernel's events, and compares
 * them with ps; logs.c checks the logs.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "survive.h"

/* The most reports that are printed for a claim. */
#define MAX_REPORTS 20

#define LIFE_MS 1200 /* the longest life of a supervisor */
#define SOON_MS 20   /* within which it is killed after an event */
#define GAP_MS	300  /* the longest time until the next one starts */
#define ORDER_MS \
	100 /* within which it is killed after the writers got an order */

struct totals totals;
const char *dir;

static const char *const claims[N_CLAIMS] = {
	[CLAIM_SUPERVISOR] =
		"each supervisor takes over without an error, and the last one ends in order",
	[CLAIM_CLIENTS] = "each client reports what happened to its container",
	[CLAIM_TABLE] = "the kernel's table and ps account for each container",
	[CLAIM_LOGS] =
		"each byte that was written is in a log, once and in order",
	[CLAIM_NOTHING_LEFT] = "nothing is left of ended containers",
};

static unsigned long n_wrong[N_CLAIMS];
static uint64_t random_state;
static int book_fd, signal_fd;
static pid_t ps_pid;
static int64_t ps_since, patience_ms = 60000;
static unsigned int ps_late;

char *path_of(const char *fmt, ...)
{
	char *rest, *path;
	va_list ap;

	va_start(ap, fmt);
	must(vasprintf(&rest, fmt, ap) >= 0, "malloc");
	va_end(ap);
	must(asprintf(&path, "%s/%s", dir, rest) >= 0, "malloc");
	free(rest);
	return path;
}

void wrong(enum claim claim, const char *fmt, ...)
{
	va_list ap;

	if (n_wrong[claim]++ >= MAX_REPORTS)
		return;
	printf("# trial %lu: ", totals.trials);
	va_start(ap, fmt);
	for (char line[1024], *p = line; p; p = NULL) {
		vsnprintf(line, sizeof(line), fmt, ap);
		for (char *c = line; *c; c++)
			*c = *c == '\n' ? '|' : *c;
		puts(line);
	}
	va_end(ap);
	fflush(stdout);
}

void must(bool good, const char *what)
{
	if (good)
		return;
	printf("# trial %lu: cannot go on: %s: %s\n", totals.trials, what,
	       strerror(errno));
	slots_describe();
	fflush(stdout);
	if (supervisor_pid)
		kill(supervisor_pid, SIGTERM);
	exit(1);
}

/* SplitMix64 */
unsigned int below(unsigned int n)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (z ^ (z >> 31)) % n;
}

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Make a root for containers: the scribe, and the folders that every root needs. */
static void make_root(const char *root)
{
	static const char *const folders[] = {
		"", "/dev", "/etc", "/proc", "/root", "/run", "/sys", "/tmp"
	};
	char *scribe = path_of("scribe"), *path;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		path = path_of("%s%s", root, folders[i]);
		must(!mkdir(path, 0755), path);
		free(path);
	}
	path = path_of("%s/scribe", root);
	must(!link(scribe, path), path);
	free(path);
	free(scribe);
}

static void make_folders(void)
{
	static const char *const folders[] = { "said", "roots" };
	char text[32];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		must(!mkdir(path_of("%s", folders[i]), 0755), folders[i]);
	make_root("base");
	for (int i = 0; i < N_WRITERS; i++) {
		snprintf(text, sizeof(text), "roots/writer%d", i);
		make_root(text);
	}
	for (int i = 0; i < N_SLOTS; i++) {
		snprintf(text, sizeof(text), "roots/slot%d", i);
		make_root(text);
	}
}

/* Start "engine ps". It may be cut off like any other client. */
static void begin_ps(void)
{
	char *output = path_of("said/ps"), *run = path_of("run");
	const char *const words[] = { "engine",	   "ps", "--json",
				      "--run-dir", run,	 NULL };

	unlink(output);
	ps_pid = spawn(output, words);
	free(output);
	free(run);
}

static void end_ps(int status)
{
	char *path = path_of("said/ps"), *text = slurp(path, NULL);

	must(text, path);
	ps_pid = 0;
	book_read();
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		ps_late = book_check_ps(text, ps_since);
	else if (!strstr(text, "no supervisor serves") &&
		 !strstr(text, "without an answer") &&
		 !strstr(text, "receiving an answer"))
		wrong(CLAIM_CLIENTS, "ps: status 0x%x: %s", status, text);
	free(text);
	free(path);
}

static void reap(void)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	while (read(signal_fd, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == ps_pid)
			end_ps(status);
		else if (!supervisor_reaped(pid, status) &&
			 !slots_reaped(pid, status))
			must(pid != supervisor_pid, "a supervisor has ended");
	}
}

/* Wait for something to happen, at most until @deadline. */
static void turn(int64_t deadline, bool more)
{
	struct pollfd fds[] = {
		{ .fd = signal_fd, .events = POLLIN },
		{ .fd = book_fd, .events = POLLIN },
		{ .fd = supervisor_fd(), .events = POLLIN },
	};
	int64_t left, first = slots_deadline();

	left = (first < deadline ? first : deadline) - now_ms();
	must(poll(fds, 3, left > 0 ? left : 0) >= 0 || errno == EINTR, "poll");
	book_read();
	supervisor_update();
	reap();
	slots_turn(more);
}

static void turn_until(int64_t deadline, bool more)
{
	bool was_ready = supervisor_ready;

	do {
		turn(deadline, more);
		if (supervisor_ready && !was_ready && !ps_pid && !below(3)) {
			ps_since = now_ms();
			begin_ps();
		}
		was_ready = supervisor_ready;
	} while (now_ms() < deadline);
}

static bool is_ready(void)
{
	return supervisor_ready;
}

static bool ps_is_done(void)
{
	return !ps_pid;
}

static bool writers_run(void)
{
	for (size_t i = 0; i < n_names; i++) {
		if (!name_last(names[i])->started)
			return false;
	}
	return true;
}

static void wait_for(bool (*done)(void), const char *what)
{
	int64_t end = now_ms() + patience_ms;

	while (!done()) {
		must(now_ms() < end, what);
		turn(end, false);
	}
}

/* Start everything, before the first kill. */
static void begin(void)
{
	supervisor_start();
	wait_for(is_ready, "waiting for the first supervisor");
	writers_start();
	wait_for(writers_run, "waiting for the writers");
	slots_start();
}

/* Let @ms pass; shortly before the end order lines, so that they are being written then. */
static void live(int64_t ms)
{
	int64_t end = now_ms() + ms;

	turn_until(end - below(ORDER_MS), true);
	writers_order('g');
	turn_until(end, true);
}

/* Wait for @n events of containers. */
static void live_eventfully(unsigned int n)
{
	unsigned long last = n_events + n;
	int64_t end = now_ms() + LIFE_MS;

	while (n_events < last && now_ms() < end)
		turn(end, true);
}

static void trial(void)
{
	if (!supervisor_pid)
		supervisor_start();
	writers_order('g');
	switch (below(3)) {
	case 0: /* kill it at any instant */
		live(below(LIFE_MS));
		break;
	case 1: /* or about the time when it becomes ready */
		live(below(supervisor_needs_ms * 5 / 4 + 1));
		break;
	default: /* or shortly after an event */
		live_eventfully(1 + below(8));
		live(below(SOON_MS));
	}
	if (supervisor_ready && supervisor_is_alone() && !below(4)) {
		supervisor_replace();
		return;
	}
	supervisor_kill();
	if (below(2))
		turn_until(now_ms() + below(GAP_MS), true);
}

static void check_left(const char *folder)
{
	char *path = *folder == '/' ? strdup(folder) : path_of("%s", folder);
	char *name;

	for (size_t i = 0; i < n_names; i++) {
		const struct life *life = name_last(names[i]);

		must(asprintf(&name, "%s/%s", path, names[i]->text) > 0,
		     "malloc");
		if (life && (life->ended || !life->registered) &&
		    !access(name, F_OK))
			wrong(CLAIM_NOTHING_LEFT, "%s is left", name);
		free(name);
	}
	free(path);
}

static void finish(void)
{
	int64_t end;

	if (!supervisor_pid)
		supervisor_start();
	wait_for(is_ready, "waiting for the last supervisor");
	writers_end();
	wait_for(slots_are_idle, "waiting for all ends");
	wait_for(ps_is_done, "waiting for ps");
	/* ps shows an end when the log is complete, some time after the death. */
	end = now_ms() + patience_ms;
	do {
		must(now_ms() < end, "waiting for ps to show all ends");
		ps_since = 0;
		begin_ps();
		wait_for(ps_is_done, "waiting for ps");
	} while (ps_late);
	book_check_end();
	check_left("run/containers");
	check_left("state");
	check_left("/sys/fs/cgroup/purser");
	supervisor_end();
	supervisor_check_messages();
	writers_settle();
	logs_check();
}

static void print_totals(void)
{
	const struct totals *t = &totals;

	printf("# %lu supervisors were killed, %lu were asked to leave; %lu containers were requested, which outlived %lu supervisors in all\n",
	       t->trials, t->replaced, t->lives, t->outlived);
	printf("# ends: %lu exited, %lu were stopped, %lu were killed, %lu were killed for their limit, %lu exited after \"start\"\n",
	       t->ends[KIND_EXITS], t->ends[KIND_STOPPED], t->ends[KIND_KILLED],
	       t->ends[KIND_EATS], t->ends[KIND_STARTED]);
	printf("# clients: %lu reported an end, %lu a missing command, %lu a start, %lu were cut off; "
	       "%lu found no supervisor, %lu containers were never started, %lu did not start, %lu names were still in use\n",
	       t->clients[7], t->clients[6], t->clients[5], t->clients[4],
	       t->clients[0], t->clients[1], t->clients[2], t->clients[3]);
	printf("# kills before it had the lock: %lu, while it took over: %lu, while a container was launching: %lu, requested: %lu, ending: %lu\n",
	       t->young, t->recovering, t->launching, t->asked, t->ending);
	printf("# kills with data in the buffer: %lu, between a pipe and the buffer: %lu, with a run folder without a record: %lu\n",
	       t->buffered, t->taking, t->half);
	printf("# %lu lines of %lu bytes in %lu files\n", t->lines, t->bytes,
	       t->files);
}

int main(int argc, char *argv[])
{
	const char *slow = getenv("PURSER_SLOW");
	unsigned long trials;
	sigset_t set;

	if (argc != 4) {
		fprintf(stderr, "usage: survive DIR TRIALS SEED\n");
		return 2;
	}
	dir = argv[1];
	trials = strtoul(argv[2], NULL, 10);
	random_state = strtoull(argv[3], NULL, 10);
	if (slow)
		patience_ms *= strtoul(slow, NULL, 10);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	must(!sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask");
	signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	must(signal_fd >= 0, "signalfd");
	book_fd = book_open();
	make_folders();
	begin();
	while (totals.trials < trials)
		trial();
	finish();
	print_totals();
	for (int i = 0; i < N_CLAIMS; i++)
		printf("%s %s\n", n_wrong[i] ? "bad" : "good", claims[i]);
	return 0;
}
