// SPDX-License-Identifier: GPL-2.0
/* Tests commands for events: their order, their number, and what they are given. */
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/report.h"
#include "purserctl/alerts.h"
#include "tap.h"

static char out[64], gate[64], text[8192];

static struct purser_event event(uint64_t seq)
{
	struct purser_event e = {
		.seq = seq,
		.time = 100 + seq,
		.type = PURSER_EVENT_EXITED,
		.container = {
			.id = 7,
			.name = "web",
			.state = PURSER_STATE_EXITED,
			.reason = PURSER_REASON_KILLED,
			.exit_code = -1,
			.signal = 9,
			.has_killer = true,
			.killer = { 12, 0, "a\nb" },
		},
	};

	return e;
}

static int push(struct alerts *alerts, uint64_t seq)
{
	const struct purser_event e = event(seq);
	struct failure failure;

	return alerts->sink.event(&alerts->sink, &e, &failure);
}

static int wait_ready(struct alerts *alerts)
{
	struct pollfd fd = { .fd = alerts->sink.fd, .events = POLLIN };
	struct failure failure;

	if (poll(&fd, 1, -1) != 1)
		bail("poll fails");
	return alerts->sink.ready(&alerts->sink, &failure);
}

static void wait_all(struct alerts *alerts)
{
	while (alerts->n_running || alerts->n_waiting)
		wait_ready(alerts);
}

