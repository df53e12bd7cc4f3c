// SPDX-License-Identifier: GPL-2.0
/* Tests making, renaming and removing state folders, and the remover thread. */
#include <dirent.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "overlay/folder.h"
#include "tap.h"

static struct state_folders folders;
static char dir[] = "/tmp/purser-test.XXXXXX";

static char *below(const char *name)
{
	static char buf[128];

	snprintf(buf, sizeof(buf), "%s/%s", dir, name);
	return buf;
}

static int n_entries(void)
{
	DIR *d = opendir(dir);
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

/* Waits for the next finished job of the remover. */
static struct remover_job *finished(void)
{
	struct pollfd pollfd = {
		.fd = remover_event_fd(folders.remover),
		.events = POLLIN,
	};

	struct remover_job *job;

	do {
		if (poll(&pollfd, 1, -1) < 1)
			bail("poll");
		job = remover_finished(folders.remover);
	} while (!job);
	return job;
}

static void none(struct remover_job *job)
{
	(void)job;
	bail("the remover has a job that was not submitted");
}

static void making(void)
{
	struct remover_job *job;
	struct stat st;

	is_int(state_make(&folders, below("web")), 0,
	       "state_make() makes a folder");
	ok(!stat(below("web"), &st) && (st.st_mode & 07777) == 0700,
	   "its mode is 0700");
	/* Files as an overlay leaves them. */
	mkdir(below("web/upper"), 0755);
	mkdir(below("web/upper/dir"), 0755);
	is_int(state_make(&folders, below("web")), 0,
	       "state_make() replaces an old folder");
	ok(access(below("web/upper"), F_OK) < 0, "the new folder is empty");
	job = finished();
	ok(job && !job->owner && !job->error,
	   "the remover removes the old folder");
	state_swept(job);
	is_int(n_entries(), 1, "only the new folder is left");
}

static void removing_later(void)
{
	struct remover_job *job;

	mkdir(below("later"), 0700);
	mkdir(below("later/upper"), 0755);
	is_int(state_remove_later(&folders, below("later")), 0,
	       "state_remove_later() accepts a folder");
	ok(access(below("later"), F_OK) < 0,
	   "the name of the folder is free at once");
	job = finished();
	ok(!job->owner && !job->error, "the remover removes it");
	state_swept(job);
	is_int(state_remove_later(&folders, below("later")), 0,
	       "state_remove_later() accepts a missing folder");
	is_int(n_entries(), 1, "the other folder stays");
}

static void sweeping(void)
{
	mkdir(below(".stale-1-1"), 0700);
	mkdir(below(".stale-1-2"), 0700);
	mkdir(below(".stale-1-2/upper"), 0700);
	is_int(state_sweep(&folders), 0,
	       "state_sweep() finds folders that were put aside");
	for (int i = 0; i < 2; i++) {
		struct remover_job *job = finished();

		is_int(job->error, 0, "the remover removes one of them");
		state_swept(job);
	}
	is_int(n_entries(), 1, "the folder of a container stays");
}

static void failing(void)
{
	struct remover_job job = { .owner = &job, .path = below("web") };
	struct remover_job *back;
	char path[160];
	FILE *f = fopen(below("web/unknown"), "w");

	fclose(f);
	remover_submit(folders.remover, &job);
	back = finished();
	ok(back == &job && back->owner == &job,
	   "the remover returns the job with its owner");
	ok(back->error < 0,
	   "the job has the error of a folder with an unknown file");
	is_int(state_put_aside(&folders, below("web")), 0,
	       "state_put_aside() renames that folder");
	ok(access(below("web"), F_OK) < 0, "its name is free");
	is_int(state_sweep(&folders), 0, "state_sweep() tries it again");
	back = finished();
	ok(back && back->error < 0, "it fails again");
	snprintf(path, sizeof(path), "%s/unknown", back->path);
	unlink(path);
	rmdir(back->path);
	state_swept(back);
}

int main(void)
{
	if (!mkdtemp(dir) || remover_create(&folders.remover))
		bail("cannot make the folder or the remover");
	folders.dir = dir;
	making();
	removing_later();
	sweeping();
	failing();
	ok(!remover_finished(folders.remover), "the remover has no more jobs");
	remover_destroy(folders.remover, none);
	ok(!rmdir(dir), "no other file is left");
	return tap_end();
}
