// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz [--count N] [--seed S]
 *
 * Sends N valid and invalid messages to the family in random order, about processes
 * that come and go, over sockets that come and go. Checks that each answer is allowed,
 * and now and then that the table is consistent. Prints a line for each fault, and
 * then what was done. The same seed gives the same messages, except for the PIDs and
 * ids in them.
 *
 * Exit status: 0 if no fault was found, else 1.
 */
#include <getopt.h>
#include <linux/purser.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "libpurser/purser.h"
#include "judge.h"

#define N_SOCKETS   8
#define CHECK_EVERY 1000
/* How often the table is read until its figures agree. */
#define REST_TRIES 2000

static const char usage[] = "fuzz [--count N] [--seed S]";

static struct purser *table; /* for the checks alone */
static int events_group;
static int sockets[N_SOCKETS];
static bool joined[N_SOCKETS];
static uint32_t next_seq = 1;
static unsigned long n_checks;

static void set_option(int fd, int option)
{
	int on = 1;

	if (setsockopt(fd, SOL_NETLINK, option, &on, sizeof(on)))
		fail("fuzz: cannot set option %d of a socket", option);
}

static void open_socket(int which)
{
	int size = 16 << 20, fd;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (fd < 0)
		fail("fuzz: cannot open a socket");
	set_option(fd, NETLINK_EXT_ACK);
	set_option(fd, NETLINK_CAP_ACK);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		fail("fuzz: cannot give a socket a large buffer");
	sockets[which] = fd;
	joined[which] = false;
}

static void reopen_socket(int which)
{
	close(sockets[which]);
	open_socket(which);
}

static void join_or_leave(int which, bool join)
{
	if (join == joined[which])
		return;
	if (setsockopt(sockets[which], SOL_NETLINK,
		       join ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP,
		       &events_group, sizeof(events_group)))
		fail("fuzz: cannot join or leave the events");
	joined[which] = join;
}

static void draw_batch(struct batch *b)
{
	static struct message m;
	unsigned int n = 1 + draw(MAX_BATCH);
	struct sent *s;

	b->first = next_seq;
	b->len = 0;
	/* An unreadable message ends its batch: the kernel reads nothing after it. */
	for (b->n = 0; b->n < n && b->len < BATCH_BYTES; b->n++) {
		draw_message(&m, next_seq++);
		s = &b->sent[b->n];
		*s = (struct sent){
			.at = b->len,
			.len = m.len,
			.unreadable = m.unreadable,
		};
		memcpy(b->data + b->len, m.data, m.len);
		b->len += m.len;
		if (m.unreadable)
			n = b->n + 1;
	}
}

static void send_batch(int fd, const struct batch *b)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t n = sendto(fd, b->data, b->len, 0, (struct sockaddr *)&kernel,
			   sizeof(kernel));

	if (n != (ssize_t)b->len)
		fail("fuzz: cannot send");
}

/* Read up to @limit datagrams that have come; true if all are read. */
static bool read_answers(int fd, struct batch *b, unsigned int limit)
{
	static uint8_t buf[1 << 16] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *h;
	ssize_t n;
	int left;

	while (limit--) {
		n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN)
			return true;
		if (n < 0) {
			complain("cannot receive: %s", strerrorname_np(errno));
			return false;
		}
		left = n;
		for (h = (struct nlmsghdr *)buf; nlmsg_ok(h, left);
		     h = nlmsg_next(h, &left))
			judge(b, h);
		if (left)
			complain("an answer has %d bytes after its end", left);
	}
	return false;
}

static void exchange_batch(void)
{
	static struct batch b;
	unsigned int which = draw(N_SOCKETS), how = draw(16);
	unsigned int some = draw(8);

	if (one_in(64))
		reopen_socket(which);
	if (one_in(32))
		join_or_leave(which, one_in(4));
	draw_batch(&b);
	send_batch(sockets[which], &b);
	if (how == 0) /* perhaps in the middle of a dump */
		reopen_socket(which);
	else if (how < 3)
		read_answers(sockets[which], &b, some);
	else if (read_answers(sockets[which], &b, UINT32_MAX))
		judge_silence(&b);
}

/* --- Checks of the whole table --- */

/* struct view - the figures of one dump */
struct view {
	uint64_t last_id;
	uint32_t live, ended, processes;
};

static int see_event(const struct purser_event *e, void *arg)
{
	(void)arg;
	/* A dropped event may have been the order to end any process. */
	if (e->seq != last_event + 1)
		for (size_t i = 0; i < N_CHILDREN; i++)
			children[i].condemned = true;
	if (e->seq <= last_event)
		complain("event %llu comes after event %llu",
			 (unsigned long long)e->seq,
			 (unsigned long long)last_event);
	last_event = e->seq;
	if (e->type == PURSER_EVENT_STOP_REQUESTED ||
	    e->type == PURSER_EVENT_HARD_LIMIT)
		condemn(e->container.pid);
	return 0;
}

