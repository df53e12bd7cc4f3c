// SPDX-License-Identifier: GPL-2.0
/* The command exec: one more process in a container. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/parse.h"
#include "base/capability.h"
#include "commands.h"
#include "container.h"
#include "foreground.h"
#include "launch/home_variable.h"
#include "launching.h"
#include "notify.h"

/** struct execution - an exec under way; for end() */
struct execution {
	const struct oci_options *options;
	struct oci_container container;
	struct oci_config config; /* of the container */
	struct oci_process file;  /* --process */
	struct seccomp_program filter;
	struct process_spec process;
	struct string_list env;	 /* with --env */
	struct string_list home; /* and with HOME */
	gid_t *groups;
	int *fds;
	int pidfd; /* of the container's first process */
	struct launch launch;
	bool launched;
};

static int parse_id(const char *text, size_t len, uint32_t *id)
{
	char digits[12];
	uint64_t v;

	if (!len || len >= sizeof(digits))
		return -EINVAL;
	memcpy(digits, text, len);
	digits[len] = '\0';
	if (parse_u64(digits, 0, UINT32_MAX - 1, &v))
		return -EINVAL;
	*id = v;
	return 0;
}

/* "UID" or "UID:GID". */
static int set_user(struct process_spec *process, const char *text,
		    struct failure *failure)
{
	const char *colon = strchrnul(text, ':');

	if (!parse_id(text, colon - text, &process->uid) &&
	    (!*colon || !parse_id(colon + 1, strlen(colon + 1), &process->gid)))
		return 0;
	return failed(failure, EXIT_USAGE,
		      "--user: \"%s\" is not valid; it must be UID or UID:GID",
		      text);
}

static int set_groups(struct execution *x, struct failure *failure)
{
	const struct string_list *list = &x->options->groups;

	if (!list->n)
		return 0;
	x->groups = calloc(list->n, sizeof(*x->groups));
	if (!x->groups)
		return failed_errno(failure, -ENOMEM, "--additional-gids");
	for (size_t i = 0; i < list->n; i++) {
		if (parse_id(list->strings[i], strlen(list->strings[i]),
			     &x->groups[i]))
			return failed(
				failure, EXIT_USAGE,
				"--additional-gids: \"%s\" is no number of a group",
				list->strings[i]);
	}
	x->process.groups = x->groups;
	x->process.n_groups = list->n;
	return 0;
}

static int set_capabilities(struct execution *x, struct failure *failure)
{
	const struct string_list *list = &x->options->caps;
	struct capability_sets *sets = &x->process.capabilities;

	for (size_t i = 0; i < list->n; i++) {
		const uint64_t bit = capability_bit(list->strings[i]);

		if (!bit)
			return failed(failure, EXIT_USAGE,
				      "--cap: there is no capability \"%s\"",
				      list->strings[i]);
		sets->bounding |= bit;
		sets->permitted |= bit;
		sets->effective |= bit;
	}
	return 0;
}

/* The container's environment, with what --env adds or replaces. */
static int set_environment(struct execution *x, struct failure *failure)
{
	const struct string_list *more = &x->options->env;
	int err = 0;

	if (!more->n)
		return 0;
	for (char *const *e = x->process.envp; !err && *e; e++) {
		const size_t len = strcspn(*e, "=");
		bool replaced = false;

		for (size_t i = 0; i < more->n; i++)
			replaced |= !strncmp(more->strings[i], *e, len + 1);
		if (!replaced)
			err = string_list_add(&x->env, *e);
	}
	for (size_t i = 0; !err && i < more->n; i++)
		err = string_list_add(&x->env, more->strings[i]);
	x->process.envp = x->env.strings;
	return err ? failed_errno(failure, err, "--env") : 0;
}

/* The process of the configuration, changed as the command line says. */
static int describe(struct execution *x, struct failure *failure)
{
	const struct oci_options *o = x->options;
	struct process_spec *process = &x->process;

	*process = x->config.spec.process;
	process->make_cwd = false;
	process->cpus = x->config.notes.exec_cpus;
	process->cpus_size = x->config.notes.exec_cpus_size;
	if (!o->command.n)
		return failed(failure, EXIT_USAGE,
			      "a command or --process is needed");
	process->argv = o->command.strings;
	process->terminal = o->tty;
	if (o->cwd)
		process->cwd = o->cwd;
	if (o->no_new_privs)
		process->no_new_privs = true;
	if (o->apparmor)
		process->apparmor = o->apparmor;
	if (o->process_label)
		process->selinux = o->process_label;
	if (o->user && set_user(process, o->user, failure))
		return -1;
	if (set_groups(x, failure) || set_capabilities(x, failure))
		return -1;
	return set_environment(x, failure);
}

