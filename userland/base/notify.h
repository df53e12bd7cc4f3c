/* SPDX-License-Identifier: GPL-2.0 */
/* Telling the service manager about the state of this program, as sd_notify(3) does. */
#ifndef BASE_NOTIFY_H
#define BASE_NOTIFY_H

/**
 * notify_manager() - send @state, such as "READY=1", to the socket $NOTIFY_SOCKET
 * Does nothing if the variable is not set: no manager wants to know. Never waits.
 * Returns 0 or a negative errno; -EINVAL: the variable names no socket.
 */
int notify_manager(const char *state);

#endif /* BASE_NOTIFY_H */
