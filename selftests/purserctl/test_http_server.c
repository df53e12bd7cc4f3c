// SPDX-License-Identifier: GPL-2.0
/*
 * The HTTP server: a process serves, and this one has clients of all kinds. Each wait is a
 * read that ends when the server does what it must.
 */
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "purserctl/http_server.h"
#include "purserctl/listen_address.h"
#include "tap.h"

#define GET	  "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
#define HOUR	  3600000
#define BIG	  (16 << 20) /* more than the buffers of a socket hold */
#define REPLY_MAX 1024

/* need() - for what the test relies on */
#define need(is)                                                       \
	({                                                             \
		if (!(is))                                             \
			bail("%s:%d: %s: %s", __FILE__, __LINE__, #is, \
			     strerror(errno));                         \
	})

static char folder[] = "/tmp/purser-http.XXXXXX";
static char path[64];

/* struct run - a server in a process of its own */
struct run {
	pid_t pid;
	int life; /* the server ends when this is closed */
};

static struct loop_source life;
static bool ended;

static void on_life(struct loop_source *source)
{
	(void)source;
	ended = true;
}

static int make_small(bool openmetrics, struct http_page *page,
		      struct failure *failure, void *arg)
{
	(void)failure;
	(void)arg;
	page->text = strdup(openmetrics ? "new page\n" : "old page\n");
	page->len = strlen(page->text);
	page->content_type = "text/x-test";
	return 0;
}

static int make_big(bool openmetrics, struct http_page *page,
		    struct failure *failure, void *arg)
{
	(void)openmetrics;
	(void)failure;
	(void)arg;
	page->text = malloc(BIG);
	memset(page->text, 'x', BIG);
	page->len = BIG;
	page->content_type = "text/x-test";
	return 0;
}

static int make_none(bool openmetrics, struct http_page *page,
		     struct failure *failure, void *arg)
{
	(void)openmetrics;
	(void)page;
	(void)arg;
	return failed(failure, EXIT_FAILED, "the table has gone");
}

static void serve(int listener, int life_fd, const struct http_settings *s)
{
	struct http_server *server;
	struct loop loop;

	need(!loop_open(&loop) &&
	     !loop_add(&loop, &life, life_fd, EPOLLIN, on_life) &&
	     !http_server_open(&loop, listener, s, &server));
	while (!ended)
		need(!loop_turn(&loop));
	http_server_close(server);
	loop_close_source(&loop, &life);
	loop_close(&loop);
}

static struct run start(unsigned int max_clients, int64_t limit_ms,
			int (*make)(bool, struct http_page *, struct failure *,
				    void *))
{
	const struct http_settings settings = {
		.path = "/metrics",
		.max_clients = max_clients,
		.limit_ms = limit_ms,
		.make = make,
	};
	struct listen_address address;
	struct failure failure;
	struct run run;
	int listener, ends[2];

	need(!listen_address_parse(path, &address));
	listener = listen_address_open(&address, &failure);
	need(listener >= 0 && !pipe(ends));
	run.life = ends[1];
	run.pid = fork();
	need(run.pid >= 0);
	if (!run.pid) {
		close(ends[1]);
		serve(listener, ends[0], &settings);
		exit(0); /* the sanitizer looks for leaks */
	}
	close(ends[0]);
	close(listener);
	return run;
}

/* The server must end without an error, and without a leak. */
static void stop(struct run *run, const char *what)
{
	int status = -1;

	close(run->life);
	need(waitpid(run->pid, &status, 0) == run->pid);
	ok(!status, "%s", what);
}

static int client(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", path);
	need(fd >= 0 && !connect(fd, (struct sockaddr *)&un, sizeof(un)));
	return fd;
}

static void say(int fd, const char *text)
{
	need(send(fd, text, strlen(text), MSG_NOSIGNAL) ==
	     (ssize_t)strlen(text));
}

/* Read until the server closes its end. Returns the length of all that came. */
static size_t hear(int fd, char reply[REPLY_MAX])
{
	size_t all = 0, room = REPLY_MAX - 1;
	char more[65536];
	ssize_t n;

	memset(reply, 0, REPLY_MAX);
	while ((n = recv(fd, more, sizeof(more), 0)) > 0) {
		if (all < room)
			memcpy(reply + all, more,
			       all + n < room ? (size_t)n : room - all);
		all += n;
	}
	close(fd);
	return n < 0 ? 0 : all;
}

