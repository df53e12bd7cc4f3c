/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Removing state folders. An overlay's upper folder can hold any number of
 * files, so that it is done by a thread of its own: the event loop hands jobs
 * over and gets them back, each job belonging to one side at a time. No container
 * waits for it: its folder gets another name first, see state_remove_later().
 */
#ifndef OVERLAY_REMOVER_H
#define OVERLAY_REMOVER_H

#include <stdbool.h>
#include <sys/queue.h>

struct cleaner;

/** struct cleaner_job - one folder to remove; part of its owner */
struct cleaner_job {
	STAILQ_ENTRY(cleaner_job) link;
	void *owner;
	const char *path; /* stays until the job is back */
	int error;	  /* 0 or a negative errno, once it is back */
	bool under_way;	  /* for the owner */
};

int cleaner_create(struct cleaner **out);
/** cleaner_submit() - hand a job over; cannot fail */
void cleaner_submit(struct cleaner *cleaner, struct cleaner_job *job);
/** cleaner_event_fd() - readable when cleaner_finished() has a job */
int cleaner_event_fd(const struct cleaner *cleaner);
/** cleaner_finished() - the next job that is done, or NULL */
struct cleaner_job *cleaner_finished(struct cleaner *cleaner);
/** cleaner_destroy() - do what was submitted, join, hand what is done to @back */
void cleaner_destroy(struct cleaner *cleaner,
		     void (*back)(struct cleaner_job *job));

#endif /* OVERLAY_REMOVER_H */
