// SPDX-License-Identifier: GPL-2.0
/* Tests decoding messages into records: complete ones, and each kind of malformed one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "libpurser/record.h"
#include "tap.h"
#include "cases.h"

#define C(name) PURSER_A_CONTAINER_##name
#define E(name) PURSER_A_EVENT_##name
#define I(name) PURSER_A_INFO_##name

static const struct {
	int attr;
	uint32_t value;
} numbers32[] = {
	{ C(PID), 4711 },
	{ C(PIDNS), 4026531836 },
	{ C(STATE), PURSER_STATE_EXITED },
	{ C(REASON), PURSER_REASON_STOPPED },
	{ C(EXIT_CODE), 255 },
	{ C(SIGNAL), 9 },
	{ C(PROCESSES), 6 },
	{ C(OUTSIDE), 5 },
};

/* All values need more than 32 bits, and all differ. */
static const struct {
	int attr;
	uint64_t value;
} numbers64[] = {
	{ C(ID), 1ULL << 63 },
	{ C(SOFT_LIMIT), 1ULL << 40 },
	{ C(HARD_LIMIT), 1ULL << 41 },
	{ C(RSS), 1ULL << 42 },
	{ C(USAGE), 1ULL << 43 },
	{ C(PEAK), 1ULL << 44 },
	{ C(CPU_TIME), 1ULL << 45 },
	{ C(REGISTERED_AT), 1ULL << 46 },
	{ C(STARTED_AT), 1ULL << 47 },
	{ C(EXITED_AT), 1ULL << 48 },
	{ C(SOFT_CROSSINGS), 1ULL << 49 },
	{ C(SOFT_HELD), 1ULL << 50 },
};

static struct nl_msg *message(int cmd)
{
	struct nl_msg *msg = nlmsg_alloc();

	genlmsg_put(msg, 0, 1, 30, 0, 0, cmd, 1);
	return msg;
}

/* Adds all attributes of a container except @leave_out. */
static void put_container(struct nl_msg *msg, int leave_out)
{
	uint8_t cookie[PURSER_COOKIE_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(numbers32); i++)
		if (numbers32[i].attr != leave_out)
			nla_put_u32(msg, numbers32[i].attr, numbers32[i].value);
	if (leave_out != C(NAME))
		nla_put_string(msg, C(NAME), "web");
	for (size_t i = 0; i < ARRAY_SIZE(numbers64); i++)
		if (numbers64[i].attr != leave_out)
			nla_put_u64(msg, numbers64[i].attr, numbers64[i].value);
	nla_put_flag(msg, C(FORCED));
	nla_put_flag(msg, C(NO_HANDLER));
	memset(cookie, 0xa5, sizeof(cookie));
	nla_put(msg, C(COOKIE), sizeof(cookie), cookie);
}

/* Returns a record with only the attributes that every record has. */
static struct nl_msg *small_container(void)
{
	struct nl_msg *msg = message(PURSER_CMD_GET);

	nla_put_u64(msg, C(ID), 1);
	nla_put_string(msg, C(NAME), "a");
	nla_put_u32(msg, C(PID), 2);
	nla_put_u32(msg, C(STATE), PURSER_STATE_STARTING);
	return msg;
}

/*
 * Returns the first @len bytes in a block of their own, so that the sanitizer sees reads
 * beyond the end.
 */
static struct nlmsghdr *copy_of(struct nl_msg *msg, size_t len)
{
	struct nlmsghdr *h = malloc(len);

	memcpy(h, nlmsg_hdr(msg), len);
	h->nlmsg_len = len;
	return h;
}

static int decode(struct nl_msg *msg, struct purser_container *c)
{
	struct nlmsghdr *h = copy_of(msg, nlmsg_hdr(msg)->nlmsg_len);
	int err;

	memset(c, 0x5a, sizeof(*c));
	err = record_decode_container(h, c);
	free(h);
	nlmsg_free(msg);
	return err;
}

static bool untouched(const void *p, size_t len)
{
	for (const unsigned char *s = p; len--; s++)
		if (*s != 0x5a)
			return false;
	return true;
}

/* A point: decoding fails with EBADMSG and does not touch the record. */
static void refused(struct nl_msg *msg, const char *what)
{
	struct purser_container c;
	int err = decode(msg, &c);

	ok(err == -EBADMSG && untouched(&c, sizeof(c)), "%s: %d", what, err);
}

