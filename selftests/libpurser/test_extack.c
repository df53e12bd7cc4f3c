// SPDX-License-Identifier: GPL-2.0
/* Tests reading the kernel's message in an error, also in malformed ones. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "libpurser/extack.h"
#include "tap.h"

#define WORDS "no such container"

/*
 * Returns an answer of @type. It repeats @repeated bytes of the request's payload. Then
 * comes @words as an attribute whose length is @longer bytes too great.
 */
static struct nl_msg *answer(int type, int flags, int err, size_t repeated,
			     const char *words, int longer)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nlmsghdr *h = nlmsg_put(msg, 0, 1, type, 0, flags);
	struct nlmsgerr e = {
		.error = err,
		.msg = { .nlmsg_len = NLMSG_HDRLEN + repeated },
	};
	struct nlattr *a;

	if (type == NLMSG_DONE)
		nlmsg_append(msg, &err, sizeof(err), NLMSG_ALIGNTO);
	else
		nlmsg_append(msg, &e, sizeof(e), NLMSG_ALIGNTO);
	if (repeated) {
		char *junk = calloc(1, repeated);

		memset(junk, 0x55, repeated);
		nlmsg_append(msg, junk, repeated, NLMSG_ALIGNTO);
		free(junk);
	}
	if (!words)
		return msg;
	nla_put_u32(msg, NLMSGERR_ATTR_OFFS, 20);
	a = (struct nlattr *)((char *)h + h->nlmsg_len);
	nla_put_string(msg, NLMSGERR_ATTR_MSG, words);
	a->nla_len += longer;
	return msg;
}

/*
 * Returns the first @len bytes of the message in a block of its own, so that the
 * sanitizer sees reads beyond its end.
 */
static struct nlmsghdr *cut(struct nl_msg *msg, size_t len)
{
	struct nlmsghdr *h = malloc(len);

	memcpy(h, nlmsg_hdr(msg), len);
	h->nlmsg_len = len;
	return h;
}

static void check(struct nl_msg *msg, int err, const char *words,
		  const char *what)
{
	struct nlmsghdr *h = cut(msg, nlmsg_hdr(msg)->nlmsg_len);
	const char *got = extack_message(h);

	ok(extack_error(h) == err &&
		   (words ? got && !strcmp(got, words) : !got),
	   "%s", what);
	free(h);
	nlmsg_free(msg);
}

static void test_whole(void)
{
	check(answer(NLMSG_ERROR, NLM_F_ACK_TLVS | NLM_F_CAPPED, -ENOENT, 0,
		     WORDS, 0),
	      -ENOENT, WORDS, "an error has its message");
	check(answer(NLMSG_ERROR, NLM_F_ACK_TLVS, -EPERM, 60, WORDS, 0), -EPERM,
	      WORDS, "an error that repeats the request has its message");
	check(answer(NLMSG_ERROR, NLM_F_ACK_TLVS, -EPERM, 61, WORDS, 0), -EPERM,
	      WORDS, "an error that repeats 61 bytes has its message");
	check(answer(NLMSG_ERROR, NLM_F_ACK_TLVS | NLM_F_CAPPED, -EPERM, 0,
		     NULL, 0),
	      -EPERM, NULL, "an error without a message has none");
	check(answer(NLMSG_ERROR, 0, -EPERM, 0, WORDS, 0), -EPERM, NULL,
	      "an error without NLM_F_ACK_TLVS has no message");
	check(answer(NLMSG_DONE, NLM_F_ACK_TLVS, -EINVAL, 0, WORDS, 0), -EINVAL,
	      WORDS, "a dump that failed has its message");
	check(answer(NLMSG_DONE, 0, 0, 0, NULL, 0), 0, NULL,
	      "a dump that succeeded has no message");
	check(answer(NLMSG_DONE, 0, 17, 0, NULL, 0), 0, NULL,
	      "a dump with a positive return value is no error");
}

static void test_malformed(void)
{
	struct nl_msg *msg;
	bool silent = true;

	check(answer(NLMSG_ERROR, NLM_F_ACK_TLVS | NLM_F_CAPPED, -ENOENT, 0,
		     WORDS, 4),
	      -ENOENT, NULL, "a message attribute that is too long is ignored");
	check(answer(NLMSG_ERROR, NLM_F_ACK_TLVS | NLM_F_CAPPED, -ENOENT, 0,
		     "abc", -1),
	      -ENOENT, NULL, "a message attribute without a NUL is ignored");
	msg = answer(NLMSG_ERROR, NLM_F_ACK_TLVS, -ENOENT, 0, WORDS, 0);
	((struct nlmsgerr *)nlmsg_data(nlmsg_hdr(msg)))->msg.nlmsg_len =
		0x7fffffff;
	check(msg, -ENOENT, NULL,
	      "an error whose request is longer than it has no message");
	msg = answer(NLMSG_ERROR, NLM_F_ACK_TLVS, -ENOENT, 0, WORDS, 0);
	((struct nlmsgerr *)nlmsg_data(nlmsg_hdr(msg)))->msg.nlmsg_len = 3;
	check(msg, -ENOENT, WORDS,
	      "an error whose request is shorter than a header has its message");

	/* Cut at every length: nothing beyond the end may be read. */
	msg = answer(NLMSG_ERROR, NLM_F_ACK_TLVS | NLM_F_CAPPED, -ENOENT, 0,
		     WORDS, 0);
	for (size_t len = NLMSG_HDRLEN; len < nlmsg_hdr(msg)->nlmsg_len;
	     len++) {
		struct nlmsghdr *h = cut(msg, len);

		/* The padding at the end may be missing. */
		if (extack_message(h) && len + 3 < nlmsg_hdr(msg)->nlmsg_len)
			silent = false;
		extack_error(h);
		free(h);
	}
	ok(silent, "a message attribute that is cut short is ignored");
	nlmsg_free(msg);
}

static void test_unknown(void)
{
	ok(extack_is_unknown(-EOPNOTSUPP, NULL), "a command that is unknown");
	ok(extack_is_unknown(-EINVAL, "Unknown attribute type") &&
		   extack_is_unknown(-EINVAL, "Unsupported attribute"),
	   "an attribute that is unknown");
	ok(!extack_is_unknown(-EINVAL, NULL) &&
		   !extack_is_unknown(-EINVAL, WORDS) &&
		   !extack_is_unknown(-ENOENT, "Unknown attribute type"),
	   "other errors are of requests that the kernel knows");
}

int main(void)
{
	test_whole();
	test_malformed();
	test_unknown();
	return tap_end();
}
