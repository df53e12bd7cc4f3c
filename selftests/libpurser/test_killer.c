// SPDX-License-Identifier: GPL-2.0
/* Tests the killer of a container: decoded from messages, as JSON, and for people. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "view/display.h"
#include "base/escape.h"
#include "view/json.h"
#include "libpurser/record.h"
#include "tap.h"
#include "cases.h"

#define C(name) PURSER_A_CONTAINER_##name
#define K(name) PURSER_A_KILLER_##name

#define PLAIN (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

static struct nl_msg *container(void)
{
	struct nl_msg *msg = nlmsg_alloc();

	genlmsg_put(msg, 0, 1, 30, 0, 0, PURSER_CMD_GET, 1);
	nla_put_u64(msg, C(ID), 1);
	nla_put_string(msg, C(NAME), "a");
	nla_put_u32(msg, C(PID), 2);
	nla_put_u32(msg, C(STATE), PURSER_STATE_EXITED);
	return msg;
}

static struct nl_msg *killed_by(uint32_t pid, uint32_t uid, const char *comm)
{
	struct nl_msg *msg = container();
	struct nlattr *nest = nla_nest_start(msg, C(KILLER));

	nla_put_u32(msg, K(PID), pid);
	nla_put_u32(msg, K(UID), uid);
	nla_put_string(msg, K(COMM), comm);
	nla_nest_end(msg, nest);
	return msg;
}

/*
 * Decodes the first @len bytes in a block of their own, so that the sanitizer sees reads
 * beyond the end.
 */
static int decode_first(struct nl_msg *msg, size_t len,
			struct purser_container *c)
{
	struct nlmsghdr *h = malloc(len);
	int err;

	memcpy(h, nlmsg_hdr(msg), len);
	h->nlmsg_len = len;
	memset(c, 0x5a, sizeof(*c));
	err = record_decode_container(h, c);
	free(h);
	return err;
}

static int decode(struct nl_msg *msg, struct purser_container *c)
{
	int err = decode_first(msg, nlmsg_hdr(msg)->nlmsg_len, c);

	nlmsg_free(msg);
	return err;
}

static bool untouched(const struct purser_container *c)
{
	const unsigned char *s = (const void *)c;

	for (size_t i = 0; i < sizeof(*c); i++)
		if (s[i] != 0x5a)
			return false;
	return true;
}

/* A point: decoding fails with EBADMSG and does not touch the record. */
static void refused(struct nl_msg *msg, const char *what)
{
	struct purser_container c;
	int err = decode(msg, &c);

	ok(err == -EBADMSG && untouched(&c), "%s: %d", what, err);
}

static bool is_killer(const struct purser_container *c, pid_t pid, uint32_t uid,
		      const char *comm)
{
	return c->has_killer && c->killer.pid == pid && c->killer.uid == uid &&
	       !strcmp(c->killer.comm, comm);
}

static void test_whole(void)
{
	struct purser_container c;
	struct nl_msg *msg;
	struct nlattr *nest;

	ok(!decode(killed_by(4711, 1000, "bash"), &c) &&
		   is_killer(&c, 4711, 1000, "bash") && !c.oom_scope,
	   "a killer is decoded");
	ok(!decode(killed_by(0, 0, "kernel"), &c) &&
		   is_killer(&c, 0, 0, "kernel"),
	   "the kernel as the killer is decoded");
	ok(!decode(killed_by(1, 0xffffffff, ""), &c) &&
		   is_killer(&c, 1, 0xffffffff, ""),
	   "a killer with the greatest uid and an empty name is decoded");
	ok(!decode(killed_by(1, 0, "123456789012345"), &c) &&
		   is_killer(&c, 1, 0, "123456789012345"),
	   "a killer with the longest name is decoded");
	ok(!decode(killed_by(1, 0, "\x1b\xff\n"), &c) &&
		   is_killer(&c, 1, 0, "\x1b\xff\n"),
	   "the bytes of a killer's name are kept");
	ok(!decode(container(), &c) && !c.has_killer && !c.oom_scope,
	   "a record without killer and OOM scope is decoded");

	/* "crossed_by", the task that crossed a limit, has the same attributes. */
	msg = killed_by(7, 8, "x");
	nest = nlmsg_find_attr(nlmsg_hdr(msg), GENL_HDRLEN, C(KILLER));
	nest->nla_type = C(CROSSED_BY) | NLA_F_NESTED;
	ok(!decode(msg, &c) && !c.has_killer && c.has_crossed_by &&
		   c.crossed_by.pid == 7 && c.crossed_by.uid == 8 &&
		   !strcmp(c.crossed_by.comm, "x"),
	   "the task that crossed a limit is decoded");
	msg = container();
	nla_put(msg, C(CROSSED_BY), 3, "abc");
	refused(msg, "crossed_by shorter than an attribute is refused");

	msg = container();
	nla_put_u32(msg, C(OOM_SCOPE), PURSER_OOM_SCOPE_CGROUP);
	ok(!decode(msg, &c) && !c.has_killer &&
		   c.oom_scope == PURSER_OOM_SCOPE_CGROUP,
	   "an OOM scope is decoded");
	msg = killed_by(7, 8, "x");
	nla_put_u32(msg, C(OOM_SCOPE), 77);
	ok(!decode(msg, &c) && is_killer(&c, 7, 8, "x") &&
		   !strcmp(purser_oom_scope_name(c.oom_scope), "unknown"),
	   "an unknown OOM scope is \"unknown\"");
}

