// SPDX-License-Identifier: GPL-2.0
/*
 * Tests requests and answers over a real socket. The requests go to the controller of
 * generic netlink, which every kernel has, so the test needs no module.
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

/* struct taken - what the callbacks have got */
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

/* Asks the controller for the family @name, or for all if it is NULL. */
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
	   "a request gets one answer");
	is_str(purser_last_error(p), "Success",
	       "the last error is \"Success\" without an error");
	t = (struct taken){ 0 };
	ok(!ask(p, NULL, &t) && t.messages > 1 && t.controller && !t.restarts,
	   "a dump gets many answers");
	t = (struct taken){ .fail_at = 1 };
	ok(ask(p, NULL, &t) == -ECANCELED && t.messages == 1,
	   "the error of a callback is returned, and it is not called again");
	t = (struct taken){ 0 };
	ok(!ask(p, "nlctrl", &t) && t.messages == 1,
	   "the rest of that dump is not an answer to the next request");
}

/* The unread answer to an earlier request is in the socket before the next answer. */
static void test_stale(struct purser *p)
{
	struct nl_msg *msg = transport_request(p, CTRL_CMD_GETFAMILY,
					       NLM_F_REQUEST | NLM_F_DUMP);
	struct taken t = { 0 };
	int err = nl_send_auto(p->sk, msg);

	nlmsg_free(msg);
	ok(err > 0 && !ask(p, "nlctrl", &t) && t.messages == 1 && t.controller,
	   "the answer to an earlier request is ignored");
	t = (struct taken){ 0 };
	ok(!ask(p, "nlctrl", &t) && t.messages == 1,
	   "the answer to an earlier request does not come later");
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
	   "a refused request returns the errno: %d", err);
	ok(p->words && strcmp(purser_last_error(p), strerror(-err)),
	   "the last error is the kernel's message: %s", purser_last_error(p));
	ok(!ask(p, "nlctrl", &t) && !p->words,
	   "the next request clears the message");
	is_int(transport_call(p, NULL, NULL), -ENOMEM,
	       "a request that could not be allocated returns ENOMEM");
}

/* As a module answers that is older than this library. */
static void test_older(struct purser *p)
{
	struct nl_msg *msg = transport_request(p, 200, NLM_F_REQUEST);

	transport_begin(p, false);
	is_int(transport_call(p, msg, NULL), -EOPNOTSUPP,
	       "a command that the kernel does not know");
	is_str(purser_last_error(p),
	       "the module does not know this request: it is older than this program and must be upgraded",
	       "the last error says what to upgrade");
}

/* purser_open() without the module. */
static void test_no_family(void)
{
	struct purser *p;
	int err = purser_open(&p);

	if (!err) {
		purser_close(p);
		skip("purser_open() fails without the module",
		     "the module is loaded");
		return;
	}
	ok(err == -ENOENT && !p, "purser_open() fails without the module");
	is_str(purser_last_error(NULL), "the purser module is not loaded",
	       "the last error says that the module is not loaded");
}

/* A request to an id that no family has, as after the module was unloaded. */
static void test_family_gone(struct purser *p)
{
	struct purser_ref ref = { .id = 1 };
	struct purser_container c;
	struct purser *other;
	int err;

	if (!purser_open(&other)) {
		purser_close(other);
		skip("a request fails after the module was unloaded",
		     "the module is loaded");
		return;
	}
	p->family = 0x7ff;
	err = purser_get(p, &ref, &c);
	ok(err == -ENODEV && !strcmp(purser_last_error(p),
				     "the purser module is not loaded"),
	   "a request fails after the module was unloaded: %d, %s", err,
	   purser_last_error(p));
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
	is_int(purser_get(p, &none, &c), -EINVAL,
	       "a reference without id, name and pid is refused");
	is_int(purser_unregister(p, &two), -EINVAL,
	       "a reference with an id and a name is refused");
	is_int(purser_stop_gently(p, &longer, 0), -ENAMETOOLONG,
	       "a gentle stop by a name that is too long is refused");
	is_int(purser_stop(p, &longer, 0, 0), -ENAMETOOLONG,
	       "a reference with a name that is too long is refused");
	ok(strstr(purser_last_error(p), "too long"),
	   "the last error says that the name is too long");
	is_int(purser_events_read(p, NULL, NULL), -EINVAL,
	       "reading events fails before purser_events_join()");
	p->joined = true;
	is_int(purser_get(p, &two, &c), -EINVAL,
	       "a request fails after purser_events_join()");
	p->joined = false;
}

/*
 * Another process sends a message that looks like an answer to the next request: it has
 * that request's number and is in the socket before the request is sent.
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

		/* The end of a dump. */
		nlmsg_put(msg, to.nl_pid, next + i, NLMSG_DONE, 4, 0);
		sent = sent &&
		       sendto(fd, nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len, 0,
			      (struct sockaddr *)&to, sizeof(to)) > 0;
		nlmsg_free(msg);
	}
	close(fd);
	if (!sent) {
		skip("messages of other processes are ignored",
		     "the test needs CAP_NET_ADMIN");
		return;
	}
	ok(!ask(p, "nlctrl", &t) && t.messages == 1,
	   "messages of other processes are ignored");
}

int main(void)
{
	struct purser p = { 0 };
	int err = transport_open(&p);

	if (err && err != -ENOENT)
		bail("cannot use generic netlink: %s", purser_last_error(&p));
	p.family = GENL_ID_CTRL;
	test_answers(&p);
	test_stale(&p);
	test_errors(&p);
	test_older(&p);
	test_no_family();
	test_family_gone(&p);
	test_refs(&p);
	test_forged(&p);
	transport_close(&p);
	return tap_end();
}
