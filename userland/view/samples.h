/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What containers use, for tables that are printed again and again. All numbers come from
 * the kernel's records. The part of a CPU is the difference of two samples.
 */
#ifndef VIEW_SAMPLES_H
#define VIEW_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpurser/purser.h"
#include "table.h"

/** struct sample - one container at one time */
struct sample {
	struct purser_container record;
	int64_t at;	/* CLOCK_BOOTTIME, ns */
	bool has_cpu;	/* there was a sample before */
	double percent; /* of one CPU */
};

/** struct samples - containers at one time */
struct samples {
	struct sample *all;
	size_t n, room;
};

/** struct sampler - the latest samples and the ones before; starts as zero */
struct sampler {
	struct samples now, before;
};

/** enum sample_column - a column of a table, and what a table is sorted by */
enum sample_column {
	SAMPLE_NAME,
	SAMPLE_CPU,
	SAMPLE_USAGE,
	SAMPLE_OF_SOFT,
	SAMPLE_OF_HARD,
	SAMPLE_PEAK,
	SAMPLE_PROCS,
	SAMPLE_AGE,
};

/** sample_columns - by enum sample_column */
extern const struct column sample_columns[];

/**
 * sampler_read() - take samples of the live containers of these ids, or of all
 * @ids: of the kernel; NULL: all. One whose record was removed is left out
 * Returns 0 or a negative errno, whose text purser_last_error() has.
 */
int sampler_read(struct sampler *s, struct purser *table, const uint64_t *ids,
		 size_t n_ids);
void sampler_free(struct sampler *s);

/** samples_add() - add a sample of @record, taken at @at; 0 or -ENOMEM */
int samples_add(struct samples *to, const struct purser_container *record,
		int64_t at);

/** samples_compare() - compute the part of a CPU of each sample */
void samples_compare(struct samples *now, const struct samples *before);

/**
 * samples_sort() - names in ascending order, numbers in descending order
 * @reverse: in the opposite order. Equal ones are in the order of their ids.
 */
void samples_sort(struct samples *s, enum sample_column by, bool reverse);

/** sample_add_cell() - add the cell of that column to a table; 0 or -ENOMEM */
int sample_add_cell(struct table *t, const struct sample *s,
		    enum sample_column which);

#endif /* VIEW_SAMPLES_H */
