/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scope: opens the gate of workloads in containers, and writes down what the
 * kernel says of each until all have ended.
 */
#ifndef SCOPE_H
#define SCOPE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "libpurser/purser.h"

#include "../../workloads/workload.h"

/**
 * struct usage - what the scheduler has counted of a container's init
 * The time that it ran is the container's, from the table.
 */
struct usage {
	uint64_t cpu;	      /* ns that it ran */
	uint64_t wait;	      /* ns that it could have run, and did not */
	uint64_t slices;      /* times that it was given a CPU */
	uint64_t voluntary;   /* times that it gave the CPU away */
	uint64_t involuntary; /* times that it was taken */
};

/** struct subject - a container that is looked at */
struct subject {
	const char *name;
	uint64_t id;
	pid_t pid;
	bool ended;
	bool printed;	   /* its exit was */
	uint64_t ended_at; /* ns of CLOCK_BOOTTIME */
	struct usage now;
	uint64_t shown_cpu; /* what it had when the live view was last told */
};

struct scope {
	struct purser *table;
	struct purser *events;
	struct subject *subjects;
	size_t n, left;
	const char *label; /* what each line begins with */
	uint64_t start;	   /* ns of CLOCK_BOOTTIME */
	uint64_t shown_at;
	bool live;
};

/* table.c: the kernel's table of containers, through libpurser */

/** table_open() - returns what to poll() for events */
int table_open(struct scope *s);
/** table_find() - the live container of each subject's name */
void table_find(struct scope *s);
/** table_read() - their CPU time, and which of them have ended when */
void table_read(struct scope *s);
/** table_drain() - take all events off the socket; what they say is in the table */
void table_drain(struct scope *s);

/* proc.c: what /proc has of a process */

/** proc_read() - all of @usage but .cpu; false where the process has ended */
bool proc_read(pid_t pid, struct usage *usage);

/* print.c: lines of CSV on stdout, and lines for the live view on stderr */

/**
 * print_usage() - a line: LABEL,CONTAINER,KIND,us since the start, and usage
 * All times are in microseconds.
 */
void print_usage(const struct scope *s, const struct subject *subject,
		 const char *kind, uint64_t now);
/** print_live() - "live", the label, and percents of a CPU since the last time */
void print_live(struct scope *s, uint64_t now);

#endif /* SCOPE_H */
