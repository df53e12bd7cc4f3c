// SPDX-License-Identifier: GPL-2.0
/* The thread that removes state folders, see remover.h. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "remover.h"
#include "overlay.h"
#include "storage.h"

STAILQ_HEAD(job_list, remover_job);

struct remover {
	pthread_t thread;
	pthread_mutex_t lock; /* of the three fields below */
	struct job_list waiting;
	struct job_list done;
	bool ending;
	pthread_cond_t work; /* waiting is not empty, or ending is set */
	int event_fd;
};

static void *remover_main(void *arg)
{
	struct remover *remover = arg;

	pthread_mutex_lock(&remover->lock);
	for (;;) {
		struct remover_job *job = STAILQ_FIRST(&remover->waiting);
		uint32_t project;

		if (!job && remover->ending)
			break;
		if (!job) {
			pthread_cond_wait(&remover->work, &remover->lock);
			continue;
		}
		STAILQ_REMOVE_HEAD(&remover->waiting, link);
		pthread_mutex_unlock(&remover->lock);

		project = storage_project(job->path);
		job->error = overlay_remove(job->path);
		if (project && !job->error)
			storage_forget(job->path, project);

		pthread_mutex_lock(&remover->lock);
		STAILQ_INSERT_TAIL(&remover->done, job, link);
		/* This fails only if the counter is full; the descriptor is readable then. */
		eventfd_write(remover->event_fd, 1);
	}
	pthread_mutex_unlock(&remover->lock);
	return NULL;
}

int remover_create(struct remover **out)
{
	struct remover *remover = calloc(1, sizeof(*remover));
	int err;

	if (!remover)
		return -ENOMEM;
	STAILQ_INIT(&remover->waiting);
	STAILQ_INIT(&remover->done);
	pthread_mutex_init(&remover->lock, NULL);
	pthread_cond_init(&remover->work, NULL);
	remover->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (remover->event_fd < 0) {
		err = -errno;
		goto fail;
	}
	err = -pthread_create(&remover->thread, NULL, remover_main, remover);
	if (err)
		goto fail_fd;
	/* The name is for ps and gdb: it does not matter if this fails. */
	(void)pthread_setname_np(remover->thread, "remover");
	*out = remover;
	return 0;

fail_fd:
	close(remover->event_fd);
fail:
	pthread_cond_destroy(&remover->work);
	pthread_mutex_destroy(&remover->lock);
	free(remover);
	return err;
}

void remover_submit(struct remover *remover, struct remover_job *job)
{
	pthread_mutex_lock(&remover->lock);
	STAILQ_INSERT_TAIL(&remover->waiting, job, link);
	pthread_cond_signal(&remover->work);
	pthread_mutex_unlock(&remover->lock);
}

int remover_event_fd(const struct remover *remover)
{
	return remover->event_fd;
}

struct remover_job *remover_finished(struct remover *remover)
{
	struct remover_job *job;
	eventfd_t count;

	pthread_mutex_lock(&remover->lock);
	job = STAILQ_FIRST(&remover->done);
	/* Reset the counter under the lock, so that no job is missed. It may be 0. */
	if (job)
		STAILQ_REMOVE_HEAD(&remover->done, link);
	else
		eventfd_read(remover->event_fd, &count);
	pthread_mutex_unlock(&remover->lock);
	return job;
}

void remover_destroy(struct remover *remover,
		     void (*back)(struct remover_job *job))
{
	struct remover_job *job;

	pthread_mutex_lock(&remover->lock);
	remover->ending = true;
	pthread_cond_signal(&remover->work);
	pthread_mutex_unlock(&remover->lock);
	pthread_join(remover->thread, NULL);
	while ((job = remover_finished(remover)))
		back(job);

	close(remover->event_fd);
	pthread_cond_destroy(&remover->work);
	pthread_mutex_destroy(&remover->lock);
	free(remover);
}
