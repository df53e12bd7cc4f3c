/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Judges the kernel's answers. The kernel must answer each message once: with an error
 * that the reference lists for its command, or with an answer that libpurser decodes. A
 * refusal must have a message. If it points at an attribute, the attribute must exist.
 */
#ifndef FUZZ_JUDGE_H
#define FUZZ_JUDGE_H

#include "message.h"
#include "libpurser/record.h"

#define MAX_BATCH   64
#define BATCH_BYTES 49152

/* struct batch - messages that are sent with one call */
struct batch {
	uint32_t first; /* number of the first one */
	unsigned int n;
	size_t len;
	struct sent {
		size_t at;
		size_t len;
		bool unreadable;
		bool answered;
	} sent[MAX_BATCH];
	uint8_t data[BATCH_BYTES + MAX_MESSAGE];
};

static struct {
	unsigned long granted, refused, with_message, at_attribute;
	unsigned long records, events, dumps, interrupted;
} counts;

static inline const struct nlmsghdr *request_of(const struct batch *b,
						const struct sent *s)
{
	return (const struct nlmsghdr *)(b->data + s->at);
}

static inline void show(const struct batch *b, const struct sent *s)
{
	static struct message m;

	m.seq = b->first + (s - b->sent);
	m.len = s->len;
	memcpy(m.data, b->data + s->at, s->len);
	print_message(&m);
}

/* command_of() - the command of a request that reaches the family, else -1 */
static inline int command_of(const struct batch *b, const struct sent *s)
{
	const struct nlmsghdr *h = request_of(b, s);

	if (h->nlmsg_type != family_id || h->nlmsg_len < HEADERS)
		return -1;
	return ((const struct genlmsghdr *)NLMSG_DATA(h))->cmd;
}

static inline bool is_dump(const struct nlmsghdr *h)
{
	return (h->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
}

/* is_passed_over() - netlink skips it, and at most acknowledges it */
static inline bool is_passed_over(const struct nlmsghdr *h)
{
	return h->nlmsg_type < NLMSG_MIN_TYPE ||
	       !(h->nlmsg_flags & NLM_F_REQUEST);
}

static inline bool may_fail(const struct batch *b, const struct sent *s,
			    int err)
{
	const struct nlmsghdr *h = request_of(b, s);
	int cmd = command_of(b, s);

	switch (err) {
	case EINVAL:
	case ERANGE:
		return h->nlmsg_type == family_id;
	case EOPNOTSUPP:
		return cmd >= 0;
	case EBUSY: /* another dump runs on this socket */
		return is_dump(h);
	case ENOENT:
		return cmd != PURSER_CMD_REGISTER;
	case EEXIST:
	case EBADF:
	case E2BIG:
		return cmd == PURSER_CMD_REGISTER;
	case ESRCH:
		return cmd == PURSER_CMD_REGISTER || cmd == PURSER_CMD_SET ||
		       cmd == PURSER_CMD_STOP;
	case EALREADY:
		return cmd == PURSER_CMD_STOP;
	default:
		return false;
	}
}

/* needs_words() - the refusal must have a message; those of netlink itself have none */
static inline bool needs_words(const struct batch *b, const struct sent *s,
			       int err)
{
	return command_of(b, s) >= 0 && err != EOPNOTSUPP && err != EBUSY;
}

static inline bool is_attribute(const struct batch *b, const struct sent *s,
				uint32_t offset)
{
	const struct nlmsghdr *h = request_of(b, s);
	size_t at = HEADERS;
	struct nlattr a;

	while (at + sizeof(a) <= h->nlmsg_len) {
		if (at == offset)
			return true;
		memcpy(&a, b->data + s->at + at, sizeof(a));
		if (a.nla_len < sizeof(a))
			return false;
		at += NLA_ALIGN(a.nla_len);
	}
	return false;
}

static inline void judge_words(const struct batch *b, const struct sent *s,
			       int err, const uint8_t *data, size_t len)
{
	const char *words = NULL;
	uint32_t offset = 0;
	struct nlattr a;

	while (len >= sizeof(a)) {
		memcpy(&a, data, sizeof(a));
		if (a.nla_len < sizeof(a) || a.nla_len > len) {
			complain(
				"an error has attributes that cannot be parsed");
			show(b, s);
			return;
		}
		if (a.nla_type == NLMSGERR_ATTR_MSG && !data[a.nla_len - 1])
			words = (const char *)data + sizeof(a);
		if (a.nla_type == NLMSGERR_ATTR_OFFS)
			memcpy(&offset, data + sizeof(a), sizeof(offset));
		if ((size_t)NLA_ALIGN(a.nla_len) > len)
			break;
		data += NLA_ALIGN(a.nla_len);
		len -= NLA_ALIGN(a.nla_len);
	}
	if (words && *words) {
		counts.with_message++;
	} else if (needs_words(b, s, err)) {
		complain("%s without a message", strerrorname_np(err));
		show(b, s);
	}
	if (!offset)
		return;
	counts.at_attribute++;
	if (!is_attribute(b, s, offset)) {
		complain("%s at byte %u, where no attribute begins: %s",
			 strerrorname_np(err), offset, words ? words : "");
		show(b, s);
	}
}

/* Judge the status of a message, in an error or at the end of a dump. */
static inline void judge_end(struct batch *b, struct sent *s,
			     const struct nlmsghdr *h, size_t head)
{
	size_t len = NLMSG_PAYLOAD(h, 0);
	int err;

	if (len < head) {
		complain("an answer is too short");
		show(b, s);
		return;
	}
	if (s->answered) {
		complain("a message has a second answer");
		show(b, s);
	}
	s->answered = true;
	memcpy(&err, NLMSG_DATA(h), sizeof(err));
	if (!err) {
		counts.granted++;
		return;
	}
	counts.refused++;
	if (err > 0 || !may_fail(b, s, -err)) {
		complain("%s (%d) is not allowed as an answer",
			 err < 0 ? strerrorname_np(-err) : "", err);
		show(b, s);
		return;
	}
	judge_words(b, s, -err, (uint8_t *)NLMSG_DATA(h) + head, len - head);
}

static inline void judge_error(struct batch *b, struct sent *s,
			       const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);

	if (NLMSG_PAYLOAD(h, 0) >= sizeof(*e) &&
	    memcmp(&e->msg, request_of(b, s), sizeof(e->msg))) {
		complain("an answer quotes another message");
		show(b, s);
	}
	judge_end(b, s, h, sizeof(*e));
}

