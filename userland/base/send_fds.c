// SPDX-License-Identifier: GPL-2.0
/* Descriptors in messages, see send_fds.h. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "send_fds.h"

/* Aligned as the kernel wants it. */
union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(SEND_FDS_MAX * sizeof(int))];
};

int send_fds(int socket, const void *bytes, size_t len, const int *fds,
	     size_t n)
{
	union control control = { 0 };
	struct iovec iov = { (void *)bytes, len };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *header;

	if (n > SEND_FDS_MAX)
		return -EINVAL;
	if (n) {
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(n * sizeof(*fds));
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(n * sizeof(*fds));
		memcpy(CMSG_DATA(header), fds, n * sizeof(*fds));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

ssize_t receive_fds(int socket, void *bytes, size_t room, int fds[SEND_FDS_MAX])
{
	union control control = { 0 };
	struct iovec iov = { bytes, room };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	ssize_t n;

	memset(fds, -1, SEND_FDS_MAX * sizeof(*fds));
	n = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0)
		return -errno;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_level == SOL_SOCKET &&
	    header->cmsg_type == SCM_RIGHTS)
		memcpy(fds, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
	return n;
}
