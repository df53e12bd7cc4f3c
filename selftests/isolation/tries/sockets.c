// SPDX-License-Identifier: GPL-2.0
/* Tries with sockets, and with network interfaces by ioctl(). */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "try.h"

#ifndef AF_VSOCK
#define AF_VSOCK 40
#endif
#ifndef TCP_REPAIR
#define TCP_REPAIR 19
#endif

CALL(raw_ipv4, socket(AF_INET, SOCK_RAW, IPPROTO_ICMP))
CALL(raw_ipv6, socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6))
CALL(packets, socket(AF_PACKET, SOCK_RAW, 0))
CALL(ciphers, socket(AF_ALG, SOCK_SEQPACKET, 0))
CALL(hypervisor, socket(AF_VSOCK, SOCK_STREAM, 0))

static int udp(void)
{
	return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int set_option(int fd, int level, int option, int value)
{
	return result(setsockopt(fd, level, option, &value, sizeof(value)));
}

static int socket_option(const struct attempt *t)
{
	return set_option(udp(), SOL_SOCKET, (int)t->number, 7);
}

static int transparent(const struct attempt *t)
{
	(void)t;
	return set_option(udp(), IPPROTO_IP, IP_TRANSPARENT, 1);
}

static int repair(const struct attempt *t)
{
	(void)t;
	return set_option(socket(AF_INET, SOCK_STREAM, 0), IPPROTO_TCP,
			  TCP_REPAIR, 1);
}

/* Set the loopback device's value to what it is; number - 1 is the request to get it. */
static int interface(const struct attempt *t)
{
	struct ifreq r = { .ifr_name = "lo" };
	int fd = udp();

	if (ioctl(fd, (unsigned long)t->number - 1, &r))
		return -ENOTDIR;
	return result(ioctl(fd, (unsigned long)t->number, &r));
}

static int neighbour(const struct attempt *t)
{
	struct arpreq r = { .arp_dev = "lo" };
	struct sockaddr_in *a = (struct sockaddr_in *)&r.arp_pa;

	(void)t;
	a->sin_family = AF_INET;
	a->sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
	return result(ioctl(udp(), SIOCDARP, &r));
}

/* Before 6.2 the kernel refuses to rename an interface that is up, with EBUSY. */
static int rename_interface(const struct attempt *t)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_newname = "lo" };
	int r = result(ioctl(udp(), SIOCSIFNAME, &request));

	(void)t;
	return r == -EBUSY ? 0 : r;
}

/* Connect to the supervisor by its path on the host. */
static int connect_supervisor(const struct attempt *t)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	(void)t;
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", variable("TRY_SOCKET"));
	return result(connect(socket(AF_UNIX, SOCK_STREAM, 0),
			      (struct sockaddr *)&a, sizeof(a)));
}

const struct attempt sockets_tries[] = {
	TRY("opening a raw socket", raw_ipv4, "EPERM", .only = CAPABILITIES),
	TRY("opening a raw IPv6 socket", raw_ipv6, "EPERM",
	    .lacks = "EAFNOSUPPORT", .only = CAPABILITIES),
	TRY("opening a packet socket", packets, "EPERM",
	    .lacks = "EAFNOSUPPORT", .only = CAPABILITIES),
	TRY("opening a socket to the hypervisor", hypervisor, "EPERM",
	    .lacks = "EAFNOSUPPORT", .only = FILTER),
	TRY("opening a socket to the kernel's ciphers", ciphers, "EPERM",
	    .lacks = "EAFNOSUPPORT", .only = FILTER),
	TRY("setting SO_MARK", socket_option, "EPERM", .number = SO_MARK,
	    .only = CAPABILITIES),
	TRY("setting a priority of 7", socket_option, "EPERM",
	    .number = SO_PRIORITY, .only = CAPABILITIES),
	TRY("setting buffers beyond the limit", socket_option, "EPERM",
	    .number = SO_RCVBUFFORCE, .only = CAPABILITIES),
	TRY("setting SO_DEBUG", socket_option, "EACCES", .number = SO_DEBUG,
	    .only = CAPABILITIES),
	TRY("setting IP_TRANSPARENT", transparent, "EPERM",
	    .only = CAPABILITIES),
	TRY("setting TCP_REPAIR", repair, "EPERM", .only = CAPABILITIES),
	TRY("setting the flags of an interface", interface, "EPERM",
	    .number = SIOCSIFFLAGS, .only = CAPABILITIES),
	TRY("setting the MTU of an interface", interface, "EPERM",
	    .number = SIOCSIFMTU, .only = CAPABILITIES),
	TRY("setting the address of an interface", interface, "EPERM",
	    .number = SIOCSIFADDR, .only = CAPABILITIES),
	TRY("setting the name of an interface", rename_interface, "EPERM",
	    .only = CAPABILITIES),
	TRY("removing a neighbour", neighbour, "EPERM", .off = "ENXIO",
	    .only = CAPABILITIES),
	TRY("connecting to the supervisor's socket", connect_supervisor,
	    "ENOENT"),
	{ 0 },
};
