// SPDX-License-Identifier: GPL-2.0
/* Messages with a descriptor, see message.h. */
#include <string.h>
#include <sys/socket.h>

#include "message.h"
#include "raw.h"

/* Room for one descriptor, aligned as the kernel wants it. */
union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

ssize_t message_receive(int socket, struct launch_message *message, int *fd)
{
	union control control = { .room = { 0 } };
	struct iovec part = { message, sizeof(*message) };
	struct msghdr m = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	const struct cmsghdr *header;
	ssize_t n = recvmsg(socket, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0)
		return -errno;
	header = CMSG_FIRSTHDR(&m);
	if (header && header->cmsg_level == SOL_SOCKET &&
	    header->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(header), sizeof(*fd));
	return n;
}

int message_send(int socket, enum message_kind kind, int fd,
		 const unsigned long *key)
{
	static const unsigned long none[MESSAGE_KEY];
	struct launch_message message = { .kind = kind };
	union control control = {
		.header = {
			.cmsg_len = CMSG_LEN(sizeof(fd)),
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
		},
	};
	struct iovec part = { &message, sizeof(message) };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };
	long r;

	key = key ? key : none;
	if (fd >= 0) {
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
		m.msg_control = &control;
		m.msg_controllen = sizeof(control);
	}
	do {
		r = raw(SYS_sendmsg, socket, &m, MSG_NOSIGNAL, key[0], key[1],
			key[2]);
	} while (r == -EINTR);
	return r < 0 ? (int)r : 0;
}
