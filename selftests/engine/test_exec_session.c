// SPDX-License-Identifier: GPL-2.0
/*
 * Tests the user's side of "engine exec": input, output, terminal, signals, and what the
 * process in the container gets to see of the user's files.
 */
#include <pty.h>
#include <termios.h>

#include "../launch/box.h"
#include "engine/exec_session.h"
#include "engine/like_init.h"

static char *const envp[] = { "PATH=/bin", NULL };

/* Start a container that waits for the end of its stdin. */
static void wait_begin(struct box *box)
{
	struct container_spec spec = fixture_spec(SH("read line; exit 0"));

	box_begin(box, &spec, -1, -1);
}

/** struct user - a process that plays "engine exec", and the other ends of its stdio */
struct user {
	pid_t pid;
	int pidfd;
	int in, out, err; /* -1: closed */
};

/** struct how - how to call it */
struct how {
	bool input, terminal, detached, session;
	int fds[3]; /* its stdio; all 0: pipes that this makes */
};

__attribute__((noreturn)) static void
be_user(const struct box *box, char *const *argv, const struct how *how)
{
	struct enter_spec spec = {
		.id = "box",
		.pid = box->launch.pid,
		.pidfd = box->launch.pidfd,
		.cgroup_fd = -1,
	};
	struct like_init like;
	struct failure err = { 0 };
	int status;

	process_spec_init(&spec.process);
	spec.process.argv = argv;
	spec.process.envp = envp;
	spec.process.terminal = how->terminal;
	signal(SIGPIPE, SIG_IGN);
	status = like_init_read(&like, &spec.process, spec.pid, &err);
	if (!status)
		status = how->detached ? exec_detached(&spec, &err) :
					 exec_attached(&spec, how->input, &err);
	if (status < 0)
		dprintf(2, "failed: %s\n", err.text);
	_exit(status < 0 ? err.code : status);
}

static void user_begin(struct user *user, const struct box *box,
		       char *const *argv, const struct how *how)
{
	int in[2], out[2], err[2];
	const int *fds = how->fds;
	const int pipes[3] = {
		(must(pipe2(in, O_CLOEXEC)), in[0]),
		(must(pipe2(out, O_CLOEXEC)), out[1]),
		(must(pipe2(err, O_CLOEXEC)), err[1]),
	};

	if (!fds[1])
		fds = pipes;
	fflush(stdout);
	user->pid = must(fork());
	if (!user->pid) {
		for (int i = 0; i < 3; i++)
			dup2(fds[i], i);
		if (how->session) {
			must(setsid());
			must(ioctl(0, TIOCSCTTY, 0));
		}
		close(box->in);
		close_range(3, box->launch.pidfd - 1, 0);
		close_range(box->launch.pidfd + 1, ~0U, 0);
		be_user(box, argv, how);
	}
	user->pidfd = must(syscall(SYS_pidfd_open, user->pid, 0));
	close(in[0]);
	close(out[1]);
	close(err[1]);
	user->in = in[1];
	user->out = out[0];
	user->err = err[0];
}

static void put(const struct user *user, const char *text)
{
	must(write(user->in, text, strlen(text)));
}

/* All that comes until the end of file. */
static const char *get_all(int fd)
{
	static char text[2][4096];
	static int turn;
	char *to = text[turn ^= 1];
	size_t n = 0;

	for (ssize_t r; (r = read(fd, to + n, sizeof(text[0]) - 1 - n)) > 0;)
		n += r;
	to[n] = '\0';
	return to;
}

/* Until a text has come. */
static bool wait_text(int fd, const char *text)
{
	static char got[8192];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = 0;

	while (n < sizeof(got) - 1 && poll(&p, 1, 20000) > 0) {
		ssize_t r = read(fd, got + n, sizeof(got) - 1 - n);

		if (r <= 0)
			break;
		n += r;
		got[n] = '\0';
		if (strstr(got, text))
			return true;
	}
	printf("# no \"%s\" in \"%s\"\n", text, got);
	return false;
}

