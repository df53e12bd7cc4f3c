/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The event loop: epoll over sources that are part of larger objects.
 *
 * An object embeds a struct loop_source and finds itself again with
 * loop_container(). A callback may remove and free any source, its own and
 * those of others: an event that is still to be handed out for a removed
 * source is forgotten.
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

struct loop_source;

/* @events: EPOLL* that are pending */
typedef void (*loop_fn)(struct loop_source *source, uint32_t events);

/** struct loop_source - a descriptor to watch; the owner closes it */
struct loop_source {
	int fd;		 /* -1: not watched */
	uint32_t events; /* EPOLL* asked for */
	loop_fn fn;
};

#define LOOP_BATCH 64

struct loop {
	int epoll_fd;
	int n_batch; /* events taken from the kernel at once */
	int next;    /* the first of them not handed out yet */
	struct epoll_event batch[LOOP_BATCH];
};

#define loop_container(source, type, member) \
	((type *)((char *)(source)-offsetof(type, member)))

int loop_open(struct loop *loop);
void loop_close(struct loop *loop);

/** loop_add() - watch @fd; the source must stay until loop_remove() */
int loop_add(struct loop *loop, struct loop_source *source, int fd,
	     uint32_t events, loop_fn fn);
/** loop_modify() - watch for other events; nothing happens where they are the same */
int loop_modify(struct loop *loop, struct loop_source *source, uint32_t events);
/** loop_remove() - before its descriptor is closed; not watched: no harm */
void loop_remove(struct loop *loop, struct loop_source *source);
/** loop_close_source() - loop_remove(), and close the descriptor that it owns */
void loop_close_source(struct loop *loop, struct loop_source *source);

/** loop_turn() - wait for events and hand them out; 0 or a negative errno */
int loop_turn(struct loop *loop);

#endif /* BASE_LOOP_H */
