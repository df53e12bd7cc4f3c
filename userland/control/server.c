// SPDX-License-Identifier: GPL-2.0
/* The control socket, see server.h. */
#include <errno.h>
#include <poll.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "base/timer.h"
#include "server.h"

#define BACKLOG 128

#define RETRY_MS 1000

static int open_reserve(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Stop accepting, until a timer expires or control_resume() is called. */
static void control_pause(struct control *control)
{
	loop_modify(control->loop, &control->listener, 0);
	timer_set(&control->retry, RETRY_MS);
}

void control_resume(struct control *control)
{
	if (control->listener.fd < 0 || control->reserve_fd >= 0)
		return;
	control->reserve_fd = open_reserve();
	if (control->reserve_fd < 0)
		control_pause(control);
	else
		loop_modify(control->loop, &control->listener, EPOLLIN);
}

static void client_close(struct client *client)
{
	struct control *control = client->control;

	control->ops->closed(client);
	LIST_REMOVE(client, link);
	control->n_clients--;
	loop_close_source(control->loop, &client->source);
	inbox_free(&client->in);
	outbox_free(&client->out);
	free(client);
	control_resume(control);
}

/* Whether this connection can be closed. */
static bool client_is_done(const struct client *client)
{
	if (!outbox_empty(&client->out))
		return false;
	return client->closing ||
	       (client->ended_input && LIST_EMPTY(&client->waiters));
}

/*
 * Watch for the next event that matters. A connection that is done is shut down: epoll
 * reports EPOLLHUP whatever the mask, and on_client() closes the connection.
 */
static void client_watch(struct client *client)
{
	uint32_t events = 0;

	if (client_is_done(client))
		shutdown(client->source.fd, SHUT_RDWR);
	else if (!outbox_empty(&client->out))
		events = EPOLLOUT;
	else if (!client->ended_input)
		events = EPOLLIN;
	if (loop_modify(client->control->loop, &client->source, events))
		shutdown(client->source.fd, SHUT_RDWR);
}

static void client_flush(struct client *client)
{
	/* An error means that the peer is gone; epoll reports that, too. */
	if (outbox_flush(&client->out, client->source.fd) < 0)
		outbox_free(&client->out);
	client_watch(client);
}

void client_queue(struct client *client, struct json_object *message)
{
	if (!message || outbox_add(&client->out, message)) {
		report(-ENOMEM, "answering a client");
		shutdown(client->source.fd, SHUT_RDWR);
	}
	json_object_put(message);
}

void client_reply(struct client *client, struct json_object *message)
{
	client_queue(client, message);
	client_flush(client);
}

bool client_is_gone(const struct client *client)
{
	/* poll() reports POLLHUP whatever the mask is. */
	struct pollfd pollfd = { .fd = client->source.fd };

	return poll(&pollfd, 1, 0) > 0;
}

void client_reply_failure(struct client *client, const char *op,
			  const struct failure *failure)
{
	client_reply(client, message_error(op, failure->code, failure->text));
}

/* Answer an invalid message with an error, and close the connection. */
static void client_refuse(struct client *client, int err)
{
	struct failure failure;

	if (err == -EMSGSIZE)
		failed(&failure, EXIT_FAILED,
		       "request refused: message longer than %zu bytes",
		       client->in.max);
	else if (err == -EPROTO)
		failed(&failure, EXIT_FAILED,
		       "request refused: protocol version is not %d",
		       PROTOCOL_VERSION);
	else if (err == -EBADMSG)
		failed(&failure, EXIT_FAILED,
		       "request refused: message is not a JSON object");
	else
		failed_errno(&failure, err, "request refused");
	client->closing = true;
	client_reply_failure(client, NULL, &failure);
}

/* Handle requests as long as the socket takes their answers at once. */
static void client_process(struct client *client)
{
	while (!client->closing && outbox_empty(&client->out)) {
		struct json_object *m;
		int ret = inbox_next(&client->in, &m);

		if (ret < 0)
			client_refuse(client, ret);
		if (ret <= 0)
			break;
		client->control->ops->request(client, m);
		json_object_put(m);
	}
}

static void on_client(struct loop_source *source)
{
	uint32_t events = source->pending;
	struct client *client = loop_container(source, struct client, source);
	int ret;

	if (events & EPOLLOUT)
		client_flush(client);
	if (events & EPOLLIN) {
		ret = inbox_read(&client->in, source->fd);
		if (ret == 0)
			client->ended_input = true;
		else if (ret < 0 && ret != -EAGAIN)
			events |= EPOLLERR;
	}
	client_process(client);
	if (events & (EPOLLHUP | EPOLLERR))
		client_close(client);
	else
		client_watch(client);
}

static int client_new(struct control *control, int fd)
{
	struct client *client = calloc(1, sizeof(*client));
	int err;

	if (!client)
		return -ENOMEM;
	client->control = control;
	inbox_init(&client->in, PROTOCOL_REQUEST_MAX);
	client->in.takes_fd = true;
	LIST_INIT(&client->waiters);
	err = loop_add(control->loop, &client->source, fd, EPOLLIN, on_client);
	if (err) {
		free(client);
		return err;
	}
	LIST_INSERT_HEAD(&control->clients, client, link);
	control->n_clients++;
	return 0;
}

/* Send the client an error, and close. */
static void refuse_client(int fd, const char *text)
{
	struct outbox out = { 0 };
	struct json_object *m = message_error(NULL, EXIT_FAILED, text);

	if (m && !outbox_add(&out, m))
		outbox_flush(&out, fd);
	json_object_put(m);
	outbox_free(&out);
	close(fd);
}

/*
 * There are no free descriptors. Close the one in reserve, to accept the connection and
 * send an error; then open it again. If that fails, accept no connection until
 * control_resume().
 */
static void refuse_connection(struct control *control, int err)
{
	int fd;

	if (control->reserve_fd >= 0)
		close(control->reserve_fd);
	fd = accept4(control->listener.fd, NULL, NULL,
		     SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0)
		refuse_client(fd, strerror(-err));
	control->reserve_fd = open_reserve();
	if (control->reserve_fd < 0)
		control_pause(control);
	report_warning_errno(err, "accepting a client");
}

/* Close the reserve too: control_resume() does something only without it. */
static void control_rest(struct control *control)
{
	cleanup_close(&control->reserve_fd);
	control_pause(control);
}

/* Whether clients have half of all descriptors. Report only a change. */
static bool is_full(struct control *control)
{
	bool was_full = control->full;
	struct rlimit limit;

	control->full = !getrlimit(RLIMIT_NOFILE, &limit) &&
			control->n_clients >= limit.rlim_cur / 2;
	if (control->full && !was_full)
		report_warning("%u clients, which is the maximum",
			       control->n_clients);
	return control->full;
}

static void on_retry(struct loop_source *source)
{
	if (timer_expired(source))
		control_resume(loop_container(source, struct control, retry));
}

static void on_listener(struct loop_source *source)
{
	struct control *control = loop_container(source, struct control,
						 listener);
	int err = 0, fd;

	fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		err = -errno;
	else if (is_full(control))
		refuse_client(fd, "too many clients");
	else
		err = client_new(control, fd);
	switch (err) {
	case 0:
	case -EAGAIN:
	case -EINTR:
	case -ECONNABORTED:
		break;
	case -EMFILE:
	case -ENFILE:
		refuse_connection(control, err);
		break;
	default:
		report_warning_errno(err, "accepting a client");
		/* The connection is still in the queue: pause, or epoll reports it at once. */
		if (fd < 0)
			control_rest(control);
	}
	if (err && fd >= 0)
		close(fd);
}

static int bind_socket(int fd, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t mask;
	int ret;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));

	/* We hold the lock, so no supervisor uses an existing socket. */
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	mask = umask(0177);
	ret = bind(fd, (struct sockaddr *)&address, sizeof(address));
	umask(mask);
	return ret < 0 ? -errno : 0;
}