static int see_record(const struct purser_container *c, void *arg)
{
	struct view *v = arg;

	if (c->id <= v->last_id)
		complain("id %llu is listed after %llu",
			 (unsigned long long)c->id,
			 (unsigned long long)v->last_id);
	v->last_id = c->id;
	if (c->state == PURSER_STATE_EXITED) {
		v->ended++;
		return 0;
	}
	v->live++;
	v->processes += c->processes;
	if (!is_ours_to_name(c->pid))
		complain(
			"process %d is registered, but the fuzzer did not start it",
			c->pid);
	return 0;
}

static bool agrees(const struct view *v, const struct purser_info *info)
{
	return v->live == info->live && v->ended == info->ended &&
	       v->processes == info->members;
}

/* Read the table until it agrees with its counters: ends take a moment to be counted. */
static void compare_counters(void)
{
	struct purser_info info = { 0 };
	struct view v = { 0 };
	int i, err;

	for (i = 0; i < REST_TRIES; i++) {
		v = (struct view){ 0 };
		err = purser_list(table, 0, see_record, &v);
		if (err && err != -EAGAIN)
			fail("fuzz: cannot list: %s", purser_last_error(table));
		purser_info_free(&info);
		if (purser_get_info(table, &info))
			fail("fuzz: cannot read the counters: %s",
			     purser_last_error(table));
		if (!err && agrees(&v, &info))
			break;
		usleep(1000);
	}
	if (i == REST_TRIES)
		complain(
			"listed: %u live, %u ended, %u processes; counted: %u, %u, %u",
			v.live, v.ended, v.processes, info.live, info.ended,
			info.members);
	purser_info_free(&info);
}

static void check(void)
{
	if (purser_events_since(table, last_event, see_event, NULL))
		fail("fuzz: cannot read the events: %s",
		     purser_last_error(table));
	count_the_dead();
	compare_counters();
	n_checks++;
}

static int first_id(const struct purser_container *c, void *arg)
{
	*(uint64_t *)arg = c->id;
	return -ECANCELED;
}

/* All processes are dead: unregister records until none is left. */
static void clear_table(void)
{
	struct purser_ref ref;

	for (;;) {
		ref = (struct purser_ref){ 0 };
		if (purser_list(table, 0, first_id, &ref.id) == 0)
			break;
		if (ref.id && purser_unregister(table, &ref) &&
		    purser_unregister(table, &ref) != -ENOENT)
			complain("cannot unregister container %llu: %s",
				 (unsigned long long)ref.id,
				 purser_last_error(table));
	}
	compare_counters();
}

static void find_family(void)
{
	struct nl_sock *sk = nl_socket_alloc();

	if (!sk || genl_connect(sk) < 0)
		fail("fuzz: cannot open a socket");
	family_id = genl_ctrl_resolve(sk, PURSER_FAMILY_NAME);
	events_group = genl_ctrl_resolve_grp(sk, PURSER_FAMILY_NAME,
					     PURSER_MCGRP_EVENTS);
	if (family_id < 0 || events_group < 0)
		fail("fuzz: there is no family \"purser\"");
	nl_socket_free(sk);
}

static uint64_t draw_seed(void)
{
	uint32_t seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		fail("fuzz: cannot draw a seed");
	return seed;
}

static void fuzz(unsigned long count)
{
	unsigned long next_check = CHECK_EVERY;
	int i;

	for (i = 0; i < N_SOCKETS; i++)
		open_socket(i);
	start_crowd();
	open_fifos();
	while (next_seq <= count) {
		if (one_in(16))
			replace_child();
		exchange_batch();
		if (next_seq > next_check) {
			check();
			next_check += CHECK_EVERY;
		}
	}
	check();
	for (i = 0; i < N_SOCKETS; i++)
		close(sockets[i]);
	end_crowd();
	clear_table();
	close_fifos();
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "count", required_argument, NULL, 'c' },
		{ "seed", required_argument, NULL, 's' },
		{ 0 },
	};
	unsigned long count = 200000;
	uint64_t seed = draw_seed();
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'c')
			count = number(usage, "--count", optarg, 1, 1UL << 31);
		else if (c == 's')
			seed = number(usage, "--seed", optarg, 0, UINT32_MAX);
		else
			bad_usage(usage);
	}
	if (optind != argc)
		bad_usage(usage);
	find_family();
	if (purser_open(&table))
		fail("fuzz: %s", purser_last_error(NULL));
	say("seed %llu\n", (unsigned long long)seed);
	seed_random(seed);
	fuzz(count);
	purser_close(table);
	say("%u messages: %lu granted, %lu refused, %lu with a message, %lu pointing at an attribute\n",
	    next_seq - 1, counts.granted, counts.refused, counts.with_message,
	    counts.at_attribute);
	say("%lu records, %lu events, %lu dumps, %lu interrupted pieces; %lu processes, %lu registered; %lu checks\n",
	    counts.records, counts.events, counts.dumps, counts.interrupted,
	    n_started, n_ids, n_checks);
	if (complaints)
		say("%lu faults; repeat with --seed %llu\n", complaints,
		    (unsigned long long)seed);
	return complaints ? 1 : 0;
}