static int status_of(const char *reply)
{
	int status = 0;

	sscanf(reply, "HTTP/1.1 %d ", &status);
	return status;
}

static int ask(const char *request)
{
	char reply[REPLY_MAX];
	int fd = client();

	say(fd, request);
	hear(fd, reply);
	return status_of(reply);
}

static void test_answers(void)
{
	struct run run = start(4, HOUR, make_small);
	char reply[REPLY_MAX], *long_field;
	int fd = client();

	for (const char *c = GET; *c; c++)
		say(fd, (char[]){ *c, '\0' });
	hear(fd, reply);
	is_int(status_of(reply), 200, "a request in single bytes is answered");
	ok(strstr(reply, "\r\nContent-Type: text/x-test\r\n"),
	   "the page has its type");
	ok(strstr(reply, "\r\nContent-Length: 9\r\n"), "it has its length");
	ok(strstr(reply, "\r\n\r\nold page\n"), "it is whole");
	fd = client();
	say(fd,
	    "GET /metrics HTTP/1.0\r\nAccept: application/openmetrics-text\r\n\r\n");
	hear(fd, reply);
	ok(strstr(reply, "\r\n\r\nnew page\n"),
	   "a client that accepts OpenMetrics gets that page");
	fd = client();
	say(fd, "HEAD /metrics HTTP/1.0\r\n\r\n");
	hear(fd, reply);
	ok(strstr(reply, "\r\nContent-Length: 9\r\n") &&
		   !strcmp(strstr(reply, "\r\n\r\n"), "\r\n\r\n"),
	   "HEAD gets the same head and no page");
	is_int(ask("GET /x HTTP/1.0\r\n\r\n"), 404,
	       "another path is not found");
	fd = client();
	say(fd, "PUT /metrics HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc");
	hear(fd, reply);
	ok(status_of(reply) == 405 && strstr(reply, "\r\nAllow: GET, HEAD\r\n"),
	   "another method is refused, and the allowed ones are named");
	is_int(ask("hello\r\n\r\n"), 400, "another protocol is refused");
	long_field = calloc(1, HTTP_REQUEST_MAX + 1);
	memset(long_field, 'x', HTTP_REQUEST_MAX);
	is_int(ask(long_field), 431, "a request without an end is refused");
	free(long_field);
	close(client());
	fd = client();
	say(fd, "GET /met");
	close(fd);
	is_int(ask(GET), 200, "clients that go away do no harm");
	stop(&run, "the server ends without an error");
}

static void test_failure(void)
{
	struct run run = start(4, HOUR, make_none);
	char reply[REPLY_MAX];
	int fd = client();

	say(fd, GET);
	hear(fd, reply);
	is_int(status_of(reply), 503,
	       "if the page cannot be made, the service is unavailable");
	ok(strstr(reply, "\r\n\r\nthe table has gone\n"),
	   "the answer says why");
	is_int(ask(GET), 503, "the next request is answered, too");
	stop(&run, "the server goes on meanwhile");
}

static void test_slow(void)
{
	struct run run = start(4, 20, make_small);
	char reply[REPLY_MAX];
	int fd = client();

	say(fd, "GET /metrics HT");
	hear(fd, reply);
	is_int(status_of(reply), 408, "a request that stops is timed out");
	hear(client(), reply);
	is_int(status_of(reply), 408, "and one that never begins");
	stop(&run, "the server goes on meanwhile");
}

static void test_idle_crowd(void)
{
	struct run run = start(8, HOUR, make_small);
	char reply[REPLY_MAX];
	int fds[32], refused = 0;

	for (int i = 0; i < 32; i++) {
		fds[i] = client();
		say(fds[i], "G");
	}
	is_int(ask(GET), 200,
	       "clients that send nothing more do not keep out another one");
	/* The first ones had to go; the last seven are still there. */
	for (int i = 0; i < 25; i++) {
		hear(fds[i], reply);
		refused += status_of(reply) == 503;
	}
	is_int(refused, 25, "the oldest of them had to go, and are told");
	say(fds[31], GET + 1);
	hear(fds[31], reply);
	is_int(status_of(reply), 200,
	       "a later one can still complete its request");
	for (int i = 25; i < 31; i++)
		close(fds[i]);
	stop(&run, "the server ends with clients connected");
}

