/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The log pipeline: containers' pipes -> bounded buffer -> log files.
 *
 * One reader thread and one writer thread serve all containers. See buffer.h
 * for the buffer between them: ownership, ordering, what happens when it is
 * full and at shutdown.
 */
#ifndef ENGINE_LOG_PIPELINE_H
#define ENGINE_LOG_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log_pipeline;

/** log_pipeline_create() - start both threads over a buffer of @bytes */
int log_pipeline_create(struct log_pipeline **out, size_t bytes);

/**
 * log_pipeline_add() - read @stdout_fd and @stderr_fd into the file @path
 * @key: the caller's name for it, unique among those not finished
 * The file is opened here (append, 0640, created). The descriptors belong to
 * the pipeline from success on; on error they stay with the caller.
 */
int log_pipeline_add(struct log_pipeline *p, uint64_t key, int stdout_fd,
		     int stderr_fd, const char *path);

/**
 * log_pipeline_finish() - the container has ended: take what its pipes hold
 * Reads until the pipes are empty and closes them, whether or not somebody
 * outside still holds a writing end. Asynchronous.
 */
int log_pipeline_finish(struct log_pipeline *p, uint64_t key);

/** log_pipeline_event_fd() - readable when log_pipeline_finished() has news */
int log_pipeline_event_fd(const struct log_pipeline *p);

/**
 * log_pipeline_finished() - take the next container whose log is complete
 * Complete: log_pipeline_finish() was called, and its last byte is in its file.
 * Returns 1 with @key and @error (0, or the first errno that writing its file
 * met), 0 when there is none.
 */
int log_pipeline_finished(struct log_pipeline *p, uint64_t *key, int *error);

/**
 * log_pipeline_destroy() - write out all that was read, join both threads
 * Sources that are still open are drained until they would block.
 */
void log_pipeline_destroy(struct log_pipeline *p);

#endif /* ENGINE_LOG_PIPELINE_H */
