// SPDX-License-Identifier: GPL-2.0
/* "engine exec": one more process in a running container. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "cgroup/folder.h"
#include "cgroup/mount.h"
#include "commands.h"
#include "exec_session.h"
#include "launch/launch.h"
#include "like_init.h"
#include "supervisor/environment.h"
#include "supervisor/kept.h"
#include "supervisor/privileges.h"
#include "supervisor/profile.h"
#include "target.h"
#include "user_terminal.h"
#include "view/handle.h"

/** struct execution - an exec under way; for end() */
struct execution {
	const struct exec_options *options;
	struct target target;
	struct kept kept; /* its start request */
	bool has_kept;
	struct string_list env;
	struct like_init like;
	struct seccomp_program filter; /* of the request */
	int cgroup;		       /* of its init; -1: not known */
	struct enter_spec spec;
	struct failure *failure;
};

static int check_state(const struct target *t, struct failure *failure)
{
	if (t->record.state == PURSER_STATE_STARTING)
		return failed(failure, EXIT_FAILED,
			      "container \"%s\" is still starting",
			      t->record.name);
	if (target_need_cookie(t, failure))
		return -1;
	if (target_is_paused(t))
		return failed(failure, EXIT_FAILED,
			      "container \"%s\" is paused: engine unpause %s",
			      t->record.name, t->record.name);
	return 0;
}

/* Without the request, which is not there after an upgrade, the defaults suffice. */
static void read_request(struct execution *x)
{
	const char *state = x->target.cookie.state;

	x->has_kept = state &&
		      !kept_read(state, x->target.record.name, &x->kept);
	/* The file of another start of that name? */
	if (x->has_kept && x->kept.key != x->target.cookie.key) {
		kept_free(&x->kept);
		x->has_kept = false;
	}
}

/* The line of cgroup v2 in /proc/PID/cgroup, for free(); NULL: there is none. */
static char *cgroup_line(pid_t pid)
{
	FILE *f __cleanup_fclose = NULL;
	char path[40], line[PATH_MAX];

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "0::/", 4))
			return strdup(line + 3);
	}
	return NULL;
}

/*
 * Open the cgroup where its init is, so that the new process is bounded and counted with
 * it. A privileged container may have moved its init below the cgroup that it got.
 */
static int open_cgroup(struct execution *x)
{
	const struct target *t = &x->target;
	__cleanup_free char *line = cgroup_line(t->record.pid);
	__cleanup_free char *mount = NULL;
	__cleanup_free char *path = NULL;
	bool has_v1;

	if (!line || cgroup_mount(&mount, &has_v1)) {
		if (t->cgroup < 0)
			return 0;
		return failed(x->failure, EXIT_ENGINE,
			      "cannot find the cgroup of its init");
	}
	path = path_join(mount, line + 1, "");
	if (!path)
		return failed_errno(x->failure, -ENOMEM, "finding its cgroup");
	x->cgroup = cgroup_folder_open(path);
	return x->cgroup < 0 ? failed_errno(x->failure, x->cgroup,
					    "opening its cgroup %s", path) :
			       0;
}

static int set_environment(struct execution *x)
{
	static const struct string_list none;
	const struct exec_options *o = x->options;
	const struct start_request *request = &x->kept.request;
	const struct string_list *its = x->has_kept ? &request->env : &none;
	const char *name = x->target.record.name;
	char hostname[HOST_NAME_MAX + 1], term[64];
	int err;

	if (x->has_kept)
		request_hostname(request, hostname);
	else
		snprintf(hostname, sizeof(hostname), "%.*s", HOST_NAME_MAX,
			 name);
	err = environment_make(&x->env, hostname, its);
	/* A program in a terminal must know which one. Ours shows its output. */
	if (!err && o->tty && !environment_has(its, "TERM"))
		err = environment_set(&x->env, terminal_variable(term));
	for (size_t i = 0; !err && i < o->env.n; i++)
		err = environment_set(&x->env, o->env.strings[i]);
	x->spec.process.envp = x->env.strings;
	/* HOME is the user's, unless somebody has chosen it. */
	x->spec.process.home_of_user = !environment_has(its, "HOME") &&
				       !environment_has(&o->env, "HOME");
	return failed_if(x->failure, err, "making the environment");
}

/* The filter of like_init_read() is the default one; the request may have another. */
static int set_filter(struct execution *x)
{
	const struct start_request *request = &x->kept.request;
	struct process_spec *process = &x->spec.process;

	if (!process->filter || !x->has_kept || !request->seccomp ||
	    *request->seccomp != '{')
		return 0;
	if (profile_compile(request->seccomp, privileges_capabilities(request),
			    &x->filter, x->failure))
		return -1;
	process->filter = &x->filter.filter;
	process->filter_flags = x->filter.flags;
	return 0;
}

static int describe(struct execution *x)
{
	const struct exec_options *o = x->options;
	struct process_spec *process = &x->spec.process;
	const struct target *t = &x->target;

	process_spec_init(process);
	x->spec.id = t->record.name;
	x->spec.pid = t->record.pid;
	x->spec.pidfd = t->pidfd;
	process->argv = o->command.strings;
	process->cwd = o->cwd;
	if (!o->cwd && x->has_kept)
		process->cwd = x->kept.request.cwd;
	process->user = o->user;
	if (!o->user && x->has_kept)
		process->user = x->kept.request.user;
	process->terminal = o->tty;
	if (like_init_read(&x->like, process, t->record.pid, x->failure)) {
		failure_prefix(x->failure,
			       "container \"%s\": ", t->record.name);
		return -1;
	}
	return set_filter(x) ? -1 : set_environment(x);
}

/* Returns the exit status, or -1. */
static int execute(struct execution *x)
{
	if (check_state(&x->target, x->failure))
		return -1;
	read_request(x);
	if (describe(x) || open_cgroup(x))
		return -1;
	x->spec.cgroup_fd = x->cgroup;
	/* launch_enter() checks again that the PID is still that of the pidfd. */
	if (x->options->detach)
		return exec_detached(&x->spec, x->failure);
	return exec_attached(&x->spec, x->options->interactive, x->failure);
}

static void end(struct execution *x)
{
	like_init_free(&x->like);
	seccomp_program_free(&x->filter);
	string_list_free(&x->env);
	cleanup_close(&x->cgroup);
	if (x->has_kept)
		kept_free(&x->kept);
	target_close(&x->target);
}

static int prepare(const struct command_line *line, struct failure *failure)
{
	const char *lacks = launch_kernel_lacks();
	int err;

	if (lacks)
		return failed(failure, EXIT_ENGINE,
			      "this kernel has no %s, which exec needs", lacks);
	/* Before anything else: this may execute the program again. */
	err = launch_protect_program(line->argv);
	return failed_if(failure, err,
			 "cannot protect the program from the container");
}

int command_exec(const struct command_line *line, struct failure *failure)
{
	struct execution x = {
		.options = line->options,
		.cgroup = -1,
		.failure = failure,
	};
	__cleanup_table struct purser *table = NULL;
	int status = -1;

	if (!prepare(line, failure) && !table_open(&table, failure) &&
	    !target_open(&x.target, table, x.options->id, failure)) {
		status = execute(&x);
		end(&x);
	}
	/* A failure of the engine must not look like an exit code of the command. */
	if (status < 0 && failure->code != EXIT_NOT_FOUND &&
	    failure->code != EXIT_NOT_EXECUTABLE)
		failure->code = EXIT_ENGINE;
	return status;
}
