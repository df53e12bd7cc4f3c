/* SPDX-License-Identifier: GPL-2.0 */
/* The commands with their attributes, and building and sending requests, for validate.c. */
#ifndef VALIDATE_H
#define VALIDATE_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/purser.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include <netlink/genl/genl.h>

#include "../workloads/workload.h"

#define HEADERS	 (NLMSG_HDRLEN + GENL_HDRLEN)
#define NONE	 0 /* an offset: the answer names no attribute */
#define MAX_TYPE (PURSER_A_CONTAINER_MAX + 3)

/* struct request - a message; @at: the offset of its last attribute */
struct request {
	size_t len;
	uint32_t at;
	uint8_t data[4096];
};

/* struct answer - the kernel's answer to a request */
struct answer {
	int err;
	uint32_t offset;
	char words[128];
};

/* struct attribute - an attribute of a command; @low is too low, @high is too high */
struct attribute {
	int type;
	enum {
		END,
		FLAG,
		U32,
		U64,
		NAME,
		COOKIE
	} kind;
	bool has_low, has_high;
	uint32_t low, high;
};

/* clang-format off */
#define ID    { PURSER_A_CONTAINER_ID, U64, .has_low = false }
#define NAMED { PURSER_A_CONTAINER_NAME, NAME, .has_low = false }
#define PID                                                            \
	{ PURSER_A_CONTAINER_PID,   U32, .has_low = true, .has_high = true, \
	  .low = 0, .high = 1U << 31 }
#define SOFT { PURSER_A_CONTAINER_SOFT_LIMIT, U64, .has_low = false }
#define HARD { PURSER_A_CONTAINER_HARD_LIMIT, U64, .has_low = false }

/*
 * The attributes of each command. (test_policy.sh compares those of the kernel with the
 * specification.)
 */
static const struct command {
	const char *name;
	uint8_t cmd;
	bool dump;
	bool other_way; /* the command exists with and without a dump */
	const char *without; /* the message to a request without attributes */
	struct attribute attributes[8];
} commands[] = {
	{ "register", PURSER_CMD_REGISTER, false, false,
	  "name and pid are needed",
	  { NAMED,
	    PID,
	    { PURSER_A_CONTAINER_PIDFD, U32, .has_high = true,
	      .high = 1U << 31 },
	    SOFT,
	    HARD,
	    { PURSER_A_CONTAINER_FIFO, U32, .has_high = true, .high = 1U << 31 },
	    { PURSER_A_CONTAINER_COOKIE, COOKIE, .has_low = false } } },
	{ "unregister", PURSER_CMD_UNREGISTER, false, false,
	  "exactly one of id, name and pid is needed", { ID, NAMED, PID } },
	{ "get", PURSER_CMD_GET, false, true,
	  "exactly one of id, name and pid is needed", { ID, NAMED, PID } },
	{ "the dump of get", PURSER_CMD_GET, true, true, NULL,
	  { { PURSER_A_CONTAINER_STATE, U32, .has_low = true, .has_high = true,
	      .low = 0, .high = PURSER_STATE_MAX + 1 } } },
	{ "set", PURSER_CMD_SET, false, false,
	  "exactly one of id, name and pid is needed",
	  { ID, NAMED, PID, SOFT, HARD,
	    { PURSER_A_CONTAINER_RELEASE_FIFOS, FLAG, .has_low = false } } },
	{ "stop", PURSER_CMD_STOP, false, false,
	  "exactly one of id, name and pid is needed",
	  { ID, NAMED, PID,
	    { PURSER_A_CONTAINER_STOP_SIGNAL, U32, .has_low = true,
	      .has_high = true, .low = 0, .high = 65 },
	    { PURSER_A_CONTAINER_GRACE_MS, U32, .has_high = true,
	      .high = PURSER_GRACE_MAX_MS + 1 },
	    { PURSER_A_CONTAINER_NO_FORCE, FLAG, .has_low = false } } },
	{ "event-get", PURSER_CMD_EVENT_GET, true, false, NULL,
	  { { PURSER_A_EVENT_SEQ, U64, .has_low = false } } },
	{ "info", PURSER_CMD_INFO, false, false, NULL, { { 0 } } },
};
/* clang-format on */

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int sock, family;
static uint32_t seq;
static unsigned int n_requests; /* of the present point */

