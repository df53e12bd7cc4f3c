// SPDX-License-Identifier: GPL-2.0
/* The kernel's words in error messages, also those that are malformed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "libpurser/extack.h"
#include "tap.h"

#define WORDS "no such container"

/*
 * An answer of @type to a request with @repeated bytes of payload that are part
 * of it, then the words as an attribute, made @longer than its contents.
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

/* The message in a block of its own, cut to @len bytes, for the sanitizer. */
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
	      -ENOENT, WORDS, "an error");
	check(answer(NLMSG_ERROR, NLM_F_ACK_TLVS, -EPERM, 60, WORDS, 0), -EPERM,
	      WORDS, "an error that repeats the request");
	check(answer(NLMSG_ERROR, NLM_F_ACK_TLVS, -EPERM, 61, WORDS, 0), -EPERM,
	      WORDS, "one that repeats it with an odd length");
	check(answer(NLMSG_ERROR, NLM_F_ACK_TLVS | NLM_F_CAPPED, -EPERM, 0,
		     NULL, 0),
	      -EPERM, NULL, "an error without words");
	check(answer(NLMSG_ERROR, 0, -EPERM, 0, WORDS, 0), -EPERM, NULL,
	      "without the flag what follows is not words");
	check(answer(NLMSG_DONE, NLM_F_ACK_TLVS, -EINVAL, 0, WORDS, 0), -EINVAL,
	      WORDS, "a dump that failed");
	check(answer(NLMSG_DONE, 0, 0, 0, NULL, 0), 0, NULL,
	      "a dump that did not");
	check(answer(NLMSG_DONE, 0, 17, 0, NULL, 0), 0, NULL,
	      "a dump with a positive return value");
}

static void test_malformed(void)
{
	struct nl_msg *msg;
	bool silent = true;

	check(answer(NLMSG_ERROR, NLM_F_ACK_TLVS | NLM_F_CAPPED, -ENOENT, 0,
		     WORDS, 4),
	      -ENOENT, NULL, "words longer than the message");
	check(answer(NLMSG_ERROR, NLM_F_ACK_TLVS | NLM_F_CAPPED, -ENOENT, 0,
		     "abc", -1),
	      -ENOENT, NULL, "words without their end");
	msg = answer(NLMSG_ERROR, NLM_F_ACK_TLVS, -ENOENT, 0, WORDS, 0);
	((struct nlmsgerr *)nlmsg_data(nlmsg_hdr(msg)))->msg.nlmsg_len =
		0x7fffffff;
	check(msg, -ENOENT, NULL, "a request longer than the message");
	msg = answer(NLMSG_ERROR, NLM_F_ACK_TLVS, -ENOENT, 0, WORDS, 0);
	((struct nlmsgerr *)nlmsg_data(nlmsg_hdr(msg)))->msg.nlmsg_len = 3;
	check(msg, -ENOENT, WORDS, "a request shorter than a header");

	/* At every length, nothing beyond the end may be read. */
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
	ok(silent, "words that are cut short are none");
	nlmsg_free(msg);
}

int main(void)
{
	test_whole();
	test_malformed();
	return tap_end();
}
