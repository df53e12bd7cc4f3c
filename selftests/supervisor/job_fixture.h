/* SPDX-License-Identifier: GPL-2.0 */
/* Starting containers as the supervisor does, from their requests; no kernel table is needed. */
#ifndef SELFTESTS_JOB_FIXTURE_H
#define SELFTESTS_JOB_FIXTURE_H

/* control/outcome.h has a struct of the same name. */
#define outcome launch_outcome
#include "../launch/fixture.h"
#undef outcome
#include "supervisor/etc_files.h"
#include "supervisor/job.h"
#include "supervisor/privileges.h"
#include "supervisor/root.h"
#include "supervisor/run_folder.h"

#define DATA  PLACE "/data"
#define OWN   PLACE "/own"
#define INNER OWN "/inner"
#define RUN   OWN "/run"

static struct supervisor supervisor;

/* A request for a script in an overlay of the base. */
static inline struct start_request script(const char *text)
{
	struct start_request request = { .id = strdup("box") };

	string_list_add(&request.command, "sh");
	string_list_add(&request.command, "-c");
	string_list_add(&request.command, text);
	return request;
}

static inline void add(struct string_list *list, const char *text)
{
	if (string_list_add(list, text))
		bail("out of memory");
}

static inline int begin(struct start_request *request, struct launch_job **job,
			struct string_list *command, int out,
			struct failure *failure)
{
	struct container_mounts mounts = { 0 };
	char hostname[HOST_NAME_MAX + 1];
	int root = must(open(BASE, O_PATH | O_DIRECTORY | O_CLOEXEC));
	int r = request_check(request, failure);

	if (!r)
		r = mounts_open(&supervisor, request, &mounts, failure);
	if (!r)
		r = etc_files_add(&mounts, RUN, request,
				  request_hostname(request, hostname), 0,
				  failure);
	if (!r) {
		*command = request->command;
		request->command = (struct string_list){ 0 };
		*job = job_new(request, command->strings, BASE, root, STATE, -1,
			       &mounts, failure);
		r = *job ? 0 : -1;
	}
	if (!r) {
		job_set_limits(*job, &supervisor.rlimits);
		r = job_begin(*job, (int[]){ -1, out, out }, failure);
	}
	mounts_free(&mounts);
	close(root);
	return r;
}

/* Run it, and free the request. */
static inline void run_request(struct start_request *request,
			       struct launch_outcome *o)
{
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct string_list command = { 0 };
	struct launch_job *job = NULL;
	struct launch launch;

	*o = (struct launch_outcome){ .status = -1 };
	must(mkdir(STATE, 0700));
	if (run_folder_make(RUN, false))
		bail("cannot make the run folder");
	o->result = begin(request, &job, &command, out, &o->error);
	if (!o->result) {
		launch = job->launch;
		release(&job->launch);
		o->result = wait_result(&job->launch, &o->error);
		o->status = wait_status(launch.pid, launch.pidfd);
		close(launch.pidfd);
	}
	job_free(job);
	request_free(request);
	string_list_free(&command);
	run_folder_remove(RUN);
	o->removed = overlay_remove(STATE);
	o->output = get_fd(out);
	close(out);
}

static inline void is_refused(struct start_request *request, const char *why)
{
	struct launch_outcome o __cleanup_outcome;

	run_request(request, &o);
	ok(o.result < 0, "it is refused: %s", why);
	if (!ok(strstr(o.error.text, why), "it says why"))
		printf("# %s\n", o.error.text);
}

/* Make the folders of a supervisor, and one with data for volumes. */
static inline void job_fixture_begin(void)
{
	fixture_begin();
	must(mkdir(DATA, 0755));
	must(mkdir(OWN, 0755));
	must(mkdir(INNER, 0755));
	if (root_find(OWN, &supervisor.own[OWN_STATE]) ||
	    root_find("/", &supervisor.own[OWN_HOST]))
		bail("cannot find a folder");
	container_rlimits_find(&supervisor.rlimits);
}

static inline int job_fixture_end(void)
{
	for (int i = 0; i < N_OWN_FOLDERS; i++)
		place_free(&supervisor.own[i]);
	return tap_end();
}

#endif /* SELFTESTS_JOB_FIXTURE_H */
