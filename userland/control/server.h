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

#include "base/loop.h"
#include "protocol.h"
#include "supervisor/waiter.h"

struct supervisor;

struct client {
	LIST_ENTRY(client) link;
	struct supervisor *supervisor;
	struct loop_source source; /* owns the descriptor */
	struct inbox in;
	struct outbox out;
	bool ended_input; /* the peer will not send any more */
	bool closing;	  /* close it when all is sent */
	struct waiter_list waiters;
};

LIST_HEAD(client_list, client);

struct control {
	char *path;		     /* of the socket, once it is bound */
	struct loop_source listener; /* owns the descriptor */
	int reserve_fd;		     /* given up to tell that none is left */
	struct loop_source retry;    /* a timer; owns the descriptor */
	struct client_list clients;
	unsigned int n_clients;
	bool full; /* the last one that came was one too many */
};

/** control_init() - so that control_close() may be called */
void control_init(struct control *control);
/** control_open() - bind @path and listen; a socket file that is there goes */
int control_open(struct supervisor *supervisor, const char *path);
/** control_close() - close all connections, remove the socket */
void control_close(struct supervisor *supervisor);

/** control_resume() - descriptors were closed: accept again if that had to stop */
void control_resume(struct supervisor *supervisor);

/**
 * client_reply() - queue @message and send what the socket takes
 * Takes @message over; where it is NULL memory ran out, and the client is cut
 * off, for it would wait for ever. Never frees the client.
 */
void client_reply(struct client *client, struct json_object *message);
/** client_queue() - the same, without sending; client_flush() does */
void client_queue(struct client *client, struct json_object *message);
void client_flush(struct client *client);

/** client_reply_error() - @op may be NULL, @code is an enum exit_code */
void client_reply_error(struct client *client, const char *op, int code,
			const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif /* CONTROL_SERVER_H */
