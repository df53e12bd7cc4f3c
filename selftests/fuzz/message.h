/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Draws messages to the family: a valid message, half of which are then mutated a few
 * times. The drawing does not depend on the kernel's answers: the same seed gives the
 * same messages, except for the PIDs and ids in them.
 */
#ifndef FUZZ_MESSAGE_H
#define FUZZ_MESSAGE_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/purser.h>

#include "fifos.h"

#define MAX_ATTRS   24
#define MAX_PAYLOAD 1200
#define MAX_MESSAGE (MAX_ATTRS * (MAX_PAYLOAD + 8) + 64)

#define HEADERS (NLMSG_HDRLEN + GENL_HDRLEN)

/* struct draft - a message as a list of attributes */
struct draft {
	uint8_t cmd;
	uint8_t version;
	uint16_t reserved;
	uint16_t type;
	uint16_t flags;
	int trailing; /* bytes after the last attribute */
	int n;
	struct draft_attr {
		uint16_t type;
		uint16_t claimed; /* the length in its header; 0: the true one */
		uint16_t len;
		uint8_t data[MAX_PAYLOAD];
	} attrs[MAX_ATTRS];
};

/* struct message - a message as bytes */
struct message {
	uint32_t seq;
	size_t len;	 /* bytes that it takes in the batch */
	bool unreadable; /* its header gives a length that it does not have */
	uint8_t data[MAX_MESSAGE];
};

static int family_id;
static uint64_t last_ids[16];
static unsigned long n_ids;
static uint64_t last_event; /* the last event that a check has seen */

static inline struct draft_attr *add(struct draft *d, int type,
				     const void *data, size_t len)
{
	struct draft_attr *a;

	if (d->n == MAX_ATTRS)
		return &d->attrs[draw(MAX_ATTRS)];
	a = &d->attrs[d->n++];
	a->type = type;
	a->claimed = 0;
	a->len = len;
	memcpy(a->data, data, len);
	return a;
}

static inline void add_u32(struct draft *d, int type, uint32_t value)
{
	add(d, type, &value, sizeof(value));
}

static inline void add_u64(struct draft *d, int type, uint64_t value)
{
	add(d, type, &value, sizeof(value));
}

static inline void add_name(struct draft *d)
{
	static const char *const special[] = {
		"F.10_-",
		"9",
		"f0123456789012345678901234567890123456789012345678901234567890x",
	};
	static const char *const odd[] = {
		"",
		"-f",
		".",
		"f/1",
		"f 1",
		"f\n",
		"\xc3\xa4",
		"f0 ",
		"f01234567890123456789012345678901234567890123456789012345678901y",
	};
	unsigned int n = draw(24);
	char name[80];

	if (one_in(16))
		snprintf(name, sizeof(name), "%s", DRAW_FROM(odd));
	else if (one_in(16))
		snprintf(name, sizeof(name), "%s", DRAW_FROM(special));
	else
		snprintf(name, sizeof(name), "f%u", n);
	add(d, PURSER_A_CONTAINER_NAME, name, strlen(name) + 1);
}

static inline void add_reference(struct draft *d)
{
	uint64_t edge = draw_value();

	switch (draw(3)) {
	case 0:
		add_u64(d, PURSER_A_CONTAINER_ID,
			one_in(8) ? edge : last_ids[draw(16)]);
		break;
	case 1:
		add_name(d);
		break;
	default:
		add_u32(d, PURSER_A_CONTAINER_PID, draw_pid());
	}
}

/* draw_limit() - mostly a limit under which a process may live */
static inline uint64_t draw_limit(void)
{
	static const uint64_t limits[] = { 0, 1ULL << 30, 1ULL << 31,
					   1ULL << 40, UINT64_MAX };

	return one_in(16) ? draw_value() : DRAW_FROM(limits);
}

static inline void add_limits(struct draft *d)
{
	if (one_in(2))
		add_u64(d, PURSER_A_CONTAINER_SOFT_LIMIT, draw_limit());
	if (one_in(2))
		add_u64(d, PURSER_A_CONTAINER_HARD_LIMIT, draw_limit());
}

