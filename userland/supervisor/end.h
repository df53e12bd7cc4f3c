/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The end of a container. Several things happen, in any order: init can be reaped, the
 * kernel says how the container ended, the cgroup becomes empty, the log is complete or
 * given up. Each has a function here, which notes it and calls container_advance(). After
 * the last one the container is PHASE_ENDED.
 */
#ifndef SUPERVISOR_END_H
#define SUPERVISOR_END_H

#include "registry.h"

/** container_mirror() - copy the kernel's record */
void container_mirror(struct container *c,
		      const struct purser_container *record);
/** container_record_gone() - the kernel has removed the record; may free @c */
void container_record_gone(struct container *c);
/**
 * container_watch() - watch init by @pidfd, which is taken over on success
 * @fn: called when init is dead; it must call container_reap()
 */
int container_watch(struct container *c, int pidfd, loop_fn fn);
/** container_reap() - reap init if it is dead; all news of the launch must be read before */
void container_reap(struct container *c);
/**
 * container_log_done() - the log is complete
 * @error: the first error of writing it, or 0; @lost: how many bytes were given up
 */
void container_log_done(struct container *c, int error, uint64_t lost);
/** container_layer_is_removed() - the remover has finished c->layer.removal; may free @c */
void container_layer_is_removed(struct container *c);

/** container_advance() - do the next steps of the end that are possible; may free @c */
void container_advance(struct container *c);
/** container_fail() - its start failed: undo it, then answer the clients; may free @c */
void container_fail(struct container *c, const struct failure *failure);
/** container_kill() - send SIGKILL to init, whatever the kernel's table says */
void container_kill(struct container *c);

/**
 * container_discard() - forget an ended container, and remove its request and its log
 * It cannot be started again.
 */
void container_discard(struct container *c);
/** container_forget() - free an ended container, and remove its record in the kernel */
void container_forget(struct container *c);

#endif /* SUPERVISOR_END_H */
