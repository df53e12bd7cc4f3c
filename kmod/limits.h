/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The limits of a container: their state, events and log lines.
 */
#ifndef PURSER_LIMITS_H
#define PURSER_LIMITS_H

#include "container.h"

void purser_limits_prepare(struct purser_container *c);
void purser_limits_cancel(struct purser_container *c);
void purser_limits_set_check_locked(struct purser_container *c);
void purser_limits_settle_locked(struct purser_container *c);
void purser_limits_changed_locked(struct purser_container *c);
void purser_limits_settle(struct purser_container *c, bool measured);
void purser_limits_report(struct purser_container *c);

#endif /* PURSER_LIMITS_H */
