/* SPDX-License-Identifier: GPL-2.0 */
/* A few bytes and at most one descriptor, from one process to another. */
#ifndef LAUNCH_MESSAGE_H
#define LAUNCH_MESSAGE_H

#include <stdint.h>
#include <sys/types.h>

/** struct launch_message - from the child to the parent, before execve() */
struct launch_message {
	uint32_t waiting; /* it is at the start gate */
};

/**
 * message_receive() - never blocks
 * @fd: a descriptor that came with it, the caller's to close; else it is not changed
 * Returns the number of bytes, or a negative errno.
 */
ssize_t message_receive(int socket, struct launch_message *message, int *fd);

/* message_send() - for the child; @fd: -1 for none */
int message_send(int socket, const struct launch_message *message, int fd);

#endif /* LAUNCH_MESSAGE_H */
