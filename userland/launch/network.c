// SPDX-License-Identifier: GPL-2.0
/* A network namespace of one's own starts with its loopback interface down. */
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "plan.h"
#include "raw.h"

int child_loopback(struct child *c)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd __cleanup_raw_close = -1;
	long r;

	if (!(c->plan->spec->namespaces & CLONE_NEWNET))
		return 0;
	fd = (int)raw(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	r = raw(SYS_ioctl, fd, (unsigned long)SIOCGIFFLAGS, &request);
	if (r)
		return (int)r;
	request.ifr_flags |= IFF_UP;
	return (int)raw(SYS_ioctl, fd, (unsigned long)SIOCSIFFLAGS, &request);
}
