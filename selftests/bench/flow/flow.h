/* SPDX-License-Identifier: GPL-2.0 */
/*
 * flow: takes the samples of the log benchmark, and prints each one as a line of
 * fields between tabs. ../logs.awk makes the report.
 */
#ifndef FLOW_H
#define FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../../workloads/workload.h"
#include "../lines.h"
#include "../program.h"

#define MIB	    (1UL << 20)
#define WRITERS_MAX 32

/** struct config - the options of the command line */
struct config {
	const char *dir;      /* a new folder for the logs */
	const char *run_dir;  /* a new folder on a tmpfs for the pipeline */
	const char *runtime;  /* the OCI runtime that conmon gets */
	unsigned long count;  /* samples of each cell */
	unsigned long mib;    /* what all writers of a sample write */
	unsigned long buffer; /* bytes of the pipeline's buffer */
	unsigned long ticks;  /* fairness: quiet lines in each case */
	unsigned long ms;     /* fairness: time between two quiet lines */
};

void flow_rates(const struct config *config);
void flow_fairness(const struct config *config);

/* process.c: starts and reaps programs */

/** struct usage - what processes have used, without their children */
struct usage {
	uint64_t cpu_ns;
	uint64_t rss_kib; /* the sum of their peaks */
};

/**
 * process_start() - start a program with @fds as its descriptors from 0 on
 *
 * Each descriptor must equal its new number, or come from make_pipe() or high_fd().
 * The kernel kills the process when this process dies.
 */
pid_t process_start(char *const argv[], const int *fds, size_t n);

/** process_cpu() - CPU time in ns of a process or zombie, without its children */
uint64_t process_cpu(pid_t pid);
/** process_reap() - wait for its exit, which must be with status 0; add to @usage */
void process_reap(pid_t pid, const char *name, struct usage *usage);
/** process_stop() - end and reap a process that does not exit by itself */
void process_stop(pid_t pid);

void make_pipe(int fds[2]);
/** high_fd() - move @fd to a high number; if it is negative, fail to open @what */
int high_fd(int fd, const char *what);
void close_fd(int *fd);
uint64_t now_ns(void);

/* stage.c: the stage of one sample: writers, readers (the sides), and the files */

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
	unsigned int n;		    /* number of writers */
	char dir[128];		    /* the gate and the log files */
	char run_dir[128];	    /* the files of the pipeline or of conmon */
	pid_t writers[WRITERS_MAX]; /* 0 with conmon, which starts them */
	pid_t readers[WRITERS_MAX]; /* the pipeline has one for all writers */
	unsigned int n_readers;
	uint64_t before_ns; /* CPU time of the readers before stage_go() */
	int go, ready;	    /* FIFOs of the gate */
};

/**
 * stage_make() - make the folders and the gate
 * @rotate: the pipeline rotates its files at the default size; other sides never do
 */
void stage_make(struct stage *s, const struct config *config, enum side side,
		bool rotate);
/** stage_file() - the path of the log of writer @i */
void stage_file(const struct stage *s, unsigned int i, char *path, size_t size);
/**
 * stage_set() - start writers and readers, and wait until all are ready
 * @commands: the command of each writer, with the stage's folder as its gate
 */
void stage_set(struct stage *s, char *const *const *commands, unsigned int n);
/** stage_go() - let the writers begin */
void stage_go(struct stage *s);
/**
 * stage_end() - wait until all output is in the files
 * @usage: what the readers have used; the CPU time counts from stage_go() on
 */
void stage_end(struct stage *s, struct usage *usage);
/** stage_remove() - remove the folders and all files in them */
void stage_remove(struct stage *s);

/* content.c */

/**
 * content_check() - check that @path has the @count lines of @writer in order
 * @prefixed: the file has the CRI format of Kubernetes, in which lines may come in
 *	parts; else it has raw bytes
 *
 * Ends the program if the file differs.
 */
void content_check(const char *path, bool prefixed, unsigned int writer,
		   uint64_t count);

#endif /* FLOW_H */
