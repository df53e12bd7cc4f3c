// SPDX-License-Identifier: GPL-2.0
/* State folders, those of the past among them, and the thread that removes. */
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

/* Waits for one job of the remover. */
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
	bail("a job that nobody submitted");
}

static void making(void)
{
	struct remover_job *job;
	struct stat st;

	is_int(state_make(&folders, below("web")), 0, "make one");
	ok(!stat(below("web"), &st) && (st.st_mode & 07777) == 0700,
	   "for root alone");
	/* As a launch leaves it. */
	mkdir(below("web/upper"), 0755);
	mkdir(below("web/upper/dir"), 0755);
	is_int(state_make(&folders, below("web")), 0,
	       "make it where an old one is");
	ok(access(below("web/upper"), F_OK) < 0, "it is a new one");
	job = finished();
	ok(job && !job->owner && !job->error, "the old one is removed");
	state_swept(job);
	is_int(n_entries(), 1, "nothing but the new one is left");
}

static void removing_later(void)
{
	struct remover_job *job;

	mkdir(below("later"), 0700);
	mkdir(below("later/upper"), 0755);
	is_int(state_remove_later(&folders, below("later")), 0,
	       "remove one later");
	ok(access(below("later"), F_OK) < 0, "its name is free at once");
	job = finished();
	ok(!job->owner && !job->error, "it is removed");
	state_swept(job);
	is_int(state_remove_later(&folders, below("later")), 0,
	       "one that is not there");
	is_int(n_entries(), 1, "no other is touched");
}

static void sweeping(void)
{
	mkdir(below(".stale-1-1"), 0700);
	mkdir(below(".stale-1-2"), 0700);
	mkdir(below(".stale-1-2/upper"), 0700);
	is_int(state_sweep(&folders), 0, "sweep what is left of earlier ones");
	for (int i = 0; i < 2; i++) {
		struct remover_job *job = finished();

		is_int(job->error, 0, "one is removed");
		state_swept(job);
	}
	is_int(n_entries(), 1, "containers' own are left alone");
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
	ok(back == &job && back->owner == &job, "a job comes back");
	ok(back->error < 0, "with the error that it met");
	is_int(state_put_aside(&folders, below("web")), 0,
	       "what cannot be removed is put aside");
	ok(access(below("web"), F_OK) < 0, "its name is free");
	is_int(state_sweep(&folders), 0, "and swept later");
	back = finished();
	ok(back && back->error < 0, "in vain, if need be");
	snprintf(path, sizeof(path), "%s/unknown", back->path);
	unlink(path);
	rmdir(back->path);
	state_swept(back);
}

int main(void)
{
	if (!mkdtemp(dir) || remover_create(&folders.remover))
		bail("setting up");
	folders.dir = dir;
	making();
	removing_later();
	sweeping();
	failing();
	ok(!remover_finished(folders.remover), "nothing is left to do");
	remover_destroy(folders.remover, none);
	ok(!rmdir(dir), "nor to remove");
	return tap_end();
}
