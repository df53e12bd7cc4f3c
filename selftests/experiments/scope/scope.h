/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scope: opens the gate of workloads in containers, and prints the scheduler's figures of
 * each until all have ended.
 */
#ifndef SCOPE_H
#define SCOPE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "libpurser/purser.h"

#include "../../workloads/workload.h"

/**
 * struct usage - the scheduler's figures of a container's init
 * @cpu is the figure of the whole container, from the table.
 */
struct usage {
	uint64_t cpu;	      /* ns that it ran */
	uint64_t wait;	      /* ns that it waited for a CPU */
	uint64_t slices;      /* how often it got a CPU */
	uint64_t voluntary;   /* how often it gave the CPU away */
	uint64_t involuntary; /* how often it lost the CPU */
};

/** struct subject - a container that is measured */
struct subject {
	const char *name;
	uint64_t id;
	pid_t pid;
	bool ended;
	bool printed;	   /* its exit is printed */
	uint64_t ended_at; /* ns of CLOCK_BOOTTIME */
	struct usage now;
	uint64_t shown_cpu; /* its CPU time in the last line for the live view */
};

struct scope {
	struct purser *table;
	struct purser *events;
	struct subject *subjects;
	size_t n, left;
	const char *label; /* the first field of each line */
	uint64_t start;	   /* ns of CLOCK_BOOTTIME */
	uint64_t shown_at;
	bool live;
};

/* table.c: reads the kernel's table of containers through libpurser */

/** table_open() - open the table; returns a descriptor to poll() for events */
int table_open(struct scope *s);
/** table_find() - find the live container of each subject */
void table_find(struct scope *s);
/** table_read() - read the CPU time of all, and the end of those that have ended */
void table_read(struct scope *s);
/** table_drain() - read and drop all events: the table has the same news */
void table_drain(struct scope *s);

/* proc.c: reads the scheduler's figures from /proc */

/** proc_read() - fill @usage except .cpu; false if the process has ended */
bool proc_read(pid_t pid, struct usage *usage);

/* print.c: prints CSV to stdout, and lines for the live view to stderr */

/**
 * print_usage() - print LABEL,CONTAINER,KIND,us since the start, and usage
 * All times in the line are in microseconds.
 */
void print_usage(const struct scope *s, const struct subject *subject,
		 const char *kind, uint64_t now);
/** print_live() - print the percents of a CPU that each container has used since last */
void print_live(struct scope *s, uint64_t now);

#endif /* SCOPE_H */
