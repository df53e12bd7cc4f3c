/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Retiring ended containers and dropping old records.
 */
#ifndef PURSER_RETIRE_H
#define PURSER_RETIRE_H

#include "container.h"
#include "probe.h"

void purser_retire_init(struct purser_probe_group *probes);
void purser_retire_prepare(struct purser_container *c);
void purser_retire_queue(struct purser_container *c);
void purser_retire_locked(struct purser_container *c);

#endif /* PURSER_RETIRE_H */
