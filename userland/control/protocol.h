/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The control protocol between the supervisor and its clients.
 *
 * A stream socket carries messages in both directions. A message is one JSON object on
 * one line, which ends with the only newline in it. Every message has "v", the version
 * of the protocol.
 *
 * A request names its operation in "op". Each reply has the same "op", and a "type":
 *
 *	start, run	the fields of struct start_request
 *			-> "started" {id, container, pid, warning, log, driver}
 *			warning: a line for the user; optional
 *			log, driver: as in the reply to logs; missing without a log
 *			run: a pipe that comes with the request, as SCM_RIGHTS, becomes
 *			the container's stdin
 *			A request with only_id starts a container that ran before
 *			as it was, if there is one.
 *			run: -> later "ended" {the outcome, see outcome.h}
 *	stop		{id, signal, grace_ms, wait}
 *			-> "stopping" {already}; if wait is true: later "ended"
 *			A container that waits for a restart ends at once.
 *	restart		{id, signal, grace_ms, wait} -> later "started"
 *			wait: not used
 *	rm		{id, force} -> "removed" {id}, then "end"
 *			force, and the container lives: -> later "ended"
 *	rm		{ended: true} -> "removed" {id} for each, then "end"
 *	set		{id, and the limits to change: soft_limit, hard_limit,
 *			memory_max, pids_max, cpus} -> "set" {the limits of both kinds}
 *	ps		-> "container" for each, then "end"
 *	logs		{id} -> "log" {path, driver, container, ended}
 *			driver: "cri" or "raw"; container: its id in the kernel's
 *			table, 0 if it is not there yet; ended: the log is complete
 *	wait		{id, token} -> "ended", at once or later
 *			token: of the request that started the container; optional
 *	leave		-> "leaving"; the supervisor exits at once and leaves
 *			everything as it is for the next one
 *	shutdown	-> "leaving"; the supervisor stops all containers and exits
 *
 * The reply to any request can be "error" {code, text}; code is an enum exit_code. A
 * client may send several requests over a connection. A reply that comes later may
 * follow replies to later requests.
 *
 * If a message is too long, not a JSON object, or of another version, the answer is an
 * error, and the connection is closed.
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
/* A row of ps contains the command of the start request. */
#define PROTOCOL_REPLY_MAX (2 * PROTOCOL_REQUEST_MAX)

#define PROTOCOL_SOCKET "engine.sock"

/** struct inbox - received bytes, and the messages in them */
struct inbox {
	char *data;
	size_t len;
	size_t size;
	size_t scanned; /* bytes known to hold no newline */
	size_t max;	/* longest message that is accepted */
	bool takes_fd;	/* accept a descriptor that comes with bytes */
	int fd;		/* the last one that came, or -1 */
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
 * inbox_read() - call read() once
 * Returns 1 if there were bytes, 0 at the end of the stream, or a negative errno;
 * -EAGAIN: a non-blocking socket has no bytes now.
 */
int inbox_read(struct inbox *in, int fd);
/**
 * inbox_next() - get the next complete message; the caller must json_object_put() it
 * Returns 1, or 0 if no message is complete. Errors: -EMSGSIZE (too long), -EBADMSG (not
 * a JSON object), -EPROTO (another version of the protocol), -ENOMEM. After an error no
 * more messages can be read.
 */
int inbox_next(struct inbox *in, struct json_object **message);

/** outbox_add() - append @message, which the caller keeps; 0 or a negative errno */
int outbox_add(struct outbox *out, struct json_object *message);
/** outbox_flush() - send; 1: all is sent, 0: the socket is full, or a negative errno */
int outbox_flush(struct outbox *out, int fd);
static inline bool outbox_empty(const struct outbox *out)
{
	return out->sent == out->len;
}
void outbox_free(struct outbox *out);

/** message_begin() - begin a message with "v", "op" and "type"; NULL: without that field */
struct object message_begin(const char *op, const char *type);
/** message_new() - make a message of only these fields; NULL: out of memory */
struct json_object *message_new(const char *op, const char *type);
/** message_error() - make a reply of type "error"; @op may be NULL */
struct json_object *message_error(const char *op, int code, const char *text);

#endif /* CONTROL_PROTOCOL_H */