/* Returns a record whose killer has attribute @attr with @len bytes of @byte. */
static struct nl_msg *with_odd(int attr, size_t len, char byte)
{
	struct nl_msg *msg = container();
	struct nlattr *nest = nla_nest_start(msg, C(KILLER));
	char bytes[64];

	memset(bytes, byte, sizeof(bytes));
	if (attr != K(PID))
		nla_put_u32(msg, K(PID), 1);
	if (attr != K(UID))
		nla_put_u32(msg, K(UID), 2);
	if (attr != K(COMM))
		nla_put_string(msg, K(COMM), "c");
	nla_put(msg, attr, len, bytes);
	nla_nest_end(msg, nest);
	return msg;
}

static void test_broken(void)
{
	static const int attrs[] = { K(PID), K(UID), K(COMM) };
	struct purser_container c;
	struct nl_msg *msg;
	struct nlattr *nest;

	for (size_t i = 0; i < ARRAY_SIZE(attrs); i++) {
		refused(with_odd(attrs[i], 0, 0),
			"a killer with an empty attribute is refused");
		refused(with_odd(attrs[i], 17, 0),
			"a killer with an attribute of 17 bytes is refused");
		/* Turn the attribute into an unknown one, so that it is missing. */
		msg = with_odd(attrs[i], 4, 0);
		nest = nlmsg_find_attr(nlmsg_hdr(msg), GENL_HDRLEN, C(KILLER));
		nest = nla_find(nla_data(nest), nla_len(nest), attrs[i]);
		nest->nla_type = PURSER_A_KILLER_MAX + 1;
		refused(msg,
			"a killer without one of its attributes is refused");
	}
	refused(with_odd(K(PID), 3, 0), "a killer's pid of 3 bytes is refused");
	refused(with_odd(K(PID), 4, 0xff), "a killer's pid of -1 is refused");
	refused(with_odd(K(COMM), 8, 'x'),
		"a killer's name without a NUL is refused");
	refused(with_odd(K(COMM), 16, 'x'),
		"a killer's name of 16 bytes without a NUL is refused");
	ok(!decode(with_odd(PURSER_A_KILLER_MAX + 1, 8, 'x'), &c) &&
		   is_killer(&c, 1, 2, "c"),
	   "an unknown attribute of a killer is ignored");

	msg = container();
	nla_put(msg, C(KILLER), 0, NULL);
	refused(msg, "a killer without attributes is refused");
	msg = container();
	nla_put(msg, C(KILLER), 3, "abc");
	refused(msg, "a killer shorter than an attribute is refused");
	msg = container();
	nla_put(msg, C(OOM_SCOPE), 3, "abc");
	refused(msg, "an OOM scope of 3 bytes is refused");
	msg = container();
	nla_put_u64(msg, C(OOM_SCOPE), 1);
	refused(msg, "an OOM scope of 8 bytes is refused");

	/* An attribute of the killer reaches beyond its end, and beyond the message. */
	for (int len = 0; len < 0x10000; len += 0xffff / 3) {
		msg = killed_by(1, 2, "c");
		nest = nlmsg_find_attr(nlmsg_hdr(msg), GENL_HDRLEN, C(KILLER));
		((struct nlattr *)nla_data(nest))->nla_len = len;
		refused(msg,
			"a killer's attribute with a wrong length is refused");
	}
}

/* Cuts the message at every length: nothing beyond the end may be read. */
static void test_truncated(void)
{
	struct nl_msg *msg = killed_by(4711, 1000, "bash");
	size_t whole = nlmsg_hdr(msg)->nlmsg_len;
	struct purser_container c;
	int half = 0;

	for (size_t len = NLMSG_HDRLEN; len < whole; len++) {
		if (decode_first(msg, len, &c))
			half += !untouched(&c);
		else
			half += c.has_killer;
	}
	is_int(half, 0,
	       "a message that is cut short has a whole killer or none");
	nlmsg_free(msg);
}

