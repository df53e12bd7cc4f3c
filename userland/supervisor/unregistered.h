/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Live containers that somebody has unregistered. The kernel neither stops them nor records
 * how they end, so the supervisor does both.
 */
#ifndef SUPERVISOR_UNREGISTERED_H
#define SUPERVISOR_UNREGISTERED_H

#include "registry.h"

/**
 * unregistered_stop() - send a signal, and SIGKILL after @grace_ms
 * 0 milliseconds: SIGKILL at once. Returns 0 or a negative errno.
 */
int unregistered_stop(struct container *c, int signal, unsigned int grace_ms);

/**
 * unregistered_watch() - find the init of a container of an earlier supervisor, and watch it
 * It is looked for in c->cgroup. Returns 0 or a negative errno; -ESRCH: it is not found.
 */
int unregistered_watch(struct container *c);

#endif /* SUPERVISOR_UNREGISTERED_H */