static bool is_full(const struct purser_container *c)
{
	return c->id == 1ULL << 63 && !strcmp(c->name, "web") &&
	       c->pid == 4711 && c->pidns == 4026531836 &&
	       c->state == PURSER_STATE_EXITED &&
	       c->reason == PURSER_REASON_STOPPED && c->exit_code == 255 &&
	       c->signal == 9 && c->forced && c->no_handler &&
	       c->soft_limit == 1ULL << 40 && c->hard_limit == 1ULL << 41 &&
	       c->rss == 1ULL << 42 && c->usage == 1ULL << 43 &&
	       c->peak == 1ULL << 44 && c->processes == 6 && c->outside == 5 &&
	       c->cpu_time == 1ULL << 45 && c->registered_at == 1ULL << 46 &&
	       c->started_at == 1ULL << 47 && c->exited_at == 1ULL << 48 &&
	       c->soft_crossings == 1ULL << 49 && c->soft_held == 1ULL << 50 &&
	       c->cookie_len == PURSER_COOKIE_MAX && c->cookie[0] == 0xa5 &&
	       c->cookie[PURSER_COOKIE_MAX - 1] == 0xa5;
}

static void test_whole(void)
{
	struct purser_container c;
	struct nl_msg *msg = message(PURSER_CMD_GET);

	put_container(msg, -1);
	ok(!decode(msg, &c) && is_full(&c),
	   "a record with every attribute is decoded");

	ok(!decode(small_container(), &c) && c.id == 1 &&
		   !strcmp(c.name, "a") && c.pid == 2 && c.exit_code == -1 &&
		   !c.signal && !c.forced && !c.no_handler && !c.reason &&
		   !c.soft_limit && !c.started_at && !c.exited_at &&
		   !c.cookie_len,
	   "a record with only the required attributes is decoded");

	/* The kernel may align 64-bit attributes by padding. */
	msg = message(PURSER_CMD_GET);
	nla_put(msg, C(PAD), 0, NULL);
	put_container(msg, -1);
	ok(!decode(msg, &c) && is_full(&c), "a record with padding is decoded");

	msg = small_container();
	nla_put_u32(msg, PURSER_A_CONTAINER_MAX + 1, 1);
	nla_put_string(msg, PURSER_A_CONTAINER_MAX + 20, "new");
	nla_put_u64(msg, C(RSS), 77);
	ok(!decode(msg, &c) && c.id == 1 && c.rss == 77,
	   "unknown attributes are ignored");

	msg = message(PURSER_CMD_GET);
	nla_put_u64(msg, C(ID), 1);
	nla_put_string(msg, C(NAME), "a");
	nla_put_u32(msg, C(PID), 2);
	nla_put_u32(msg, C(STATE), 1000);
	nla_put_u32(msg, C(REASON), 0xffffffff);
	ok(!decode(msg, &c) && !strcmp(purser_state_name(c.state), "unknown") &&
		   !strcmp(purser_reason_name(c.reason), "unknown"),
	   "an unknown state and an unknown reason are \"unknown\"");
}

static void test_missing(void)
{
	static const int needed[] = { C(ID), C(NAME), C(PID), C(STATE) };
	struct nl_msg *msg;

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		msg = message(PURSER_CMD_GET);
		put_container(msg, needed[i]);
		refused(msg,
			"a record without a required attribute is refused");
	}
	refused(message(PURSER_CMD_GET),
		"a record without attributes is refused");
}

/* A point: a record that has @attr a second time, with @len bytes, is refused. */
static void refuse_length(int attr, size_t len)
{
	struct nl_msg *msg = small_container();
	char bytes[PURSER_COOKIE_MAX + 1];
	char what[64];

	memset(bytes, 'a', sizeof(bytes));
	nla_put(msg, attr, len, bytes);
	snprintf(what, sizeof(what), "attribute %d of %zu bytes is refused",
		 attr, len);
	refused(msg, what);
}

static void test_lengths(void)
{
	char name[PURSER_NAME_MAX + 2];
	struct purser_container c;
	struct nl_msg *msg;

	for (size_t i = 0; i < ARRAY_SIZE(numbers32); i++) {
		refuse_length(numbers32[i].attr, 0);
		refuse_length(numbers32[i].attr, 3);
		refuse_length(numbers32[i].attr, 8);
	}
	for (size_t i = 0; i < ARRAY_SIZE(numbers64); i++) {
		refuse_length(numbers64[i].attr, 0);
		refuse_length(numbers64[i].attr, 4);
		refuse_length(numbers64[i].attr, 12);
	}
	refuse_length(C(NAME), 0);
	refuse_length(C(NAME), 1);
	refuse_length(C(NAME), 20); /* without a NUL */
	refuse_length(C(COOKIE), PURSER_COOKIE_MAX + 1);

	memset(name, 'n', sizeof(name));
	name[PURSER_NAME_MAX] = '\0';
	msg = small_container();
	nla_put_string(msg, C(NAME), name);
	ok(!decode(msg, &c) && !strcmp(c.name, name),
	   "the longest name is decoded");
	name[PURSER_NAME_MAX] = 'n';
	name[PURSER_NAME_MAX + 1] = '\0';
	msg = small_container();
	nla_put_string(msg, C(NAME), name);
	refused(msg, "a longer name is refused");
	msg = small_container();
	nla_put_string(msg, C(NAME), "");
	refused(msg, "an empty name is refused");
}

