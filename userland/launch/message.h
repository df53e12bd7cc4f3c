/* SPDX-License-Identifier: GPL-2.0 */
/* Messages with at most one descriptor, from the child to another process. */
#ifndef LAUNCH_MESSAGE_H
#define LAUNCH_MESSAGE_H

#include <stdint.h>
#include <sys/types.h>

/** enum message_kind - what the child says before execve() */
enum message_kind {
	MESSAGE_PAUSED = 1, /* it waits for launch_continue() */
	MESSAGE_WAITING,    /* it waits at the start gate */
	MESSAGE_TERMINAL,   /* with the master of its terminal */
	MESSAGE_NOTIFY,	    /* with its notify descriptor */
	MESSAGE_REPORT,	    /* with the memory file of the report */
};

/** struct launch_message - a message that the child sends before execve() */
struct launch_message {
	uint32_t kind;
};

/**
 * message_receive() - receive a message; never blocks
 * @fd: set to the descriptor in the message, which the caller must close; unchanged if
 *	there is none
 * Returns the number of bytes, or a negative errno.
 */
ssize_t message_receive(int socket, struct launch_message *message, int *fd);

/* The number of numbers in a key. */
#define MESSAGE_KEY 3

/**
 * message_send() - send a message, in the child
 * @fd: -1: no descriptor
 * @key: the key to the filter of the process, see filter_key.c; NULL: none
 */
int message_send(int socket, enum message_kind kind, int fd,
		 const unsigned long *key);

#endif /* LAUNCH_MESSAGE_H */
