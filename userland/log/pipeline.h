/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The log pipeline: containers' pipes -> bounded buffer -> log files.
 *
 * One reader thread (reader.h) and one writer thread (writer.h) serve all
 * containers. See buffer.h for the buffer between them: ownership, ordering,
 * what happens when it is full and at shutdown; line.h for how bytes become
 * lines, format.h for how these look in a file.
 *
 * No byte that a container has written is dropped, whatever instant this process
 * dies at: see take.h for the way into the buffer, marks.h for the way into the
 * files. When its log file cannot be written the container waits in write(), the
 * others go on, and one line is reported when that begins and when it ends; see
 * writer.h. Only a log that cannot be written for some time after its container's
 * end is given up, see log_pipeline_set_give_up(). Memory: the buffer; at most 16
 * KiB for each stream that is in the middle of a line. In the pipeline's folder:
 * the same again, and for each file that cannot be written a quarter of the buffer
 * and what its container's pipes hold.
 *
 * Functions return 0 (or what they say) or a negative errno. All but create,
 * recovered and destroy may be called from several threads at once; none waits for
 * a container, the buffer or a file, but log_pipeline_add() for opening the file
 * and log_pipeline_destroy().
 */
#ifndef LOG_PIPELINE_H
#define LOG_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"
#include "settings.h"

struct log_pipeline;

/** struct log_source_spec - a container whose output is to be read */
struct log_source_spec {
	const char *path; /* of its log file, absolute */
	struct log_settings settings;
	int fds[LOG_N_STREAMS]; /* the reading ends of two pipes */
};

/**
 * log_pipeline_create() - start both threads over a buffer of @bytes
 * @dir: an existing folder on a tmpfs, of this pipeline alone: what has been
 *	read and not yet been written lies there, and all that is needed to go
 *	on with it
 * What an earlier process has left in @dir is taken over: its sources are there
 * again, see log_pipeline_recovered(), without their pipes. Where its buffer is
 * not empty it keeps its size. Both threads have all signals blocked.
 * Errors: -EINVAL (below LOG_BUFFER_MIN), -ENOMEM, -EMFILE, -EAGAIN (no more
 * threads), -ENOSPC, -EPROTO (files of another version), -EBADMSG (they make no
 * sense), those of open(2).
 */
int log_pipeline_create(struct log_pipeline **out, const char *dir,
			size_t bytes);

/**
 * log_pipeline_recovered() - call @fn for each source of an earlier process
 * Each is to be given back its pipes by log_pipeline_resume(), where there are
 * any, and finished by log_pipeline_finish() when its container has ended.
 */
void log_pipeline_recovered(struct log_pipeline *p,
			    void (*fn)(uint64_t key, const char *path,
				       void *arg),
			    void *arg);

/**
 * log_pipeline_resume() - read @fds into the log of a recovered source
 * The descriptors belong to the pipeline from success on. Errors: -ENOENT (no
 * such source, or it was finished), -EALREADY (it has had pipes), -ENOMEM, those
 * of epoll_ctl(2). After the last two it can only be finished.
 */
int log_pipeline_resume(struct log_pipeline *p, uint64_t key,
			const int fds[LOG_N_STREAMS]);

/**
 * log_pipeline_keep_fd() - what has to stay open for nothing to be lost
 * A FIFO through which the reader takes all output. Whoever keeps it open beyond
 * the death of this process keeps what was in it at that moment.
 */
int log_pipeline_keep_fd(const struct log_pipeline *p);

/**
 * log_pipeline_add() - read the pipes of @spec into its file
 * @key: the caller's name for it, unique among those that were added and not
 *	yet returned by log_pipeline_finished(), in earlier processes too
 * The file is opened here (append, 0640, created). The descriptors belong to the
 * pipeline from success on; on error they stay with the caller, perhaps
 * non-blocking. Errors: -EEXIST (the key is taken), -ENOMEM, those of open(2) on
 * the path, -ELOOP (it is a symbolic link), those of epoll_ctl(2).
 */
int log_pipeline_add(struct log_pipeline *p, uint64_t key,
		     const struct log_source_spec *spec);

/**
 * log_pipeline_waits() - why its container waits for its log file
 * Returns the negative errno that writing the file met last, 0 while it is
 * written (also where there is no such source).
 */
int log_pipeline_waits(struct log_pipeline *p, uint64_t key);

/**
 * log_pipeline_finish() - the container has ended: take what its pipes hold
 * Reads all that was written to the pipes before the call and closes them,
 * whether or not somebody outside still holds a writing end. Asynchronous.
 * Without it a source stays, even when both its pipes have come to their end.
 * Errors: -ENOENT (no such key), -EALREADY (it was called before).
 */
int log_pipeline_finish(struct log_pipeline *p, uint64_t key);

/**
 * log_pipeline_set_give_up() - how long to wait for logs that cannot be written
 * @ms: milliseconds from log_pipeline_finish() on. When they are over and the file
 * cannot be written, what is left of its container's output is dropped, and
 * reported. LOG_NEVER, which is the default: it is waited for to the end.
 */
void log_pipeline_set_give_up(struct log_pipeline *p, int64_t ms);

/** log_pipeline_event_fd() - readable when log_pipeline_finished() has news */
int log_pipeline_event_fd(const struct log_pipeline *p);

/**
 * log_pipeline_finished() - take the next container whose log is complete
 * Complete: log_pipeline_finish() was called, and its last byte is in its file, or
 * it was given up. Returns 1 with @key, @error (0, or the first negative errno that
 * writing its file met) and @lost, the bytes that were given up; 0 when there is
 * none.
 */
int log_pipeline_finished(struct log_pipeline *p, uint64_t *key, int *error,
			  uint64_t *lost);

/**
 * log_pipeline_destroy() - write out all that was read, join both threads
 * What the pipes of finished sources hold is taken before; the others' stays where
 * it is. A source that was not finished, or whose file cannot be written now, is
 * there again when a pipeline is created in the same folder; where there is none,
 * the folder is left empty.
 */
void log_pipeline_destroy(struct log_pipeline *p);

#endif /* LOG_PIPELINE_H */