static inline void add_bytes(struct draft *d, int type, size_t len)
{
	uint8_t bytes[MAX_PAYLOAD];
	size_t i;

	for (i = 0; i < len; i++)
		bytes[i] = (i & 7) ? bytes[i & ~7] + i : draw_u64();
	add(d, type, bytes, len);
}

static inline void draft_register(struct draft *d)
{
	uint32_t pid = draw_pid();
	unsigned int n;

	add_name(d);
	add_u32(d, PURSER_A_CONTAINER_PID, pid);
	add_limits(d);
	if (one_in(4))
		add_bytes(d, PURSER_A_CONTAINER_COOKIE,
			  one_in(2) ? PURSER_COOKIE_MAX + draw(2) : draw(64));
	if (one_in(4))
		add_u32(d, PURSER_A_CONTAINER_PIDFD, draw_pidfd(pid));
	if (one_in(4))
		for (n = 1 + draw(PURSER_FIFOS_MAX + 1); n; n--)
			add_u32(d, PURSER_A_CONTAINER_FIFO, draw_fifo());
}

static inline void draft_stop(struct draft *d)
{
	static const uint32_t signals[] = { SIGTERM, SIGKILL,  SIGSTOP,
					    SIGCHLD, SIGWINCH, 64 };

	add_reference(d);
	if (one_in(2))
		add_u32(d, PURSER_A_CONTAINER_STOP_SIGNAL, DRAW_FROM(signals));
	if (one_in(3))
		add(d, PURSER_A_CONTAINER_NO_FORCE, "", 0);
	else if (one_in(2))
		add_u32(d, PURSER_A_CONTAINER_GRACE_MS,
			one_in(2) ? PURSER_GRACE_MAX_MS : draw(100));
}

/* draw_event() - mostly one of the last events, since dumping the whole log takes long */
static inline uint64_t draw_event(void)
{
	uint64_t value = draw_value();
	unsigned int back = draw(16);

	if (one_in(16))
		return value;
	return last_event > back ? last_event - back : 0;
}

/* The weights add up to 64. A stop, which ends processes, is rare. */
static inline uint8_t draw_command(void)
{
	static const struct {
		uint8_t cmd;
		uint8_t weight;
	} commands[] = {
		{ PURSER_CMD_REGISTER, 16 }, { PURSER_CMD_UNREGISTER, 6 },
		{ PURSER_CMD_GET, 14 },	     { PURSER_CMD_SET, 12 },
		{ PURSER_CMD_EVENT_GET, 8 }, { PURSER_CMD_INFO, 4 },
		{ PURSER_CMD_STOP, 4 },
	};
	unsigned int n = draw(64), i;

	for (i = 0; n >= commands[i].weight; i++)
		n -= commands[i].weight;
	return commands[i].cmd;
}

/* draft_right() - a message that the kernel should grant if its objects exist */
static inline void draft_right(struct draft *d)
{
	memset(d, 0, offsetof(struct draft, attrs));
	d->cmd = draw_command();
	d->version = PURSER_FAMILY_VERSION;
	d->type = family_id;
	d->flags = NLM_F_REQUEST | NLM_F_ACK;
	switch (d->cmd) {
	case PURSER_CMD_REGISTER:
		draft_register(d);
		break;
	case PURSER_CMD_GET:
		if (!one_in(4)) {
			add_reference(d);
			break;
		}
		d->flags = NLM_F_REQUEST | NLM_F_DUMP;
		if (one_in(2))
			add_u32(d, PURSER_A_CONTAINER_STATE,
				1 + draw(PURSER_STATE_MAX));
		break;
	case PURSER_CMD_SET:
		add_reference(d);
		add_limits(d);
		if (one_in(4))
			add(d, PURSER_A_CONTAINER_RELEASE_FIFOS, "", 0);
		break;
	case PURSER_CMD_STOP:
		draft_stop(d);
		break;
	case PURSER_CMD_EVENT_GET:
		d->flags = NLM_F_REQUEST | NLM_F_DUMP;
		add_u64(d, PURSER_A_EVENT_SEQ, draw_event());
		break;
	case PURSER_CMD_UNREGISTER:
		add_reference(d);
		break;
	}
}

