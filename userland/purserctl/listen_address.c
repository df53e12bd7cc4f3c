// SPDX-License-Identifier: GPL-2.0
/* The address of a server, see listen_address.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "listen_address.h"

static int parse_path(const char *path, struct listen_address *out)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&out->address;

	const size_t len = strlen(path);

	if (len >= sizeof(un->sun_path))
		return -EINVAL;
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, path, len + 1);
	out->len = sizeof(*un);
	return 0;
}

/* @host: changed. An address of IPv6 has brackets around it, and no other has. */
static int parse_host(char *host, const char *port, struct listen_address *out)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_family = *host == '[' ? AF_INET6 : AF_INET,
		.ai_socktype = SOCK_STREAM,
	};
	size_t len = strlen(host);
	struct addrinfo *found;

	if (!len || !*port || strspn(port, "0123456789") != strlen(port) ||
	    strlen(port) > 5 || atoi(port) > 65535)
		return -EINVAL;
	if (*host == '[') {
		if (host[len - 1] != ']')
			return -EINVAL;
		host[len - 1] = '\0';
		host++;
	}
	if (getaddrinfo(host, port, &hints, &found))
		return -EINVAL;
	memcpy(&out->address, found->ai_addr, found->ai_addrlen);
	out->len = found->ai_addrlen;
	freeaddrinfo(found);
	return 0;
}

int listen_address_parse(const char *text, struct listen_address *out)
{
	__cleanup_free char *host = NULL;
	char *colon;

	memset(out, 0, sizeof(*out));
	if (*text == '/')
		return parse_path(text, out);
	host = strdup(text);
	colon = host ? strrchr(host, ':') : NULL;
	if (!colon)
		return host ? -EINVAL : -ENOMEM;
	*colon = '\0';
	return parse_host(host, colon + 1, out);
}

static const char *path_of(const struct listen_address *address)
{
	const struct sockaddr_un *un = (const void *)&address->address;

	return un->sun_family == AF_UNIX ? un->sun_path : NULL;
}

/* Is there a socket file that nobody listens on? */
static bool is_left_over(const struct listen_address *address)
{
	__cleanup_close int fd = -1;
	struct stat st;

	if (!path_of(address) || lstat(path_of(address), &st) < 0 ||
	    !S_ISSOCK(st.st_mode))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return fd >= 0 &&
	       connect(fd, (const void *)&address->address, address->len) < 0 &&
	       errno == ECONNREFUSED;
}

static int bind_to(int fd, const struct listen_address *address)
{
	const struct sockaddr *to = (const void *)&address->address;

	if (!bind(fd, to, address->len))
		return 0;
	if (errno == EADDRINUSE && is_left_over(address)) {
		unlink(path_of(address));
		if (!bind(fd, to, address->len))
			return 0;
	}
	return -errno;
}

int listen_address_open(const struct listen_address *address,
			struct failure *failure)
{
	const int family = address->address.ss_family, yes = 1;
	__cleanup_close int fd = -1;
	int err;

	fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return failed_errno(failure, -errno,
				    "cannot make a socket for --listen");
	if (family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	err = bind_to(fd, address);
	if (!err && listen(fd, SOMAXCONN) < 0)
		err = -errno;
	if (err)
		return failed_errno(failure, err,
				    "cannot listen on the address of --listen");
	return take_fd(&fd);
}

void listen_address_remove(const struct listen_address *address)
{
	if (path_of(address))
		unlink(path_of(address));
}

char *listen_address_of(int fd)
{
	struct listen_address own = { .len = sizeof(own.address) };
	char host[NI_MAXHOST], port[NI_MAXSERV], *text;
	bool six;

	if (getsockname(fd, (void *)&own.address, &own.len) < 0)
		return NULL;
	if (path_of(&own))
		return strdup(path_of(&own));
	if (getnameinfo((void *)&own.address, own.len, host, sizeof(host), port,
			sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV))
		return NULL;
	six = own.address.ss_family == AF_INET6;
	if (asprintf(&text, six ? "[%s]:%s" : "%s:%s", host, port) < 0)
		return NULL;
	return text;
}
