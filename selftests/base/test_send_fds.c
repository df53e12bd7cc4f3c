// SPDX-License-Identifier: GPL-2.0
/* Tests descriptors in messages. */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/send_fds.h"
#include "must.h"
#include "tap.h"

int main(void)
{
	int ends[2], fds[SEND_FDS_MAX], pipe[2], five[5] = { 0 };
	char text[8] = "";

	must(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends));
	must(pipe2(pipe, 0));
	is_int(receive_fds(ends[1], text, sizeof(text), fds), -EAGAIN,
	       "without a message, this does not block");
	is_int(fds[0], -1, "no descriptor");
	is_int(send_fds(ends[0], "ab", 2, pipe, 2), 0, "two are sent");
	is_int(receive_fds(ends[1], text, sizeof(text), fds), 2,
	       "the bytes come");
	is_str(text, "ab", "as they were");
	ok(fds[0] >= 0 && fds[1] >= 0 && fds[2] == -1 && fds[3] == -1,
	   "with two descriptors");
	ok(fcntl(fds[0], F_GETFD) & FD_CLOEXEC, "they are close-on-exec");
	must(write(fds[1], "x", 1));
	is_int(read(pipe[0], text, 1), 1, "they are those of the pipe");
	is_int(send_fds(ends[0], "c", 1, NULL, 0), 0, "bytes alone");
	is_int(receive_fds(ends[1], text, sizeof(text), fds), 1, "come, too");
	is_int(fds[0], -1, "without a descriptor");
	is_int(send_fds(ends[0], "d", 1, five, 5), -EINVAL, "not too many");
	close(ends[0]);
	is_int(receive_fds(ends[1], text, sizeof(text), fds), 0,
	       "the end of the socket");
	is_int(send_fds(ends[1], "e", 1, NULL, 0), -EPIPE,
	       "nobody receives any more");
	return tap_end();
}
