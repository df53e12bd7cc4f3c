// SPDX-License-Identifier: GPL-2.0
/* Tests how messages are split into lines, and reading their fields. */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/send_fds.h"
#include "control/protocol.h"
#include "tap.h"

static int pair[2];

static void open_pair(void)
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair))
		bail("socketpair: %s", strerror(errno));
}

static void close_pair(void)
{
	close(pair[0]);
	if (pair[1] >= 0)
		close(pair[1]);
}

static void put(const void *data, size_t len)
{
	if (write(pair[1], data, len) != (ssize_t)len)
		bail("write: %s", strerror(errno));
}

static void put_text(const char *text)
{
	put(text, strlen(text));
}

/* Reads all bytes on the socket; returns the result of inbox_next(). */
static int next(struct inbox *in, struct json_object **m)
{
	int ret;

	do {
		ret = inbox_next(in, m);
	} while (!ret && inbox_read(in, pair[0]) > 0);
	return ret;
}

/* The same, without the message. */
static int take(struct inbox *in)
{
	struct json_object *m;
	int ret = next(in, &m);

	if (ret > 0)
		json_object_put(m);
	return ret;
}

static void one_byte_at_a_time(void)
{
	static const char text[] = "{\"v\":1,\"op\":\"ps\"}\n";
	struct json_object *m;
	struct inbox in;
	int early = 0;

	open_pair();
	inbox_init(&in, 1024);
	for (size_t i = 0; i < strlen(text) - 1; i++) {
		put(text + i, 1);
		early += take(&in) != 0;
	}
	is_int(early, 0, "there is no message before its newline");
	put("\n", 1);
	is_int(next(&in, &m), 1, "there is a message after its newline");
	ok(object_is(m, "op", "ps"), "it is the message that was sent");
	json_object_put(m);
	is_int(take(&in), 0, "there is no second message");
	ok(!in.data, "an empty inbox has no memory");
	inbox_free(&in);
	close_pair();
}

static void several_at_once(void)
{
	struct json_object *m;
	struct inbox in;
	int n = 0, v = -1;

	open_pair();
	inbox_init(&in, 1024);
	put_text(
		"{\"v\":1,\"n\":0}\n{\"v\":1,\"n\":1}\n{\"v\":1,\"n\":2}\n{\"v\":1");
	while (next(&in, &m) > 0) {
		object_get_int(m, "n", &v);
		n += v == n;
		json_object_put(m);
	}
	is_int(n, 3, "three messages in one write come in order");
	put_text(",\"n\":3}\n");
	is_int(next(&in, &m), 1,
	       "a fourth message comes after its second half");
	object_get_int(m, "n", &v);
	is_int(v, 3, "it has the right content");
	json_object_put(m);
	inbox_free(&in);
	close_pair();
}

static void refuse(const char *line, int want)
{
	struct inbox in;

	open_pair();
	inbox_init(&in, 1024);
	put_text(line);
	is_int(take(&in), want, "%.*s", (int)strcspn(line, "\n"), line);
	inbox_free(&in);
	close_pair();
}

static void malformed(void)
{
	refuse("\n", -EBADMSG);
	refuse("   \n", -EBADMSG);
	refuse("hello\n", -EBADMSG);
	refuse("7\n", -EBADMSG);
	refuse("null\n", -EBADMSG);
	refuse("\"v\"\n", -EBADMSG);
	refuse("[{\"v\":1}]\n", -EBADMSG);
	refuse("{\"v\":1\n}\n", -EBADMSG);
	refuse("{\"v\":1,}\n", -EBADMSG);
	refuse("{\"v\":1} x\n", -EBADMSG);
	refuse("{\"v\":1}{\"v\":1}\n", -EBADMSG);
	refuse("{\"v\":1,\"a\":[[[[[[[[[[]]]]]]]]]]}\n", -EBADMSG);
	refuse("{}\n", -EPROTO);
	refuse("{\"v\":2}\n", -EPROTO);
	refuse("{\"v\":\"1\"}\n", -EPROTO);
	refuse("{\"v\":1.0}\n", -EPROTO);
	refuse("{\"v\":null}\n", -EPROTO);
	refuse("{\"v\":1}\n", 1);
	refuse(" {\"v\":1} \n", 1);
}

