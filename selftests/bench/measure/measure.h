/* SPDX-License-Identifier: GPL-2.0 */
/*
 * measure: takes the samples of the memory benchmark, and prints each one as a line
 * of fields between tabs. ../memory.awk makes the report.
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

/** struct config - the options of the command line */
struct config {
	const char *module;
	unsigned long count; /* samples of each cell */
	unsigned long room;  /* bytes below the limit at the start */
	unsigned long most;  /* bytes above the limit where a workload stops */
	unsigned long ms;    /* for how long a rate is measured */
	unsigned long containers; /* idle ones in the state MANY */
};

void measure_limits(const struct config *config);
void measure_rates(const struct config *config);

/* module.c: loads and unloads the module, and calls its table */

void module_load(const char *path);
/** module_unload() - unload the module if it is loaded; wait for dying containers */
void module_unload(void);
/** module_parameter() - set a parameter; false if the module has no such parameter */
bool module_parameter(const char *name, unsigned long value);
/** module_register() - register a process as a container; false if it is dead */
bool module_register(const char *name, pid_t pid, uint64_t hard_limit);
void module_unregister(const char *name);
void module_record(const char *name, struct purser_container *out);

/* workload.c: runs a program of the benchmark in a pid namespace of its own */

struct workload {
	pid_t pid;
	int pidfd;
	int ready; /* a pipe that it writes to */
	int go;	   /* a pipe; closing it lets the workload begin */
};

/** struct memory - the memory of all processes of a workload, in bytes */
struct memory {
	uint64_t rss;  /* sum of their RSS */
	uint64_t own;  /* pages that are not of files, each counted once */
	uint64_t file; /* pages of files, each counted once */
	uint64_t huge; /* memory in huge pages */
};

/**
 * workload_start() - start a workload, and wait until its @workers are ready
 * @cgroup: the open folder of the cgroup for it, or -1
 */
void workload_start(struct workload *w, char **argv, unsigned int workers,
		    int cgroup);
void workload_go(struct workload *w);
/** workload_answer() - the number that it prints at its end; NAN if it prints none */
double workload_answer(struct workload *w);
void workload_memory(const struct workload *w, struct memory *out);
/** workload_ended() - wait up to @ms for its end; true if it has ended */
bool workload_ended(const struct workload *w, int ms);
/** workload_reap() - wait until all its processes are gone; returns the wait status */
int workload_reap(struct workload *w);
/** start_sleepers() - start @n idle processes, which die with this one */
pid_t *start_sleepers(unsigned long n);

/* record.c: the record of a workload, see ../record.h */

void record_make(void);
void record_clear(void);
/** record_stamps() - sorted times of all touched pages, to be freed; returns how many */
size_t record_stamps(uint64_t **stamps);
int record_fd(void);

/* trace.c: reads the kernel's tracer */

void trace_start(void);
/** trace_kills() - forget the signals that were traced so far */
void trace_kills(void);
/** trace_pages() - trace from now on each page that @pid gets */
void trace_pages(pid_t pid);
/** trace_first_kill() - time in ns of the first SIGKILL to a process @comm; 0: none */
uint64_t trace_first_kill(const char *comm);
/**
 * trace_page_times() - store the times of up to @most pages; returns how many
 * @n: set to the number of all pages, also those beyond @most
 */
size_t trace_page_times(uint64_t *times, size_t most, size_t *n);

/* cgroup.c: makes and reads the cgroup of one sample */

/** cgroup_make() - returns its open folder, -1 if there is no memory controller */
int cgroup_make(void);
void cgroup_remove(int dir);
uint64_t cgroup_read(int dir, const char *file);
/** cgroup_file() - bytes of file pages that it is charged with */
uint64_t cgroup_file(int dir);
void cgroup_write(int dir, const char *file, uint64_t value);

/* file.c: reads and writes small files of the kernel */

/** file_read() - the contents as a string to be freed; NULL if it cannot be read */
char *file_read(int dir, const char *path);
/** file_write() - false if there is no such file; other errors end the program */
bool file_write(int dir, const char *path, const char *text);
int folder_make(const char *path);

#endif /* MEASURE_H */
