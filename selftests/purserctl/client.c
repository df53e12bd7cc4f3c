// SPDX-License-Identifier: GPL-2.0
/*
 * client set NAME N		change the limits N times, as fast as possible
 * client rotate N		register N containers and print "ready"; then, until it
 *				is killed, unregister the oldest and register it again,
 *				with a short pause after 50 times
 * client cookie NAME PID TEXT	register with TEXT as the cookie
 * client pidfd FD PID COMMAND...
 *				run a command with a pidfd of PID as descriptor FD
 * client init NAME		print the PID of init, from a pidfd of purser_pidfd()
 * client wait ID SINCE		wait for the end, and print the outcome; SINCE: number
 *				of an event, or "now"
 * client handle		use one handle: for each line of stdin, print "live N"
 *				or "error ERRNO: TEXT"
 *
 * Calls of libpurser that purserctl does not make, or not fast enough.
 */
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/pidfd.h"
#include "libpurser/purser.h"
#include "../workloads/workload.h"

static const char usage[] =
	"client set NAME N | rotate N | cookie NAME PID TEXT | "
	"pidfd FD PID COMMAND... | init NAME | wait ID SINCE | handle";

/* Ends the program if @err is an error. */
static void must(struct purser *p, int err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "client: %s: %s\n", what, purser_last_error(p));
	exit(1);
}

static void set(struct purser *p, const char *name, unsigned long n)
{
	struct purser_ref ref = { .name = name };

	for (uint64_t i = 1; i <= n; i++) {
		uint64_t limit = i << 30;

		must(p,
		     purser_set(p, &ref,
				&(struct purser_limits){ .hard_limit = &limit }),
		     "set");
	}
}

/* Starts a process that does nothing and dies with this one. */
static pid_t start_idle(pid_t parent)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("client: cannot start a process");
	if (pid)
		return pid;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(1);
	for (;;)
		pause();
}

static void __attribute__((noreturn)) rotate(struct purser *p, unsigned long n)
{
	uint64_t *ids = calloc(n, sizeof(*ids));
	pid_t *pids = calloc(n, sizeof(*pids)), self = getpid();
	char name[PURSER_NAME_MAX + 1];
	struct purser_registration reg = { .name = name };

	if (!ids || !pids)
		fail("client");
	for (unsigned long i = 0;; i++) {
		unsigned long k = i % n;

		if (i < n)
			pids[k] = start_idle(self);
		else
			must(p,
			     purser_unregister(
				     p, &(struct purser_ref){ .id = ids[k] }),
			     "unregister");
		reg.pid = pids[k];
		snprintf(name, sizeof(name), "rotate-%lu", k);
		must(p, purser_register(p, &reg, &ids[k]), "register");
		if (i == n - 1)
			say("ready\n");
		if (i >= n && i % 50 == 0)
			sleep_for(50);
	}
}

static void cookie(struct purser *p, const char *name, pid_t pid,
		   const char *text)
{
	struct purser_registration reg = {
		.name = name,
		.pid = pid,
		.cookie = text,
		.cookie_len = strlen(text),
	};
	uint64_t id;

	must(p, purser_register(p, &reg, &id), "register");
	say("%" PRIu64 "\n", id);
}

static void __attribute__((noreturn))
with_pidfd(int fd, pid_t pid, char **command)
{
	int pidfd = pidfd_open(pid, 0);

	if (pidfd < 0 || dup2(pidfd, fd) < 0)
		fail("client: no pidfd of process %d", pid);
	execvp(*command, command);
	fail("client: cannot run %s", *command);
}

static void init(struct purser *p, const char *name)
{
	const struct purser_ref ref = { .name = name };
	struct purser_container record;
	int fd = purser_pidfd(p, &ref, &record);
	pid_t pid;

	must(p, fd < 0 ? fd : 0, "pidfd");
	if (pidfd_pid(fd, &pid))
		fail("client: no pidfd");
	say("%d %s\n", pid, purser_state_name(record.state));
	close(fd);
}

static void wait_for(struct purser *p, uint64_t id, const char *since)
{
	struct purser_container last;
	uint64_t from = strcmp(since, "now") ? strtoull(since, NULL, 10) :
					       PURSER_FROM_NOW;

	must(p, purser_wait(p, id, from, &last), "wait");
	say("%s %s\n", last.name, purser_reason_name(last.reason));
}

static void handle(struct purser *p)
{
	struct purser_info info;
	char line[16];
	int err;

	while (fgets(line, sizeof(line), stdin)) {
		err = purser_get_info(p, &info);
		if (err)
			say("error %d: %s\n", -err, purser_last_error(p));
		else
			say("live %" PRIu32 "\n", info.live);
		purser_info_free(&info);
	}
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct purser *p;

	must(NULL, purser_open(&p), "open");
	if (!strcmp(what, "set") && argc == 4)
		set(p, argv[2], number(usage, "N", argv[3], 1, 1000000));
	else if (!strcmp(what, "rotate") && argc == 3)
		rotate(p, number(usage, "N", argv[2], 1, 100000));
	else if (!strcmp(what, "cookie") && argc == 5)
		cookie(p, argv[2], number(usage, "PID", argv[3], 1, INT_MAX),
		       argv[4]);
	else if (!strcmp(what, "pidfd") && argc > 4)
		with_pidfd(number(usage, "FD", argv[2], 3, 1023),
			   number(usage, "PID", argv[3], 1, INT_MAX), argv + 4);
	else if (!strcmp(what, "init") && argc == 3)
		init(p, argv[2]);
	else if (!strcmp(what, "wait") && argc == 4)
		wait_for(p, number(usage, "ID", argv[2], 1, LONG_MAX), argv[3]);
	else if (!strcmp(what, "handle") && argc == 2)
		handle(p);
	else
		bad_usage(usage);
	purser_close(p);
	return 0;
}