static void nul_bytes(void)
{
	struct inbox in;

	open_pair();
	inbox_init(&in, 1024);
	put("{\"v\":1}\0\n", 9);
	is_int(take(&in), -EBADMSG, "a NUL behind an object is refused");
	inbox_free(&in);
	close_pair();

	open_pair();
	inbox_init(&in, 1024);
	put("{\"v\":1,\0\"a\":2}\n", 15);
	is_int(take(&in), -EBADMSG, "a NUL inside an object is refused");
	inbox_free(&in);
	close_pair();
}

static void limits(void)
{
	char text[64];
	struct inbox in;

	/* A message of the greatest length, and of one byte more. */
	snprintf(text, sizeof(text), "{\"v\":1,\"a\":\"%s\"}\n", "xxxxxxxx");
	open_pair();
	inbox_init(&in, strlen(text) - 1);
	put_text(text);
	is_int(take(&in), 1, "a message of the greatest length is accepted");
	inbox_free(&in);
	inbox_init(&in, strlen(text) - 2);
	put_text(text);
	is_int(take(&in), -EMSGSIZE, "a message of one byte more is refused");
	inbox_free(&in);
	close_pair();

	open_pair();
	inbox_init(&in, 8);
	put_text("{\"v\":1,\"a");
	is_int(take(&in), -EMSGSIZE,
	       "half a message that is too long is refused");
	inbox_free(&in);
	close_pair();
}