static void test_slow_readers(void)
{
	struct run run = start(2, HOUR, make_big);
	char reply[REPLY_MAX];
	int a = client(), b = client();
	char first;

	say(a, GET);
	say(b, GET);
	/* Both answers have begun, and do not fit in the sockets. */
	need(recv(a, &first, 1, MSG_PEEK) == 1 &&
	     recv(b, &first, 1, MSG_PEEK) == 1);
	is_int(ask(GET), 503, "with all clients reading, one more is refused");
	ok(hear(a, reply) > BIG, "a slow reader gets its whole page");
	is_int(status_of(reply), 200, "with its status");
	is_int(ask(GET), 200, "then there is room again");
	close(b);
	stop(&run, "a client that goes away while it reads does no harm");

	run = start(2, 20, make_big);
	a = client();
	say(a, GET);
	need(recv(a, &first, 1, MSG_PEEK) == 1);
	/* Nobody reads this. It ends when the server closes the connection. */
	while (send(a, "x", 1, MSG_NOSIGNAL) == 1)
		;
	ok(errno == EPIPE || errno == ECONNRESET,
	   "a client that does not read is cut off");
	close(a);
	stop(&run, "the server ends without an error");
}

static void test_left_over(void)
{
	struct listen_address address;
	struct failure failure;
	struct run run = start(2, HOUR, make_small);

	need(!listen_address_parse(path, &address));
	ok(listen_address_open(&address, &failure) < 0 &&
		   strstr(failure.text, "Address already in use"),
	   "the socket file of a server is not taken from it");
	is_int(ask(GET), 200, "the server still has it");
	stop(&run, "it ends without removing it");
	run = start(2, HOUR, make_small);
	is_int(ask(GET), 200, "a file that a server left over is replaced");
	stop(&run, "the server ends without an error");
	listen_address_remove(&address);
	ok(access(path, F_OK) < 0, "listen_address_remove() removes it");
	need(!mkdir(path, 0700));
	ok(listen_address_open(&address, &failure) < 0 && !rmdir(path),
	   "what is no socket stays");
}

static void test_addresses(void)
{
	static const char *const bad[] = {
		"",
		"127.0.0.1",
		"127.0.0.1:",
		":9105",
		"127.0.0.1:x",
		"127.0.0.1:65536",
		"localhost:1",
		"::1:9105",
		"[::1:9105",
		"[::1]",
		"127.0.0.1:-1",
		"run/x.sock",
		"[1.2.3.4]:1",
		"127.0.0.1:1 ",
		"1.2.3.4.5:1",
	};
	static const char *const good[] = { "127.0.0.1:0", "[::1]:0" };
	struct listen_address address;
	struct failure failure;
	char *text, long_path[200];
	int fd;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		is_int(listen_address_parse(bad[i], &address), -EINVAL,
		       "\"%s\" is no address", bad[i]);
	memset(long_path, '/', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	is_int(listen_address_parse(long_path, &address), -EINVAL,
	       "a path that is too long is none");
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		is_int(listen_address_parse(good[i], &address), 0,
		       "\"%s\" is one", good[i]);
		fd = listen_address_open(&address, &failure);
		if (fd < 0 && i) {
			skip("the open socket has a port", "no IPv6");
			continue;
		}
		text = fd < 0 ? NULL : listen_address_of(fd);
		ok(text && !strncmp(text, good[i], strlen(good[i]) - 1) &&
			   !strstr(text, ":0"),
		   "the open socket has a port");
		free(text);
		close(fd);
	}
}

int main(void)
{
	need(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/socket", folder);
	/* If the server hangs, so does a read. */
	alarm(120);
	test_answers();
	test_failure();
	test_slow();
	test_idle_crowd();
	test_slow_readers();
	test_left_over();
	test_addresses();
	rmdir(folder);
	return tap_end();
}
