/* SPDX-License-Identifier: GPL-2.0 */
/* Messages with at most one descriptor, from the child to another process. */
#ifndef LAUNCH_MESSAGE_H
#define LAUNCH_MESSAGE_H

#include <stdint.h>
#include <sys/types.h>

/** struct launch_message - a message that the child sends before execve() */
struct launch_message {
	uint32_t waiting; /* it waits at the start gate */
};

/**
 * message_receive() - receive a message; never blocks
 * @fd: set to the descriptor in the message, which the caller must close; unchanged if
 *	there is none
 * Returns the number of bytes, or a negative errno.
 */
ssize_t message_receive(int socket, struct launch_message *message, int *fd);

/* message_send() - send a message, in the child; @fd: -1: no descriptor */
int message_send(int socket, const struct launch_message *message, int fd);

#endif /* LAUNCH_MESSAGE_H */
