/* SPDX-License-Identifier: GPL-2.0 */
/* Sending descriptors over a Unix socket, together with bytes. */
#ifndef BASE_SEND_FDS_H
#define BASE_SEND_FDS_H

#include <stddef.h>
#include <sys/types.h>

/* The largest number of descriptors in one message. */
#define SEND_FDS_MAX 4

/** send_fds() - send @len bytes, at least 1, with @n descriptors; 0 or a negative errno */
int send_fds(int socket, const void *bytes, size_t len, const int *fds,
	     size_t n);

/**
 * receive_fds() - receive bytes and descriptors; never blocks
 * @fds: room for %SEND_FDS_MAX; set to the descriptors, close-on-exec, which the caller
 *	must close; unused ones are set to -1
 * Returns the number of bytes, 0 at the end, or a negative errno; -EAGAIN: there is no
 * message.
 */
ssize_t receive_fds(int socket, void *bytes, size_t room,
		    int fds[SEND_FDS_MAX]);

#endif /* BASE_SEND_FDS_H */
