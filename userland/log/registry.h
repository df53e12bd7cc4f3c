/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The registry: the sources of the pipeline. A source is a container whose output is read.
 *
 * log_pipeline_add() makes a source, or the pipeline finds it in its folder when it
 * starts. The reader thread reads it and at its end puts its last record
 * (LOG_RECORD_END_OF_SOURCE) into the buffer. The writer thread writes it until it meets
 * that record. The caller who takes it from log_pipeline_finished() frees it. Each field of
 * a source belongs to one of these three.
 *
 * The lock of the registry prevents races between callers, reader and writer on the tree
 * of sources, on the lists, and on the fields of a source that are marked so. Only the
 * reader touches descriptors: the others queue a command for it. Queuing a command and
 * finishing a source allocate nothing, so they cannot fail.
 */
#ifndef LOG_REGISTRY_H
#define LOG_REGISTRY_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "format.h"
#include "sink.h"

struct log_source;

/** struct log_pipe - one stream of a source; the reader's */
struct log_pipe {
	struct log_source *source;
	enum log_stream stream;
	int fd;	    /* -1 once it is closed */
	bool muted; /* the reader waits for no events of it */
};

enum log_command {
	LOG_COMMAND_START = 1 << 0,   /* begin to read it, or go on */
	LOG_COMMAND_FINISH = 1 << 1,  /* read what its pipes hold, and end it */
	LOG_COMMAND_DISCARD = 1 << 2, /* free it; it was never started */
};

struct log_source {
	uint64_t key; /* must be the first, see compare() in registry.c */

	/* Protected by the lock of the registry */
	TAILQ_ENTRY(log_source) live_entry;
	TAILQ_ENTRY(log_source) command_entry;
	TAILQ_ENTRY(log_source) finished_entry;
	unsigned int commands; /* enum log_command; not 0: it is queued */
	bool finishing;	       /* log_pipeline_finish() was called */
	bool attached;	       /* it has or had its pipes, or is getting them */
	bool watched;	       /* its pipes are in the reader's epoll set */
	bool recovered;	       /* it comes from an earlier process */
	bool read;	       /* the reader is done with it */

	/* The reader's */
	struct log_pipe pipes[LOG_N_STREAMS];
	bool ending; /* to be read to its end once it is not paused */

	/* Set by the writer while the file cannot be written: the reader must not read */
	atomic_bool paused;
	/* The reason as a negative errno, for log_pipeline_waits(); or 0 */
	atomic_int waits;
	/* When log_pipeline_finish() was called, CLOCK_MONOTONIC in ns; or 0 */
	atomic_llong finished_at;
	/*
	 * How many of its bytes are in the ring. The reader adds, the writer subtracts. If
	 * the writer is faster, it is below 0 for a moment.
	 */
	atomic_llong in_ring;
	/* Set by the reader, which then does not read it until the writer clears this */
	atomic_bool full;

	/* The writer's */
	struct log_sink sink;
	TAILQ_ENTRY(log_source) batch_entry;
	TAILQ_ENTRY(log_source) blocked_entry;
	TAILQ_ENTRY(log_source) open_entry;
	int64_t open_until; /* when to write its unfinished lines; 0: it has none */
	int first_view; /* its first and last of the records at hand (writer.c) */
	int last_view; /* first_view is -1 if it has none */
};

TAILQ_HEAD(log_sources, log_source);

struct log_registry {
	pthread_mutex_t lock;
	void *tree;		      /* all sources by key, for tsearch(3) */
	struct log_sources live;      /* that the reader is not done with */
	struct log_sources commanded; /* that have commands for the reader */
	struct log_sources finished;  /* for log_registry_take_finished() */
	bool stopping;
	atomic_llong give_up_ms; /* see log_pipeline_set_give_up() */
	int64_t share; /* how many bytes of the ring one source may take */
	int wake_fd;   /* readable: there are commands, or it is stopping */
	int event_fd;  /* readable: finished is not empty */
};

int log_registry_init(struct log_registry *r);
/** log_registry_destroy() - free it and all sources; no thread may run any more */
void log_registry_destroy(struct log_registry *r);

/* For callers of the pipeline */

/** log_registry_add() - returns 0, -EEXIST (the key is taken), or -ENOMEM */
int log_registry_add(struct log_registry *r, struct log_source *s);
/** log_registry_abandon() - remove a source that was just added; the reader frees it */
void log_registry_abandon(struct log_registry *r, struct log_source *s);
/**
 * log_registry_claim_pipes() - find a source that may be given its pipes, once
 * Returns 0, -ENOENT (no such source, or it is finished), or -EALREADY.
 */
int log_registry_claim_pipes(struct log_registry *r, uint64_t key,
			     struct log_source **s);
/** log_registry_watched() - its pipes are attached: have the reader read it */
void log_registry_watched(struct log_registry *r, struct log_source *s);
/** log_registry_finish() - have the reader end it; returns 0, -ENOENT, or -EALREADY */
int log_registry_finish(struct log_registry *r, uint64_t key);
/** log_registry_waits() - why its container waits; 0: it does not, or does not exist */
int log_registry_waits(struct log_registry *r, uint64_t key);
/** log_registry_take_finished() - take one out, for free(); NULL: there is none */
struct log_source *log_registry_take_finished(struct log_registry *r);
/** log_registry_stop() - have the reader end all finishing sources, and return */
void log_registry_stop(struct log_registry *r);

/* For both threads */

/**
 * log_registry_command() - queue a command for the reader
 * It is ignored if the reader is done with @s; and LOG_COMMAND_START is ignored as long as
 * @s has no pipes.
 */
void log_registry_command(struct log_registry *r, struct log_source *s,
			  enum log_command command);

/* For the reader */

/** log_registry_next_command() - take commands of one source; NULL: there are none */
struct log_source *log_registry_next_command(struct log_registry *r,
					     unsigned int *commands);
/** log_registry_stopping() - was log_registry_stop() called? */
bool log_registry_stopping(struct log_registry *r);
/** log_registry_first_ending() - a finishing source that is still read, or NULL */
struct log_source *log_registry_first_ending(struct log_registry *r);
/** log_registry_reader_done() - the reader will not touch @s any more */
void log_registry_reader_done(struct log_registry *r, struct log_source *s);

/* For the writer */

struct log_source *log_registry_find(struct log_registry *r, uint64_t key);
/** log_registry_left_ring() - @bytes of @s are no longer in the ring */
void log_registry_left_ring(struct log_registry *r, struct log_source *s,
			    int64_t bytes);
/** log_registry_is_overdue() - whether to give @s up if it cannot be written now */
bool log_registry_is_overdue(struct log_registry *r, struct log_source *s);
/** log_registry_writer_done() - the log is complete: the caller may take @s */
void log_registry_writer_done(struct log_registry *r, struct log_source *s);

#endif /* LOG_REGISTRY_H */