static const char *content(const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	text[n < 0 ? 0 : n] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

static void begin(struct alerts *alerts, const struct alert_options *options)
{
	struct failure failure;

	unlink(out);
	if (alerts_open(alerts, options, &failure))
		bail("%s", failure.text);
}

/* Let @n commands that wait at the gate go on; @fd: the gate, open for both. */
static void release(int fd, int n)
{
	for (int i = 0; i < n; i++) {
		if (write(fd, "x\n", 2) != 2)
			bail("the gate does not open");
	}
}

static void order(void)
{
	struct alert_options o = {
		.command = "echo $PURSER_SEQ >>\"$1\"",
		.shell = true,
		.most = 1,
		.queue = 100,
	};
	struct alerts alerts;

	string_list_add(&o.arguments, out);
	begin(&alerts, &o);
	for (int i = 1; i <= 10; i++)
		push(&alerts, i);
	ok(alerts.n_running == 1 && alerts.n_waiting == 9,
	   "one runs, the others wait");
	wait_all(&alerts);
	is_str(content(out), "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n",
	       "each event has its command, in order");
	is_int(alerts_close(&alerts), 0, "none is left");
	string_list_free(&o.arguments);
}

/* Commands that wait at the gate: so many run, no more. */
static void at_once(void)
{
	struct alert_options o = {
		.command = "read -r x <\"$1\"; echo $x >>\"$2\"",
		.shell = true,
		.most = 3,
		.queue = 4,
	};
	int fd = open(gate, O_RDWR | O_CLOEXEC), ret = 0;
	struct alerts alerts;

	string_list_add(&o.arguments, gate);
	string_list_add(&o.arguments, out);
	begin(&alerts, &o);
	for (int i = 1; i <= 6; i++)
		ret |= push(&alerts, i);
	is_int(ret, 0, "events are taken while the queue has room");
	ok(alerts.n_running == 3 && alerts.n_waiting == 3, "three run");
	is_int(push(&alerts, 7), 1, "the last one that fits fills the queue");
	ok(alerts.n_running == 3 && alerts.n_waiting == 4, "it is taken");
	release(fd, 1);
	is_int(wait_ready(&alerts), 1, "one more place is not enough to go on");
	ok(alerts.n_running == 3 && alerts.n_waiting == 3, "the next one runs");
	release(fd, 1);
	while (alerts.n_waiting > 2)
		ret = wait_ready(&alerts);
	is_int(ret, 0, "half of the queue is");
	is_int(alerts_close(&alerts), 2, "those that wait are counted");
	release(fd, 3);
	while (wait(NULL) > 0)
		;
	close(fd);
	string_list_free(&o.arguments);
}

static void environment(void)
{
	struct alert_options o = {
		.command = "env",
		.most = 1,
		.queue = 1,
	};
	struct alerts alerts;
	int saved, fd;

	setenv("CONTAINER_OOM_SCOPE", "of another", 1);
	setenv("PURSER_SEQ", "99", 1);
	setenv("KEPT", "yes", 1);
	begin(&alerts, &o);
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(fd, STDOUT_FILENO);
	push(&alerts, 5);
	dup2(saved, STDOUT_FILENO);
	close(fd);
	close(saved);
	wait_all(&alerts);
	alerts_close(&alerts);
	content(out);
	ok(strstr(text, "KEPT=yes\n"), "the environment is passed on");
	ok(strstr(text, "PURSER_SEQ=5\n") && !strstr(text, "PURSER_SEQ=99"),
	   "the number of the event takes the place of an older one");
	ok(strstr(text, "PURSER_EVENT=exited\n") &&
		   strstr(text, "PURSER_TIME=105\n"),
	   "the event");
	ok(strstr(text, "CONTAINER_NAME=web\n") &&
		   strstr(text, "CONTAINER_REASON=killed\n") &&
		   strstr(text, "CONTAINER_SIGNAL=9\n") &&
		   strstr(text, "CONTAINER_FORCED=false\n"),
	   "its record");
	ok(strstr(text, "CONTAINER_KILLER_COMM=a\\x0ab\n"),
	   "what is part of a field has a name of both");
	ok(!strstr(text, "CONTAINER_EXIT_CODE") &&
		   !strstr(text, "CONTAINER_OOM_SCOPE"),
	   "a field that is null is not there, even if it was before");
}

static void failing(void)
{
	struct alert_options o = {
		.command = "/nonexistent; echo no shell",
		.most = 1,
		.queue = 10,
	};
	char log[] = "/tmp/purser-alerts-XXXXXX";
	int fd = mkstemp(log), saved = dup(STDERR_FILENO);
	struct alerts alerts;

	report_program("test");
	dup2(fd, STDERR_FILENO);
	begin(&alerts, &o);
	push(&alerts, 1);
	wait_all(&alerts);
	alerts_close(&alerts);
	o.command = "exit 3";
	o.shell = true;
	begin(&alerts, &o);
	push(&alerts, 2);
	wait_all(&alerts);
	alerts_close(&alerts);
	o.command = "kill -TERM $$";
	begin(&alerts, &o);
	push(&alerts, 3);
	push(&alerts, 4);
	alerts_close(&alerts);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(fd);
	is_str(content(log),
	       "test: /nonexistent; echo no shell for event 1 (web: exited) cannot be run: No such file or directory\n"
	       "test: exit 3 for event 2 (web: exited) exited with status 3\n"
	       "test: kill -TERM $$ was not run for 1 events, the first of which is 4: \"--since 3\" goes on with that\n",
	       "what was not done is reported");
	unlink(log);
}

/* Messages go to a file meanwhile. */
static int divert(char *log)
{
	int fd = mkstemp(log), saved = dup(STDERR_FILENO);

	report_program("test");
	dup2(fd, STDERR_FILENO);
	close(fd);
	return saved;
}

static void divert_end(int saved)
{
	dup2(saved, STDERR_FILENO);
	close(saved);
}

/*
 * A command that never ends by itself. It gets a limit when it has written a line to its
 * first argument; the command of the next event cannot be run.
 */
static void run_hanging(const char *command, int fd, int limit_ms, int grace_ms)
{
	struct alert_options o = {
		.command = command,
		.shell = true,
		.most = 1,
		.queue = 10,
	};
	struct alerts alerts;
	char c;

	string_list_add(&o.arguments, gate);
	begin(&alerts, &o);
	alerts.grace_ms = grace_ms;
	push(&alerts, 1);
	if (read(fd, &c, 1) != 1)
		bail("the command does not begin");
	o.limit_ms = limit_ms;
	o.command = "/nonexistent";
	o.shell = false;
	push(&alerts, 2);
	wait_all(&alerts);
	is_int(alerts_close(&alerts), 0, "the next one has its turn");
	string_list_free(&o.arguments);
}

static void hanging(void)
{
	char log[] = "/tmp/purser-alerts-XXXXXX";
	int fd = open(gate, O_RDWR | O_CLOEXEC), saved = divert(log);

	run_hanging("echo >$1; sleep 1000", fd, 1, 100000);
	run_hanging("exec 2>&-; trap 'exit 0' TERM; echo >$1; sleep 1000", fd,
		    1500, 100000);
	run_hanging("trap '' TERM; echo >$1; sleep 1000", fd, 1, 1);
	divert_end(saved);
	close(fd);
	is_str(content(log),
	       "test: /nonexistent for event 1 (web: exited) exceeded its time of 0.001 s and was ended by SIGTERM\n"
	       "test: /nonexistent for event 2 (web: exited) cannot be run: No such file or directory\n"
	       "test: /nonexistent for event 1 (web: exited) exceeded its time of 1.5 s and exited with status 0\n"
	       "test: /nonexistent for event 2 (web: exited) cannot be run: No such file or directory\n"
	       "test: /nonexistent for event 1 (web: exited) exceeded its time of 0.001 s and was ended by SIGKILL\n"
	       "test: /nonexistent for event 2 (web: exited) cannot be run: No such file or directory\n",
	       "each is reported on one line, with how it ended");
	unlink(log);
}

/* A process of the group holds @ends[1] open, and ignores SIGTERM. */
static void whole_group(void)
{
	char log[] = "/tmp/purser-alerts-XXXXXX";
	int fd = open(gate, O_RDWR | O_CLOEXEC), saved = divert(log);
	int ends[2];
	char c;

	if (pipe(ends))
		bail("no pipe");
	run_hanging("(trap '' TERM; echo >$1; sleep 100) & wait", fd, 1,
		    100000);
	divert_end(saved);
	close(ends[1]);
	is_int(read(ends[0], &c, 1), 0,
	       "no process that it has started is left");
	close(ends[0]);
	close(fd);
	unlink(log);
}

int main(void)
{
	char dir[] = "/tmp/purser-alerts-XXXXXX";

	if (!mkdtemp(dir))
		bail("no folder");
	snprintf(out, sizeof(out), "%s/out", dir);
	snprintf(gate, sizeof(gate), "%s/gate", dir);
	if (mkfifo(gate, 0600))
		bail("no FIFO");
	order();
	at_once();
	environment();
	failing();
	hanging();
	whole_group();
	unlink(out);
	unlink(gate);
	rmdir(dir);
	return tap_end();
}