void control_init(struct control *control, struct loop *loop,
		  const struct control_ops *ops, void *owner)
{
	*control = (struct control){
		.loop = loop,
		.ops = ops,
		.owner = owner,
		.listener.fd = -1,
		.retry.fd = -1,
		.reserve_fd = -1,
	};
	LIST_INIT(&control->clients);
}

int control_open(struct control *control, const char *path)
{
	__cleanup_close int fd = -1;
	int err;

	control->reserve_fd = open_reserve();
	if (control->reserve_fd < 0)
		return -errno;
	err = timer_add(control->loop, &control->retry, on_retry);
	if (err)
		return err;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	err = bind_socket(fd, path);
	if (err)
		return err;
	control->path = strdup(path);
	if (!control->path) {
		unlink(path);
		return -ENOMEM;
	}
	/*
	 * A client that waits for a supervisor watches the folder (await.c). The socket
	 * appears there before listen(); inotify reports this chmod(), too.
	 */
	if (listen(fd, BACKLOG) < 0 || chmod(path, 0600) < 0)
		return -errno;
	err = loop_add(control->loop, &control->listener, fd, EPOLLIN,
		       on_listener);
	if (!err)
		take_fd(&fd);
	return err;
}

void control_close(struct control *control)
{
	while (!LIST_EMPTY(&control->clients))
		client_close(LIST_FIRST(&control->clients));
	loop_close_source(control->loop, &control->listener);
	loop_close_source(control->loop, &control->retry);
	cleanup_close(&control->reserve_fd);
	if (control->path)
		unlink(control->path);
	free(control->path);
	control_init(control, control->loop, control->ops, control->owner);
}
