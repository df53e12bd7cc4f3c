/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The event loop: epoll over sources that are part of larger objects.
 *
 * An object embeds a struct loop_source; a callback gets from the source to the object
 * with loop_container(). A callback may remove and free any source, also its own: the
 * loop drops the events of a removed source that it has not handed out yet.
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

struct loop_source;

/* The callback of a source; @source->pending has its events. */
typedef void (*loop_fn)(struct loop_source *source);

/** struct loop_source - a descriptor to watch; its owner closes it */
struct loop_source {
	int fd;		  /* -1: not watched */
	uint32_t events;  /* EPOLL* to watch for */
	uint32_t pending; /* EPOLL* of this turn */
	loop_fn fn;
};

#define LOOP_BATCH 64

struct loop {
	int epoll_fd;
	int n_batch; /* events in batch[] */
	int next;    /* the first of them that is not handed out yet */
	struct epoll_event batch[LOOP_BATCH];
};

#define loop_container(source, type, member) \
	((type *)((char *)(source)-offsetof(type, member)))

/** loop_open() - returns 0 or a negative errno */
int loop_open(struct loop *loop);
void loop_close(struct loop *loop);

/** loop_add() - watch @fd; @source must stay in place until loop_remove() */
int loop_add(struct loop *loop, struct loop_source *source, int fd,
	     uint32_t events, loop_fn fn);
/** loop_modify() - watch for other events; does nothing if they are the same */
int loop_modify(struct loop *loop, struct loop_source *source, uint32_t events);
/** loop_remove() - stop watching, before closing the descriptor; may be called again */
void loop_remove(struct loop *loop, struct loop_source *source);
/** loop_close_source() - stop watching, and close the descriptor */
void loop_close_source(struct loop *loop, struct loop_source *source);

/** loop_turn() - wait for events and hand them out; 0 or a negative errno */
int loop_turn(struct loop *loop);

#endif /* BASE_LOOP_H */
