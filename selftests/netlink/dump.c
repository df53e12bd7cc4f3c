// SPDX-License-Identifier: GPL-2.0
/*
 * dump
 *
 * Dumps of the table that are interrupted, between one piece and the next, by a
 * change, and such that are not. Prints a line for each case: "ok NAME", or
 * "not ok NAME: WHY". What is registered are children of this program; at the
 * end nothing is.
 *
 * Exit status: 0 where the kernel could be asked, whatever it has said.
 */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "libpurser/purser.h"
#include "process.h"
#include "libpurser/record.h"

/* Far more than the first piece of a dump has room for. */
#define MANY 120
/* The kernel makes pieces no larger than what was read before. */
#define PIECE 4096

static struct purser *table;
static int family;
static pid_t children[MANY];
static pid_t spare; /* not registered at first */

/* struct outcome - what a dump was like */
struct outcome {
	unsigned int pieces, records;
	bool interrupted; /* the kernel has said so */
	bool in_one;	  /* its end came with its first records */
	int err;
};

static int open_socket(void)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (sock < 0 ||
	    connect(sock, (struct sockaddr *)&kernel, sizeof(kernel)))
		fail("dump: cannot open a socket");
	return sock;
}

/* The kernel makes the first piece at once, the next when one is read. */
static void begin(int sock)
{
	struct {
		struct nlmsghdr h;
		struct genlmsghdr g;
	} request = {
		.h.nlmsg_len = sizeof(request),
		.h.nlmsg_type = family,
		.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.h.nlmsg_seq = 1,
		.g.cmd = PURSER_CMD_GET,
		.g.version = PURSER_FAMILY_VERSION,
	};

	if (send(sock, &request, sizeof(request), 0) != sizeof(request))
		fail("dump: cannot send");
}

static struct outcome finish(int sock)
{
	static uint8_t buf[PIECE * 4] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct purser_container c;
	struct outcome o = { 0 };
	struct nlmsghdr *h;
	ssize_t n;
	int left;

	for (;;) {
		n = recv(sock, buf, PIECE, MSG_TRUNC);
		if (n < 0 || n > PIECE)
			fail("dump: cannot receive");
		o.pieces++;
		left = n;
		for (h = (struct nlmsghdr *)buf; nlmsg_ok(h, left);
		     h = nlmsg_next(h, &left)) {
			if (h->nlmsg_flags & NLM_F_DUMP_INTR)
				o.interrupted = true;
			if (h->nlmsg_type == NLMSG_DONE) {
				o.in_one = o.pieces == 1 && o.records;
				return o;
			}
			if (h->nlmsg_type == NLMSG_ERROR ||
			    record_decode_container(h, &c))
				o.err = -EBADMSG;
			else
				o.records++;
		}
	}
}

static void add(const char *name, pid_t pid)
{
	struct purser_registration reg = { .name = name, .pid = pid };
	uint64_t id;

	if (purser_register(table, &reg, &id))
		fail("dump: cannot register %s: %s", name,
		     purser_last_error(table));
}

static void drop(const char *name)
{
	struct purser_ref ref = { .name = name };

	if (purser_unregister(table, &ref))
		fail("dump: cannot unregister %s: %s", name,
		     purser_last_error(table));
}

/* The changes that come between the first piece and the others. */

static void no_change(void)
{
}

static void last_goes(void)
{
	drop("c119");
	add("c119", children[119]);
}

static void first_goes(void)
{
	drop("c0");
}

static void one_comes(void)
{
	add("spare", spare);
}

static void one_is_forgotten(void)
{
	drop("spare");
}

static void one_is_refused(void)
{
	struct purser_registration reg = { .name = "c5", .pid = spare };
	uint64_t id;

	if (purser_register(table, &reg, &id) != -EEXIST)
		fail("dump: a name was given twice");
}

static void limits_change(void)
{
	struct purser_ref ref = { .name = "c118" };
	uint64_t limit = 1ULL << 40;
	struct purser_limits limits = { .soft_limit = &limit };

	if (purser_set(table, &ref, &limits))
		fail("dump: cannot set a limit: %s", purser_last_error(table));
}

static void judge(const char *name, void (*change)(void), bool wanted)
{
	int sock = open_socket();
	struct outcome o;

	begin(sock);
	change();
	o = finish(sock);
	close(sock);
	if (o.err)
		say("not ok %s: an answer that makes no sense\n", name);
	else if (o.pieces < 3)
		say("not ok %s: there were no more than %u pieces\n", name,
		    o.pieces);
	else if (o.interrupted != wanted)
		say("not ok %s: %sinterrupted, in %u pieces with %u records\n",
		    name, wanted ? "not " : "", o.pieces, o.records);
	else
		say("ok %s\n", name);
}

/* All records were in the first piece: its end is the last place to say so. */
static void judge_end(void)
{
	int sock = open_socket();
	struct outcome o;

	begin(sock);
	drop("c1");
	o = finish(sock);
	close(sock);
	if (o.err || o.records != 1)
		say("not ok a change before the end: %u records\n", o.records);
	else if (!o.interrupted && !o.in_one)
		say("not ok a change before the end: the end does not tell\n");
	else
		say("ok a change before the end\n");
}

static void set_up(void)
{
	struct nl_sock *sk = nl_socket_alloc();
	char name[16];
	int i;

	if (!sk || genl_connect(sk) < 0)
		fail("dump: cannot open a socket");
	family = genl_ctrl_resolve(sk, PURSER_FAMILY_NAME);
	if (family < 0 || purser_open(&table))
		fail("dump: there is no such family");
	nl_socket_free(sk);
	spare = start_process(0);
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		children[i] = start_process(0);
		add(name, children[i]);
	}
}

int main(void)
{
	char name[16];
	int i;

	set_up();
	judge("no change", no_change, false);
	judge("one that was not listed yet goes, and comes again", last_goes,
	      true);
	judge("one that was listed goes", first_goes, true);
	judge("one comes", one_comes, true);
	judge("one is forgotten", one_is_forgotten, true);
	judge("a registration is refused", one_is_refused, false);
	judge("new limits", limits_change, false);
	for (i = 2; i < MANY; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		drop(name);
	}
	judge_end();
	for (i = 0; i < MANY; i++)
		end_process(children[i]);
	end_process(spare);
	purser_close(table);
	return 0;
}
