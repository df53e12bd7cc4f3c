/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The control protocol between the supervisor and its clients.
 *
 * A stream socket carries messages in both directions. A message is one JSON
 * object on one line that ends in a newline; nothing inside an object is a raw
 * newline. Every message has "v", the version of the protocol.
 *
 * A request names its operation in "op"; each reply repeats it and says in
 * "type" what it is:
 *
 *	start, run	the fields of struct start_request
 *			-> "started" {id, container, pid, warning}
 *			warning: a line for the user, where there is one
 *			run: -> later "ended" {the outcome, see outcome.h}
 *	stop		{id, signal, grace_ms, wait}
 *			-> "stopping" {already}, where wait: later "ended"
 *	ps		-> "container" for each, then "end"
 *	logs		{id} -> "log" {path, driver, container, ended}
 *			driver: "cri" or "raw"; container: the kernel's id of
 *			it, 0 before it has one; ended: the log is complete
 *	wait		{id, token} -> "ended", at once or later
 *			token: where it is there, that of the request to run the
 *			container that is meant
 *	leave		-> "leaving"; the supervisor ends at once and leaves all
 *			as it is to the next one
 *
 * and "error" {code, text} to any of them: code is an enum exit_code. Several
 * requests may be sent over a connection; replies to one that waits come in
 * between those to later ones.
 *
 * A message that is longer than allowed, is no JSON object or has another
 * version is answered with an error, and the connection is closed.
 */
#ifndef CONTROL_PROTOCOL_H
#define CONTROL_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/object.h"

#define PROTOCOL_VERSION 1

/* Longest message in bytes, without the newline. */
#define PROTOCOL_REQUEST_MAX (1024 * 1024)
/* A row of ps repeats the command that its request had. */
#define PROTOCOL_REPLY_MAX (2 * PROTOCOL_REQUEST_MAX)

#define PROTOCOL_SOCKET "engine.sock"

/** struct inbox - bytes that came, of which messages are taken */
struct inbox {
	char *data;
	size_t len;
	size_t size;
	size_t scanned; /* bytes known to hold no newline */
	size_t max;	/* longest message taken */
};

/** struct outbox - bytes that wait to be sent */
struct outbox {
	char *data;
	size_t len;
	size_t sent;
};

void inbox_init(struct inbox *in, size_t max);
void inbox_free(struct inbox *in);
/**
 * inbox_read() - take what one read() gives
 * Returns 1 when bytes came, 0 at the end of the stream, or a negative errno;
 * -EAGAIN: a non-blocking socket has none.
 */
int inbox_read(struct inbox *in, int fd);
/**
 * inbox_next() - take the next complete message; for json_object_put()
 * Returns 1, or 0 where none is complete. Errors: -EMSGSIZE (longer than
 * allowed), -EBADMSG (no JSON object), -EPROTO (another version of the
 * protocol), -ENOMEM. After an error nothing more can be taken.
 */
int inbox_next(struct inbox *in, struct json_object **message);

/** outbox_add() - append @message; it is not taken over */
int outbox_add(struct outbox *out, struct json_object *message);
/** outbox_flush() - 1: all is sent, 0: the socket is full, or negative errno */
int outbox_flush(struct outbox *out, int fd);
static inline bool outbox_empty(const struct outbox *out)
{
	return out->sent == out->len;
}
void outbox_free(struct outbox *out);

/** message_begin() - {v, op and type}, to be filled; either may be NULL */
struct object message_begin(const char *op, const char *type);
/** message_new() - the same, whole; NULL: memory ran out */
struct json_object *message_new(const char *op, const char *type);
/** message_error() - a reply of type "error"; @op may be NULL */
struct json_object *message_error(const char *op, int code, const char *text);

#endif /* CONTROL_PROTOCOL_H */
