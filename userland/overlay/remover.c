// SPDX-License-Identifier: GPL-2.0
/* The thread that removes state folders, see remover.h. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "remover.h"
#include "launch/launch.h"
#include "storage.h"

STAILQ_HEAD(job_list, cleaner_job);

struct cleaner {
	pthread_t thread;
	pthread_mutex_t lock; /* of the three fields below */
	struct job_list waiting;
	struct job_list done;
	bool ending;
	pthread_cond_t work; /* waiting is not empty, or ending is set */
	int event_fd;
};

static void *cleaner_main(void *arg)
{
	struct cleaner *cleaner = arg;

	pthread_mutex_lock(&cleaner->lock);
	for (;;) {
		struct cleaner_job *job = STAILQ_FIRST(&cleaner->waiting);
		uint32_t project;

		if (!job && cleaner->ending)
			break;
		if (!job) {
			pthread_cond_wait(&cleaner->work, &cleaner->lock);
			continue;
		}
		STAILQ_REMOVE_HEAD(&cleaner->waiting, link);
		pthread_mutex_unlock(&cleaner->lock);

		project = storage_project(job->path);
		job->error = launch_remove_state(job->path);
		if (project && !job->error)
			storage_forget(job->path, project);

		pthread_mutex_lock(&cleaner->lock);
		STAILQ_INSERT_TAIL(&cleaner->done, job, link);
		/* Fails where the counter is full alone, which is readable. */
		eventfd_write(cleaner->event_fd, 1);
	}
	pthread_mutex_unlock(&cleaner->lock);
	return NULL;
}

int cleaner_create(struct cleaner **out)
{
	struct cleaner *cleaner = calloc(1, sizeof(*cleaner));
	int err;

	if (!cleaner)
		return -ENOMEM;
	STAILQ_INIT(&cleaner->waiting);
	STAILQ_INIT(&cleaner->done);
	pthread_mutex_init(&cleaner->lock, NULL);
	pthread_cond_init(&cleaner->work, NULL);
	cleaner->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (cleaner->event_fd < 0) {
		err = -errno;
		goto fail;
	}
	err = -pthread_create(&cleaner->thread, NULL, cleaner_main, cleaner);
	if (err)
		goto fail_fd;
	/* For those who look with ps or gdb; it may as well have no name. */
	(void)pthread_setname_np(cleaner->thread, "cleaner");
	*out = cleaner;
	return 0;

fail_fd:
	close(cleaner->event_fd);
fail:
	pthread_cond_destroy(&cleaner->work);
	pthread_mutex_destroy(&cleaner->lock);
	free(cleaner);
	return err;
}

void cleaner_submit(struct cleaner *cleaner, struct cleaner_job *job)
{
	pthread_mutex_lock(&cleaner->lock);
	STAILQ_INSERT_TAIL(&cleaner->waiting, job, link);
	pthread_cond_signal(&cleaner->work);
	pthread_mutex_unlock(&cleaner->lock);
}

int cleaner_event_fd(const struct cleaner *cleaner)
{
	return cleaner->event_fd;
}

struct cleaner_job *cleaner_finished(struct cleaner *cleaner)
{
	struct cleaner_job *job;
	eventfd_t count;

	pthread_mutex_lock(&cleaner->lock);
	job = STAILQ_FIRST(&cleaner->done);
	/*
	 * The counter is reset under the lock, so that no news can come in
	 * between; that it was 0 already is no error.
	 */
	if (job)
		STAILQ_REMOVE_HEAD(&cleaner->done, link);
	else
		eventfd_read(cleaner->event_fd, &count);
	pthread_mutex_unlock(&cleaner->lock);
	return job;
}

void cleaner_destroy(struct cleaner *cleaner,
		     void (*back)(struct cleaner_job *job))
{
	struct cleaner_job *job;

	pthread_mutex_lock(&cleaner->lock);
	cleaner->ending = true;
	pthread_cond_signal(&cleaner->work);
	pthread_mutex_unlock(&cleaner->lock);
	pthread_join(cleaner->thread, NULL);
	while ((job = cleaner_finished(cleaner)))
		back(job);

	close(cleaner->event_fd);
	pthread_cond_destroy(&cleaner->work);
	pthread_mutex_destroy(&cleaner->lock);
	free(cleaner);
}
