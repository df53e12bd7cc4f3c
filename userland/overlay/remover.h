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

struct remover;

/** struct remover_job - one folder to remove; part of its owner */
struct remover_job {
	STAILQ_ENTRY(remover_job) link;
	void *owner;
	const char *path; /* stays until the job is back */
	int error;	  /* 0 or a negative errno, once it is back */
	bool under_way;	  /* for the owner */
};

int remover_create(struct remover **out);
/** remover_submit() - hand a job over; cannot fail */
void remover_submit(struct remover *remover, struct remover_job *job);
/** remover_event_fd() - readable when remover_finished() has a job */
int remover_event_fd(const struct remover *remover);
/** remover_finished() - the next job that is done, or NULL */
struct remover_job *remover_finished(struct remover *remover);
/** remover_destroy() - do what was submitted, join, hand what is done to @back */
void remover_destroy(struct remover *remover,
		     void (*back)(struct remover_job *job));

#endif /* OVERLAY_REMOVER_H */
