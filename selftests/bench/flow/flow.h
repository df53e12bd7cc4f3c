/* SPDX-License-Identifier: GPL-2.0 */
/*
 * flow: takes the samples of the log benchmark, and prints each as a line of
 * fields between tabs. What is made of them is the matter of ../logs.awk.
 */
#ifndef FLOW_H
#define FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../../workloads/workload.h"
#include "../lines.h"

#define MIB	    (1UL << 20)
#define WRITERS_MAX 32

/** struct config - what was asked for on the command line */
struct config {
	const char *dir;      /* for the logs: a new folder */
	const char *run_dir;  /* for the pipeline: a new folder on a tmpfs */
	const char *runtime;  /* what conmon is given as its OCI runtime */
	unsigned long count;  /* samples of everything */
	unsigned long mib;    /* that the writers of one sample write */
	unsigned long buffer; /* of the pipeline, bytes */
	unsigned long ticks;  /* fairness: quiet lines for each case */
	unsigned long ms;     /* fairness: between two of them */
};

void flow_rates(const struct config *config);
void flow_fairness(const struct config *config);

/* process.c: programs, started and reaped */

/** struct usage - of one or more processes, without their children */
struct usage {
	uint64_t cpu_ns;
	uint64_t rss_kib; /* the most that each had, added up */
};

/** process_path() - of another program of the benchmark */
void process_path(char *path, size_t size, const char *program);

/**
 * process_start() - @fds become its descriptors from 0 on
 * Each is the very one that it becomes, or above them all: from make_pipe() or
 * high_fd(). The process is killed with this one.
 */
pid_t process_start(char *const argv[], const int *fds, size_t n);

/** process_cpu() - nanoseconds that it has used, it alone; also of a zombie */
uint64_t process_cpu(pid_t pid);
/** process_reap() - wait for its end, which has to be a good one; adds to @usage */
void process_reap(pid_t pid, const char *name, struct usage *usage);
/** process_stop() - of one that has no end of its own */
void process_stop(pid_t pid);

void make_pipe(int fds[2]);
/** high_fd() - takes @fd; what was opened is @what where that has failed */
int high_fd(int fd, const char *what);
void close_fd(int *fd);
uint64_t now_ns(void);

/* stage.c: one sample: writers, what reads them, and the files */

enum side {
	SIDE_CAT,
	SIDE_CONMON,
	SIDE_RAW,
	SIDE_CRI,
	N_SIDES,
};

extern const char *const side_names[N_SIDES];

struct stage {
	const struct config *config;
	enum side side;
	bool rotate;
	unsigned int n;		    /* writers */
	char dir[128];		    /* of this sample: the gate and the files */
	char run_dir[128];	    /* what the pipeline keeps */
	pid_t writers[WRITERS_MAX]; /* not those of conmon */
	pid_t readers[WRITERS_MAX]; /* one for all where it is the pipeline */
	unsigned int n_readers;
	uint64_t before_ns; /* CPU time of the readers until it begins */
	int go, ready;	    /* of the gate */
};

/**
 * stage_make() - the folders
 * @rotate: the pipeline's files, as it is done where nothing is said; else they
 *	stay whole, as those of the others do
 */
void stage_make(struct stage *s, const struct config *config, enum side side,
		bool rotate);
/** stage_file() - the log of the writer @i */
void stage_file(const struct stage *s, unsigned int i, char *path, size_t size);
/**
 * stage_set() - start writers and readers; returns when all are ready
 * @commands: of each writer, whose gate is the stage's folder
 */
void stage_set(struct stage *s, char *const *const *commands, unsigned int n);
void stage_go(struct stage *s);
/**
 * stage_end() - wait until all that was written is in the files
 * The CPU time is that since stage_go().
 */
void stage_end(struct stage *s, struct usage *usage);
/** stage_remove() - the folders and all that is in them */
void stage_remove(struct stage *s);

/* content.c */

/**
 * content_check() - @path has the @count lines of @writer, in their order
 * All but raw bytes (@prefixed) in the format of Kubernetes, in which lines may
 * come in parts. What is wrong ends it all.
 */
void content_check(const char *path, bool prefixed, unsigned int writer,
		   uint64_t count);

#endif /* FLOW_H */