static void begin(struct request *r, const struct command *c)
{
	struct nlmsghdr h = {
		.nlmsg_type = family,
		.nlmsg_flags = NLM_F_REQUEST |
			       (c->dump ? NLM_F_DUMP : NLM_F_ACK),
	};
	struct genlmsghdr g = { .cmd = c->cmd, .version = 1 };

	memset(r, 0, sizeof(*r));
	memcpy(r->data, &h, sizeof(h));
	memcpy(r->data + NLMSG_HDRLEN, &g, sizeof(g));
	r->len = HEADERS;
}

static void put(struct request *r, int type, const void *data, size_t len)
{
	struct nlattr a = { .nla_type = type, .nla_len = NLA_HDRLEN + len };

	r->at = r->len;
	memcpy(r->data + r->len, &a, sizeof(a));
	if (len)
		memcpy(r->data + r->len + NLA_HDRLEN, data, len);
	r->len += NLA_HDRLEN + NLA_ALIGN(len);
}

static void put_u32(struct request *r, int type, uint32_t value)
{
	put(r, type, &value, sizeof(value));
}

/* Adds an attribute that is well-formed. */
static void put_right(struct request *r, const struct attribute *a, int flags)
{
	uint64_t one = 1;

	if (a->kind == NAME)
		put(r, a->type | flags, "absent", sizeof("absent"));
	else if (a->kind == FLAG)
		put(r, a->type | flags, NULL, 0);
	else
		put(r, a->type | flags, &one, a->kind == U64 ? 8 : 4);
}

static void read_words(struct answer *answer, uint8_t *data, int len)
{
	struct nlattr *a;
	int left;

	nla_for_each_attr(a, (struct nlattr *)data, len, left) {
		if (nla_type(a) == NLMSGERR_ATTR_MSG)
			snprintf(answer->words, sizeof(answer->words), "%s",
				 nla_get_string(a));
		else if (nla_type(a) == NLMSGERR_ATTR_OFFS)
			answer->offset = nla_get_u32(a);
	}
}

/* Sends the request and returns the answer: an error, or the end of a dump. */
static struct answer ask(struct request *r)
{
	static uint8_t buf[1 << 16] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *h = (struct nlmsghdr *)r->data;
	struct answer answer = { 0 };
	size_t skip;
	ssize_t n;
	int left;

	n_requests++;
	h->nlmsg_seq = ++seq;
	if (!h->nlmsg_len)
		h->nlmsg_len = r->len;
	if (send(sock, r->data, r->len, 0) != (ssize_t)r->len)
		fail("validate: cannot send");
	for (;;) {
		n = recv(sock, buf, sizeof(buf), 0);
		if (n < 0)
			fail("validate: cannot receive");
		left = n;
		for (h = (struct nlmsghdr *)buf; nlmsg_ok(h, left);
		     h = nlmsg_next(h, &left)) {
			if (h->nlmsg_type != NLMSG_ERROR &&
			    h->nlmsg_type != NLMSG_DONE)
				continue;
			skip = h->nlmsg_type == NLMSG_DONE ?
				       sizeof(int) :
				       sizeof(struct nlmsgerr);
			memcpy(&answer.err, NLMSG_DATA(h), sizeof(int));
			read_words(&answer, (uint8_t *)NLMSG_DATA(h) + skip,
				   NLMSG_PAYLOAD(h, skip));
			return answer;
		}
	}
}

#endif /* VALIDATE_H */
