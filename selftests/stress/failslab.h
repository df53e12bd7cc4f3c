/* SPDX-License-Identifier: GPL-2.0 */
/* The trials of failslab.c: their requests over netlink, and their container. */
#ifndef FAILSLAB_H
#define FAILSLAB_H

#include <netlink/genl/genl.h>
#include <sys/socket.h>

#include "faults.h"
#include "libpurser/purser.h"

#define NAME "fail"

/* What the answer to a command says. */
enum outcome {
	REFUSED, /* an error */
	DONE,	 /* success */
	UNKNOWN, /* no answer, since the kernel had no memory for it */
};

struct trial {
	const char *name;
	struct counts change; /* how the command changes the counters */
	void (*prepare)(struct trial *t);
	enum outcome (*attempt)(struct trial *t);
	bool (*is_done)(struct trial *t); /* NULL: the command changes nothing */
	bool own_namespace; /* the container has a pid namespace */
	unsigned int n;	    /* which allocation must fail */
	bool injected;	    /* whether it has failed */
	int err;	    /* the errno of the answer */
	pid_t pid;
	unsigned int messages; /* the number of messages in the answer */
};

static struct purser *purser;
static int family;
static bool wrong;

static void __attribute__((format(printf, 2, 3)))
complain(const struct trial *t, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	wrong = true;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	say("%s: allocation %u: %s\n", t->name, t->n, line);
}

/* --- Over netlink --- */

/* Reads one buffer of messages. Returns true at the end of the answer. */
static bool read_answer(struct trial *t, const char *buf, ssize_t len,
			enum outcome *outcome)
{
	const struct nlmsghdr *h = (const void *)buf;
	int left = len;

	for (; nlmsg_ok(h, left); h = nlmsg_next((void *)h, &left)) {
		if (h->nlmsg_type != NLMSG_ERROR &&
		    h->nlmsg_type != NLMSG_DONE) {
			t->messages++;
			continue;
		}
		t->err = -*(const int *)nlmsg_data(h);
		*outcome = t->err ? REFUSED : DONE;
		return true;
	}
	return false;
}

/*
 * Sends a request and reads the answer. When send() returns, the answer is in the socket,
 * or the socket has an error. A dump goes on in recv().
 */
static enum outcome exchange(struct trial *t, struct nl_msg *msg)
{
	static char buf[65536];
	struct nl_sock *sk = nl_socket_alloc();
	enum outcome outcome = UNKNOWN;
	ssize_t len;
	int fd;

	if (!sk || genl_connect(sk))
		fail("failslab: cannot open a socket");
	nl_complete_msg(sk, msg);
	fd = nl_socket_get_fd(sk);
	t->messages = 0;
	t->err = 0;

	arm(t->n);
	len = send(fd, nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len, 0);
	if (len < 0) {
		t->err = errno;
		outcome = REFUSED;
	} else {
		do {
			len = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
			if (len < 0)
				t->err = errno;
		} while (len >= 0 && !read_answer(t, buf, len, &outcome));
	}
	t->injected = disarm();
	if (t->err == EAGAIN)
		complain(t, "there is neither an answer nor an error");
	nl_socket_free(sk);
	nlmsg_free(msg);
	return outcome;
}

static struct nl_msg *request(int command, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0,
				 flags, command, PURSER_FAMILY_VERSION))
		fail("failslab: out of memory");
	return msg;
}

static struct nl_msg *named_request(int command)
{
	struct nl_msg *msg = request(command, NLM_F_ACK);

	if (nla_put_string(msg, PURSER_A_CONTAINER_NAME, NAME))
		fail("failslab: out of memory");
	return msg;
}

/* --- The container --- */

static bool get_record(struct purser_container *c)
{
	struct purser_ref ref = { .name = NAME };
	int err = purser_get(purser, &ref, c);

	if (err && err != -ENOENT)
		fail("failslab: cannot get the record: %s",
		     purser_last_error(purser));
	return !err;
}

static bool is_there(struct trial *t)
{
	struct purser_container c;

	(void)t;
	return get_record(&c);
}

static bool is_not_there(struct trial *t)
{
	return !is_there(t);
}

/* Starts a process, if the last one does not live any more. */
static void prepare_process(struct trial *t)
{
	if (!t->pid)
		t->pid = start_handling(t->own_namespace);
}

static void prepare_live(struct trial *t)
{
	struct purser_registration reg = { .name = NAME };
	uint64_t id;

	prepare_process(t);
	reg.pid = t->pid;
	if (purser_register(purser, &reg, &id))
		fail("failslab: cannot register: %s",
		     purser_last_error(purser));
}

static void end_container(struct trial *t)
{
	struct counts got, want = count(purser);

	end_process(t->pid);
	t->pid = 0;
	want.live--, want.ended++, want.members--, want.events++, want.refs--;
	if (!become(purser, &want, &got))
		fail("failslab: the container does not end");
}

static void prepare_ended(struct trial *t)
{
	prepare_live(t);
	end_container(t);
}

/* Unregisters the container, if there is one, and reaps its process if it has ended. */
static void clean_up(struct trial *t)
{
	struct purser_ref ref = { .name = NAME };
	struct purser_container c;

	if (!get_record(&c))
		return;
	if (purser_unregister(purser, &ref))
		fail("failslab: cannot unregister: %s",
		     purser_last_error(purser));
	if (c.state != PURSER_STATE_EXITED || !t->pid)
		return;
	end_process(t->pid);
	t->pid = 0;
}

#endif /* FAILSLAB_H */
