// SPDX-License-Identifier: GPL-2.0
/*
 * Tests the control socket with clients of all kinds. The supervisor has no connection to
 * the kernel module; the test uses operations that need none.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "control/server.h"
#include "supervisor/end.h"
#include "supervisor/mirror.h"
#include "supervisor/operations.h"
#include "base/report.h"
#include "supervisor/supervisor.h"
#include "tap.h"

static struct supervisor supervisor;
static char dir[] = "/tmp/purser-test.XXXXXX";
static char path[64];

static int accept_error;

/* Replaces the C library's function, to let it fail. */
int accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
	if (accept_error) {
		errno = accept_error;
		return -1;
	}
	return syscall(SYS_accept4, fd, address, len, flags);
}

/* Handles all events that the supervisor has. */
static void turn(void)
{
	struct pollfd pollfd = {
		.fd = supervisor.loop.epoll_fd,
		.events = POLLIN,
	};
	int n = 0;

	while (poll(&pollfd, 1, 0) > 0) {
		if (++n > 10000)
			bail("the loop never becomes idle");
		if (loop_turn(&supervisor.loop))
			bail("the loop fails");
	}
}

static int connect_client(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path, path, strlen(path));
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		bail("connecting: %s", strerror(errno));
	return fd;
}

static void put(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		bail("writing: %s", strerror(errno));
}

/* Returns the received text, "" at the end, or NULL if there is nothing yet. */
static const char *get(int fd)
{
	static char buf[65536];
	ssize_t n = read(fd, buf, sizeof(buf) - 1);

	if (n < 0)
		return NULL;
	buf[n] = '\0';
	return buf;
}

/* A point: the answer to @text has @want in it. */
static void ask(int fd, const char *text, const char *want, const char *name)
{
	const char *got;

	put(fd, text);
	turn();
	got = get(fd);
	if (!ok(got && strstr(got, want), "%s", name))
		printf("# got %s\n", got ? got : "nothing");
}

static bool is_closed(int fd)
{
	const char *got = get(fd);

	return got && !*got;
}

static int n_clients(void)
{
	struct client *client;
	int n = 0;

	turn();
	LIST_FOREACH(client, &supervisor.control.clients, link)
		n++;
	return n;
}

static void requests(void)
{
	int fd = connect_client();

	ask(fd, "{\"v\":1,\"op\":\"logs\",\"id\":\"none\"}\n",
	    "no container \\\"none\\\"", "a request gets an answer");
	ask(fd, "{\"v\":1,\"op\":\"logs\",\"id\":\"more\"}\n",
	    "no container \\\"more\\\"",
	    "a second request on the connection gets an answer");
	ask(fd, "{\"v\":1,\"op\":\"dance\"}\n", "no operation \\\"dance\\\"",
	    "an unknown operation is refused");
	ask(fd, "{\"v\":1}\n", "names no operation",
	    "a request without an operation is refused");
	ask(fd, "{\"v\":1,\"op\":\"stop\",\"id\":7}\n", "\\\"id\\\"",
	    "an id that is not a string is refused");
	ask(fd, "{\"v\":1,\"op\":\"start\",\"id\":\"a/b\"}\n", "letters",
	    "an invalid start request is refused");
	put(fd, "{\"v\":1,\"op\":\"logs\",\"id\":\"a\"}\n"
		"{\"v\":1,\"op\":\"logs\",\"id\":\"b\"}\n"
		"{\"v\":1,\"op\":\"lo");
	turn();
	ok(strstr(get(fd), "\\\"b\\\""),
	   "both requests in one write get an answer");
	ask(fd, "gs\",\"id\":\"c\"}\n", "\\\"c\\\"",
	    "a request whose beginning was in that write gets one");
	close(fd);
	is_int(n_clients(), 0, "a connection that the client closes is freed");
}

static void broken(const char *text, const char *want, const char *name)
{
	int fd = connect_client();

	ask(fd, text, want, name);
	ok(is_closed(fd), "%s: the connection is closed", name);
	close(fd);
	is_int(n_clients(), 0, "%s: the client is freed", name);
}

static void broken_clients(void)
{
	int fd, other;

	broken("hello\n", "not a JSON object", "text that is not JSON");
	broken("{\"v\":2,\"op\":\"ps\"}\n", "version", "another version");
	broken("\n", "not a JSON object", "an empty line");

	fd = connect_client();
	put(fd, "{\"v\":1,\"op\":");
	turn();
	other = connect_client();
	ask(other, "{\"v\":1,\"op\":\"logs\",\"id\":\"x\"}\n", "no container",
	    "half a request does not stop other clients");
	close(fd);
	is_int(n_clients(), 1, "a client with half a request is freed");
	fd = connect_client();
	is_int(n_clients(), 2, "a client without a request stays");
	close(fd);
	close(other);
	is_int(n_clients(), 0, "it is freed when it closes the connection");
}

