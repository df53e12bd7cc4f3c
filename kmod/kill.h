/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sending SIGKILL to members of a container.
 */
#ifndef PURSER_KILL_H
#define PURSER_KILL_H

#include "container.h"

void purser_kill_process(struct pid *pid);
void purser_kill_at_once(struct purser_container *c);
void purser_kill_all(struct purser_container *c);

#endif /* PURSER_KILL_H */
