// SPDX-License-Identifier: GPL-2.0
/* Tests the terminal of a container; no kernel table is needed. */
/* control/outcome.h has a struct of the same name. */
#define outcome launch_outcome
#include "../launch/fixture.h"
#undef outcome
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <termios.h>

#include "base/send_fds.h"
#include "engine/run_terminal.h"
#include "supervisor/job.h"
#include "supervisor/mounts.h"
#include "supervisor/supervisor.h"

/* The id of root in a user namespace, outside. */
#define FIRST 0x10000000

static struct supervisor supervisor;

/** struct box - a container with a terminal, and what it is connected with */
struct box {
	struct start_request request;
	struct string_list command;
	struct launch_job *job;
	struct launch launch;
	int userns; /* 0: none */
	int log;    /* where its first process writes to: a pipe, our end */
	int socket; /* that of the user; -1: there is none */
	int master;
	char shown[65536], logged[65536]; /* what came there */
	size_t n_shown, n_logged;
};

static void describe(struct box *box, const char *text)
{
	*box = (struct box){
		.request = { .id = strdup("box"), .terminal = true },
		.socket = -1,
		.master = -1,
	};
	string_list_add(&box->command, "sh");
	string_list_add(&box->command, "-c");
	string_list_add(&box->command, text);
}

/* @its: the end of the socket for its first process, or -1 */
static void start_with(struct box *box, int its)
{
	int root = must(open(BASE, O_PATH | O_DIRECTORY | O_CLOEXEC));
	struct container_mounts mounts = { 0 };
	struct failure failure;
	int log[2];

	must(mkdir(STATE, 0700));
	must(pipe2(log, O_CLOEXEC));
	if (mounts_open(&supervisor, &box->request, &mounts, &failure))
		bail("%s", failure.text);
	box->job = job_new(&box->request, box->command.strings, BASE, root,
			   STATE, -1, &mounts, &failure);
	if (box->job && box->userns > 0)
		job_set_userns(box->job, box->userns, FIRST);
	if (!box->job ||
	    job_begin(box->job, (int[]){ its, log[1], log[1] }, &failure))
		bail("%s", failure.text);
	close(log[1]);
	if (its >= 0)
		close(its);
	close(root);
	box->log = log[0];
	box->launch = box->job->launch;
	release(&box->job->launch);
	if (wait_result(&box->job->launch, &failure) != 1)
		bail("%s", failure.text);
}

static void start(struct box *box, const struct winsize *size)
{
	int ends[2] = { -1, -1 };

	if (size) {
		must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
		must(write(ends[0], size, sizeof(*size)));
	}
	start_with(box, ends[1]);
	box->socket = ends[0];
}

/* If there is no room left, forget what came: a container may make noise without an end. */
static bool take(int fd, char *text, size_t *len, size_t size)
{
	ssize_t n;

	if (*len == size - 1) {
		memset(text, 0, size);
		*len = 0;
	}
	n = read(fd, text + *len, size - 1 - *len);
	if (n > 0)
		*len += n;
	return n > 0;
}

/* Read both until one has the text; NULL: until both have ended. */
static bool wait_text(struct box *box, const char *text)
{
	struct pollfd p[] = {
		{ .fd = box->log, .events = POLLIN },
		{ .fd = box->socket, .events = POLLIN },
	};

	while ((p[0].fd >= 0 || p[1].fd >= 0) && poll(p, 2, PATIENCE_MS) > 0) {
		if (p[0].revents && !take(p[0].fd, box->logged, &box->n_logged,
					  sizeof(box->logged)))
			p[0].fd = -1;
		if (p[1].revents && !take(p[1].fd, box->shown, &box->n_shown,
					  sizeof(box->shown)))
			p[1].fd = -1;
		if (text && strstr(box->logged, text) &&
		    (box->socket < 0 || strstr(box->shown, text)))
			return true;
	}
	return !text;
}

/* The first byte brings the master side. */
static void take_master(struct box *box)
{
	struct pollfd p = { .fd = box->socket, .events = POLLIN };
	int fds[SEND_FDS_MAX] = { -1 };
	char byte;

	if (poll(&p, 1, PATIENCE_MS) < 1 ||
	    receive_fds(box->socket, &byte, 1, fds) != 1)
		bail("the terminal did not come");
	box->master = fds[0];
}

static void type(struct box *box, const char *text)
{
	must(write(box->master, text, strlen(text)));
}

