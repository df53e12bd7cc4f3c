/* SPDX-License-Identifier: GPL-2.0 */
/* What a runtime hands to its caller when a process has been made. */
#ifndef OCI_CONSOLE_H
#define OCI_CONSOLE_H

#include <sys/types.h>

#include "base/failure.h"

/**
 * socket_send_fd() - connect to the socket at @path, and send a descriptor over it
 * @text: the bytes that go with it
 */
int socket_send_fd(const char *path, int fd, const char *text,
		   struct failure *failure);

/** pid_file_write() - write a PID to a file, which appears with the PID in it */
int pid_file_write(const char *path, pid_t pid, struct failure *failure);

#endif /* OCI_CONSOLE_H */
