/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sources of the log pipeline: containers whose output is read.
 *
 * A source is made by log_pipeline_add(), or found at the start, read by the reader thread until that
 * has put its last record (LOG_RECORD_END_OF_SOURCE) into the buffer, written by
 * the writer thread until that meets this record, and freed by the caller who
 * takes it from log_pipeline_finished(). Each part of it belongs to one of them.
 *
 * The lock of the registry prevents races between the calling threads, the
 * reader and the writer on the tree of sources, the lists, and those fields of
 * a source that are marked so. The reader is told of what others want from it
 * by a queue of sources with commands, so that it alone touches descriptors.
 * Nothing is allocated to queue a command or to finish a source: neither fails.
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
	bool muted; /* no events of it are wanted */
};

enum log_command {
	LOG_COMMAND_START = 1 << 0,   /* read it (again) */
	LOG_COMMAND_FINISH = 1 << 1,  /* read what is there and end it */
	LOG_COMMAND_DISCARD = 1 << 2, /* free it; it was never started */
};

struct log_source {
	uint64_t key; /* first, see compare() in registry.c */

	/* Under the lock of the registry */
	TAILQ_ENTRY(log_source) live_entry;
	TAILQ_ENTRY(log_source) command_entry;
	TAILQ_ENTRY(log_source) finished_entry;
	unsigned int commands; /* enum log_command; queued where not 0 */
	bool finishing;	       /* log_pipeline_finish() was called */
	bool attached;	       /* it has had its pipes, or is getting them */
	bool watched;	       /* log_registry_watched() was called */
	bool recovered;	       /* an earlier process's */
	bool read;	       /* the reader is done with it */

	/* The reader's */
	struct log_pipe pipes[LOG_N_STREAMS];
	bool ending; /* to be drained and ended when it is not paused */

	/* Set by the writer while its file cannot be written, for the reader */
	atomic_bool paused;
	/* Why, as a negative errno, for log_pipeline_waits(); 0: it can */
	atomic_int waits;
	/* When log_pipeline_finish() was called, CLOCK_MONOTONIC in ms, or 0 */
	atomic_llong finished_at;
	/*
	 * Its bytes in the ring, added by the reader and taken off by the writer.
	 * One may come to it before the other: it is below 0 then for a moment.
	 */
	atomic_llong in_ring;
	/* Set by the reader, who does not read it until the writer has cleared it */
	atomic_bool full;

	/* The writer's */
	struct log_sink sink;
	TAILQ_ENTRY(log_source) batch_entry;
	TAILQ_ENTRY(log_source) blocked_entry;
	int first_view; /* of the records at hand, -1 where there are none */
	int last_view;
};

TAILQ_HEAD(log_sources, log_source);

struct log_registry {
	pthread_mutex_t lock;
	void *tree;		      /* by key, for tsearch(3) */
	struct log_sources live;      /* those the reader is not done with */
	struct log_sources commanded; /* those with commands for the reader */
	struct log_sources finished;  /* for log_registry_take_finished() */
	bool stopping;
	atomic_llong give_up_ms; /* see log_pipeline_set_give_up() */
	int64_t share; /* of the ring: one source has so many bytes there at most */
	int wake_fd;  /* readable when the reader has something to do */
	int event_fd; /* readable when finished is not empty */
};

int log_registry_init(struct log_registry *r);
/** log_registry_destroy() - free it and all sources; no thread runs any more */
void log_registry_destroy(struct log_registry *r);

/* For callers of the pipeline */

/** log_registry_each() - call @fn for every source; none may be added or taken */
void log_registry_each(struct log_registry *r,
		       void (*fn)(struct log_source *s, void *arg), void *arg);
/** log_registry_add() - 0, -EEXIST where the key is taken, -ENOMEM */
int log_registry_add(struct log_registry *r, struct log_source *s);
/** log_registry_abandon() - have the reader discard a source just added */
void log_registry_abandon(struct log_registry *r, struct log_source *s);
/**
 * log_registry_claim_pipes() - a source that may be given its pipes, for once
 * Returns 0, -ENOENT (no such source, or it was finished), -EALREADY.
 */
int log_registry_claim_pipes(struct log_registry *r, uint64_t key,
			     struct log_source **s);
/** log_registry_watched() - its pipes are attached: have it read */
void log_registry_watched(struct log_registry *r, struct log_source *s);
/** log_registry_finish() - 0, -ENOENT, -EALREADY */
int log_registry_finish(struct log_registry *r, uint64_t key);
/**
 * log_registry_is_overdue() - whether @s is to be given up, if it cannot be
 * written now
 */
bool log_registry_is_overdue(struct log_registry *r, struct log_source *s);
/** log_registry_waits() - why it waits, 0 where it does not, or is not there */
int log_registry_waits(struct log_registry *r, uint64_t key);
/** log_registry_take_finished() - NULL where there is none; free it */
struct log_source *log_registry_take_finished(struct log_registry *r);
void log_registry_stop(struct log_registry *r);

/* For both threads */

/**
 * log_registry_command() - ignored when the reader is done with @s
 * LOG_COMMAND_START is ignored too where there are no pipes to read yet.
 */
void log_registry_command(struct log_registry *r, struct log_source *s,
			  enum log_command command);

/* For the reader */

/** log_registry_next_command() - NULL where there is none */
struct log_source *log_registry_next_command(struct log_registry *r,
					     unsigned int *commands);
/** log_registry_stopping() - was log_registry_stop() called? */
bool log_registry_stopping(struct log_registry *r);
/** log_registry_first_ending() - one that is finished and still read, or NULL */
struct log_source *log_registry_first_ending(struct log_registry *r);
/** log_registry_read() - the reader is done with @s and forgets it */
void log_registry_read(struct log_registry *r, struct log_source *s);

/* For the writer */

/** log_registry_took() - @bytes of @s are not in the ring any more */
void log_registry_took(struct log_registry *r, struct log_source *s,
		       int64_t bytes);

struct log_source *log_registry_find(struct log_registry *r, uint64_t key);
/** log_registry_written() - the writer is done with @s and forgets it */
void log_registry_written(struct log_registry *r, struct log_source *s);

#endif /* LOG_REGISTRY_H */
