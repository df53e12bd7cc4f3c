/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The log pipeline: containers' pipes -> bounded buffer -> log files.
 *
 * One reader thread (reader.h) and one writer thread (writer.h) serve all containers.
 * buffer.h describes the buffer between them: ownership, order, what happens when it is
 * full and at shutdown. line.h describes how bytes become lines, format.h how these look in
 * a file.
 *
 * No byte that a container has written is dropped, whenever this process dies:
 * transfer.h describes the way into the buffer, marks.h the way into the files. If a log
 * file cannot be written, its container waits in write(), the others go on, and one line
 * is reported when that begins and when it ends (writer.h). Only a log that cannot be
 * written for some time after its container's end is given up, see
 * log_pipeline_set_give_up().
 *
 * Memory: the buffer, and at most 16 KiB for each stream that has an unfinished line.
 * Files in the pipeline's folder: the same again, and for each log that cannot be written a
 * quarter of the buffer and as much as its container's pipes hold.
 *
 * Functions return 0 (or what they say) or a negative errno. All but create, recovered and
 * destroy may be called from several threads at once. None waits for a container, the
 * buffer or a file; the exceptions are log_pipeline_add(), which opens the file, and
 * log_pipeline_destroy().
 */
#ifndef LOG_PIPELINE_H
#define LOG_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"
#include "settings.h"

struct log_pipeline;

/** struct log_source_spec - a container, and where its output goes */
struct log_source_spec {
	const char *path; /* of its log file, absolute */
	struct log_settings settings;
	int fds[LOG_N_STREAMS]; /* the reading ends of two pipes */
};

/**
 * log_pipeline_create() - start both threads over a buffer of @bytes
 * @dir: an existing folder on a tmpfs, for this pipeline alone. It holds the output that
 *	is read and not written yet, and everything that a next process needs to go on.
 * The files of an earlier process in @dir are taken over: its sources exist again, but
 * without their pipes, see log_pipeline_recovered(). If its buffer is not empty, that keeps
 * its size. Both threads have all signals blocked. Errors: -EINVAL (@bytes is below
 * LOG_BUFFER_MIN), -ENOMEM, -EMFILE, -EAGAIN (no more threads), -ENOSPC, -EPROTO (files of
 * another version), -EBADMSG (damaged files), those of open(2).
 */
int log_pipeline_create(struct log_pipeline **out, const char *dir,
			size_t bytes);

/**
 * log_pipeline_recovered() - call @fn for each source of an earlier process
 * This must be called before any source is finished. The caller must give each its pipes
 * back with log_pipeline_resume(), if they still exist, and call log_pipeline_finish() when
 * its container has ended.
 */
void log_pipeline_recovered(struct log_pipeline *p,
			    void (*fn)(uint64_t key, const char *path,
				       void *arg),
			    void *arg);

/**
 * log_pipeline_resume() - read @fds into the log of a recovered source
 * If this succeeds, the descriptors belong to the pipeline. Errors: -ENOENT (no such
 * source, or it is finished), -EALREADY (it has had its pipes), -ENOMEM, those of
 * epoll_ctl(2). After the last two the source can only be finished.
 */
int log_pipeline_resume(struct log_pipeline *p, uint64_t key,
			const int fds[LOG_N_STREAMS]);

/**
 * log_pipeline_keep_fd() - the FIFO that all output passes through (transfer.h)
 * It loses its content if no process has it open. So another process, or the kernel, must
 * keep it open beyond the death of this process.
 */
int log_pipeline_keep_fd(const struct log_pipeline *p);

/**
 * log_pipeline_add() - read the pipes of @spec into its file
 * @key: the caller's name for the source. It must be unique among the sources that
 *	log_pipeline_finished() has not returned yet, including recovered ones.
 * This opens the file for appending, and creates it with mode 0640. If it succeeds, the
 * descriptors belong to the pipeline; else they stay with the caller, but may be
 * non-blocking. Errors: -EEXIST (the key is taken), -ENOMEM, those of open(2) on the path,
 * -ELOOP (it is a symbolic link), those of epoll_ctl(2).
 */
int log_pipeline_add(struct log_pipeline *p, uint64_t key,
		     const struct log_source_spec *spec);

/**
 * log_pipeline_waits() - why the container of a source waits for its log file
 * Returns the negative errno of the last attempt to write the file, or 0 if it can be
 * written or there is no such source.
 */
int log_pipeline_waits(struct log_pipeline *p, uint64_t key);

/**
 * log_pipeline_finish() - the container has ended: read its pipes to the end
 * The reader reads all that was written to the pipes before this call, and closes them,
 * even if another process still has a writing end. This does not wait for that. A source
 * stays until this is called, even if both pipes have come to their end. Errors: -ENOENT
 * (no such key), -EALREADY (it was called before).
 */
int log_pipeline_finish(struct log_pipeline *p, uint64_t key);

/**
 * log_pipeline_set_give_up() - how long to wait for logs that cannot be written
 * @ms: milliseconds from log_pipeline_finish() on. If the file still cannot be written
 *	then, the rest of its container's output is dropped, and reported. LOG_NEVER,
 *	which is the default: no output is dropped.
 */
void log_pipeline_set_give_up(struct log_pipeline *p, int64_t ms);

/** log_pipeline_event_fd() - readable if log_pipeline_finished() has a source */
int log_pipeline_event_fd(const struct log_pipeline *p);

/**
 * log_pipeline_finished() - take out the next source whose log is complete
 * Complete: log_pipeline_finish() was called, and its last byte is in its file or was
 * given up. Returns 1 with @key, @error (the first negative errno of writing its file, or
 * 0) and @lost (how many bytes were given up); or 0 if there is none.
 */
int log_pipeline_finished(struct log_pipeline *p, uint64_t *key, int *error,
			  uint64_t *lost);

/**
 * log_pipeline_destroy() - write all that was read, and join both threads
 * Before that the pipes of finished sources are read to their end. A source that is not
 * finished, or whose file cannot be written now, exists again when a pipeline is created
 * in the same folder. If there is none, the folder is empty afterwards. NULL is allowed.
 */
void log_pipeline_destroy(struct log_pipeline *p);

#endif /* LOG_PIPELINE_H */