/* Returns the exit code, or minus the signal. */
static int end(struct box *box)
{
	int status = wait_status(box->launch.pid, box->launch.pidfd);

	close(box->launch.pidfd);
	close(box->log);
	if (box->socket >= 0)
		close(box->socket);
	if (box->master >= 0)
		close(box->master);
	job_free(box->job);
	string_list_free(&box->command);
	must(overlay_remove(STATE));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static const struct winsize size = { .ws_row = 33, .ws_col = 77 };

static void test_user(void)
{
	static struct box box;
	struct winsize other = { .ws_row = 11, .ws_col = 22 };

	describe(&box,
		 "tty; stty size; trap 'echo size: $(stty size)' WINCH;"
		 "echo pid: $$; while read line; do echo got: $line; done;"
		 "exit 7");
	start(&box, &size);
	take_master(&box);
	ok(box.master >= 0 && isatty(box.master), "its master side comes");
	ok(wait_text(&box, "pid: 2\r\n"), "the command runs");
	ok(strstr(box.shown, "/dev/pts/0\r\n"), "it has a terminal");
	ok(strstr(box.shown, "33 77\r\n"), "of the size that was sent before");
	type(&box, "one\r");
	ok(wait_text(&box, "got: one"), "it gets what is typed");
	must(ioctl(box.master, TIOCSWINSZ, &other));
	type(&box, "x\r");
	ok(wait_text(&box, "size: 11 22"), "it is told of a new size");
	type(&box, "\004");
	ok(wait_text(&box, NULL), "the end comes with the command");
	is_str(box.logged, box.shown, "the log has what is shown");
	is_int(end(&box), 7, "and the exit code is that of the command");
}

/* Its root is nobody on the host, and so is the owner of the terminal. */
static void test_userns(void)
{
	const struct id_range range = { .outside = FIRST, .count = 65536 };
	const struct id_map map = { &range, 1 };
	static struct box box;

	describe(&box, "tty && id -u && stat -c %u /dev/pts/0 && stty size");
	box.userns = launch_user_namespace(&map, &map, FIRST);
	if (box.userns < 0) {
		skip("a terminal in a user namespace", "there can be none");
		return;
	}
	start(&box, &size);
	close(box.userns);
	take_master(&box);
	wait_text(&box, NULL);
	is_str(box.shown, "/dev/pts/0\r\n0\r\n0\r\n33 77\r\n",
	       "a terminal in a user namespace");
	is_int(end(&box), 0, "the container ends");
}

static void test_keys(void)
{
	static struct box box;

	describe(&box, "trap 'echo interrupted; kill -TERM $$' INT; echo up;"
		       "while :; do sleep 0.1; done");
	start(&box, &size);
	take_master(&box);
	wait_text(&box, "up");
	type(&box, "\003");
	ok(wait_text(&box, "interrupted"), "Ctrl-C interrupts the job");
	is_int(end(&box), 128 + SIGTERM, "a signal that ends it is its code");
}

/* The container goes on, and its terminal does not hang up. */
static void test_user_goes(void)
{
	static struct box box;

	describe(&box, "trap 'echo hung up' HUP; echo up; read line;"
		       "trap 'echo more; exit 5' USR1; echo got: $line;"
		       "while :; do sleep 0.1; done");
	start(&box, &size);
	take_master(&box);
	wait_text(&box, "up");
	type(&box, "go\r");
	wait_text(&box, "got: go");
	close(box.socket);
	close(box.master);
	box.socket = box.master = -1;
	must(kill(box.launch.pid, SIGUSR1));
	ok(wait_text(&box, "more"), "without its user it goes on");
	ok(!strstr(box.logged, "hung up"), "and is not hung up");
	is_int(end(&box), 5, "its exit code is its own");
}

static void test_nobody(void)
{
	static struct box box;

	describe(&box,
		 "trap 'echo hung up' HUP; tty; ls -l /proc/1/fd | grep -c .;"
		 "printf open; exit 3");
	start(&box, NULL);
	ok(wait_text(&box, "open"), "the log has an open line, too");
	ok(strstr(box.logged, "/dev/pts/0"),
	   "a container without a user has a terminal");
	ok(!strstr(box.logged, "hung up"), "which does not hang up");
	is_int(end(&box), 3, "it ends by itself");
}

/* Nothing of the last output is lost, and whoever writes on does not delay the end. */
static void test_last_words(void)
{
	static struct box box;

	describe(&box,
		 "(trap '' HUP TERM; while echo noise; do :; done) >/dev/tty &"
		 "seq 1 3000; echo last; exit 0");
	start(&box, &size);
	take_master(&box);
	shutdown(box.socket, SHUT_WR);
	ok(wait_text(&box, NULL), "the end comes, whoever writes on");
	is_int(end(&box), 0, "with the exit code of the command");
	describe(&box, "seq 1 6000; echo last");
	start(&box, &size);
	take_master(&box);
	wait_text(&box, NULL);
	ok(strstr(box.shown, "\n6000\r\nlast\r\n"), "the last line is shown");
	ok(strstr(box.logged, "\n6000\r\nlast\r\n"), "and logged");
	end(&box);
}

/* A user who does not read makes the container wait; a stop does without the user. */
static void test_stuck_user(void)
{
	static struct box box;
	struct pollfd p = { .events = POLLIN };

	describe(&box, "yes | head -c 500000; exit 4");
	start(&box, &size);
	take_master(&box);
	p.fd = box.launch.pidfd;
	fcntl(box.log, F_SETFL, O_NONBLOCK);
	/* Until nothing comes any more: the user reads nothing. */
	while (poll(&(struct pollfd){ .fd = box.log, .events = POLLIN }, 1,
		    1000) > 0) {
		box.n_logged = 0;
		take(box.log, box.logged, &box.n_logged, sizeof(box.logged));
	}
	is_int(poll(&p, 1, 0), 0, "the container waits for a stuck user");
	close(box.socket);
	box.socket = -1;
	fcntl(box.log, F_SETFL, 0);
	do {
		box.n_logged = 0;
	} while (take(box.log, box.logged, &box.n_logged, sizeof(box.logged)));
	is_int(end(&box), 4, "it goes on when the user goes");
}

/* Play "engine run --interactive --tty" on the terminal that is stdin. */
__attribute__((noreturn)) static void be_run(void)
{
	static struct box box;
	struct run_terminal terminal = { 0 };
	struct relay relay;
	struct failure failure;
	const int signals = must(console_signals(true));
	int its;

	relay_init(&relay);
	describe(&box, "stty size; while read line; do echo got: $line;"
		       "stty size; done; echo last; exit 6");
	if (run_terminal_begin(&terminal, true, &its, &failure))
		bail("%s", failure.text);
	start_with(&box, its);
	while (run_terminal_fd(&terminal) >= 0 ||
	       run_terminal_look(&terminal, &relay)) {
		struct pollfd p[] = {
			{ .fd = signals, .events = POLLIN },
			{ .fd = run_terminal_fd(&terminal), .events = POLLIN },
		};
		struct signalfd_siginfo info;

		must(relay_wait(&relay, p, 2));
		if (p[1].revents &&
		    run_terminal_take(&terminal, &relay, &failure))
			bail("%s", failure.text);
		if (p[0].revents && read(signals, &info, sizeof(info)) > 0 &&
		    !user_terminal_signal(&terminal.user, info.ssi_signo) &&
		    info.ssi_signo == SIGTERM)
			break;
	}
	run_terminal_drain(&terminal, &relay, signals);
	kill(box.launch.pid, SIGKILL);
	end(&box);
	_exit(0);
}

/* The command has ended before anybody looks at the socket. */
__attribute__((noreturn)) static void be_short_run(void)
{
	static struct box box;
	struct run_terminal terminal = { 0 };
	struct relay relay;
	struct failure failure;
	const int signals = must(console_signals(true));
	int its;

	relay_init(&relay);
	describe(&box, "echo at once");
	if (run_terminal_begin(&terminal, true, &its, &failure))
		bail("%s", failure.text);
	start_with(&box, its);
	end(&box);
	run_terminal_drain(&terminal, &relay, signals);
	_exit(0);
}

static int begin_run(pid_t *pid)
{
	struct winsize first = { .ws_row = 44, .ws_col = 55 };
	int master;

	fflush(stdout);
	*pid = must(forkpty(&master, NULL, NULL, &first));
	if (!*pid)
		be_run();
	return master;
}

static void type_at(int master, const char *text)
{
	must(write(master, text, strlen(text)));
}

static bool is_raw(int master)
{
	struct termios mode;

	must(tcgetattr(master, &mode));
	return !(mode.c_lflag & (ICANON | ECHO | ISIG));
}

/* What our own terminal shows must have the text. */
static bool shows(int master, const char *text)
{
	static char all[65536];
	static size_t len;
	struct pollfd p = { .fd = master, .events = POLLIN };

	len = 0;
	all[0] = '\0';
	while (!strstr(all, text) && len < sizeof(all) - 1 &&
	       poll(&p, 1, PATIENCE_MS) > 0) {
		ssize_t n = read(master, all + len, sizeof(all) - 1 - len);

		if (n <= 0)
			return false;
		len += n;
		all[len] = '\0';
	}
	return strstr(all, text);
}

static void test_run(void)
{
	struct winsize other = { .ws_row = 12, .ws_col = 34 };
	int status, master;
	pid_t pid;

	master = begin_run(&pid);
	ok(shows(master, "44 55"), "run: the size is that of our terminal");
	ok(is_raw(master), "our terminal is in raw mode");
	must(ioctl(master, TIOCSWINSZ, &other));
	type_at(master, "one\r");
	ok(shows(master, "got: one\r\n12 34"),
	   "what is typed comes to the container, and a change of the size");
	type_at(master, "\004");
	ok(shows(master, "last"), "the last output is shown");
	waitpid(pid, &status, 0);
	ok(!is_raw(master), "at the end the mode is restored");
	close(master);

	master = begin_run(&pid);
	ok(shows(master, "44 55") && is_raw(master), "another one");
	must(kill(pid, SIGTERM));
	waitpid(pid, &status, 0);
	ok(!is_raw(master), "a signal restores the mode, too");
	close(master);

	fflush(stdout);
	pid = must(forkpty(&master, NULL, NULL, NULL));
	if (!pid)
		be_short_run();
	ok(shows(master, "at once"), "the output of a short command is shown");
	waitpid(pid, &status, 0);
	close(master);
}

int main(void)
{
	fixture_begin();
	container_rlimits_find(&supervisor.rlimits);
	test_user();
	test_userns();
	test_keys();
	test_user_goes();
	test_nobody();
	test_last_words();
	test_stuck_user();
	test_run();
	return tap_end();
}