static int read_description(struct execution *x, struct failure *failure)
{
	if (oci_config_read(&x->config, x->container.folder.fd, FOLDER_CONFIG,
			    failure))
		return -1;
	if (!x->options->process)
		return describe(x, failure);
	if (oci_process_read(&x->file, x->options->process, failure))
		return -1;
	report_warnings(&x->file.warnings);
	x->process = x->file.spec;
	if (!x->file.notes.has_capabilities)
		x->process.capabilities = x->config.spec.process.capabilities;
	if (!x->file.notes.has_env)
		x->process.envp = x->config.spec.process.envp;
	/* containerd says it here as well as in the file. */
	x->process.terminal |= x->options->tty;
	return 0;
}

static int check_status(const struct oci_container *c, bool ignore_paused,
			struct failure *failure)
{
	if (c->status == OCI_PAUSED && !ignore_paused)
		return failed(
			failure, EXIT_FAILED,
			"container \"%s\" is paused: resume it, or give --ignore-paused",
			c->folder.id);
	if (c->status != OCI_STOPPED && c->status != OCI_CREATING)
		return 0;
	return failed(failure, EXIT_FAILED,
		      "cannot exec in container \"%s\": container not running",
		      c->folder.id);
}

static int fill(struct execution *x, struct failure *failure)
{
	const struct oci_options *o = x->options;
	struct process_spec *process = &x->process;

	if (process->terminal && !o->console_socket && o->detach)
		return failed(
			failure, EXIT_FAILED,
			"a terminal is asked for: --console-socket is needed, since nobody else would hold it");
	process->keep_keyring = o->no_new_keyring;
	if (process_keep_fds(process, o->preserve_fds, &x->fds, failure))
		return -1;
	return process_set_filter(process, &x->config, x->container.folder.root,
				  &x->filter, failure);
}

/* The root that the container's first process has. */
static int set_home(struct execution *x, struct failure *failure)
{
	const struct oci_container *c = &x->container;
	int root __cleanup_close = -1;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/root", c->record.pid);
	root = file_open(AT_FDCWD, path, O_PATH | O_DIRECTORY);
	/* Another process may have got the PID. */
	if (root < 0 || pidfd_send_signal(x->pidfd, 0, NULL, 0))
		return failed(failure, EXIT_FAILED,
			      "container \"%s\": container not running",
			      c->folder.id);
	return home_variable_set(&x->process, root, &x->home, failure);
}

static int send_notify_fd(struct execution *x, struct failure *failure)
{
	struct json_object *state = container_json(&x->container);
	int err = state ? notify_send(&x->filter, x->launch.notify_fd,
				      x->launch.pid, state, failure) :
			  failed_errno(failure, -ENOMEM,
				       "sending the notify descriptor");

	json_object_put(state);
	cleanup_close(&x->launch.notify_fd);
	return err;
}

static int launch(struct execution *x, struct failure *failure)
{
	const struct enter_spec spec = {
		.id = x->container.folder.id,
		.pid = x->container.record.pid,
		.pidfd = x->pidfd,
		.cgroup_fd = x->container.cgroup.fd,
		.process = x->process,
	};
	int r;

	if (launch_enter(&x->launch, &spec, process_stdio(&x->process),
			 failure))
		return -1;
	x->launched = true;
	r = launch_release(&x->launch);
	if (r)
		return failed_errno(failure, r, "entering container \"%s\"",
				    spec.id);
	r = launch_wait(&x->launch, failure);
	if (r == LAUNCH_NO_NEWS) {
		if (send_notify_fd(x, failure))
			return -1;
		r = launch_wait(&x->launch, failure);
	}
	return r < 0 ? -1 : 0;
}

/* Returns the exit status, or -1. */
static int execute(struct execution *x, struct failure *failure)
{
	struct oci_container *c = &x->container;
	int status;

	if (check_status(c, x->options->ignore_paused, failure) ||
	    read_description(x, failure) || fill(x, failure))
		return -1;
	x->pidfd = container_pidfd(c, failure);
	if (x->pidfd < 0 || set_home(x, failure))
		return -1;
	status = launch(x, failure) || launch_hand_over(&x->launch, x->options,
							failure) ?
			 -1 :
			 EXIT_OK;
	if (!status && !x->options->detach)
		status = foreground(&x->launch, failure);
	if (status < 0 && x->launched)
		foreground_reap(&x->launch);
	return status;
}

static void end(struct execution *x)
{
	if (x->launched) {
		launch_end(&x->launch);
		cleanup_close(&x->launch.pidfd);
		cleanup_close(&x->launch.terminal_fd);
		cleanup_close(&x->launch.notify_fd);
	}
	cleanup_close(&x->pidfd);
	seccomp_program_free(&x->filter);
	string_list_free(&x->env);
	string_list_free(&x->home);
	free(x->groups);
	free(x->fds);
	oci_process_free(&x->file);
	oci_config_free(&x->config);
	container_close(&x->container);
}

int oci_exec(const struct oci_options *options, struct failure *failure)
{
	struct execution x = { .options = options, .pidfd = -1 };
	int status;

	if (container_open(&x.container, options, false, failure))
		return -1;
	status = execute(&x, failure);
	end(&x);
	return status;
}
