/* SPDX-License-Identifier: GPL-2.0 */
/* What clients can ask the supervisor for, see control/protocol.h. */
#ifndef SUPERVISOR_OPERATIONS_H
#define SUPERVISOR_OPERATIONS_H

#include "control/server.h"

/* The owner of their control socket is the struct supervisor. */
extern const struct control_ops operations_ops;

#endif /* SUPERVISOR_OPERATIONS_H */
