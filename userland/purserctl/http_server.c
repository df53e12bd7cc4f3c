// SPDX-License-Identifier: GPL-2.0
/* An HTTP server for one page, see http_server.h. */
#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/report.h"
#include "base/timer.h"
#include "http_request.h"
#include "http_server.h"

/* After an error of accept(), such as too many open files, wait so long. */
#define RETRY_MS 1000

enum phase {
	READING,  /* the request is not complete */
	WRITING,  /* the answer is not written */
	DRAINING, /* the client has not closed the connection */
};

/*
 * struct client - a connection
 *
 * A socket that is closed with unread bytes is reset, and the client may then lose the
 * answer. So after the answer the server reads on until the client closes its end.
 */
struct client {
	TAILQ_ENTRY(client) link;
	struct http_server *server;
	struct loop_source source;
	enum phase phase;
	int64_t deadline; /* CLOCK_MONOTONIC, in ns */
	struct http_answer answer;
	size_t written;
	size_t n_in;
	char in[HTTP_REQUEST_MAX];
};

TAILQ_HEAD(clients, client);

/* @clients: in the order of their deadlines, since the time is the same for all */
struct http_server {
	struct loop *loop;
	const struct http_settings *settings;
	struct loop_source listener;
	struct loop_source timer; /* set for the first deadline */
	struct loop_source retry;
	struct clients clients;
	unsigned int n_clients;
};

static void set_timer(struct http_server *server)
{
	const struct client *first = TAILQ_FIRST(&server->clients);
	int64_t now = clock_ns(CLOCK_MONOTONIC), left;

	/* Without clients it may expire for nothing. */
	if (!first)
		return;
	left = first->deadline - now;
	timer_set(&server->timer, left > 0 ? left / NSEC_PER_MSEC + 1 : 0);
}

static void set_deadline(struct client *client)
{
	struct http_server *server = client->server;

	client->deadline = clock_ns(CLOCK_MONOTONIC) +
			   server->settings->limit_ms * NSEC_PER_MSEC;
	TAILQ_REMOVE(&server->clients, client, link);
	TAILQ_INSERT_TAIL(&server->clients, client, link);
	set_timer(server);
}

static void close_client(struct client *client)
{
	struct http_server *server = client->server;

	TAILQ_REMOVE(&server->clients, client, link);
	server->n_clients--;
	loop_close_source(server->loop, &client->source);
	http_answer_free(&client->answer);
	free(client);
	loop_modify(server->loop, &server->listener, EPOLLIN);
}

