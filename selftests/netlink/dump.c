// SPDX-License-Identifier: GPL-2.0
/*
 * dump
 *
 * Dumps the table and changes it between two pieces of the dump. Prints a line for each
 * kind of change: "ok NAME", or "not ok NAME: WHY". It registers its own children, and
 * unregisters them at the end.
 *
 * Exit status: 0 if all dumps could be made, even if some were wrong.
 */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "libpurser/purser.h"
#include "process.h"
#include "libpurser/record.h"

/* More records than fit into the first piece of a dump. */
#define MANY 120
/* The size of reads: the kernel makes the next piece no larger than that. */
#define PIECE 4096

static struct purser *table;
static int family;
static pid_t children[MANY];
static pid_t spare; /* not registered at first */

/* struct outcome - the result of a dump */
struct outcome {
	unsigned int pieces, records;
	bool interrupted; /* NLM_F_DUMP_INTR was set */
	bool in_one;	  /* the end was in the first piece */
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

/* Starts a dump. The kernel makes the first piece at once, the next one at each read. */
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

/* Changes between the first piece and the second. */

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
		fail("dump: a taken name was registered");
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
		say("not ok %s: the answer is malformed\n", name);
	else if (o.pieces < 3)
		say("not ok %s: the dump has only %u pieces\n", name, o.pieces);
	else if (o.interrupted != wanted)
		say("not ok %s: the dump is %smarked, in %u pieces with %u records\n",
		    name, wanted ? "not " : "", o.pieces, o.records);
	else
		say("ok %s\n", name);
}

/* All records are in the first piece, so that only the end can be marked. */
static void judge_end(void)
{
	int sock = open_socket();
	struct outcome o;

	begin(sock);
	drop("c1");
	o = finish(sock);
	close(sock);
	if (o.err || o.records != 1)
		say("not ok a change before the end marks the dump: %u records\n",
		    o.records);
	else if (!o.interrupted && !o.in_one)
		say("not ok a change before the end marks the dump: it does not\n");
	else
		say("ok a change before the end marks the dump\n");
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
	judge("a dump without a change is not marked", no_change, false);
	judge("removing and adding a record that comes later marks the dump",
	      last_goes, true);
	judge("removing a record that came before marks the dump", first_goes,
	      true);
	judge("adding a record marks the dump", one_comes, true);
	judge("removing a record marks the dump", one_is_forgotten, true);
	judge("a refused registration does not mark the dump", one_is_refused,
	      false);
	judge("new limits do not mark the dump", limits_change, false);
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
