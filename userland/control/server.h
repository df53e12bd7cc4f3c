/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The control socket: accepting clients, reading their requests, sending replies. While
 * a client does not read its replies, no further requests are read from it, so the
 * memory for its replies is limited. Clients may use half of all descriptors; the others
 * are for containers and their logs.
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

/* A client's requests that are answered later; the owner defines struct waiter. */
LIST_HEAD(waiter_list, waiter);

/** struct control_ops - callbacks of the owner of a control socket */
struct control_ops {
	/* Answer request @m, now or later. The caller keeps @m. */
	void (*request)(struct client *client, struct json_object *m);
	/* The connection is closed: empty the client's list of waiters. */
	void (*closed)(struct client *client);
};

struct client {
	LIST_ENTRY(client) link;
	struct control *control;
	struct loop_source source; /* owns the descriptor */
	struct inbox in;
	struct outbox out;
	bool ended_input; /* the peer will not send any more */
	bool closing;	  /* close it after all replies are sent */
	struct waiter_list waiters;
};

LIST_HEAD(client_list, client);

struct control {
	struct loop *loop;
	const struct control_ops *ops;
	void *owner;
	char *path;		     /* of the socket, once it is bound */
	struct loop_source listener; /* owns the descriptor */
	int reserve_fd;		     /* see refuse_connection() */
	struct loop_source retry;    /* a timer */
	struct client_list clients;
	unsigned int n_clients;
	bool full; /* the last client was one too many */
};

/** control_init() - initialize, so that control_close() may be called */
void control_init(struct control *control, struct loop *loop,
		  const struct control_ops *ops, void *owner);
/** control_open() - bind @path and listen; replace a socket file that is there */
int control_open(struct control *control, const char *path);
/** control_close() - close all connections, remove the socket */
void control_close(struct control *control);

/** control_resume() - call after descriptors were closed: accept clients again */
void control_resume(struct control *control);

/**
 * client_reply() - queue @message, and send as much as the socket takes
 * @message: is taken over. NULL: out of memory; the connection is shut down then, because
 *	the client would wait for ever
 * Never frees the client.
 */
void client_reply(struct client *client, struct json_object *message);
/** client_queue() - the same, without sending */
void client_queue(struct client *client, struct json_object *message);

/** client_is_gone() - whether the client has closed its end: it reads no reply */
bool client_is_gone(const struct client *client);

/** client_reply_failure() - answer @op, which may be NULL, with an error */
void client_reply_failure(struct client *client, const char *op,
			  const struct failure *failure);

#endif /* CONTROL_SERVER_H */
