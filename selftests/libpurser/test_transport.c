// SPDX-License-Identifier: GPL-2.0
/*
 * Requests and answers over a real socket. The controller of generic netlink,
 * which every kernel has, stands in for the family: no module is needed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "tap.h"
#include "libpurser/transport.h"

/* struct taken - what a callback has seen */
struct taken {
	int messages;
	int restarts;
	bool controller;
	int fail_at; /* the message at which it returns -ECANCELED */
};

static int take(struct nlmsghdr *h, void *arg)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct taken *t = arg;

	if (genlmsg_parse(h, 0, tb, CTRL_ATTR_MAX, NULL) < 0 ||
	    !tb[CTRL_ATTR_FAMILY_NAME])
		return -EBADMSG;
	if (!strcmp(nla_get_string(tb[CTRL_ATTR_FAMILY_NAME]), "nlctrl"))
		t->controller = true;
	return ++t->messages == t->fail_at ? -ECANCELED : 0;
}

static void again(void *arg)
{
	struct taken *t = arg;

	t->restarts++;
}

/* Ask the controller for the family @name, or with NULL for all. */
static int ask(struct purser *p, const char *name, struct taken *t)
{
	struct reply reply = { take, again, t };
	struct nl_msg *msg = transport_request(
		p, CTRL_CMD_GETFAMILY, NLM_F_REQUEST | (name ? 0 : NLM_F_DUMP));

	if (name)
		nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, name);
	transport_begin(p, false);
	return transport_call(p, msg, &reply);
}

static void test_answers(struct purser *p)
{
	struct taken t = { 0 };

	ok(!ask(p, "nlctrl", &t) && t.messages == 1 && t.controller,
	   "one answer");
	is_str(purser_last_error(p), "Success", "no words for no error");
	t = (struct taken){ 0 };
	ok(!ask(p, NULL, &t) && t.messages > 1 && t.controller && !t.restarts,
	   "a dump");
	t = (struct taken){ .fail_at = 1 };
	ok(ask(p, NULL, &t) == -ECANCELED && t.messages == 1,
	   "a callback's error comes back, and it is not called again");
	t = (struct taken){ 0 };
	ok(!ask(p, "nlctrl", &t) && t.messages == 1,
	   "the rest of that dump is not taken for the next answer");
}

/* A request whose answer nobody took waits on the socket before the next. */
static void test_stale(struct purser *p)
{
	struct nl_msg *msg = transport_request(p, CTRL_CMD_GETFAMILY,
					       NLM_F_REQUEST | NLM_F_DUMP);
	struct taken t = { 0 };
	int err = nl_send_auto(p->sk, msg);

	nlmsg_free(msg);
	ok(err > 0 && !ask(p, "nlctrl", &t) && t.messages == 1 && t.controller,
	   "the answer to an earlier request is passed over");
	t = (struct taken){ 0 };
	ok(!ask(p, "nlctrl", &t) && t.messages == 1, "and does not come later");
}

static void test_errors(struct purser *p)
{
	char name[100];
	struct taken t = { 0 };
	int err;

	memset(name, 'x', sizeof(name));
	name[99] = '\0';
	err = ask(p, name, &t);
	ok((err == -EINVAL || err == -ERANGE) && !t.messages,
	   "a request that is refused: %d", err);
	ok(p->words && strcmp(purser_last_error(p), strerror(-err)),
	   "the kernel's own words: %s", purser_last_error(p));
	ok(!ask(p, "nlctrl", &t) && !p->words, "an error does not last");
	is_int(transport_call(p, NULL, NULL), -ENOMEM,
	       "a request for which there was no memory");
}

/* Is the family there while the module is not? */
static void test_no_family(void)
{
	struct purser *p;
	int err = purser_open(&p);

	if (!err) {
		purser_close(p);
		skip("the module is not loaded", "it is");
		return;
	}
	ok(err == -ENOENT && !p, "the module is not loaded");
	is_str(purser_last_error(NULL), "the purser module is not loaded",
	       "and it is said so");
}

/* An id that no family has: what a handle sees after the module went. */
static void test_family_gone(struct purser *p)
{
	struct purser_ref ref = { .id = 1 };
	struct purser_container c;
	struct purser *other;
	int err;

	if (!purser_open(&other)) {
		purser_close(other);
		skip("the module went", "it is loaded");
		return;
	}
	p->family = 0x7ff;
	err = purser_get(p, &ref, &c);
	ok(err == -ENODEV && !strcmp(purser_last_error(p),
				     "the purser module is not loaded"),
	   "the module went: %d, %s", err, purser_last_error(p));
	p->family = GENL_ID_CTRL;
}

static void test_refs(struct purser *p)
{
	struct purser_ref none = { 0 }, two = { .id = 1, .name = "a" };
	struct purser_ref longer = { .name = NULL };
	struct purser_container c;
	char name[PURSER_NAME_MAX + 2];

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	longer.name = name;
	is_int(purser_get(p, &none, &c), -EINVAL, "no container named");
	is_int(purser_unregister(p, &two), -EINVAL, "two ways at once");
	is_int(purser_stop(p, &longer, 0, 0), -ENAMETOOLONG,
	       "a name longer than any");
	ok(strstr(purser_last_error(p), "too long"), "and it is said so");
	is_int(purser_events_read(p, NULL, NULL), -EINVAL,
	       "events without having joined");
	p->joined = true;
	is_int(purser_get(p, &two, &c), -EINVAL,
	       "commands after having joined");
	p->joined = false;
}

/*
 * Another process sends what looks like an answer: it waits on the socket
 * before the request is sent, and has the number of the next one.
 */
static void test_forged(struct purser *p)
{
	struct sockaddr_nl to = {
		.nl_family = AF_NETLINK,
		.nl_pid = nl_socket_get_local_port(p->sk),
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	struct taken t = { 0 };
	unsigned int next;
	bool sent = true;

	next = nl_socket_use_seq(p->sk);
	for (unsigned int i = 0; i < 4; i++) {
		struct nl_msg *msg = nlmsg_alloc();

		/* An end of the answer, of the kind that no reply follows. */
		nlmsg_put(msg, to.nl_pid, next + i, NLMSG_DONE, 4, 0);
		sent = sent &&
		       sendto(fd, nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len, 0,
			      (struct sockaddr *)&to, sizeof(to)) > 0;
		nlmsg_free(msg);
	}
	close(fd);
	if (!sent) {
		skip("messages of other processes", "needs CAP_NET_ADMIN");
		return;
	}
	ok(!ask(p, "nlctrl", &t) && t.messages == 1,
	   "messages of other processes are passed over");
}

int main(void)
{
	struct purser p = { 0 };
	int err = transport_open(&p);

	if (err && err != -ENOENT)
		bail("no generic netlink: %s", purser_last_error(&p));
	p.family = GENL_ID_CTRL;
	test_answers(&p);
	test_stale(&p);
	test_errors(&p);
	test_no_family();
	test_family_gone(&p);
	test_refs(&p);
	test_forged(&p);
	transport_close(&p);
	return tap_end();
}
