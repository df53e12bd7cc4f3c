/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a container comes to its end. Several things happen, in any order: its init can
 * be reaped, the kernel says how it ended, its cgroup becomes empty, its log is
 * complete or given up. Each has a function here that notes it; the last one makes the
 * end.
 */
#ifndef SUPERVISOR_END_H
#define SUPERVISOR_END_H

#include "registry.h"

/** container_mirror() - the kernel's record is so now */
void container_mirror(struct container *c,
		      const struct purser_container *record);
/** container_record_gone() - the kernel has no record of it any more; may free it */
void container_record_gone(struct container *c);
/**
 * container_watch() - watch @pidfd, its init's; taken over on success
 * @fn: called when init is dead, for container_reap()
 */
int container_watch(struct container *c, int pidfd, loop_fn fn);
/** container_reap() - reap its init if that is dead; its launch has no more news */
void container_reap(struct container *c);
/**
 * container_log_done() - its log is complete
 * @error: 0 or what writing met; @lost: bytes that were given up
 */
void container_log_done(struct container *c, int error, uint64_t lost);
/** container_layer_is_removed() - the job c->layer.removal is back; may free @c */
void container_layer_is_removed(struct container *c);

/** container_advance() - go on with its end as far as possible; may free it */
void container_advance(struct container *c);
/** container_fail() - its start failed: undo it, then answer; may free @c */
void container_fail(struct container *c, const struct failure *failure);
/** container_kill() - send SIGKILL to its init, whatever the kernel's table says */
void container_kill(struct container *c);

/** container_forget() - an ended one: drop its record and itself */
void container_forget(struct container *c);

#endif /* SUPERVISOR_END_H */
