// SPDX-License-Identifier: GPL-2.0
/* Tests copying between descriptors: partial writes, ends, and a terminal. */
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/relay.h"
#include "must.h"
#include "tap.h"

static struct relay relay;

/** struct ends - both ends of a pipe */
struct ends {
	int read, write;
};

static struct ends make_pipe(void)
{
	int fds[2];

	must(pipe2(fds, O_CLOEXEC));
	return (struct ends){ fds[0], fds[1] };
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static const char *get(int fd)
{
	static char text[64];
	ssize_t n;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	n = read(fd, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void test_end_of_file(void)
{
	struct ends a = make_pipe(), b = make_pipe();

	relay_init(&relay);
	relay.in = (struct flow){ .from = a.read, .to = b.write };
	relay.in.owns_from = relay.in.owns_to = true;
	must(write(a.write, "hello", 5));
	close(a.write);
	is_int(relay_wait(&relay, NULL, 0), 0, "all flows end");
	is_str(get(b.read), "hello", "all bytes are copied");
	ok(!is_open(a.read) && !is_open(b.write), "what it owns is closed");
	close(b.read);
}

static void test_news(void)
{
	struct ends a = make_pipe(), b = make_pipe(), news = make_pipe();
	struct pollfd also[] = { { .fd = news.read, .events = POLLIN } };

	relay_init(&relay);
	relay.out = (struct flow){ .from = a.read, .to = b.write };
	must(write(news.write, "x", 1));
	is_int(relay_wait(&relay, also, 1), 1, "another descriptor has news");
	ok(also[0].revents & POLLIN, "its events are told");
	ok(is_open(a.read) && is_open(b.write), "the flow goes on");
	must(write(a.write, "last words", 10));
	is_int(relay_drain(&relay, -1), 0,
	       "draining does not wait for the end of file");
	is_str(get(b.read), "last words", "it copies what is there");
	relay_close(&relay);
	ok(is_open(a.read) && is_open(b.write), "what it does not own stays");
	close(a.read);
	close(a.write);
	close(b.read);
	close(b.write);
	close(news.read);
	close(news.write);
}

/* A child reads slowly, so that the pipe is full most of the time. */
static void test_partial(void)
{
	struct ends a = make_pipe(), b = make_pipe();
	const size_t total = 1 << 20;
	char block[1000];
	size_t n = 0;
	pid_t writer, copier;
	int status;

	writer = must(fork());
	if (!writer) {
		memset(block, 'x', sizeof(block));
		for (size_t i = 0; i < total / sizeof(block); i++)
			must(write(a.write, block, sizeof(block)));
		_exit(0);
	}
	close(a.write);
	copier = must(fork());
	if (!copier) {
		close(b.read);
		must(fcntl(b.write, F_SETPIPE_SZ, 4096));
		fcntl(b.write, F_SETFL, O_NONBLOCK);
		relay_init(&relay);
		relay.out = (struct flow){ .from = a.read, .to = b.write };
		_exit(relay_wait(&relay, NULL, 0));
	}
	close(a.read);
	close(b.write);
	for (ssize_t r; (r = read(b.read, block, 333)) > 0;)
		n += r;
	is_int(n, total / sizeof(block) * sizeof(block),
	       "no byte is lost when writes are partial");
	waitpid(copier, &status, 0);
	is_int(status, 0, "the copier ends without an error");
	waitpid(writer, &status, 0);
	close(b.read);
}

static void test_no_reader(void)
{
	struct ends a = make_pipe(), b = make_pipe();

	relay_init(&relay);
	relay.out = (struct flow){ .from = a.read, .to = b.write };
	relay.out.owns_from = true;
	close(b.read);
	must(write(a.write, "x", 1));
	is_int(relay_wait(&relay, NULL, 0), 0,
	       "a flow ends when its reader is gone");
	ok(write(a.write, "x", 1) < 0 && errno == EPIPE,
	   "the source then gets EPIPE");
	close(a.write);
	close(b.write);
}

static void test_stop(void)
{
	struct ends a = make_pipe(), b = make_pipe(), stop = make_pipe();
	char block[4096] = { 0 };

	must(fcntl(b.write, F_SETPIPE_SZ, 4096));
	must(write(b.write, block, sizeof(block)));
	relay_init(&relay);
	relay.out = (struct flow){ .from = a.read, .to = b.write };
	must(write(a.write, "x", 1));
	must(write(stop.write, "x", 1));
	/* The first call may read before it sees the other descriptor. */
	is_int(relay_drain(&relay, stop.read), -EINTR,
	       "draining into a full pipe can be ended");
	relay_close(&relay);
	for (struct ends *p = (struct ends[]){ a, b, stop, { -1, -1 } };
	     p->read >= 0; p++) {
		close(p->read);
		close(p->write);
	}
}

/* What a program reads from the terminal, when @text is all that comes. */
static void end_of_terminal(const char *text, const char *want,
			    const char *what)
{
	struct ends a = make_pipe();
	char got[64] = "";
	size_t n = 0;
	int master, slave;

	must(openpty(&master, &slave, NULL, NULL, NULL));
	relay_init(&relay);
	relay.in = (struct flow){ .from = a.read,
				  .to = master,
				  .to_terminal = true };
	must(write(a.write, text, strlen(text)));
	close(a.write);
	is_int(relay_wait(&relay, NULL, 0), 0, "%s: the flow ends", what);
	for (ssize_t r; (r = read(slave, got + n, sizeof(got) - 1 - n)) > 0;)
		n += r;
	got[n] = '\0';
	is_str(got, want, "%s: a program reads it, and the end of file", what);
	close(a.read);
	close(master);
	close(slave);
}

static void test_hang_up(void)
{
	struct ends b = make_pipe();
	int master, slave;

	must(openpty(&master, &slave, NULL, NULL, NULL));
	must(write(slave, "bye", 3));
	close(slave);
	relay_init(&relay);
	relay.out = (struct flow){ .from = master, .to = b.write };
	is_int(relay_wait(&relay, NULL, 0), 0,
	       "the output ends when nobody has the terminal open");
	is_str(get(b.read), "bye", "the last output is copied");
	close(master);
	close(b.read);
	close(b.write);
}

static void test_reopen(void)
{
	struct ends a = make_pipe();
	int file = must(memfd_create("file", MFD_CLOEXEC));
	int fd = relay_reopen(a.write);

	ok(fd >= 0 && fcntl(fd, F_GETFL) & O_NONBLOCK,
	   "a pipe can be opened again, non-blocking");
	ok(!(fcntl(a.write, F_GETFL) & O_NONBLOCK),
	   "the first descriptor stays blocking");
	must(write(fd, "x", 1));
	is_str(get(a.read), "x", "it is the same pipe");
	is_int(relay_reopen(file), -1, "a file is not opened again");
	is_int(relay_reopen(-1), -1, "nor is a closed descriptor");
	close(fd);
	close(file);
	close(a.read);
	close(a.write);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	test_end_of_file();
	test_news();
	test_partial();
	test_no_reader();
	test_stop();
	end_of_terminal("line\n", "line\n", "a whole line");
	end_of_terminal("part", "part", "a line without its end");
	end_of_terminal("", "", "nothing");
	test_hang_up();
	test_reopen();
	return tap_end();
}
