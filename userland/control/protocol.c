// SPDX-License-Identifier: GPL-2.0
/* Framing and fields of control messages, see protocol.h. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/send_fds.h"
#include "protocol.h"

#define READ_SIZE 16384
/* The deepest nesting of a message; objects with arrays of strings are enough. */
#define MAX_DEPTH 8

void inbox_init(struct inbox *in, size_t max)
{
	*in = (struct inbox){ .max = max, .fd = -1 };
}

/* Free the bytes; a descriptor that came stays. */
static void free_bytes(struct inbox *in)
{
	free(in->data);
	in->data = NULL;
	in->len = in->size = in->scanned = 0;
}

void inbox_free(struct inbox *in)
{
	free_bytes(in);
	cleanup_close(&in->fd);
	inbox_init(in, in->max);
}

/* As read(), but keep a descriptor that comes with the bytes. */
static ssize_t read_with_fd(struct inbox *in, int fd)
{
	int fds[SEND_FDS_MAX];
	ssize_t n = receive_fds(fd, in->data + in->len, READ_SIZE, fds);

	for (int i = 0; n >= 0 && i < SEND_FDS_MAX; i++) {
		if (fds[i] < 0)
			continue;
		cleanup_close(&in->fd);
		in->fd = fds[i];
	}
	if (n < 0)
		errno = -n;
	return n < 0 ? -1 : n;
}

int inbox_read(struct inbox *in, int fd)
{
	ssize_t n;

	if (in->size - in->len < READ_SIZE) {
		size_t size = in->size ? in->size * 2 : READ_SIZE;
		char *data = realloc(in->data, size);

		if (!data)
			return -ENOMEM;
		in->data = data;
		in->size = size;
	}
	do {
		n = in->takes_fd ? read_with_fd(in, fd) :
				   read(fd, in->data + in->len, READ_SIZE);
	} while (n < 0 && errno == EINTR);
	if (n > 0) {
		in->len += n;
		return 1;
	}
	n = n < 0 ? -errno : 0;
	if (!in->len)
		free_bytes(in);
	return n;
}

/* The most memory that an object needs for a byte of its text: "[0,0,0". */
#define MEMORY_PER_BYTE 64

/*
 * json-c's parser does not check its allocations: if one fails, it crashes or omits a
 * part of a string. So check before that there is enough memory.
 */
static bool has_memory_for(size_t len)
{
	void *volatile p = malloc(READ_SIZE + len * MEMORY_PER_BYTE);

	free(p);
	return p;
}

static int parse_message(const char *text, size_t len,
			 struct json_object **message)
{
	struct json_tokener *tokener;
	struct json_object *m;
	int version;

	/* The tokener stops at a NUL. */
	if (memchr(text, '\0', len))
		return -EBADMSG;
	if (!has_memory_for(len))
		return -ENOMEM;
	tokener = json_tokener_new_ex(MAX_DEPTH);
	if (!tokener)
		return -ENOMEM;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	m = json_tokener_parse_ex(tokener, text, len);
	/* NULL: the object is incomplete. Nothing may follow the object on its line. */
	json_tokener_free(tokener);

	if (!json_object_is_type(m, json_type_object)) {
		json_object_put(m);
		return -EBADMSG;
	}
	if (object_get_int(m, "v", &version) || version != PROTOCOL_VERSION) {
		json_object_put(m);
		return -EPROTO;
	}
	*message = m;
	return 1;
}

/* Forget the first @n bytes. */
static void inbox_drop(struct inbox *in, size_t n)
{
	in->len -= n;
	in->scanned = 0;
	if (!in->len) {
		/* An idle connection needs no memory. */
		free_bytes(in);
		return;
	}
	memmove(in->data, in->data + n, in->len);
}

int inbox_next(struct inbox *in, struct json_object **message)
{
	char *newline;
	size_t len;
	int ret;

	if (in->len == in->scanned)
		return 0;
	newline = memchr(in->data + in->scanned, '\n', in->len - in->scanned);
	if (!newline) {
		in->scanned = in->len;
		return in->len > in->max ? -EMSGSIZE : 0;
	}

	len = newline - in->data;
	if (len > in->max)
		return -EMSGSIZE;
	ret = parse_message(in->data, len, message);
	if (ret > 0)
		inbox_drop(in, len + 1);
	return ret;
}

int outbox_add(struct outbox *out, struct json_object *message)
{
	const char *text;
	size_t len, kept = out->len - out->sent;
	char *data;

	text = json_line(message, &len);
	if (!text)
		return -ENOMEM;
	if (out->sent) {
		memmove(out->data, out->data + out->sent, kept);
		out->len = kept;
		out->sent = 0;
	}
	data = realloc(out->data, kept + len + 1);
	if (!data)
		return -ENOMEM;
	memcpy(data + kept, text, len);
	data[kept + len] = '\n';
	out->data = data;
	out->len = kept + len + 1;
	return 0;
}

int outbox_flush(struct outbox *out, int fd)
{
	while (!outbox_empty(out)) {
		ssize_t n = send(fd, out->data + out->sent,
				 out->len - out->sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n < 0)
			return -errno;
		out->sent += n;
	}
	outbox_free(out);
	return 1;
}

void outbox_free(struct outbox *out)
{
	free(out->data);
	*out = (struct outbox){ 0 };
}

struct object message_begin(const char *op, const char *type)
{
	struct object m = object_new();

	object_add_int(&m, "v", PROTOCOL_VERSION);
	if (op)
		object_add_string(&m, "op", op);
	if (type)
		object_add_string(&m, "type", type);
	return m;
}

struct json_object *message_new(const char *op, const char *type)
{
	struct object m = message_begin(op, type);

	return object_done(&m);
}

struct json_object *message_error(const char *op, int code, const char *text)
{
	struct object m = message_begin(op, "error");

	object_add_int(&m, "code", code);
	object_add_string(&m, "text", text);
	return object_done(&m);
}
