// SPDX-License-Identifier: GPL-2.0
/* The standard descriptors, see standard.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "standard.h"

int standard_hold(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			return -errno;
	}
	return 0;
}

/* A write of stdio's own may have failed earlier: its errno is lost. */
static int output_error(void)
{
	struct pollfd fd = { .fd = STDOUT_FILENO };

	if (fflush(stdout))
		return -errno;
	if (!ferror(stdout))
		return 0;
	return poll(&fd, 1, 0) > 0 && fd.revents & POLLERR ? -EPIPE : -EIO;
}

int standard_flush(void)
{
	static int first; /* an error that comes later is not the cause */

	if (!first)
		first = output_error();
	return first;
}

int standard_finish(struct failure *failure)
{
	int err = standard_flush();

	if (!err || err == -EPIPE)
		return 0;
	return failed_errno(failure, err, "cannot write to standard output");
}
