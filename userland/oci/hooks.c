// SPDX-License-Identifier: GPL-2.0
/* Hooks, see hooks.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/object.h"
#include "base/report.h"
#include "hooks.h"
#include "launching.h"

/* So much of what a hook has printed is a part of the error. */
#define OUTPUT_MAX 300

/**
 * struct run - a hook that runs
 * Files, not pipes: neither we nor the hook ever waits for the other one.
 */
struct run {
	const struct hook *hook;
	const char *kind;
	int in;	 /* the state */
	int out; /* what it prints */
	pid_t pid;
	int pidfd;
};

static int failed_hook(const struct run *run, struct failure *failure,
		       const char *what, const char *detail)
{
	return failed(failure, EXIT_FAILED, "the %s hook %s %s%s", run->kind,
		      run->hook->path, what, detail);
}

static int make_files(struct run *run, struct json_object *state)
{
	size_t len;
	const char *text = json_line(state, &len);

	run->in = memfd_create("state", MFD_CLOEXEC);
	run->out = memfd_create("output", MFD_CLOEXEC);
	if (!text || run->in < 0 || run->out < 0)
		return -ENOMEM;
	if (pwrite(run->in, text, len, 0) != (ssize_t)len)
		return -errno;
	return 0;
}

static int spawn(struct run *run)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int err;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attributes);
	err = posix_spawn_file_actions_adddup2(&files, run->in, 0);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&files, run->out, 1);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&files, run->out, 2);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
						      POSIX_SPAWN_SETSIGDEF);
	if (!err)
		err = posix_spawn(&run->pid, run->hook->path, &files,
				  &attributes, run->hook->argv,
				  run->hook->envp ? run->hook->envp : environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return -err;
}

/* The launcher makes it a process of the container. */
static int enter(struct run *run, const struct hook_place *place,
		 struct failure *failure)
{
	struct enter_spec spec = {
		.id = place->id,
		.pid = place->pid,
		.pidfd = place->pidfd,
		.cgroup_fd = place->cgroup_fd,
		.process = place->process,
	};
	const int stdio[] = { run->in, run->out, run->out };
	struct launch launch;
	int r;

	spec.process.program = run->hook->path;
	spec.process.argv = run->hook->argv;
	spec.process.envp = run->hook->envp ? run->hook->envp : environ;
	if (launch_enter(&launch, &spec, stdio, failure))
		return -1;
	run->pid = launch.pid;
	run->pidfd = launch.pidfd;
	r = launch_release(&launch);
	if (!r)
		r = launch_wait(&launch, failure);
	else
		failed_errno(failure, r, "releasing it");
	launch_end(&launch);
	return r < 0 ? -1 : 0;
}

/* Returns 0, -ETIMEDOUT after its time-out, or another negative errno. */
static int wait_end(struct run *run)
{
	const int64_t end = clock_ns(CLOCK_MONOTONIC) +
			    run->hook->timeout * NSEC_PER_SEC;
	struct pollfd p = { .events = POLLIN };

	if (run->pidfd < 0)
		run->pidfd = pidfd_open(run->pid, 0);
	if (run->pidfd < 0)
		return -errno;
	p.fd = run->pidfd;
	for (;;) {
		int64_t left = end - clock_ns(CLOCK_MONOTONIC);
		int ms = -1;

		if (run->hook->timeout) {
			left = left > 0 ? left / NSEC_PER_MSEC + 1 : 0;
			ms = left > INT32_MAX ? INT32_MAX : (int)left;
		}
		switch (poll(&p, 1, ms)) {
		case 1:
			return 0;
		case 0:
			return -ETIMEDOUT;
		}
		if (errno != EINTR)
			return -errno;
	}
}

static int judge(const struct run *run, int status, struct failure *failure)
{
	char output[OUTPUT_MAX + 1], detail[OUTPUT_MAX + 64];
	ssize_t n;

	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	n = pread(run->out, output, OUTPUT_MAX, 0);
	output[n > 0 ? n : 0] = '\0';
	while (n > 0 && output[n - 1] == '\n')
		output[--n] = '\0';
	snprintf(detail, sizeof(detail), "%d%s%s",
		 WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status),
		 *output ? ": " : "", output);
	return failed_hook(run, failure,
			   WIFEXITED(status) ? "failed with exit status " :
					       "was killed by signal ",
			   detail);
}

static int reap(const struct run *run)
{
	int status;

	while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static int finish(struct run *run, struct failure *failure)
{
	int err = wait_end(run), status;

	if (err)
		kill(run->pid, SIGKILL);
	status = reap(run);
	if (err == -ETIMEDOUT)
		return failed_hook(
			run, failure,
			"was killed: it took longer than its time-out", "");
	if (err)
		return failed_hook(run, failure,
				   "cannot be waited for: ", strerror(-err));
	return judge(run, status, failure);
}

/* Start it in either way. */
static int begin(struct run *run, const struct hook_place *place,
		 struct failure *failure)
{
	struct failure why;
	int err;

	if (!place) {
		err = spawn(run);
		return err ? failed_hook(run, failure,
					 "cannot run: ", strerror(-err)) :
			     0;
	}
	if (!enter(run, place, &why))
		return 0;
	if (run->pid) {
		kill(run->pid, SIGKILL);
		reap(run);
	}
	return failed_hook(run, failure, "cannot run: ", why.text);
}

static int run_hook(const struct hook *hook, const char *kind,
		    const struct hook_place *place, struct json_object *state,
		    struct failure *failure)
{
	struct run run = { .hook = hook,
			   .kind = kind,
			   .in = -1,
			   .out = -1,
			   .pidfd = -1 };
	int err = make_files(&run, state);

	if (err)
		failed_hook(&run, failure, "cannot run: ", strerror(-err));
	else
		err = begin(&run, place, failure);
	if (!err)
		err = finish(&run, failure);
	cleanup_close(&run.in);
	cleanup_close(&run.out);
	cleanup_close(&run.pidfd);
	return err ? -1 : 0;
}

int hooks_run(const struct oci_config *config, enum hook_kind kind,
	      const struct hook_place *place, struct json_object *state,
	      struct failure *failure)
{
	const struct hook_list *list = &config->hooks[kind];

	for (size_t i = 0; i < list->n; i++) {
		if (run_hook(&list->hooks[i], hook_names[kind], place, state,
			     failure))
			return -1;
	}
	return 0;
}

void hooks_run_all(const struct oci_config *config, enum hook_kind kind,
		   struct json_object *state)
{
	const struct hook_list *list = &config->hooks[kind];
	struct failure failure;

	for (size_t i = 0; i < list->n; i++) {
		if (run_hook(&list->hooks[i], hook_names[kind], NULL, state,
			     &failure))
			report_warning("%s", failure.text);
	}
}