/* Read and drop what the client still sends. */
static void drain(struct client *client)
{
	ssize_t n;

	client->phase = DRAINING;
	if (loop_modify(client->server->loop, &client->source, EPOLLIN)) {
		close_client(client);
		return;
	}
	n = recv(client->source.fd, client->in, sizeof(client->in), 0);
	if (!n || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_client(client);
}

static void write_answer(struct client *client)
{
	const struct http_answer *answer = &client->answer;
	ssize_t n = send(client->source.fd, answer->text + client->written,
			 answer->len - client->written, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		close_client(client);
		return;
	}
	client->written += n > 0 ? n : 0;
	if (client->written < answer->len) {
		if (loop_modify(client->server->loop, &client->source,
				EPOLLOUT))
			close_client(client);
		return;
	}
	http_answer_free(&client->answer);
	shutdown(client->source.fd, SHUT_WR);
	drain(client);
}

/* Begin to answer a request. The client may be gone afterwards. */
static void answer_request(struct client *client,
			   const struct http_request *request)
{
	const struct http_settings *settings = client->server->settings;
	struct http_page page = { 0 };
	struct failure failure;
	int err;

	if (request->status != HTTP_OK)
		err = http_answer_error(&client->answer, request,
					settings->path);
	else if (settings->make(request->openmetrics, &page, &failure,
				settings->arg))
		err = http_answer_failure(&client->answer, request, &failure);
	else
		err = http_answer_page(&client->answer, request, &page);
	free(page.text);
	if (err) {
		close_client(client);
		return;
	}
	client->phase = WRITING;
	set_deadline(client);
	write_answer(client);
}

static void answer_status(struct client *client, enum http_status status)
{
	const struct http_request request = { .status = status };

	answer_request(client, &request);
}

static void read_request(struct client *client)
{
	struct http_request request;
	ssize_t n = recv(client->source.fd, client->in + client->n_in,
			 sizeof(client->in) - client->n_in, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		close_client(client);
		return;
	}
	client->n_in += n;
	if (http_request_read(client->in, client->n_in,
			      client->server->settings->path, &request))
		answer_request(client, &request);
	else if (client->n_in == sizeof(client->in))
		answer_status(client, HTTP_TOO_LARGE);
}

static void on_client(struct loop_source *source)
{
	struct client *client = loop_container(source, struct client, source);

	switch (client->phase) {
	case READING:
		read_request(client);
		break;
	case WRITING:
		write_answer(client);
		break;
	case DRAINING:
		drain(client);
		break;
	}
}

static void on_timer(struct loop_source *source)
{
	struct http_server *server = loop_container(source, struct http_server,
						    timer);
	const int64_t now = clock_ns(CLOCK_MONOTONIC);
	struct client *client;

	timer_expired(source);
	while ((client = TAILQ_FIRST(&server->clients)) &&
	       client->deadline <= now) {
		if (client->phase == READING)
			answer_status(client, HTTP_TIMEOUT);
		else
			close_client(client);
	}
	set_timer(server);
}

/* Tell a client that there are too many. It goes, so it gets what fits in its socket. */
static void refuse(int fd)
{
	const struct http_request request = { .status = HTTP_UNAVAILABLE };
	struct http_answer answer;
	char rest[512];

	if (http_answer_error(&answer, &request, NULL))
		return;
	if (send(fd, answer.text, answer.len, MSG_NOSIGNAL) > 0) {
		shutdown(fd, SHUT_WR);
		(void)!recv(fd, rest, sizeof(rest), MSG_DONTWAIT);
	}
	http_answer_free(&answer);
}

/* Make room for one more client. Returns false if all of them wait for their answer. */
static bool make_room(struct http_server *server)
{
	struct client *client;

	if (server->n_clients < server->settings->max_clients)
		return true;
	TAILQ_FOREACH(client, &server->clients, link) {
		if (client->phase == WRITING)
			continue;
		if (client->phase == READING)
			refuse(client->source.fd);
		close_client(client);
		return true;
	}
	return false;
}

static int add_client(struct http_server *server, int fd)
{
	struct client *client = calloc(1, sizeof(*client));
	int err = client ? 0 : -ENOMEM;

	if (!err)
		err = loop_add(server->loop, &client->source, fd, EPOLLIN,
			       on_client);
	if (err) {
		free(client);
		return err;
	}
	client->server = server;
	client->phase = READING;
	TAILQ_INSERT_TAIL(&server->clients, client, link);
	server->n_clients++;
	set_deadline(client);
	return 0;
}

/* Stop accepting until a client goes or some time is over. */
static void pause_accepting(struct http_server *server, int err)
{
	report_warning_errno(err, "cannot accept a client");
	if (!timer_set(&server->retry, RETRY_MS))
		loop_modify(server->loop, &server->listener, 0);
}

static void on_listener(struct loop_source *source)
{
	struct http_server *server = loop_container(source, struct http_server,
						    listener);
	int fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int err = fd < 0 ? -errno : 0;

	switch (err) {
	case 0:
		break;
	case -EMFILE:
	case -ENFILE:
	case -ENOBUFS:
	case -ENOMEM:
		pause_accepting(server, err);
		return;
	default: /* of the connection that has gone meanwhile, see accept(2) */
		return;
	}
	if (!make_room(server)) {
		refuse(fd);
		close(fd);
		return;
	}
	err = add_client(server, fd);
	if (err) {
		close(fd);
		pause_accepting(server, err);
	}
}

static void on_retry(struct loop_source *source)
{
	struct http_server *server = loop_container(source, struct http_server,
						    retry);

	if (timer_expired(source))
		loop_modify(server->loop, &server->listener, EPOLLIN);
}

int http_server_open(struct loop *loop, int fd,
		     const struct http_settings *settings,
		     struct http_server **out)
{
	struct http_server *server = calloc(1, sizeof(*server));
	int err;

	*out = NULL;
	if (!server) {
		close(fd);
		return -ENOMEM;
	}
	server->loop = loop;
	server->settings = settings;
	server->timer.fd = server->retry.fd = -1;
	TAILQ_INIT(&server->clients);
	err = loop_add(loop, &server->listener, fd, EPOLLIN, on_listener);
	if (err)
		close(fd);
	if (!err)
		err = timer_add(loop, &server->timer, on_timer);
	if (!err)
		err = timer_add(loop, &server->retry, on_retry);
	if (err) {
		http_server_close(server);
		return err;
	}
	*out = server;
	return 0;
}

void http_server_close(struct http_server *server)
{
	struct client *client;

	if (!server)
		return;
	while ((client = TAILQ_FIRST(&server->clients)))
		close_client(client);
	loop_close_source(server->loop, &server->listener);
	loop_close_source(server->loop, &server->timer);
	loop_close_source(server->loop, &server->retry);
	free(server);
}