static void too_long(void)
{
	static char piece[65536];
	const char *got = NULL;
	int fd = connect_client();
	size_t sent = 0;
	ssize_t n;

	memset(piece, ' ', sizeof(piece));
	while (!got && sent < 4 * PROTOCOL_REQUEST_MAX) {
		n = send(fd, piece, sizeof(piece), MSG_NOSIGNAL);
		sent += n > 0 ? n : 0;
		turn();
		got = get(fd);
	}
	ok(got && strstr(got, "longer than 1048576 bytes"),
	   "a message that is too long is refused");
	close(fd);
	is_int(n_clients(), 0, "that client is freed");
}

/* A client sends requests and reads no answers: the supervisor must stop reading. */
static void slow_reader(void)
{
	static const char request[] =
		"{\"v\":1,\"op\":\"logs\",\"id\":\"x\"}\n";
	const size_t len = strlen(request);
	int fd = connect_client(), idle = 0;
	size_t sent = 0, answers = 0;
	char many[64 * sizeof(request)];
	struct client *client;
	const char *got;
	ssize_t n;

	for (size_t i = 0; i < 64; i++)
		memcpy(many + i * len, request, len);
	while (idle < 2) {
		/* Continue the request that was sent in part. */
		n = send(fd, many + sent % len, 63 * len, MSG_NOSIGNAL);
		idle = n < 0 ? idle + 1 : 0;
		sent += n > 0 ? n : 0;
		turn();
		if (sent > 100000000)
			bail("the supervisor reads requests without an end");
	}
	client = LIST_FIRST(&supervisor.control.clients);
	ok(client->out.len < 1024, "only one answer waits for the client");
	while ((got = get(fd))) {
		for (; *got; got++)
			answers += *got == '\n';
		turn();
	}
	is_int(answers, sent / len,
	       "a client that reads again gets all answers");
	close(fd);
	is_int(n_clients(), 0, "that client is freed");
}

static void half_close(void)
{
	int fd = connect_client();

	put(fd, "{\"v\":1,\"op\":\"logs\",\"id\":\"x\"}\n");
	shutdown(fd, SHUT_WR);
	turn();
	ok(strstr(get(fd), "no container"),
	   "a client that has shut down its side gets its answer");
	ok(is_closed(fd), "then the connection is closed");
	close(fd);
	is_int(n_clients(), 0, "that client is freed");
}

static void waiting(void)
{
	static const char stop[] =
		"{\"v\":1,\"op\":\"stop\",\"id\":\"web\","
		"\"signal\":15,\"grace_ms\":1000,\"wait\":true}\n";
	static const char wait[] = "{\"v\":1,\"op\":\"wait\",\"id\":\"web\"}\n";
	struct container *c = container_new(&supervisor, "web");
	int fd = connect_client(), gone = connect_client();

	if (!c || registry_add(&supervisor.registry, c) ||
	    registry_set_id(&supervisor.registry, c, 1))
		bail("out of memory");
	c->phase = PHASE_LIVE;
	c->live_state = PURSER_STATE_STOPPING;
	put(fd, wait);
	put(gone, wait);
	is_int(n_clients(), 2, "there are two clients that wait");
	ok(!get(fd) && !get(gone), "they have no answer yet");
	close(gone);
	is_int(n_clients(), 1,
	       "a waiting client that closes the connection is freed");
	ask(fd, "{\"v\":1,\"op\":\"logs\",\"id\":\"x\"}\n", "no container",
	    "a waiting client gets an answer to another request");
	shutdown(fd, SHUT_WR);
	is_int(n_clients(), 1,
	       "a waiting client that shuts down its side stays");

	c->now = (struct outcome){
		.state = PURSER_STATE_EXITED,
		.exit_code = 3,
		.reason = PURSER_REASON_STOPPED,
	};
	container_advance(c);
	turn();
	ok(strstr(get(fd), "\"exit_code\":3"),
	   "it gets the answer when the container has ended");
	ok(is_closed(fd), "then the connection is closed");
	close(fd);
	is_int(n_clients(), 0, "that client is freed");

	fd = connect_client();
	ask(fd, stop, "has ended already: stopped, exit code 3",
	    "a stop of an ended container is refused");
	close(fd);
	container_forget(c);
	turn();
}

