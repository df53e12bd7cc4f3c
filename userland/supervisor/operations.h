/* SPDX-License-Identifier: GPL-2.0 */
/* The operations of the control protocol (control/protocol.h). */
#ifndef SUPERVISOR_OPERATIONS_H
#define SUPERVISOR_OPERATIONS_H

#include "control/server.h"

/* The owner of the control socket must be the struct supervisor. */
extern const struct control_ops operations_ops;

#endif /* SUPERVISOR_OPERATIONS_H */