static void end_of_stream(void)
{
	struct json_object *m;
	struct inbox in;

	open_pair();
	inbox_init(&in, 1024);
	is_int(inbox_read(&in, pair[0]), -EAGAIN,
	       "reading from an empty socket returns EAGAIN");
	put_text("{\"v\":1,\"op\":");
	close(pair[1]);
	pair[1] = -1;
	is_int(inbox_read(&in, pair[0]), 1, "half a message is read");
	is_int(inbox_read(&in, pair[0]), 0, "then the end is read");
	is_int(inbox_next(&in, &m), 0, "half a message is no message");
	inbox_free(&in);
	close_pair();
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void descriptors(void)
{
	struct json_object *m = NULL;
	struct inbox in;
	int first, fd;

	open_pair();
	inbox_init(&in, 1024);
	is_int(in.fd, -1, "no descriptor has come at first");
	in.takes_fd = true;
	fd = dup(0);
	is_int(send_fds(pair[1], "{\"v\":1,", 7, &fd, 1), 0,
	       "a descriptor is sent with half a message");
	put_text("\"op\":\"x\"}\n");
	while (inbox_read(&in, pair[0]) > 0)
		;
	is_int(inbox_next(&in, &m), 1, "the message comes");
	json_object_put(m);
	first = in.fd;
	ok(first >= 0 && first != fd && is_open(first), "with a descriptor");
	ok(fcntl(first, F_GETFD) & FD_CLOEXEC, "which no program inherits");
	send_fds(pair[1], "{", 1, &fd, 1);
	is_int(inbox_read(&in, pair[0]), 1, "another one comes");
	ok(in.fd >= 0, "and is kept");
	fd = in.fd;
	inbox_free(&in);
	ok(in.fd == -1 && !is_open(fd), "it is closed with the inbox");
	close_pair();
}

/* A large message over a socket that takes only parts of it. */
static void partial_writes(void)
{
	struct json_object *m, *back = NULL;
	struct object start;
	size_t len = 700000;
	struct outbox out = { 0 };
	struct inbox in;
	const char *got;
	char *text;
	int full = 0, ret = 0;

	text = malloc(len + 1);
	for (size_t i = 0; i < len; i++)
		text[i] = 'a' + i % 26;
	text[len] = '\0';
	open_pair();
	inbox_init(&in, PROTOCOL_REQUEST_MAX);
	start = message_begin("start", NULL);
	object_add_string(&start, "id", text);
	m = object_done(&start);
	is_int(outbox_add(&out, m), 0, "a large message is queued");
	json_object_put(m);
	m = message_new("second", NULL);

	while (ret <= 0) {
		int sent = outbox_flush(&out, pair[1]);

		if (sent < 0)
			bail("outbox_flush: %s", strerror(-sent));
		full += !sent;
		/* Queue another message behind the one that is half sent. */
		if (!sent && full == 1)
			outbox_add(&out, m);
		ret = next(&in, &back);
		if (ret < 0)
			bail("inbox_next: %s", strerror(-ret));
	}
	json_object_put(m);
	ok(full > 0, "the socket was full meanwhile");
	ok(!object_get_string(back, "id", &got) && !strcmp(got, text),
	   "the message arrives complete");
	json_object_put(back);
	is_int(outbox_flush(&out, pair[1]), 1, "the rest is sent");
	is_int(next(&in, &back), 1, "the message queued behind it arrives");
	ok(object_is(back, "op", "second"), "it has the right content");
	json_object_put(back);
	ok(outbox_empty(&out) && !out.data, "an empty outbox has no memory");
	inbox_free(&in);
	free(text);
	close_pair();
}

static void peer_gone(void)
{
	struct json_object *m = message_new("ps", NULL);
	struct outbox out = { 0 };

	open_pair();
	close(pair[1]);
	pair[1] = -1;
	outbox_add(&out, m);
	is_int(outbox_flush(&out, pair[0]), -EPIPE,
	       "sending to a closed socket returns EPIPE without a signal");
	outbox_free(&out);
	json_object_put(m);
	close_pair();
}

static void fields(void)
{
	struct json_object *m = json_tokener_parse(
		"{\"s\":\"x\",\"z\":\"a\\u0000b\",\"i\":7,\"n\":-1,"
		"\"b\":true,\"big\":18446744073709551615,\"l\":4294967296,"
		"\"null\":null}");
	const char *s;
	uint64_t u;
	bool b;
	int i;

	is_int(object_get_string(m, "s", &s), 0, "a string is read");
	is_int(object_get_string(m, "none", &s), -ENOENT, "none");
	is_int(object_get_string(m, "null", &s), -ENOENT, "null");
	is_int(object_get_string(m, "i", &s), -EINVAL,
	       "a number is not a string");
	is_int(object_get_string(m, "z", &s), -EINVAL,
	       "a string with a NUL is refused");
	is_int(object_get_u64(m, "big", &u), 0, "the greatest u64 is read");
	ok(u == UINT64_MAX, "it has its value");
	is_int(object_get_u64(m, "n", &u), -EINVAL,
	       "a negative u64 is refused");
	is_int(object_get_int(m, "n", &i), 0, "a negative int is read");
	is_int(i, -1, "it has its value");
	is_int(object_get_int(m, "l", &i), -EINVAL,
	       "an int that is too large is refused");
	is_int(object_get_bool(m, "b", &b), 0, "a boolean is read");
	is_int(object_get_bool(m, "i", &b), -EINVAL,
	       "a number is not a boolean");
	json_object_put(m);

	m = message_error("run", 127, "not \"there\"\n");
	ok(object_is(m, "op", "run") && object_is(m, "type", "error") &&
		   object_is(m, "text", "not \"there\"\n") &&
		   !object_get_int(m, "code", &i) && i == 127,
	   "an error has its code and text");
	json_object_put(m);
}

int main(void)
{
	one_byte_at_a_time();
	several_at_once();
	malformed();
	nul_bytes();
	limits();
	end_of_stream();
	descriptors();
	partial_writes();
	peer_gone();
	fields();
	return tap_end();
}
