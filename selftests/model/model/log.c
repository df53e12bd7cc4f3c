// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps hashes of all events as the event log had them when they came, and compares them
 * with the events sent to the multicast group and with the event log at the end.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>

#include "model.h"

uint64_t n_events;

/* Hashes of every event, as it was in the log and as it was sent to the group. */
static uint64_t *logged, *sent;
static size_t logged_room, sent_room;
static uint64_t n_sent;
static uint64_t n_compared;

/*
 * The kernel's log has two parts with room of their own: events of lives and deaths, and
 * events of the soft limit.
 */
enum part {
	LIVES,
	MEMORY,
	N_PARTS,
};
static unsigned char *parts; /* the part of each event */
static size_t parts_room;
static uint64_t n_of_part[N_PARTS];
static uint64_t log_size[N_PARTS];

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *p = data;

	while (size--)
		hash = (hash ^ *p++) * 0x100000001b3;
	return hash;
}

static uint64_t hash_event(const struct purser_event *e)
{
	uint64_t hash = 0xcbf29ce484222325;

	hash = hash_bytes(hash, &e->seq, sizeof(e->seq));
	hash = hash_bytes(hash, &e->time, sizeof(e->time));
	hash = hash_bytes(hash, &e->type, sizeof(e->type));
	return hash_bytes(hash, &e->container,
			  offsetof(struct purser_container, cookie));
}

static enum part part_of(const struct purser_event *e)
{
	return e->type == PURSER_EVENT_SOFT_LIMIT ||
			       e->type == PURSER_EVENT_SOFT_CLEAR ?
		       MEMORY :
		       LIVES;
}

/** start_log() - @event_log: how many events of lives and deaths the kernel keeps */
void start_log(unsigned int event_log)
{
	log_size[LIVES] = event_log;
	log_size[MEMORY] = event_log / 4;
}

/** keep_logged() - keep the next event in the log */
void keep_logged(const struct purser_event *e)
{
	enum part part = part_of(e);

	parts = grow_array(parts, n_events, &parts_room, sizeof(*parts));
	parts[n_events] = part;
	n_of_part[part]++;
	logged = grow_array(logged, n_events, &logged_room, sizeof(*logged));
	logged[n_events++] = hash_event(e);
}

/** keep_sent() - keep the next event sent to the group; for purser_events_read() */
int keep_sent(const struct purser_event *e, void *unused)
{
	(void)unused;
	if (e->seq != n_sent + 1)
		wrong("event %" PRIu64 " is sent after event %" PRIu64, e->seq,
		      n_sent);
	sent = grow_array(sent, n_sent, &sent_room, sizeof(*sent));
	sent[n_sent++] = hash_event(e);
	return 0;
}

/** compare_sent() - compare the events that were sent with those in the log */
void compare_sent(void)
{
	for (; n_compared < n_events && n_compared < n_sent; n_compared++)
		if (logged[n_compared] != sent[n_compared])
			wrong("event %" PRIu64
			      " was sent with another content than in the log",
			      n_compared + 1);
}

bool all_were_sent(void)
{
	return n_compared == n_events;
}

/* struct reading - the state of reading the log again */
struct reading {
	uint64_t next; /* the number of the event that must come next */
	uint64_t passed[N_PARTS]; /* how many of each part are before it */
};

/* Skips events that the kernel has dropped: each part keeps only its last events. */
static void skip_forgotten(struct reading *r)
{
	enum part part;

	for (; r->next <= n_events; r->next++) {
		part = parts[r->next - 1];
		if (r->passed[part]++ + log_size[part] >= n_of_part[part])
			return;
	}
}

static int on_log(const struct purser_event *e, void *arg)
{
	struct reading *r = arg;

	skip_forgotten(r);
	if (e->seq != r->next)
		wrong("the log has event %" PRIu64 " instead of %" PRIu64,
		      e->seq, r->next);
	if (e->seq > n_events || hash_event(e) != logged[e->seq - 1])
		wrong("event %" PRIu64 " has changed in the log", e->seq);
	r->next++;
	return 0;
}

/** check_log() - read the whole log again and compare it */
void check_log(void)
{
	struct reading r = { .next = 1 };

	must(purser_events_since(purser, 0, on_log, &r), "the log");
	skip_forgotten(&r);
	if (r.next <= n_events)
		wrong("the log does not have event %" PRIu64, r.next);
}