static int user_end(struct user *user)
{
	int status = wait_status(user->pid, user->pidfd);

	close(user->in);
	close(user->out);
	close(user->err);
	close(user->pidfd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void test_streams(struct box *box)
{
	struct user user;

	user_begin(&user, box, SH("echo out; echo err >&2; exit 7"),
		   &(struct how){ 0 });
	is_str(get_all(user.out), "out\n", "the output comes");
	is_str(get_all(user.err), "err\n", "the errors come apart from it");
	is_int(user_end(&user), 7, "the exit code is that of the command");

	user_begin(&user, box, SH("cat; echo end"),
		   &(struct how){ .input = true });
	put(&user, "one\n");
	ok(wait_text(user.out, "one"), "the input is passed on at once");
	put(&user, "two");
	close(user.in);
	user.in = -1;
	is_str(get_all(user.out), "twoend\n", "and its end of file");
	is_int(user_end(&user), 0, "the command ends");

	user_begin(&user, box, SH("cat; readlink /proc/self/fd/0"),
		   &(struct how){ 0 });
	put(&user, "text");
	is_str(get_all(user.out), "/dev/null\n",
	       "without -i, the input is the null device");
	user_end(&user);

	user_begin(&user, box, SH("exec 1>&- 2>&-; read line; exit 3"),
		   &(struct how){ .input = true });
	put(&user, "line\n");
	is_int(user_end(&user), 3, "a command may close its output");
}

static void test_ends(struct box *box)
{
	struct user user;

	user_begin(&user, box, SH("sleep 2 & echo done"), &(struct how){ 0 });
	is_str(get_all(user.out), "done\n", "the output comes");
	is_int(user_end(&user), 0,
	       "another process with the same output is not waited for");

	user_begin(&user, box, SH("kill -9 $$"), &(struct how){ 0 });
	is_int(user_end(&user), 128 + SIGKILL, "a signal gives 128 + N");

	user_begin(&user, box, ARGV("nosuch"), &(struct how){ 0 });
	ok(strstr(get_all(user.err), "not found"), "a command that is missing");
	is_int(user_end(&user), 127, "has exit code 127");
	user_begin(&user, box, ARGV("/dev"), &(struct how){ 0 });
	is_int(user_end(&user), 126, "one that is no program 126");

	user_begin(&user, box, SH("while echo x; do :; done; exit 5"),
		   &(struct how){ 0 });
	ok(wait_text(user.out, "x"), "a command that writes for ever");
	close(user.out);
	user.out = -1;
	is_int(user_end(&user), 128 + SIGPIPE,
	       "gets SIGPIPE when our reader is gone");

	user_begin(&user, box, SH("exec sleep 3"),
		   &(struct how){ .detached = true });
	is_int(user_end(&user), 0, "a detached command is not waited for");
	user_begin(&user, box, ARGV("nosuch"),
		   &(struct how){ .detached = true });
	is_int(user_end(&user), 127, "but its start is");
}

static void test_signals(struct box *box)
{
	struct user user;
	int status;

	user_begin(&user, box,
		   SH("trap 'echo term; exit 9' TERM; echo up; "
		      "while :; do sleep 0.1; done"),
		   &(struct how){ 0 });
	wait_text(user.out, "up");
	kill(user.pid, SIGTERM);
	ok(wait_text(user.out, "term"), "SIGTERM is passed on");
	is_int(user_end(&user), 9, "the command may handle it");

	/* Before, while, or after the command starts: it never stays. */
	for (int ms = 0; ms < 20; ms++) {
		user_begin(&user, box, SH("exec sleep 777"),
			   &(struct how){ 0 });
		usleep(ms * 500);
		kill(user.pid, SIGTERM);
		status = user_end(&user);
		if (status == 128 + SIGTERM || status == -SIGTERM)
			continue;
		ok(false, "SIGTERM after %d ms: status %d", ms, status);
	}
	user_begin(&user, box, SH("ps | grep -c [7]77"), &(struct how){ 0 });
	is_str(get_all(user.out), "0\n",
	       "SIGTERM at any time ends the command");
	user_end(&user);

	/* The shell waits for its child: only a signal to both ends it at once. */
	user_begin(&user, box, SH("echo up; sleep 1000; echo no"),
		   &(struct how){ 0 });
	wait_text(user.out, "up");
	kill(user.pid, SIGINT);
	is_int(user_end(&user), 128 + SIGINT, "SIGINT ends the whole job");
}

static void test_leaks(struct box *box)
{
	char path[] = "/tmp/exec_session.XXXXXX";
	int file = must(mkstemp(path));
	struct user user;
	const char *text;
	char *content;

	user_begin(&user, box,
		   SH("for i in /proc/self/fd/*; do readlink $i; done; "
		      "echo bad 1<>/proc/self/fd/1"),
		   &(struct how){ .fds = { 0, file, file } });
	user_end(&user);
	content = get_file(path);
	text = content;
	ok(strstr(text, "pipe:") && !strstr(text, "exec_session"),
	   "the command has pipes in place of the user's files");
	free(content);
	user_begin(&user, box, ARGV("probe", "fds"), &(struct how){ 0 });
	is_str(get_all(user.out), "fd: 0\nfd: 1\nfd: 2\n",
	       "and no other descriptor");
	user_end(&user);
	unlink(path);
	close(file);
}

static void test_like_init(struct box *box)
{
	struct user user;
	const char *text;

	user_begin(&user, box,
		   ARGV("grep", "-E", "Cap|NoNew|Secc", "/proc/1/status"),
		   &(struct how){ 0 });
	text = get_all(user.out);
	user_end(&user);
	user_begin(&user, box,
		   ARGV("grep", "-E", "Cap|NoNew|Secc", "/proc/self/status"),
		   &(struct how){ 0 });
	ok(strstr(text, "NoNewPrivs:\t1"), "the init has no new privileges");
	is_str(get_all(user.out), text,
	       "the command has its capabilities, no_new_privs and a filter");
	user_end(&user);
}

static bool is_raw(int fd)
{
	struct termios mode;

	must(tcgetattr(fd, &mode));
	return !(mode.c_lflag & (ICANON | ECHO));
}

static bool wait_raw(int fd, bool raw)
{
	for (int i = 0; i < 1000; i++) {
		if (is_raw(fd) == raw)
			return true;
		usleep(10000);
	}
	return false;
}

static void test_terminal(struct box *box)
{
	const struct winsize size = { .ws_row = 21, .ws_col = 43 };
	const struct winsize larger = { .ws_row = 50, .ws_col = 99 };
	struct how how = { .input = true, .terminal = true, .session = true };
	struct user user;
	int master, slave;

	must(openpty(&master, &slave, NULL, NULL, &size));
	for (int i = 0; i < 3; i++)
		how.fds[i] = slave;
	user_begin(&user, box,
		   SH("stty size; tty; trap 'stty size' WINCH; "
		      "while read line; do echo got $line; done; exit 4"),
		   &how);
	ok(wait_text(master, "21 43\r\n/dev/pts/"),
	   "the command has a terminal with the size of ours");
	ok(wait_raw(slave, true), "ours is raw");
	must(write(master, "hello\r", 6));
	ok(wait_text(master, "got hello"), "keys come to the command");
	must(ioctl(slave, TIOCSWINSZ, &larger));
	kill(user.pid, SIGWINCH);
	must(write(master, "\r", 1));
	ok(wait_text(master, "50 99"), "a change of the size does, too");
	must(write(master, "\004", 1));
	is_int(user_end(&user), 4, "the key of the end of file ends it");
	ok(!is_raw(slave), "the mode is restored");

	user_begin(&user, box, SH("sleep 1000"), &how);
	ok(wait_raw(slave, true), "raw again");
	kill(user.pid, SIGTERM);
	is_int(user_end(&user), 128 + SIGTERM, "SIGTERM ends the command");
	ok(!is_raw(slave), "the mode is restored after a signal");

	user_begin(&user, box, ARGV("nosuch"), &how);
	is_int(user_end(&user), 127, "a command that is missing");
	ok(!is_raw(slave), "the mode is restored after a failure");
	close(master);
	close(slave);

	user_begin(&user, box, SH("tty; cat; exit 6"),
		   &(struct how){ .input = true, .terminal = true });
	put(&user, "text");
	close(user.in);
	user.in = -1;
	ok(wait_text(user.out, "text"), "a pipe as the input of a terminal");
	is_int(user_end(&user), 6, "its end is the end of the input");

	user_begin(&user, box, SH("while echo x; do sleep 0.1; done"),
		   &(struct how){ .terminal = true });
	wait_text(user.out, "x");
	close(user.out);
	user.out = -1;
	is_int(user_end(&user), 128 + SIGHUP,
	       "a terminal that nobody sees any more is hung up");
}

/* The container ends although the user's process does not run. */
static void test_stopped(void)
{
	struct user user, other;
	struct box box;
	int status;

	wait_begin(&box);
	user_begin(&user, &box, SH("echo up; sleep 1000"), &(struct how){ 0 });
	user_begin(&other, &box, SH("echo up; sleep 1000"), &(struct how){ 0 });
	wait_text(user.out, "up");
	wait_text(other.out, "up");
	kill(user.pid, SIGSTOP);
	must(waitpid(user.pid, &status, WUNTRACED));
	kill(other.pid, SIGKILL);
	box_end(&box);
	ok(true, "a container ends while its users are stopped or killed");
	kill(user.pid, SIGCONT);
	is_int(user_end(&user), 128 + SIGKILL, "the command ends with it");
	is_int(user_end(&other), -SIGKILL, "the other was killed");
}

static void test_ended(void)
{
	struct user user;
	struct box box;

	wait_begin(&box);
	close(box.in);
	box.in = -1;
	must(waitid(P_PIDFD, box.launch.pidfd, &(siginfo_t){ 0 },
		    WEXITED | WNOWAIT));
	wait_status(box.launch.pid, box.launch.pidfd);
	user_begin(&user, &box, ARGV("true"), &(struct how){ 0 });
	is_str(get_all(user.err), "failed: it has ended\n",
	       "a container that has ended cannot be entered");
	is_int(user_end(&user), 125, "which has exit code 125");
	close(box.launch.pidfd);
}

int main(void)
{
	struct box box;

	fixture_begin();
	signal(SIGPIPE, SIG_IGN);
	wait_begin(&box);
	test_streams(&box);
	test_ends(&box);
	test_signals(&box);
	test_leaks(&box);
	test_like_init(&box);
	test_terminal(&box);
	box_end(&box);
	test_stopped();
	test_ended();
	return tap_end();
}