/* A killer of random bytes is refused or decoded. */
static void test_garbage(void)
{
	struct purser_container c;
	unsigned char bytes[40];
	int bad = 0;

	srand(4711);
	for (int i = 0; i < 20000; i++) {
		struct nl_msg *msg = container();
		size_t len = rand() % sizeof(bytes);
		int err;

		for (size_t k = 0; k < len; k++)
			bytes[k] = rand() % 3 ? rand() % 12 : rand();
		nla_put(msg, C(KILLER), len, bytes);
		err = decode(msg, &c);
		if (err)
			bad += err != -EBADMSG || !untouched(&c);
		else
			bad += !memchr(c.killer.comm, 0,
				       sizeof(c.killer.comm)) ||
			       c.killer.pid < 0;
	}
	is_int(bad, 0, "a killer of random bytes is refused or decoded");
}

static void is_killer_json(const char *comm, const char *want)
{
	struct purser_container c = { .has_killer = true };
	struct json_object *o, *back;
	const char *text;

	c.killer = (struct purser_killer){ .pid = 3, .uid = 0xffffffff };
	snprintf(c.killer.comm, sizeof(c.killer.comm), "%s", comm);
	o = purser_container_json(&c);
	text = json_object_to_json_string_ext(
		json_object_object_get(o, "killer"), PLAIN);
	is_str(text, want, "the JSON of a killer with the name %s",
	       shown(comm));
	back = json_tokener_parse(text);
	ok(back && text_is_printable(text, strlen(text)),
	   "that text is JSON and printable");
	json_object_put(back);
	json_object_put(o);
}

static void test_json(void)
{
	struct purser_container c = { .name = "a" };
	struct json_object *o = purser_container_json(&c), *v;

	ok(json_object_object_get_ex(o, "killer", &v) && !v,
	   "without a killer the JSON has null");
	ok(json_object_object_get_ex(o, "oom_scope", &v) && !v,
	   "without an OOM scope the JSON has null");
	json_object_put(o);
	c.oom_scope = PURSER_OOM_SCOPE_GLOBAL;
	o = purser_container_json(&c);
	is_str(json_object_get_string(json_object_object_get(o, "oom_scope")),
	       "global", "the JSON has the name of the OOM scope");
	json_object_put(o);

	is_killer_json("bash",
		       "{\"pid\":3,\"uid\":4294967295,\"comm\":\"bash\"}");
	is_killer_json("", "{\"pid\":3,\"uid\":4294967295,\"comm\":\"\"}");
	is_killer_json(
		"a\"b\\",
		"{\"pid\":3,\"uid\":4294967295,\"comm\":\"a\\\"b\\\\\"}");
	is_killer_json("\x1b[31m\n", "{\"pid\":3,\"uid\":4294967295,"
				     "\"comm\":\"\\\\x1b[31m\\\\x0a\"}");
	is_killer_json("\xff\xc3\x7f\xc2\x9b",
		       "{\"pid\":3,\"uid\":4294967295,"
		       "\"comm\":\"\\\\xff\\\\xc3\\\\x7f\\\\xc2\\\\x9b\"}");
	is_killer_json("na\xc3\xafve", "{\"pid\":3,\"uid\":4294967295,"
				       "\"comm\":\"na\xc3\xafve\"}");
}

static void test_display(void)
{
	struct purser_killer k = { .pid = 1234, .comm = "bash" };
	char buf[DISPLAY_KILLER_LEN];

	is_str(display_killer(&k, buf), "1234 (bash), uid 0",
	       "display_killer() prints pid, name and uid");
	k = (struct purser_killer){ .comm = "kernel" };
	is_str(display_killer(&k, buf), "the kernel",
	       "display_killer() prints the kernel");
	k = (struct purser_killer){
		.pid = 0x7fffffff,
		.uid = 0xffffffff,
		.comm = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
			"\xff\xff",
	};
	is_str(display_killer(&k, buf),
	       "2147483647 (\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff"
	       "\\xff\\xff\\xff\\xff\\xff), uid 4294967295",
	       "display_killer() prints the longest killer");
	k = (struct purser_killer){ .pid = 1, .comm = "a\x1b[2Jb" };
	is_str(display_killer(&k, buf), "1 (a\\x1b[2Jb), uid 0",
	       "display_killer() escapes control characters in a name");
}

int main(void)
{
	test_whole();
	test_broken();
	test_truncated();
	test_garbage();
	test_json();
	test_display();
	return tap_end();
}
