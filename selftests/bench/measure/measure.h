/* SPDX-License-Identifier: GPL-2.0 */
/*
 * measure: takes the samples of the benchmark, and prints each as a line of
 * fields between tabs. What is made of them is the matter of ../report.awk.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "libpurser/purser.h"

#include "../../workloads/workload.h"
#include "../record.h"

#define MIB (1UL << 20)

/** struct config - what was asked for on the command line */
struct config {
	const char *module;
	unsigned long count;	  /* samples of everything */
	unsigned long room;	  /* bytes below the limit at the start */
	unsigned long most;	  /* bytes above it where a workload stops */
	unsigned long ms;	  /* how long a rate is measured */
	unsigned long containers; /* that do nothing */
};

void measure_limits(const struct config *config);
void measure_rates(const struct config *config);

/* module.c: loading, unloading, and the table of the module that is loaded */

void module_load(const char *path);
/** module_unload() - also where none is; waits for containers that are dying */
void module_unload(void);
/** module_parameter() - set it; false where the module has no such one */
bool module_parameter(const char *name, unsigned long value);
/** module_register() - makes the process a container; false where it is dead */
bool module_register(const char *name, pid_t pid, uint64_t hard_limit);
void module_unregister(const char *name);
void module_record(const char *name, struct purser_container *out);

/* workload.c: a program of the benchmark, in a pid namespace of its own */

struct workload {
	pid_t pid;
	int pidfd;
	int ready; /* what it says */
	int go;	   /* to be closed when it is to begin */
};

/** struct memory - of all processes of a workload, in bytes */
struct memory {
	uint64_t rss;  /* sum of their RSS */
	uint64_t own;  /* each page once: all but those of files */
	uint64_t file; /* each page once: those of files */
	uint64_t huge; /* in huge pages */
};

/**
 * workload_start() - returns when its @workers are ready
 * @cgroup: a folder that it is started in, or -1
 */
void workload_start(struct workload *w, char **argv, unsigned int workers,
		    int cgroup);
void workload_go(struct workload *w);
/** workload_answer() - the number that it prints at its end; NAN for none */
double workload_answer(struct workload *w);
void workload_memory(const struct workload *w, struct memory *out);
/** workload_ended() - has it, within @ms */
bool workload_ended(const struct workload *w, int ms);
/** workload_reap() - its status, when all of its processes are gone */
int workload_reap(struct workload *w);
/** start_sleepers() - @n processes that do nothing; they die with this one */
pid_t *start_sleepers(unsigned long n);

/* record.c: see ../record.h */

void record_make(void);
void record_clear(void);
/** record_stamps() - when each page was touched, in that order; returns how many */
size_t record_stamps(uint64_t **stamps);
int record_fd(void);

/* trace.c: what the kernel's tracer has seen */

void trace_start(void);
/** trace_kills() - from now on, when SIGKILL is sent */
void trace_kills(void);
/** trace_pages() - from now on, each page that @pid is given */
void trace_pages(pid_t pid);
/** trace_first_kill() - of a process called @comm, in ns; 0: there was none */
uint64_t trace_first_kill(const char *comm);
/** trace_page_times() - as record_stamps(), of at most @most; @n: all of them */
size_t trace_page_times(uint64_t *times, size_t most, size_t *n);

/* cgroup.c: the cgroup of one sample */

/** cgroup_make() - its folder, opened; -1 where there is no memory controller */
int cgroup_make(void);
void cgroup_remove(int dir);
uint64_t cgroup_read(int dir, const char *file);
/** cgroup_file() - bytes of files that it is charged with */
uint64_t cgroup_file(int dir);
void cgroup_write(int dir, const char *file, uint64_t value);

/* file.c: small files of the kernel */

/** file_read() - all of it, a string to be freed; NULL where it cannot be read */
char *file_read(int dir, const char *path);
/** file_write() - false where there is no such file; other errors end it all */
bool file_write(int dir, const char *path, const char *text);
int folder_make(const char *path);

#endif /* MEASURE_H */
