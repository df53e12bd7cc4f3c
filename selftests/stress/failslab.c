// SPDX-License-Identifier: GPL-2.0
/*
 * failslab TRIAL
 *
 * Repeats a command: its first allocation fails, then its second, and so on, until no
 * allocation of it fails. Each time the command must either return an error and leave the
 * table, the counters and the module's use count unchanged, or succeed and change them as
 * it should.
 *
 * Prints a line for each error, and then how many allocations failed. Exit status: 0 if
 * there was no error, else 1. TRIAL is a name in trials[] below.
 */
#include <linux/container_monitor.h>
#include <netlink/genl/ctrl.h>
#include <sys/ioctl.h>

#include "failslab.h"
#include "libpurser/purser.h"

/* More allocations than any command makes. */
#define MANY_ALLOCATIONS 2000
/* How many records and events a dump must have, so that it takes several messages. */
#define CROWD 60

/* --- Commands --- */

static enum outcome try_register(struct trial *t)
{
	struct nl_msg *msg = named_request(PURSER_CMD_REGISTER);
	static const char cookie[PURSER_COOKIE_MAX];

	if (nla_put_u32(msg, PURSER_A_CONTAINER_PID, t->pid) ||
	    nla_put(msg, PURSER_A_CONTAINER_COOKIE, sizeof(cookie), cookie))
		fail("failslab: out of memory");
	return exchange(t, msg);
}

static enum outcome try_register_bare(struct trial *t)
{
	struct nl_msg *msg = named_request(PURSER_CMD_REGISTER);

	if (nla_put_u32(msg, PURSER_A_CONTAINER_PID, t->pid))
		fail("failslab: out of memory");
	return exchange(t, msg);
}

static enum outcome try_unregister(struct trial *t)
{
	return exchange(t, named_request(PURSER_CMD_UNREGISTER));
}

static enum outcome try_get(struct trial *t)
{
	enum outcome outcome = exchange(t, named_request(PURSER_CMD_GET));

	if (outcome == DONE && t->messages != 1)
		complain(t, "the answer has %u records", t->messages);
	return outcome;
}

/* Makes a dump that must have at least @least messages. */
static enum outcome try_dump(struct trial *t, int command, unsigned int least)
{
	enum outcome outcome = exchange(t, request(command, NLM_F_DUMP));

	if (outcome == DONE && t->messages < least)
		complain(t, "the dump has %u messages, not at least %u",
			 t->messages, least);
	return outcome;
}

static enum outcome try_list(struct trial *t)
{
	return try_dump(t, PURSER_CMD_GET, CROWD);
}

static enum outcome try_events(struct trial *t)
{
	return try_dump(t, PURSER_CMD_EVENT_GET, CROWD);
}

static enum outcome try_info(struct trial *t)
{
	enum outcome outcome = exchange(t, request(PURSER_CMD_INFO, NLM_F_ACK));

	if (outcome == DONE && t->messages != 1)
		complain(t, "the answer has %u messages", t->messages);
	return outcome;
}

static enum outcome try_set(struct trial *t)
{
	struct nl_msg *msg = named_request(PURSER_CMD_SET);

	if (nla_put_u64(msg, PURSER_A_CONTAINER_SOFT_LIMIT, 1ULL << 40) ||
	    nla_put_u64(msg, PURSER_A_CONTAINER_HARD_LIMIT, 1ULL << 41))
		fail("failslab: out of memory");
	return exchange(t, msg);
}

static bool is_set(struct trial *t)
{
	struct purser_container c;

	if (!get_record(&c))
		return false;
	if ((c.soft_limit == 1ULL << 40) != (c.hard_limit == 1ULL << 41))
		complain(t, "only one of the two limits was set");
	return c.soft_limit == 1ULL << 40;
}

static enum outcome stop(struct trial *t, int signal, unsigned int grace_ms)
{
	struct nl_msg *msg = named_request(PURSER_CMD_STOP);

	if (nla_put_u32(msg, PURSER_A_CONTAINER_STOP_SIGNAL, signal) ||
	    nla_put_u32(msg, PURSER_A_CONTAINER_GRACE_MS, grace_ms))
		fail("failslab: out of memory");
	return exchange(t, msg);
}

