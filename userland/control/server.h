/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The control socket: accepting clients, reading their requests, sending
 * replies. A client whose replies it does not read is not read from either, so
 * that what waits for it stays bounded by one request's answer. Clients may have
 * half of all descriptors: the others are for containers and their logs.
 */
#ifndef CONTROL_SERVER_H
#define CONTROL_SERVER_H

#include <stdbool.h>
#include <sys/queue.h>

#include <json-c/json.h>

#include "base/failure.h"
#include "base/loop.h"
#include "protocol.h"

struct client;
struct waiter;

/* Those who wait for an answer that comes later; struct waiter is the owner's. */
LIST_HEAD(waiter_list, waiter);

/** struct control_ops - what the owner of a control socket does */
struct control_ops {
	/* Answer request @m, now or later; @m is not taken over. */
	void (*request)(struct client *client, struct json_object *m);
	/* The client goes: empty its list of waiters. */
	void (*closed)(struct client *client);
};

struct client {
	LIST_ENTRY(client) link;
	struct control *control;
	struct loop_source source; /* owns the descriptor */
	struct inbox in;
	struct outbox out;
	bool ended_input; /* the peer will not send any more */
	bool closing;	  /* close it when all is sent */
	struct waiter_list waiters;
};

LIST_HEAD(client_list, client);

struct control {
	struct loop *loop;
	const struct control_ops *ops;
	void *owner;
	char *path;		     /* of the socket, once it is bound */
	struct loop_source listener; /* owns the descriptor */
	int reserve_fd;		     /* given up to tell that none is left */
	struct loop_source retry;    /* a timer */
	struct client_list clients;
	unsigned int n_clients;
	bool full; /* the last one that came was one too many */
};

/** control_init() - so that control_close() may be called */
void control_init(struct control *control, struct loop *loop,
		  const struct control_ops *ops, void *owner);
/** control_open() - bind @path and listen; replace a socket file that is there */
int control_open(struct control *control, const char *path);
/** control_close() - close all connections, remove the socket */
void control_close(struct control *control);

/** control_resume() - descriptors were closed: accept again if that had to stop */
void control_resume(struct control *control);

/**
 * client_reply() - queue @message and send what the socket takes
 * Takes @message over. NULL says that memory ran out: the client is cut off, since
 * it would wait for ever. Never frees the client.
 */
void client_reply(struct client *client, struct json_object *message);
/** client_queue() - the same, without sending */
void client_queue(struct client *client, struct json_object *message);

/** client_reply_failure() - answer @op, which may be NULL, with an error */
void client_reply_failure(struct client *client, const char *op,
			  const struct failure *failure);

#endif /* CONTROL_SERVER_H */
