// SPDX-License-Identifier: GPL-2.0
/*
 * attempts [--socket FD] [--device FD]
 * attempts --open UID COMMAND [ARGUMENT...]
 *
 * Tries every request to the container table, and prints a line for each: the
 * request, "OK" or the name of the errno, and the kernel's message or, for
 * records, the word "cookie" if the cookie was visible. The program changes
 * nothing: a request that the caller is allowed to make fails for another
 * reason. A live container "web" and an ended container "ended" must exist.
 *
 * With --socket or --device the requests go through a descriptor that is open
 * already. --open opens both as user UID, and then runs COMMAND as the caller,
 * with the socket as descriptor 8 and the device, if that user may open it, as
 * descriptor 9.
 */
#include <fcntl.h>
#include <getopt.h>
#include <linux/container_monitor.h>
#include <linux/purser.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "../workloads/workload.h"

#define DEVICE "/dev/container_monitor"

static const char usage[] = "attempts [--socket FD] [--device FD] | "
			    "attempts --open UID COMMAND [ARGUMENT...]";

/* struct answer - the kernel's answer to one request */
struct answer {
	bool done;
	bool cookie;
	int err;
	char words[128];
};

static void take_end(struct answer *a, const struct nlmsghdr *h, int err,
		     int skip)
{
	struct nlattr *attr;
	int left;

	a->done = true;
	a->err = err;
	nla_for_each_attr(attr, nlmsg_attrdata(h, skip), nlmsg_attrlen(h, skip),
			  left)
		if (err && nla_type(attr) == NLMSGERR_ATTR_MSG)
			nla_strlcpy(a->words, attr, sizeof(a->words));
}

static int on_end(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);

	take_end(arg, h, *(int *)nlmsg_data(h),
		 h->nlmsg_type == NLMSG_ERROR ? sizeof(struct nlmsgerr) :
						sizeof(int));
	return NL_STOP;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	(void)from;
	take_end(arg, (struct nlmsghdr *)((char *)e - NLMSG_HDRLEN), e->error,
		 sizeof(*e));
	return NL_STOP;
}

static int on_record(struct nl_msg *msg, void *arg)
{
	struct answer *a = arg;

	if (nlmsg_find_attr(nlmsg_hdr(msg), GENL_HDRLEN,
			    PURSER_A_CONTAINER_COOKIE))
		a->cookie = true;
	return NL_OK;
}

static void print(const char *what, const struct answer *a)
{
	const char *words = a->cookie ? "cookie" : a->words;

	say("%s %s%s%s\n", what, a->err ? strerrorname_np(-a->err) : "OK",
	    *words ? " " : "", words);
}

/* Send @msg, which is freed, and print what became of it. */
static void exchange(struct nl_sock *sk, struct nl_msg *msg, const char *what)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	struct answer a = { 0 };
	int err;

	if (!cb || nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, &a) ||
	    nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, &a) ||
	    nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_record, &a) ||
	    nl_cb_err(cb, NL_CB_CUSTOM, on_error, &a))
		fail("attempts: out of memory");
	/* No address: the kernel then also checks who opened the socket. */
	nl_complete_msg(sk, msg);
	if (send(nl_socket_get_fd(sk), nlmsg_hdr(msg),
		 nlmsg_hdr(msg)->nlmsg_len, 0) < 0)
		fail("attempts: %s: cannot send", what);
	err = 0;
	while (err >= 0 && !a.done)
		err = nl_recvmsgs(sk, cb);
	if (!a.done)
		fail("attempts: %s: no answer: %s", what, nl_geterror(err));
	print(what, &a);
	nlmsg_free(msg);
	nl_cb_put(cb);
}

static struct nl_msg *message(int family, int cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0,
				 flags, cmd, PURSER_FAMILY_VERSION))
		fail("attempts: out of memory");
	return msg;
}

static struct nl_msg *about(int family, int cmd, const char *name)
{
	struct nl_msg *msg = message(family, cmd, NLM_F_ACK);

	if (nla_put_string(msg, PURSER_A_CONTAINER_NAME, name))
		fail("attempts: out of memory");
	return msg;
}

