/* SPDX-License-Identifier: GPL-2.0 */
/* The address of a server: "127.0.0.1:9105", "[::1]:9105" or "/run/metrics.sock". */
#ifndef PURSERCTL_LISTEN_ADDRESS_H
#define PURSERCTL_LISTEN_ADDRESS_H

#include <stddef.h>
#include <sys/socket.h>

#include "base/failure.h"

/* What listen_address_parse() takes, for messages. */
#define LISTEN_ADDRESS_WANTED \
	"ADDRESS:PORT, [IPV6-ADDRESS]:PORT or the absolute path of a socket"

/** struct listen_address - @len 0: none */
struct listen_address {
	struct sockaddr_storage address;
	socklen_t len;
};

/** listen_address_parse() - read an address, in numbers; 0 or -EINVAL */
int listen_address_parse(const char *text, struct listen_address *out);

/**
 * listen_address_open() - open a socket that listens there and does not block
 * A socket file that nobody listens on any more is replaced. Returns the descriptor, or -1
 * with @failure filled.
 */
int listen_address_open(const struct listen_address *address,
			struct failure *failure);

/** listen_address_remove() - remove the socket file, if the address is one */
void listen_address_remove(const struct listen_address *address);

/** listen_address_of() - the address that an open socket has, for free(); NULL: no memory */
char *listen_address_of(int fd);

#endif /* PURSERCTL_LISTEN_ADDRESS_H */