/* add_nest() - add attributes nested deeply in each other */
static inline void add_nest(struct draft *d)
{
	uint8_t bytes[256];
	uint16_t head[2];
	size_t depth = 1 + draw(sizeof(bytes) / sizeof(head)), i;
	unsigned int type = draw(PURSER_A_CONTAINER_MAX + 4);

	for (i = 0; i < depth; i++) {
		head[0] = (depth - i) * sizeof(head);
		head[1] = NLA_F_NESTED | type;
		memcpy(bytes + i * sizeof(head), head, sizeof(head));
	}
	add(d, NLA_F_NESTED | draw(PURSER_A_CONTAINER_MAX + 4), bytes,
	    depth * sizeof(head));
}

static inline uint16_t draw_type(void)
{
	static const uint16_t odd[] = { 0,     1,   PURSER_A_CONTAINER_MAX + 1,
					100,   255, 256,
					0x3fff };

	return one_in(3) ? DRAW_FROM(odd) : draw(PURSER_A_CONTAINER_MAX + 1);
}

static inline void mutate_attr(struct draft *d, struct draft_attr *a)
{
	static const uint16_t lengths[] = { 0,	 1,   2,    3,	  4,	5,
					    7,	 8,   9,    12,	  127,	128,
					    129, 255, 1023, 1024, 1025, 1199 };
	uint64_t value = draw_value();
	struct draft_attr other;
	unsigned int which;

	switch (draw(11)) {
	case 0:
		a->type = draw_type();
		break;
	case 1:
		a->type ^= one_in(2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
		break;
	case 2:
		a->len = DRAW_FROM(lengths);
		break;
	case 3:
		a->len += one_in(2) ? 1 : -1;
		a->len %= MAX_PAYLOAD;
		break;
	case 4: /* a length below its header, or beyond the message */
		a->claimed = one_in(2) ? 1 + draw(8) : 1 + draw(65535);
		break;
	case 5:
		memcpy(a->data, &value, sizeof(value));
		break;
	case 6:
		a->data[draw(a->len ? a->len : 1)] ^= 1 << draw(8);
		break;
	case 7: /* a string without a NUL */
		memset(a->data, 'a', a->len);
		break;
	case 8:
		*a = d->attrs[--d->n];
		break;
	case 9:
		other = *a;
		add(d, other.type, other.data, other.len);
		break;
	default:
		which = draw(d->n);
		other = *a;
		*a = d->attrs[which];
		d->attrs[which] = other;
	}
}

static inline void mutate_header(struct draft *d)
{
	static const uint16_t types[] = { NLMSG_NOOP, NLMSG_ERROR,
					  NLMSG_DONE, NLMSG_OVERRUN,
					  0x7fff,     UINT16_MAX };
	static const uint8_t commands[] = { 0, PURSER_CMD_EVENT,
					    PURSER_CMD_MAX + 1, 77, 255 };

	switch (draw(7)) {
	case 0:
		d->cmd = DRAW_FROM(commands);
		break;
	case 1:
		d->cmd = draw(PURSER_CMD_MAX + 1);
		break;
	case 2:
		d->version = draw(256);
		break;
	case 3:
		d->reserved = 1 + draw(UINT16_MAX);
		break;
	case 4:
		d->type = DRAW_FROM(types);
		break;
	case 5:
		d->flags ^= 1 << draw(16);
		break;
	default:
		d->flags ^= NLM_F_DUMP;
	}
}

static inline void mutate(struct draft *d)
{
	unsigned int how = draw(16);

	if (how < 9 && d->n)
		mutate_attr(d, &d->attrs[draw(d->n)]);
	else if (how < 11)
		mutate_header(d);
	else if (how < 13)
		add_u64(d, draw_type(), draw_value());
	else if (how == 13)
		add_u32(d, draw_type(), draw_value());
	else if (how == 14)
		add_nest(d);
	else
		d->trailing = 1 + draw(7);
}

static inline void put(struct message *m, const void *data, size_t len,
		       size_t padded)
{
	memcpy(m->data + m->len, data, len);
	memset(m->data + m->len + len, 0, padded - len);
	m->len += padded;
}

/*
 * The last step before sending: parse the message as the kernel would, and replace each
 * process and FIFO that the fuzzer must not name.
 */
static inline void make_safe(struct message *m)
{
	size_t at = HEADERS;
	struct nlattr a;
	uint32_t value;
	uint8_t *data;
	int type;

	while (at + sizeof(a) <= m->len) {
		memcpy(&a, m->data + at, sizeof(a));
		if (a.nla_len < sizeof(a))
			return;
		type = a.nla_type & NLA_TYPE_MASK;
		data = m->data + at + sizeof(a);
		if (at + sizeof(a) + sizeof(value) <= m->len) {
			memcpy(&value, data, sizeof(value));
			if (type == PURSER_A_CONTAINER_PID &&
			    !is_ours_to_name(value))
				memcpy(data, &children[0].pid, sizeof(value));
			if (type == PURSER_A_CONTAINER_FIFO &&
			    !is_ours_to_keep(value))
				memcpy(data, &fifos[0][0], sizeof(value));
		}
		at += NLA_ALIGN(a.nla_len);
	}
}

static inline void write_attrs(struct message *m, const struct draft *d)
{
	const struct draft_attr *a;
	struct nlattr head;

	for (a = d->attrs; a < d->attrs + d->n; a++) {
		head.nla_type = a->type;
		head.nla_len = a->claimed ? a->claimed : sizeof(head) + a->len;
		put(m, &head, sizeof(head), sizeof(head));
		put(m, a->data, a->len, NLA_ALIGN(a->len));
	}
}

/* set_length() - set its length: mostly the true one, else a shorter or a wrong one */
static inline void set_length(struct message *m, size_t len)
{
	static const size_t odd[] = { 0, 1, NLMSG_HDRLEN - 1, UINT32_MAX };
	struct nlmsghdr *h = (struct nlmsghdr *)m->data;

	m->unreadable = false;
	if (one_in(32)) {
		len = NLMSG_HDRLEN + draw(len - NLMSG_HDRLEN + 1);
	} else if (one_in(512)) {
		len = one_in(2) ? DRAW_FROM(odd) : len + 1 + draw(100000);
		m->unreadable = true;
	}
	h->nlmsg_len = len;
	if (!m->unreadable)
		m->len = NLMSG_ALIGN(len);
}

/* draw_message() - draw the next message of the stream */
static inline void draw_message(struct message *m, uint32_t seq)
{
	static struct draft d;
	struct genlmsghdr genl;
	struct nlmsghdr h;
	int n, len;

	draft_right(&d);
	if (one_in(2))
		for (n = 1 + draw(4); n; n--)
			mutate(&d);
	h = (struct nlmsghdr){
		.nlmsg_type = d.type,
		.nlmsg_flags = d.flags,
		.nlmsg_seq = seq,
		.nlmsg_pid = one_in(16) ? draw_value() : 0,
	};
	genl = (struct genlmsghdr){
		.cmd = d.cmd,
		.version = d.version,
		.reserved = d.reserved,
	};
	m->seq = seq;
	m->len = 0;
	put(m, &h, sizeof(h), NLMSG_HDRLEN);
	put(m, &genl, sizeof(genl), GENL_HDRLEN);
	write_attrs(m, &d);
	len = m->len + d.trailing;
	put(m, "trailing", d.trailing, NLMSG_ALIGN(d.trailing));
	make_safe(m);
	set_length(m, len);
}

static inline void print_message(const struct message *m)
{
	char hex[2 * 160 + 1];
	size_t i;

	for (i = 0; i < m->len && i < 160; i++)
		snprintf(hex + 2 * i, 3, "%02x", m->data[i]);
	complain("\tmessage %u, %zu bytes: %s%s", m->seq, m->len, hex,
		 m->len > 160 ? "..." : "");
}

#endif /* FUZZ_MESSAGE_H */