static void try_family(struct nl_sock *sk, int family)
{
	struct nl_msg *msg;

	exchange(sk, message(family, PURSER_CMD_INFO, NLM_F_ACK), "info");
	exchange(sk, about(family, PURSER_CMD_GET, "web"), "get");
	exchange(sk, message(family, PURSER_CMD_GET, NLM_F_DUMP), "list");
	/* If the caller may register: EEXIST, because the name is taken. */
	msg = about(family, PURSER_CMD_REGISTER, "web");
	if (nla_put_u32(msg, PURSER_A_CONTAINER_PID, getpid()))
		fail("attempts: out of memory");
	exchange(sk, msg, "register");
	exchange(sk, about(family, PURSER_CMD_UNREGISTER, "nosuch"),
		 "unregister");
	msg = about(family, PURSER_CMD_SET, "ended");
	if (nla_put_u64(msg, PURSER_A_CONTAINER_HARD_LIMIT, 1))
		fail("attempts: out of memory");
	exchange(sk, msg, "set");
	exchange(sk, about(family, PURSER_CMD_STOP, "ended"), "stop");
	exchange(sk, message(family, PURSER_CMD_EVENT_GET, NLM_F_DUMP),
		 "event-get");
}

static void try_group(struct nl_sock *sk)
{
	struct answer a = { 0 };
	int group = genl_ctrl_resolve_grp(sk, PURSER_FAMILY_NAME,
					  PURSER_MCGRP_EVENTS);

	if (group < 0)
		fail("attempts: cannot find the group of events: %s",
		     nl_geterror(group));
	if (setsockopt(nl_socket_get_fd(sk), SOL_NETLINK,
		       NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		a.err = -errno;
	print("join", &a);
}

static void try_device(int fd)
{
	/* If the caller may register: EEXIST, because the name is taken. */
	struct monitor_request r = { .pid = getpid(), .container_id = "web" };
	struct answer a = { 0 };

	if (fd < 0)
		fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, MONITOR_REGISTER, &r))
		a.err = -errno;
	print("device", &a);
}

static struct nl_sock *open_socket(int fd)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct nl_sock *sk = nl_socket_alloc();
	int on = 1, err;

	if (!sk)
		fail("attempts: out of memory");
	err = fd < 0 ? genl_connect(sk) :
		       nl_socket_set_fd(sk, NETLINK_GENERIC, fd);
	if (err < 0)
		fail("attempts: cannot open a socket: %s", nl_geterror(err));
	fd = nl_socket_get_fd(sk);
	if (connect(fd, (const struct sockaddr *)&kernel, sizeof(kernel)))
		fail("attempts: cannot connect to the kernel");
	if (setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)))
		fail("attempts: cannot ask for the kernel's messages");
	return sk;
}

static void open_and_run(uid_t uid, char **command)
{
	uid_t was = geteuid();
	struct nl_sock *sk;
	int device;

	if (seteuid(uid))
		fail("attempts: cannot become user %u", uid);
	sk = open_socket(-1);
	device = open(DEVICE, O_RDWR);
	if (seteuid(was))
		fail("attempts: cannot become the first user again");
	if (dup2(nl_socket_get_fd(sk), 8) < 0 ||
	    (device >= 0 && dup2(device, 9) < 0))
		fail("attempts: cannot keep a descriptor");
	execvp(*command, command);
	fail("attempts: cannot run %s", *command);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "device", required_argument, NULL, 'd' },
		{ "open", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	int c, family, fd = -1, device = -1;
	struct nl_sock *sk;

	while ((c = getopt_long(argc, argv, "+", options, NULL)) >= 0) {
		if (c == 's')
			fd = number(usage, "FD", optarg, 0, 1023);
		else if (c == 'd')
			device = number(usage, "FD", optarg, 0, 1023);
		else if (c == 'o' && argv[optind])
			open_and_run(number(usage, "UID", optarg, 0, 65535),
				     argv + optind);
		else
			bad_usage(usage);
	}
	if (argv[optind])
		bad_usage(usage);
	sk = open_socket(fd);
	family = genl_ctrl_resolve(sk, PURSER_FAMILY_NAME);
	if (family < 0) {
		say("family %s\n", family == -NLE_OBJ_NOTFOUND ?
					   "ENOENT" :
					   nl_geterror(family));
	} else {
		try_family(sk, family);
		try_group(sk);
	}
	try_device(device);
	nl_socket_free(sk);
	return 0;
}
