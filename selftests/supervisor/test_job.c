// SPDX-License-Identifier: GPL-2.0
/* Tests that containers are what their requests ask for; no kernel table is needed. */
/* control/outcome.h has a struct of the same name. */
#define outcome launch_outcome
#include "../launch/fixture.h"
#undef outcome
#include "supervisor/job.h"
#include "supervisor/root.h"

#define DATA  PLACE "/data"
#define OWN   PLACE "/own"
#define INNER OWN "/inner"

static struct supervisor supervisor;

/* A request for a script in an overlay of the base. */
static struct start_request script(const char *text)
{
	struct start_request request = { .id = strdup("box") };

	string_list_add(&request.command, "sh");
	string_list_add(&request.command, "-c");
	string_list_add(&request.command, text);
	return request;
}

static void add(struct string_list *list, const char *text)
{
	if (string_list_add(list, text))
		bail("out of memory");
}

static int begin(struct start_request *request, struct launch_job **job,
		 struct string_list *command, int out, struct failure *failure)
{
	struct container_mounts mounts;
	int root = must(open(BASE, O_PATH | O_DIRECTORY | O_CLOEXEC));
	int r = request_check(request, failure);

	if (!r)
		r = mounts_open(&supervisor, request, &mounts, failure);
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
static void run_request(struct start_request *request, struct launch_outcome *o)
{
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct string_list command = { 0 };
	struct launch_job *job = NULL;
	struct launch launch;

	*o = (struct launch_outcome){ .status = -1 };
	must(mkdir(STATE, 0700));
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
	o->removed = overlay_remove(STATE);
	o->output = get_fd(out);
	close(out);
}

static void is_refused(struct start_request *request, const char *why)
{
	struct launch_outcome o __cleanup_outcome;

	run_request(request, &o);
	ok(o.result < 0, "it is refused: %s", why);
	if (!ok(strstr(o.error.text, why), "it says why"))
		printf("# %s\n", o.error.text);
}

static void test_volumes(void)
{
	struct start_request request = script(
		"echo a: $(cat /data/a); echo new >/data/b; echo b: $?;"
		"echo ro: $(cat /file); { echo x >/file; } 2>/dev/null ||"
		" echo kept: yes; grep -o ' /data .* - ' "
		"/proc/self/mountinfo");
	struct launch_outcome o __cleanup_outcome;
	char *b;

	must(mkdir(DATA, 0755));
	put_file(DATA "/a", "one\n", 0644);
	add(&request.volumes, DATA ":/data");
	add(&request.volumes, DATA "/a:/file:ro");
	run_request(&request, &o);
	ok(went_well(&o), "a container with a volume and a file");
	is_str(field(&o, "a"), "one", "it reads a file of the host");
	is_str(field(&o, "b"), "0", "it writes one");
	is_str(field(&o, "ro"), "one", "a file can be a volume");
	is_str(field(&o, "kept"), "yes", "it cannot write a read-only one");
	ok(strstr(o.output, "nosuid") && strstr(o.output, "nodev"),
	   "a volume is nosuid and nodev");
	b = get_file(DATA "/b");
	is_str(b, "new\n", "the host has the new file");
	free(b);
}

static void test_nested(void)
{
	struct start_request request = script(
		"echo in: $(cat /x/y/a); touch /x/t && echo t: yes");
	struct launch_outcome o __cleanup_outcome;

	/* The outer one is asked for last. */
	add(&request.volumes, DATA ":/x/y:ro");
	add(&request.tmpfs, "/x");
	run_request(&request, &o);
	ok(went_well(&o), "a volume in a tmpfs");
	is_str(field(&o, "in"), "one", "the inner mount is not hidden");
	is_str(field(&o, "t"), "yes", "the outer one is there");
}

static void test_volume_refusals(void)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "/nowhere:/x", "volume \"/nowhere\": No such file" },
		{ OWN ":/x", "is this supervisor's state directory" },
		{ INNER ":/x", "is inside this supervisor's state directory" },
		{ INNER "/file:/x",
		  "is inside this supervisor's state directory" },
		{ PLACE "/link:/x",
		  "is inside this supervisor's state directory" },
		{ PLACE ":/x", "holds this supervisor's state directory" },
		{ "/:/x", "is the host's own root" },
		{ "/proc:/x", "a file system of the kernel's own: proc" },
	};

	must(symlink(INNER, PLACE "/link"));
	put_file(INNER "/file", "x", 0644);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct start_request request = script("true");

		add(&request.volumes, cases[i].text);
		is_refused(&request, cases[i].why);
	}
}

static void test_twice(void)
{
	struct start_request request = script("true");

	add(&request.volumes, DATA ":/x");
	add(&request.tmpfs, "/x");
	is_refused(&request, "two mounts are on \"/x\"");
}

static void test_tmpfs(void)
{
	struct start_request request = script(
		"dd if=/dev/zero of=/t/f bs=1024 count=2000 2>/dev/null"
		" || echo full: yes; echo mode: $(stat -c %a /t);"
		"cp /bin/true /t/true; grep ' /t ' /proc/self/mountinfo");
	struct launch_outcome o __cleanup_outcome;

	add(&request.tmpfs, "/t:size=1m,mode=750");
	run_request(&request, &o);
	is_str(field(&o, "full"), "yes", "a tmpfs has its size");
	is_str(field(&o, "mode"), "750", "and its mode");
	ok(strstr(o.output, "nosuid,nodev,noexec"),
	   "no programs are run from it");
}

static void test_read_only(void)
{
	struct start_request request = script(
		"touch /x 2>/dev/null || echo root: kept; touch /t/x && "
		"touch /data/x && touch /dev/shm/x && echo others: written");
	struct launch_outcome o __cleanup_outcome;

	request.read_only = true;
	add(&request.volumes, DATA ":/data");
	add(&request.tmpfs, "/t");
	run_request(&request, &o);
	ok(went_well(&o), "a container with a read-only root");
	is_str(field(&o, "root"), "kept", "it cannot write to its root");
	is_str(field(&o, "others"), "written", "it can write elsewhere");
}

static void test_process(void)
{
	struct start_request request = script(
		"echo host: $(hostname) $HOSTNAME; echo files: $(ulimit -n);"
		"echo score: $(cat /proc/self/oom_score_adj)");
	struct launch_outcome o __cleanup_outcome;

	request.hostname = strdup("other");
	request.has_oom_score_adj = true;
	request.oom_score_adj = 7;
	add(&request.ulimits, "nofile=77");
	run_request(&request, &o);
	ok(went_well(&o), "a container with settings of its process");
	is_str(field(&o, "host"), "other other", "the hostname");
	is_str(field(&o, "files"), "77", "the limit of open files");
	is_str(field(&o, "score"), "7", "the OOM score adjustment");
}

int main(void)
{
	fixture_begin();
	must(mkdir(OWN, 0755));
	must(mkdir(INNER, 0755));
	if (root_find(OWN, &supervisor.own[OWN_STATE]) ||
	    root_find("/", &supervisor.own[OWN_HOST]))
		bail("cannot find a folder");
	container_rlimits_find(&supervisor.rlimits);
	test_volumes();
	test_nested();
	test_volume_refusals();
	test_twice();
	test_tmpfs();
	test_read_only();
	test_process();
	for (int i = 0; i < N_OWN_FOLDERS; i++)
		place_free(&supervisor.own[i]);
	return tap_end();
}