/* The process handles the signal and lives on. The grace period is longer than the trial. */
static enum outcome try_stop(struct trial *t)
{
	return stop(t, SIGUSR1, PURSER_GRACE_MAX_MS);
}

static enum outcome try_stop_term(struct trial *t)
{
	return stop(t, SIGTERM, PURSER_GRACE_MAX_MS);
}

static enum outcome try_stop_now(struct trial *t)
{
	return stop(t, SIGTERM, 0);
}

static bool is_stopped(struct trial *t)
{
	struct purser_container c;

	(void)t;
	return get_record(&c) && (c.state == PURSER_STATE_STOPPING ||
				  c.reason == PURSER_REASON_STOPPED);
}

/* --- Over /dev/container_monitor --- */

static enum outcome monitor(struct trial *t, unsigned long command)
{
	struct monitor_request r = {
		.pid = t->pid,
		.container_id = NAME,
	};
	struct purser_container c;
	int err, fd;

	/* end_container() has reaped the process: take its PID from the record. */
	if (!r.pid && get_record(&c))
		r.pid = c.pid;
	fd = open("/dev/container_monitor", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail("failslab: cannot open /dev/container_monitor");
	arm(t->n);
	err = ioctl(fd, command, &r) ? errno : 0;
	t->injected = disarm();
	t->err = err;
	close(fd);
	return err ? REFUSED : DONE;
}

static enum outcome try_monitor_register(struct trial *t)
{
	return monitor(t, MONITOR_REGISTER);
}

static enum outcome try_monitor_unregister(struct trial *t)
{
	return monitor(t, MONITOR_UNREGISTER);
}

#define REGISTERED                                              \
	{                                                       \
		.live = 1, .members = 1, .events = 1, .refs = 1 \
	}
#define UNREGISTERED                                               \
	{                                                          \
		.live = -1, .members = -1, .events = 1, .refs = -1 \
	}
#define FORGOTTEN                        \
	{                                \
		.ended = -1, .events = 1 \
	}
/* The container was stopped, with or without force, and has ended. */
#define ENDED(n_events)                                            \
	{                                                          \
		.live = -1, .ended = 1, .members = -1, .refs = -1, \
		.events = (n_events)                               \
	}

static struct trial trials[] = {
	{ .name = "register",
	  .change = REGISTERED,
	  .prepare = prepare_process,
	  .attempt = try_register,
	  .is_done = is_there },
	{ .name = "register-bare",
	  .change = REGISTERED,
	  .prepare = prepare_process,
	  .attempt = try_register_bare,
	  .is_done = is_there },
	{ .name = "register-pidns",
	  .change = REGISTERED,
	  .prepare = prepare_process,
	  .attempt = try_register,
	  .is_done = is_there,
	  .own_namespace = true },
	{ .name = "unregister",
	  .change = UNREGISTERED,
	  .prepare = prepare_live,
	  .attempt = try_unregister,
	  .is_done = is_not_there },
	{ .name = "unregister-pidns",
	  .change = UNREGISTERED,
	  .prepare = prepare_live,
	  .attempt = try_unregister,
	  .is_done = is_not_there,
	  .own_namespace = true },
	{ .name = "unregister-ended",
	  .change = FORGOTTEN,
	  .prepare = prepare_ended,
	  .attempt = try_unregister,
	  .is_done = is_not_there },
	{ .name = "get", .prepare = prepare_live, .attempt = try_get },
	{ .name = "list", .prepare = prepare_live, .attempt = try_list },
	{ .name = "set",
	  .change = { .events = 1 },
	  .prepare = prepare_live,
	  .attempt = try_set,
	  .is_done = is_set },
	{ .name = "stop",
	  .change = { .events = 1 },
	  .prepare = prepare_live,
	  .attempt = try_stop,
	  .is_done = is_stopped },
	{ .name = "stop-term",
	  .change = ENDED(2),
	  .prepare = prepare_live,
	  .attempt = try_stop_term,
	  .is_done = is_stopped },
	{ .name = "stop-now",
	  .change = ENDED(3),
	  .prepare = prepare_live,
	  .attempt = try_stop_now,
	  .is_done = is_stopped },
	{ .name = "stop-no-handler",
	  .change = ENDED(3),
	  .prepare = prepare_live,
	  .attempt = try_stop_term,
	  .is_done = is_stopped,
	  .own_namespace = true },
	{ .name = "event-get", .prepare = prepare_live, .attempt = try_events },
	{ .name = "info", .prepare = prepare_live, .attempt = try_info },
	{ .name = "ioctl-register",
	  .change = REGISTERED,
	  .prepare = prepare_process,
	  .attempt = try_monitor_register,
	  .is_done = is_there },
	{ .name = "ioctl-register-pidns",
	  .change = REGISTERED,
	  .prepare = prepare_process,
	  .attempt = try_monitor_register,
	  .is_done = is_there,
	  .own_namespace = true },
	{ .name = "ioctl-unregister",
	  .change = UNREGISTERED,
	  .prepare = prepare_live,
	  .attempt = try_monitor_unregister,
	  .is_done = is_not_there },
	{ .name = "ioctl-unregister-ended",
	  .change = FORGOTTEN,
	  .prepare = prepare_ended,
	  .attempt = try_monitor_unregister,
	  .is_done = is_not_there },
};

/* --- A trial --- */

static void compare(const struct trial *t, const char *when,
		    const struct counts *want)
{
	struct counts got;

	if (become(purser, want, &got))
		return;
	complain(
		t,
		"%s: live %ld, not %ld; ended %ld, not %ld; members %ld, not %ld; events %ld, not %ld; use count %ld, not %ld",
		when, got.live, want->live, got.ended, want->ended, got.members,
		want->members, got.events, want->events, got.refs, want->refs);
}

/* Compares the answer with what has happened. */
static void compare_outcome(const struct trial *t, enum outcome outcome,
			    bool done)
{
	const char *name = t->err ? strerrorname_np(t->err) : "no error";

	if (outcome == DONE && !done)
		complain(t, "the answer is success, but nothing was done");
	if (outcome == REFUSED && done)
		complain(t, "the answer is %s, but the command was done", name);
	if (!t->injected && outcome != DONE)
		complain(t, "the answer is %s, but no allocation failed", name);
}

/* Makes one attempt. Returns false if no allocation failed. */
static bool attempt(struct trial *t)
{
	struct counts base = count(purser), before, want;
	enum outcome outcome;
	bool done;

	t->prepare(t);
	before = count(purser);
	outcome = t->attempt(t);
	done = t->is_done ? t->is_done(t) : outcome == DONE;
	compare_outcome(t, outcome, done);
	want = done ? sum_counts(&before, &t->change) : before;
	compare(t, done ? "after success" : "after an error", &want);
	clean_up(t);
	/* Only the events of the attempt may be left. */
	base.events = count(purser).events;
	compare(t, "after cleaning up", &base);
	return t->injected;
}

static struct trial *find_trial(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(trials) / sizeof(trials[0]); i++)
		if (!strcmp(trials[i].name, name))
			return &trials[i];
	return NULL;
}

static void find_family(void)
{
	struct nl_sock *sk = nl_socket_alloc();

	if (!sk || genl_connect(sk))
		fail("failslab: cannot open a socket");
	family = genl_ctrl_resolve(sk, PURSER_FAMILY_NAME);
	if (family < 0)
		fail("failslab: there is no such family");
	nl_socket_free(sk);
}

int main(int argc, char **argv)
{
	struct trial *t = find_trial(argc > 1 ? argv[1] : "");

	if (argc != 2 || !t)
		bad_usage("failslab TRIAL");
	if (purser_open(&purser))
		fail("failslab: cannot reach the module: %s",
		     purser_last_error(NULL));
	find_family();
	for (t->n = 1; attempt(t) && !wrong; t->n++)
		if (t->n == MANY_ALLOCATIONS)
			complain(t, "the command makes too many");
	if (t->pid)
		end_process(t->pid);
	say("%s: %u allocations failed\n", t->name, t->n - 1);
	purser_close(purser);
	return wrong;
}