/* Returns the lowest free descriptor. */
static int first_free(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

static void no_descriptor_left(void)
{
	struct rlimit old, low;
	int fds[4], more;
	const char *got;

	getrlimit(RLIMIT_NOFILE, &old);
	for (int i = 0; i < 4; i++)
		fds[i] = connect_client();
	low = old;
	low.rlim_cur = first_free();
	if (setrlimit(RLIMIT_NOFILE, &low))
		bail("setrlimit: %s", strerror(errno));
	turn();
	setrlimit(RLIMIT_NOFILE, &old);
	for (int i = 0; i < 4; i++) {
		got = get(fds[i]);
		ok(got && strstr(got, "Too many open files"),
		   "client %d gets an error if there are no descriptors", i);
		close(fds[i]);
	}
	more = connect_client();
	ask(more, "{\"v\":1,\"op\":\"logs\",\"id\":\"x\"}\n", "no container",
	    "a later client gets an answer");
	close(more);
	is_int(n_clients(), 0, "all clients are freed");
}

static void set_up(void)
{
	int err;

	if (!mkdtemp(dir))
		bail("mkdtemp: %s", strerror(errno));
	snprintf(path, sizeof(path), "%s/engine.sock", dir);
	/* An old file in the place of the socket. */
	close(open(path, O_CREAT | O_WRONLY, 0644));
	kernel_init(&supervisor.kernel, &supervisor.loop, &mirror_ops,
		    &supervisor);
	control_init(&supervisor.control, &supervisor.loop, &operations_ops,
		     &supervisor);
	err = loop_open(&supervisor.loop);
	if (!err)
		err = registry_init(&supervisor.registry);
	if (!err)
		err = control_open(&supervisor.control, path);
	if (err)
		bail("setting up: %s", strerror(-err));
	supervisor.roots.log = dir;
}

/* The log of a container that the supervisor has forgotten. */
static void forgotten(void)
{
	char log[64];
	int fd = connect_client();

	snprintf(log, sizeof(log), "%s/old.log", dir);
	close(open(log, O_CREAT | O_WRONLY, 0640));
	ask(fd, "{\"v\":1,\"op\":\"logs\",\"id\":\"old\"}\n", "old.log\"",
	    "the log of a forgotten container is found");
	unlink(log);
	ask(fd, "{\"v\":1,\"op\":\"logs\",\"id\":\"old\"}\n", "no container",
	    "unless it is gone");
	ask(fd, "{\"v\":1,\"op\":\"logs\",\"id\":\"../old\"}\n", "no container",
	    "an id that is none leads nowhere");
	close(fd);
	is_int(n_clients(), 0, "the client is freed");
}

/* A supervisor that asks to take over, and one that does not wait for the answer. */
static void leaving(void)
{
	static const char leave[] = "{\"v\":1,\"op\":\"leave\"}\n";
	int fd = connect_client();

	put(fd, leave);
	close(fd);
	turn();
	ok(!supervisor.shutdown.leaving,
	   "a take-over that was given up does not make it leave");
	is_int(n_clients(), 0, "the client is freed");
	fd = connect_client();
	ask(fd, leave, "leaving", "another one gets the answer");
	ok(supervisor.shutdown.leaving, "it leaves");
	supervisor.shutdown.leaving = false;
	close(fd);
	is_int(n_clients(), 0, "the client is freed");
}

static void take_down(void)
{
	int fd = connect_client();

	turn();
	control_close(&supervisor.control);
	ok(is_closed(fd), "control_close() closes the connections");
	ok(access(path, F_OK) < 0, "control_close() removes the socket");
	close(fd);
	registry_free(&supervisor.registry);
	loop_close(&supervisor.loop);
	rmdir(dir);
}

/* A client stays in the queue while the kernel has no memory to accept it. */
static void no_memory_to_accept(void)
{
	struct pollfd pollfd = {
		.fd = supervisor.loop.epoll_fd,
		.events = POLLIN,
	};
	int fd;

	accept_error = ENOBUFS;
	fd = connect_client();
	turn();
	ok(!supervisor.control.listener.events,
	   "accept() is not called again for a while");
	accept_error = 0;
	put(fd, "{\"v\":1,\"op\":\"nothing\"}\n");
	poll(&pollfd, 1, -1);
	turn();
	turn();
	ok(get(fd), "then the client gets its answer");
	close(fd);
	turn();
}

int main(void)
{
	report_program("test");
	set_up();
	requests();
	broken_clients();
	too_long();
	slow_reader();
	half_close();
	waiting();
	forgotten();
	leaving();
	no_descriptor_left();
	no_memory_to_accept();
	take_down();
	return tap_end();
}