static void test_values(void)
{
	struct nl_msg *msg = small_container();

	nla_put_u32(msg, C(EXIT_CODE), 256);
	refused(msg, "an exit code above 255 is refused");
	msg = small_container();
	nla_put_u32(msg, C(PID), 0x80000000);
	refused(msg, "a pid of 2^31 is refused");
	msg = small_container();
	nla_put_u32(msg, C(SIGNAL), 0xffffffff);
	refused(msg, "a signal of 2^32 - 1 is refused");
}

/* Cuts the message at every length: nothing beyond the end may be read. */
static void test_truncated(void)
{
	struct nl_msg *msg = message(PURSER_CMD_GET);
	struct purser_container c;
	int taken = 0, changed = 0;
	size_t whole;

	put_container(msg, -1);
	whole = nlmsg_hdr(msg)->nlmsg_len;
	for (size_t len = NLMSG_HDRLEN; len < whole; len++) {
		struct nlmsghdr *h = copy_of(msg, len);

		memset(&c, 0x5a, sizeof(c));
		if (record_decode_container(h, &c))
			changed += !untouched(&c, sizeof(c));
		else
			taken += c.cookie_len != 0;
		free(h);
	}
	is_int(taken, 0, "a cookie that is cut short is never decoded");
	is_int(changed, 0, "a refused message does not touch the record");
	nlmsg_free(msg);

	msg = small_container();
	nla_put_u64(msg, C(RSS), 77);
	nlmsg_hdr(msg)->nlmsg_len -= 4;
	refused(msg, "a last attribute that is cut short is refused");
	msg = small_container();
	((struct nlattr *)genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0))
		->nla_len = 0;
	refused(msg, "an attribute of length 0 is refused");
	msg = small_container();
	((struct nlattr *)genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0))
		->nla_len = 0xffff;
	refused(msg, "an attribute longer than the message is refused");
	msg = nlmsg_alloc_simple(30, 0);
	refused(msg, "a message without a generic-netlink header is refused");
}

static struct nl_msg *event_message(int leave_out, bool with_id)
{
	struct nl_msg *msg = message(PURSER_CMD_EVENT);
	struct nlattr *nest;

	if (leave_out != E(SEQ))
		nla_put_u64(msg, E(SEQ), 1ULL << 33);
	if (leave_out != E(TIME))
		nla_put_u64(msg, E(TIME), 1ULL << 34);
	if (leave_out != E(TYPE))
		nla_put_u32(msg, E(TYPE), PURSER_EVENT_EXITED);
	if (leave_out == E(CONTAINER))
		return msg;
	nest = nla_nest_start(msg, E(CONTAINER));
	put_container(msg, with_id ? -1 : C(ID));
	nla_nest_end(msg, nest);
	nla_put_u32(msg, PURSER_A_EVENT_MAX + 1, 1);
	return msg;
}

static int decode_event(struct nl_msg *msg, struct purser_event *e)
{
	struct nlmsghdr *h = copy_of(msg, nlmsg_hdr(msg)->nlmsg_len);
	int err;

	memset(e, 0x5a, sizeof(*e));
	err = record_decode_event(h, e);
	free(h);
	nlmsg_free(msg);
	return err;
}

static void test_event(void)
{
	static const int needed[] = { E(SEQ), E(TYPE), E(CONTAINER) };
	struct purser_event e;

	ok(!decode_event(event_message(-1, true), &e) && e.seq == 1ULL << 33 &&
		   e.time == 1ULL << 34 && e.type == PURSER_EVENT_EXITED &&
		   is_full(&e.container),
	   "an event is decoded");
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		ok(decode_event(event_message(needed[i], true), &e) ==
				   -EBADMSG &&
			   untouched(&e, sizeof(e)),
		   "an event without attribute %d is refused", needed[i]);
	ok(decode_event(event_message(-1, false), &e) == -EBADMSG &&
		   untouched(&e, sizeof(e)),
	   "an event whose record has no id is refused");
}

static int decode_info(struct nl_msg *msg, struct purser_info *info)
{
	struct nlmsghdr *h = copy_of(msg, nlmsg_hdr(msg)->nlmsg_len);
	int err = record_decode_info(h, info);

	free(h);
	nlmsg_free(msg);
	return err;
}