/* Decode a record, an id, an event or counters; @cmd: the command asked, -1: unknown */
static inline int decode(struct nlmsghdr *h, int cmd)
{
	static struct purser_container container;
	static struct purser_event event;
	struct purser_info info;
	uint64_t id;
	int err;

	if (NLMSG_PAYLOAD(h, 0) < GENL_HDRLEN)
		return -EBADMSG;
	switch (((struct genlmsghdr *)NLMSG_DATA(h))->cmd) {
	case PURSER_CMD_REGISTER:
		err = record_decode_id(h, &id);
		if (!err)
			last_ids[n_ids++ % 16] = id;
		return cmd < 0 || cmd == PURSER_CMD_REGISTER ? err : -EBADMSG;
	case PURSER_CMD_GET:
		counts.records++;
		err = record_decode_container(h, &container);
		return cmd < 0 || cmd == PURSER_CMD_GET ? err : -EBADMSG;
	case PURSER_CMD_EVENT_GET:
		counts.events++;
		err = record_decode_event(h, &event);
		return cmd < 0 || cmd == PURSER_CMD_EVENT_GET ? err : -EBADMSG;
	case PURSER_CMD_EVENT: /* a notification, no answer */
		counts.events++;
		err = record_decode_event(h, &event);
		return cmd < 0 ? err : -EBADMSG;
	case PURSER_CMD_INFO:
		err = record_decode_info(h, &info);
		if (!err)
			purser_info_free(&info);
		return cmd < 0 || cmd == PURSER_CMD_INFO ? err : -EBADMSG;
	}
	return -EBADMSG;
}

/*
 * Judge one message of the kernel. If it answers an earlier batch, check only that it
 * can be decoded.
 */
static inline void judge(struct batch *b, struct nlmsghdr *h)
{
	uint32_t number = h->nlmsg_seq - b->first;
	struct sent *s = number < b->n ? &b->sent[number] : NULL;

	if (h->nlmsg_flags & NLM_F_DUMP_INTR)
		counts.interrupted++;
	if (h->nlmsg_type == NLMSG_DONE)
		counts.dumps++;
	if (h->nlmsg_type == family_id) {
		if (decode(h, s ? command_of(b, s) : -1))
			complain(
				"message %u has an answer that cannot be decoded",
				h->nlmsg_seq);
	} else if (h->nlmsg_type != NLMSG_ERROR &&
		   h->nlmsg_type != NLMSG_DONE) {
		complain("message %u has an answer of type %u", h->nlmsg_seq,
			 h->nlmsg_type);
	} else if (s && h->nlmsg_type == NLMSG_ERROR) {
		judge_error(b, s, h);
	} else if (s) {
		judge_end(b, s, h, sizeof(int));
	}
}

/* All answers are read: complain about messages that should have one and do not. */
static inline void judge_silence(struct batch *b)
{
	const struct nlmsghdr *h;
	struct sent *s;

	for (s = b->sent; s < b->sent + b->n; s++) {
		h = request_of(b, s);
		if (s->answered || s->unreadable)
			continue;
		if (h->nlmsg_flags & NLM_F_ACK ||
		    (is_dump(h) && !is_passed_over(h))) {
			complain("a message has no answer");
			show(b, s);
		}
	}
}

#endif /* FUZZ_JUDGE_H */
