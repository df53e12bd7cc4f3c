/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread that removes state folders. An overlay's upper folder can hold any number of
 * files, so removing it can take long. The event loop passes jobs to the thread and gets
 * them back; a job belongs to one of them at a time. No container waits for the removal,
 * because its folder is renamed first, see state_remove_later().
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
	const char *path; /* must stay until remover_finished() returns the job */
	int error;	  /* then: 0 or a negative errno */
	bool under_way;	  /* for the owner */
};

int remover_create(struct remover **out);
/** remover_submit() - pass a job to the thread; cannot fail */
void remover_submit(struct remover *remover, struct remover_job *job);
/** remover_event_fd() - a descriptor that is readable if remover_finished() has a job */
int remover_event_fd(const struct remover *remover);
/** remover_finished() - get the next job that is done, or NULL */
struct remover_job *remover_finished(struct remover *remover);
/** remover_destroy() - finish all jobs, pass them to @back, and join the thread */
void remover_destroy(struct remover *remover,
		     void (*back)(struct remover_job *job));

#endif /* OVERLAY_REMOVER_H */
