/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a container comes to its end. Several things happen, in an order that
 * nobody promises: its init can be reaped, the kernel says how it ended, its
 * cgroup is empty, its log is complete or given up. Each has a function here that
 * takes note of it; the last one makes the end. Its state folder is put aside then,
 * and removed in the background.
 */
#ifndef SUPERVISOR_END_H
#define SUPERVISOR_END_H

#include "libpurser/purser.h"
#include "registry.h"

/** container_mirror() - the kernel's record is so now */
void container_mirror(struct container *c,
		      const struct purser_container *record);
/** container_record_gone() - the kernel has no record of it any more; may free it */
void container_record_gone(struct container *c);
/** container_watch() - @pidfd of its init, taken over: its end is to be noticed */
int container_watch(struct container *c, int pidfd);
/** container_reap() - its init is dead or may be: reap it if so */
void container_reap(struct container *c);
/**
 * container_log_done() - its log is complete
 * @error: 0 or what writing met; @lost: bytes that were given up
 */
void container_log_done(struct container *c, int error, uint64_t lost);
/** container_state_removed() - the job c->cleaning is back; may free @c */
void container_state_removed(struct container *c);

/** container_advance() - see whether there is something left to do; may free it */
void container_advance(struct container *c);
/** container_fail() - a start failed: undo it, then answer; may free @c */
void container_fail(struct container *c, int code, const char *text);
/** container_kill() - SIGKILL to its init, whatever the kernel's table says */
void container_kill(struct container *c);

/** container_forget() - an ended one: drop its record and itself */
void container_forget(struct container *c);

#endif /* SUPERVISOR_END_H */
