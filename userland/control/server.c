// SPDX-License-Identifier: GPL-2.0
/* The control socket, see server.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "server.h"
#include "supervisor/operations.h"
#include "base/report.h"
#include "supervisor/supervisor.h"

#define BACKLOG 128

static int open_reserve(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Stop accepting; a timer goes on, should nobody here close anything. */
static void control_pause(struct supervisor *supervisor)
{
	static const struct itimerspec second = { .it_value.tv_sec = 1 };
	struct control *control = &supervisor->control;

	loop_modify(&supervisor->loop, &control->listener, 0);
	timerfd_settime(control->retry.fd, 0, &second, NULL);
}

void control_resume(struct supervisor *supervisor)
{
	struct control *control = &supervisor->control;

	if (control->listener.fd < 0 || control->reserve_fd >= 0)
		return;
	control->reserve_fd = open_reserve();
	if (control->reserve_fd < 0)
		control_pause(supervisor);
	else
		loop_modify(&supervisor->loop, &control->listener, EPOLLIN);
}

static void client_close(struct client *client)
{
	struct supervisor *supervisor = client->supervisor;
	int fd = client->source.fd;

	waiters_drop(&client->waiters);
	LIST_REMOVE(client, link);
	supervisor->control.n_clients--;
	loop_remove(&supervisor->loop, &client->source);
	close(fd);
	inbox_free(&client->in);
	outbox_free(&client->out);
	free(client);
	control_resume(supervisor);
}

/* Whether nothing will come of this connection any more. */
static bool client_is_done(const struct client *client)
{
	if (!outbox_empty(&client->out))
		return false;
	return client->closing ||
	       (client->ended_input && LIST_EMPTY(&client->waiters));
}

/*
 * Ask for what the client may do next. A hang-up is always told, and made here
 * where the client is of no use any more: the loop then closes it.
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
	if (loop_modify(&client->supervisor->loop, &client->source, events))
		shutdown(client->source.fd, SHUT_RDWR);
}

void client_flush(struct client *client)
{
	/* An error means that the peer is gone, and the loop will say so. */
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

void client_reply_error(struct client *client, const char *op, int code,
			const char *fmt, ...)
{
	__cleanup_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	client_reply(client, text ? message_error(op, code, text) : NULL);
}

/* The stream can no longer be understood: say why, and close. */
static void client_refuse(struct client *client, int err)
{
	const char *text = strerror(-err);
	char buf[80];

	if (err == -EMSGSIZE) {
		snprintf(buf, sizeof(buf), "message longer than %zu bytes",
			 client->in.max);
		text = buf;
	} else if (err == -EPROTO) {
		snprintf(buf, sizeof(buf), "protocol version is not %d",
			 PROTOCOL_VERSION);
		text = buf;
	} else if (err == -EBADMSG) {
		text = "message is not a JSON object";
	}
	client->closing = true;
	client_reply_error(client, NULL, EXIT_FAILED, "request refused: %s",
			   text);
}

/* Take requests as long as their answers leave at once. */
static void client_process(struct client *client)
{
	while (!client->closing && outbox_empty(&client->out)) {
		struct json_object *m;
		int ret = inbox_next(&client->in, &m);

		if (ret < 0)
			client_refuse(client, ret);
		if (ret <= 0)
			break;
		operation_run(client, m);
		json_object_put(m);
	}
}

