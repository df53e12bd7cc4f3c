// SPDX-License-Identifier: GPL-2.0
/* Framing of messages and their fields. */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

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

/* Reads what is there; what inbox_next() says then. */
static int next(struct inbox *in, struct json_object **m)
{
	int ret;

	do {
		ret = inbox_next(in, m);
	} while (!ret && inbox_read(in, pair[0]) > 0);
	return ret;
}

/* Takes one message and forgets it. */
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
	is_int(early, 0, "no message before its newline");
	put("\n", 1);
	is_int(next(&in, &m), 1, "a message with it");
	ok(object_is(m, "op", "ps"), "it is the one that was sent");
	json_object_put(m);
	is_int(take(&in), 0, "no second one");
	ok(!in.data, "an idle inbox holds no memory");
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
	is_int(n, 3, "three messages of one write, in order");
	put_text(",\"n\":3}\n");
	is_int(next(&in, &m), 1, "the fourth, whose half came with them");
	object_get_int(m, "n", &v);
	is_int(v, 3, "it is the fourth");
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
	is_int(take(&in), -EBADMSG, "a NUL behind the object");
	inbox_free(&in);
	close_pair();

	open_pair();
	inbox_init(&in, 1024);
	put("{\"v\":1,\0\"a\":2}\n", 15);
	is_int(take(&in), -EBADMSG, "a NUL inside the object");
	inbox_free(&in);
	close_pair();
}

static void limits(void)
{
	char text[64];
	struct inbox in;

	/* {"v":1,"a":"xxx"} of just the longest length, and one more. */
	snprintf(text, sizeof(text), "{\"v\":1,\"a\":\"%s\"}\n", "xxxxxxxx");
	open_pair();
	inbox_init(&in, strlen(text) - 1);
	put_text(text);
	is_int(take(&in), 1, "a message of the longest length");
	inbox_free(&in);
	inbox_init(&in, strlen(text) - 2);
	put_text(text);
	is_int(take(&in), -EMSGSIZE, "one byte more is refused");
	inbox_free(&in);
	close_pair();

	open_pair();
	inbox_init(&in, 8);
	put_text("{\"v\":1,\"a");
	is_int(take(&in), -EMSGSIZE, "and so is one whose end never comes");
	inbox_free(&in);
	close_pair();
}

static void end_of_stream(void)
{
	struct json_object *m;
	struct inbox in;

	open_pair();
	inbox_init(&in, 1024);
	is_int(inbox_read(&in, pair[0]), -EAGAIN, "nothing there");
	put_text("{\"v\":1,\"op\":");
	close(pair[1]);
	pair[1] = -1;
	is_int(inbox_read(&in, pair[0]), 1, "half a message");
	is_int(inbox_read(&in, pair[0]), 0, "and then the end");
	is_int(inbox_next(&in, &m), 0, "is no message");
	inbox_free(&in);
	close_pair();
}

/* A large message over a socket that takes only pieces of it. */
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
	is_int(outbox_add(&out, m), 0, "queue a large message");
	json_object_put(m);
	m = message_new("second", NULL);

	while (ret <= 0) {
		int sent = outbox_flush(&out, pair[1]);

		if (sent < 0)
			bail("outbox_flush: %s", strerror(-sent));
		full += !sent;
		/* More is queued behind what is half sent. */
		if (!sent && full == 1)
			outbox_add(&out, m);
		ret = next(&in, &back);
		if (ret < 0)
			bail("inbox_next: %s", strerror(-ret));
	}
	json_object_put(m);
	ok(full > 0, "the socket was full in between");
	ok(!object_get_string(back, "id", &got) && !strcmp(got, text),
	   "it comes out whole");
	json_object_put(back);
	is_int(outbox_flush(&out, pair[1]), 1, "the rest is sent");
	is_int(next(&in, &back), 1, "the message queued behind it");
	ok(object_is(back, "op", "second"), "comes out behind it");
	json_object_put(back);
	ok(outbox_empty(&out) && !out.data, "an empty outbox holds no memory");
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
	       "a peer that is gone is an error, not a signal");
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

	is_int(object_get_string(m, "s", &s), 0, "a string");
	is_int(object_get_string(m, "none", &s), -ENOENT, "none");
	is_int(object_get_string(m, "null", &s), -ENOENT, "null");
	is_int(object_get_string(m, "i", &s), -EINVAL, "a number is none");
	is_int(object_get_string(m, "z", &s), -EINVAL, "a NUL in a string");
	is_int(object_get_u64(m, "big", &u), 0, "the largest u64");
	ok(u == UINT64_MAX, "is what it is");
	is_int(object_get_u64(m, "n", &u), -EINVAL, "a negative u64");
	is_int(object_get_int(m, "n", &i), 0, "a negative int");
	is_int(i, -1, "is what it is");
	is_int(object_get_int(m, "l", &i), -EINVAL, "an int too large");
	is_int(object_get_bool(m, "b", &b), 0, "a boolean");
	is_int(object_get_bool(m, "i", &b), -EINVAL, "a number is none");
	json_object_put(m);

	m = message_error("run", 127, "not \"there\"\n");
	ok(object_is(m, "op", "run") && object_is(m, "type", "error") &&
		   object_is(m, "text", "not \"there\"\n") &&
		   !object_get_int(m, "code", &i) && i == 127,
	   "an error");
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
	partial_writes();
	peer_gone();
	fields();
	return tap_end();
}