static void put_end(struct nl_msg *msg, uint32_t reason, uint64_t count)
{
	struct nlattr *nest = nla_nest_start(msg, I(END));

	nla_put_u32(msg, PURSER_A_END_REASON, reason);
	nla_put_u64(msg, PURSER_A_END_COUNT, count);
	nla_nest_end(msg, nest);
}

static void test_ends(void)
{
	struct nl_msg *msg = message(PURSER_CMD_INFO);
	struct purser_info info;

	nla_put_u32(msg, I(LIVE), 0);
	nla_put_u64(msg, I(EVENTS), 0);
	put_end(msg, PURSER_REASON_EXITED, 1ULL << 33);
	put_end(msg, PURSER_REASON_OOM_KILLED, 2);
	put_end(msg, PURSER_REASON_MAX + 1, 3);
	put_end(msg, UINT32_MAX, 4);
	if (ok(!decode_info(msg, &info), "numbers of ends are decoded")) {
		ok(info.has_ends &&
			   info.ends[PURSER_REASON_EXITED] == 1ULL << 33 &&
			   info.ends[PURSER_REASON_OOM_KILLED] == 2 &&
			   info.ends[PURSER_REASON_STOPPED] == 0,
		   "each reason has its number");
		ok(info.ends[PURSER_REASON_NONE] == 7,
		   "reasons of a newer module count together");
		purser_info_free(&info);
	}
	msg = message(PURSER_CMD_INFO);
	nla_put_u32(msg, I(LIVE), 0);
	nla_put_u64(msg, I(EVENTS), 0);
	nla_put(msg, I(END), 0, NULL);
	is_int(decode_info(msg, &info), -EBADMSG,
	       "a number of ends without a reason is refused");
}

static void test_info(void)
{
	struct nl_msg *msg = message(PURSER_CMD_INFO);
	struct purser_info info;

	nla_put_u32(msg, I(LIVE), 1);
	nla_put_string(msg, I(TRACEPOINT), "first");
	nla_put_u32(msg, I(ENDED), 2);
	nla_put_u32(msg, I(MEMBERS), 3);
	nla_put_u64(msg, I(EVENTS), 1ULL << 35);
	nla_put_string(msg, I(TRACEPOINT), "second");
	nla_put_u64(msg, I(EVENTS_DROPPED), 1ULL << 36);
	nla_put_string(msg, I(KERNEL_VERSION), "6.1");
	nla_put_string(msg, I(MODULE_VERSION), "0.1");
	nla_put_string(msg, I(TRACEPOINT), "third");
	if (ok(!decode_info(msg, &info), "the counters are decoded")) {
		ok(info.live == 1 && info.ended == 2 && info.members == 3 &&
			   info.events == 1ULL << 35 &&
			   info.events_dropped == 1ULL << 36,
		   "each counter has its value");
		is_str(info.kernel_version, "6.1",
		       "the kernel's version is decoded");
		is_str(info.module_version, "0.1",
		       "the module's version is decoded");
		ok(!strcmp(info.tracepoints[0], "first") &&
			   !strcmp(info.tracepoints[1], "second") &&
			   !strcmp(info.tracepoints[2], "third") &&
			   !info.tracepoints[3],
		   "the tracepoints are decoded in order");
		purser_info_free(&info);
	}

	msg = message(PURSER_CMD_INFO);
	nla_put_u32(msg, I(LIVE), 0);
	nla_put_u64(msg, I(EVENTS), 0);
	if (ok(!decode_info(msg, &info) && info.tracepoints &&
		       !info.tracepoints[0] && !info.has_ends,
	       "counters without tracepoints and ends are decoded"))
		purser_info_free(&info);
	msg = message(PURSER_CMD_INFO);
	nla_put_u32(msg, I(LIVE), 0);
	nla_put_u64(msg, I(EVENTS), 0);
	nla_put(msg, I(TRACEPOINT), 3, "abc");
	is_int(decode_info(msg, &info), -EBADMSG,
	       "a tracepoint without a NUL is refused");
}

static void test_id(void)
{
	struct nl_msg *msg = message(PURSER_CMD_REGISTER);
	uint64_t id = 0;

	is_int(record_decode_id(nlmsg_hdr(msg), &id), -EBADMSG,
	       "the answer to a registration without an id is refused");
	nla_put_u64(msg, C(ID), 1ULL << 50);
	ok(!record_decode_id(nlmsg_hdr(msg), &id) && id == 1ULL << 50,
	   "the id in the answer to a registration is decoded");
	nlmsg_free(msg);
}

int main(void)
{
	test_whole();
	test_missing();
	test_lengths();
	test_values();
	test_truncated();
	test_event();
	test_info();
	test_ends();
	test_id();
	return tap_end();
}