static void on_client(struct loop_source *source, uint32_t events)
{
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

static int client_new(struct supervisor *supervisor, int fd)
{
	struct client *client = calloc(1, sizeof(*client));
	int err;

	if (!client)
		return -ENOMEM;
	client->supervisor = supervisor;
	inbox_init(&client->in, PROTOCOL_REQUEST_MAX);
	LIST_INIT(&client->waiters);
	err = loop_add(&supervisor->loop, &client->source, fd, EPOLLIN,
		       on_client);
	if (err) {
		free(client);
		return err;
	}
	LIST_INSERT_HEAD(&supervisor->control.clients, client, link);
	supervisor->control.n_clients++;
	return 0;
}

/* Tell who is on the other side, and close. */
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
 * No descriptor is left. The one in reserve takes the connection, tells why and
 * is put back; where that fails, accepting waits for control_resume().
 */
static void refuse_connection(struct supervisor *supervisor, int err)
{
	struct control *control = &supervisor->control;
	int fd;

	if (control->reserve_fd >= 0)
		close(control->reserve_fd);
	fd = accept4(control->listener.fd, NULL, NULL,
		     SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0)
		refuse_client(fd, strerror(-err));
	control->reserve_fd = open_reserve();
	if (control->reserve_fd < 0)
		control_pause(supervisor);
	report(err, "accepting a client");
}

/* Until control_resume(), which looks whether the reserve is there. */
static void control_rest(struct supervisor *supervisor)
{
	struct control *control = &supervisor->control;

	cleanup_close(&control->reserve_fd);
	control->reserve_fd = -1;
	control_pause(supervisor);
}

/* Whether they have their half; said once, until one more had room. */
static bool is_full(struct control *control)
{
	bool was_full = control->full;
	struct rlimit limit;

	control->full = !getrlimit(RLIMIT_NOFILE, &limit) &&
			control->n_clients >= limit.rlim_cur / 2;
	if (control->full && !was_full)
		report(0, "%u clients, which is as many as there may be",
		       control->n_clients);
	return control->full;
}

static void on_retry(struct loop_source *source, uint32_t events)
{
	struct control *control = loop_container(source, struct control, retry);
	uint64_t expired;

	(void)events;
	if (read(source->fd, &expired, sizeof(expired)) < 0)
		return;
	control_resume(loop_container(control, struct supervisor, control));
}

static int make_timer(struct supervisor *supervisor)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	int err;

	if (fd < 0)
		return -errno;
	err = loop_add(&supervisor->loop, &supervisor->control.retry, fd,
		       EPOLLIN, on_retry);
	if (err)
		close(fd);
	return err;
}

static void on_listener(struct loop_source *source, uint32_t events)
{
	struct control *control = loop_container(source, struct control,
						 listener);
	struct supervisor *supervisor = loop_container(
		control, struct supervisor, control);
	int err = 0, fd;

	(void)events;
	fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		err = -errno;
	else if (is_full(control))
		refuse_client(fd, "too many clients");
	else
		err = client_new(supervisor, fd);
	switch (err) {
	case 0:
	case -EAGAIN:
	case -EINTR:
	case -ECONNABORTED:
		break;
	case -EMFILE:
	case -ENFILE:
		refuse_connection(supervisor, err);
		break;
	default:
		report(err, "accepting a client");
		/* It is still in the queue, and would be told of at once. */
		if (fd < 0)
			control_rest(supervisor);
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

	/* The lock is held: a socket that is there belongs to nobody. */
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	mask = umask(0177);
	ret = bind(fd, (struct sockaddr *)&address, sizeof(address));
	umask(mask);
	return ret < 0 ? -errno : 0;
}

void control_init(struct control *control)
{
	LIST_INIT(&control->clients);
	control->n_clients = 0;
	control->full = false;
	control->path = NULL;
	control->listener.fd = -1;
	control->retry.fd = -1;
	control->reserve_fd = -1;
}

int control_open(struct supervisor *supervisor, const char *path)
{
	struct control *control = &supervisor->control;
	__cleanup_close int fd = -1;
	int err;

	control->reserve_fd = open_reserve();
	if (control->reserve_fd < 0)
		return -errno;
	err = make_timer(supervisor);
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
	 * Who waits for a supervisor watches the folder, and that the socket
	 * appears there is too early to connect: a change of its mode is told.
	 */
	if (listen(fd, BACKLOG) < 0 || chmod(path, 0600) < 0)
		return -errno;
	err = loop_add(&supervisor->loop, &control->listener, fd, EPOLLIN,
		       on_listener);
	if (!err)
		fd = -1;
	return err;
}

void control_close(struct supervisor *supervisor)
{
	struct control *control = &supervisor->control;
	int fd = control->listener.fd, timer = control->retry.fd;

	while (!LIST_EMPTY(&control->clients))
		client_close(LIST_FIRST(&control->clients));
	loop_remove(&supervisor->loop, &control->listener);
	loop_remove(&supervisor->loop, &control->retry);
	cleanup_close(&fd);
	cleanup_close(&timer);
	cleanup_close(&control->reserve_fd);
	if (control->path)
		unlink(control->path);
	free(control->path);
	control_init(control);
}
