/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The request of a container on disk (kept.h), from its start to its removal. A container
 * without it runs as any other, but cannot be started again: an error is a warning.
 */
#ifndef SUPERVISOR_CONTAINER_KEPT_H
#define SUPERVISOR_CONTAINER_KEPT_H

#include "control/request.h"
#include "registry.h"

/**
 * container_stage_request() - write the request of a start, which may still fail
 * @request: without its command, which belongs to @c
 */
void container_stage_request(struct container *c,
			     const struct start_request *request);
/** container_keep_request() - its command runs: replace the request of an earlier start */
void container_keep_request(struct container *c);
/** container_drop_request() - its start failed; nobody tries that again unasked */
void container_drop_request(struct container *c);

/**
 * container_take_over_request() - find the request that an earlier supervisor kept
 * Sets c->again. The container has its log key, and the kernel's record is noted.
 */
void container_take_over_request(struct container *c);

/**
 * request_keeps_layer() - tell whether the request of container @name has --keep
 * The request of a start that was not complete comes first: the layer was for that.
 */
bool request_keeps_layer(const struct supervisor *supervisor, const char *name);

/** container_note_stopped() - somebody has stopped it: do not start it after a reboot */
void container_note_stopped(struct container *c);

/**
 * request_note_restarting() - note on disk whether the container is to start after its stop
 * So a supervisor that dies in between does not lose that.
 */
void request_note_restarting(const struct supervisor *supervisor,
			     const char *name, bool restarting);

/** container_forget_request() - remove it: the container cannot be started again */
void container_forget_request(struct container *c);

#endif /* SUPERVISOR_CONTAINER_KEPT_H */
