// SPDX-License-Identifier: GPL-2.0
/* Making a container, see creation.h. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/object.h"
#include "base/paths.h"
#include "base/report.h"
#include "container.h"
#include "creation.h"
#include "hooks.h"
#include "launch/home_variable.h"
#include "launching.h"
#include "names.h"
#include "settings.h"

#define TOKEN_BYTES 12

static char *make_token(void)
{
	unsigned char bytes[TOKEN_BYTES];
	char *token = malloc(2 * TOKEN_BYTES + 1);

	if (!token || getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes)) {
		free(token);
		return NULL;
	}
	for (size_t i = 0; i < TOKEN_BYTES; i++)
		snprintf(token + 2 * i, 3, "%02x", bytes[i]);
	return token;
}

static char *now(void)
{
	struct timespec time;
	struct tm tm;
	char seconds[32], *text;

	clock_gettime(CLOCK_REALTIME, &time);
	gmtime_r(&time.tv_sec, &tm);
	strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", &tm);
	if (asprintf(&text, "%s.%09ldZ", seconds, time.tv_nsec) < 0)
		return NULL;
	return text;
}

/* The look-up of a name may load libraries: most callers are root. */
static char *owner(void)
{
	const struct passwd *user;

	if (!getuid())
		return strdup("root");
	user = getpwuid(getuid());
	return strdup(user ? user->pw_name : "");
}

/* What config.json says, and the folder that is to be the root. */
static int read_bundle(struct creation *c, struct failure *failure)
{
	const struct oci_options *o = c->options;
	const char *dir = o->bundle ? o->bundle : ".";
	__cleanup_free char *root = NULL;
	int err = path_open_dir(dir, &c->bundle, &c->state.bundle);

	if (err)
		return failed_errno(failure, err, "opening the bundle %s", dir);
	if (oci_config_read(&c->config, c->bundle,
			    o->config ? o->config : FOLDER_CONFIG, failure))
		return -1;
	report_warnings(&c->config.warnings);
	if (!c->config.has_process)
		return failed(failure, EXIT_FAILED,
			      "%s/" FOLDER_CONFIG ": process is missing",
			      c->state.bundle);
	root = c->config.root_path[0] == '/' ?
		       strdup(c->config.root_path) :
		       path_join(c->state.bundle, c->config.root_path, "");
	err = root ? path_open_dir(root, &c->root, &c->state.rootfs) : -ENOMEM;
	if (err)
		return failed_errno(failure, err, "opening the root %s",
				    c->config.root_path);
	return 0;
}

/* What the command start looks for in the configuration, see create.c. */
static bool starts_plainly(const struct oci_config *config)
{
	const char *agent;

	return !config->hooks[HOOK_START_CONTAINER].n &&
	       !config->hooks[HOOK_POSTSTART].n &&
	       object_get_string(config->seccomp, "listenerPath", &agent) ==
		       -ENOENT;
}

static int describe(struct creation *c, struct failure *failure)
{
	c->state.version = strdup(c->config.version);
	c->state.created = now();
	c->state.owner = owner();
	c->state.token = make_token();
	c->state.plain_start = starts_plainly(&c->config);
	c->state.own_pids = c->config.spec.namespaces & CLONE_NEWPID;
	if (!c->state.version || !c->state.created || !c->state.owner ||
	    !c->state.token)
		return failed_errno(failure, -ENOMEM, "describing \"%s\"",
				    c->folder.id);
	if (c->config.annotations)
		c->state.annotations = json_object_get(c->config.annotations);
	return 0;
}

/* The first thing that is left behind if we are killed: delete finds the rest by it. */
static int make_folder(struct creation *c, struct failure *failure)
{
	__cleanup_free char *root = container_root(c->options);

	if (!root)
		return failed_errno(failure, -ENOMEM, "making \"%s\"",
				    c->options->id);
	if (folder_make(&c->folder, root, c->options->id, failure))
		return -1;
	c->has_folder = true;
	return folder_write(&c->folder, FOLDER_CONFIG, c->config.text,
			    strlen(c->config.text), failure);
}

static enum cgroup_manager manager_of(const struct oci_options *o)
{
	if (o->has_cgroup_manager)
		return o->cgroup_manager;
	return o->systemd_cgroup ? CGROUP_MANAGER_SYSTEMD :
				   CGROUP_MANAGER_CGROUPFS;
}

/* The state knows the path before there is a cgroup. */
static int make_cgroup(struct creation *c, struct failure *failure)
{
	const struct oci_config *config = &c->config;

	c->state.manager = manager_of(c->options);
	if (cgroup_home_place(&c->cgroup, c->state.manager,
			      config->cgroups_path, c->folder.id, failure))
		return -1;
	c->cgroup.mark = c->state.token;
	c->state.cgroup = c->cgroup.path ? strdup(c->cgroup.path) : NULL;
	c->state.scope = c->cgroup.scope ? strdup(c->cgroup.scope) : NULL;
	if (!c->state.cgroup != !c->cgroup.path ||
	    !c->state.scope != !c->cgroup.scope)
		return failed_errno(failure, -ENOMEM, "making \"%s\"",
				    c->folder.id);
	if (state_write(&c->state, &c->folder, failure))
		return -1;
	if (cgroup_home_make(&c->cgroup, c->folder.id, &config->resources,
			     config->device_rules, config->n_device_rules,
			     failure))
		return -1;
	/* systemd has chosen the path. */
	if (c->state.cgroup || !c->cgroup.path)
		return 0;
	c->state.cgroup = strdup(c->cgroup.path);
	if (!c->state.cgroup)
		return failed_errno(failure, -ENOMEM, "making \"%s\"",
				    c->folder.id);
	return state_write(&c->state, &c->folder, failure);
}

static int check_terminal(const struct creation *c, struct failure *failure)
{
	const bool terminal = c->config.spec.process.terminal;
	const bool console = c->options->console_socket;

	if (terminal && !console && c->options->detach)
		return failed(
			failure, EXIT_FAILED,
			"process.terminal is set: --console-socket is needed, since nobody else would hold the terminal");
	if (!terminal && console)
		return failed(
			failure, EXIT_FAILED,
			"--console-socket is given, but process.terminal is not set");
	return 0;
}

static int fill_spec(struct creation *c, struct failure *failure)
{
	struct container_spec *spec = &c->config.spec;
	struct process_spec *process = &spec->process;

	spec->id = c->folder.id;
	spec->root.path = c->state.rootfs;
	spec->root.fd = c->root;
	spec->cgroup_fd = c->cgroup.fd;
	process->keep_keyring = c->options->no_new_keyring;
	spec->pause_before_pivot = c->config.hooks[HOOK_PRESTART].n ||
				   c->config.hooks[HOOK_CREATE_RUNTIME].n ||
				   c->config.hooks[HOOK_CREATE_CONTAINER].n;
	if (home_variable_set(process, c->root, &c->env, failure) ||
	    process_set_filter(process, &c->config, c->folder.root, &c->filter,
			       failure))
		return -1;
	c->gate = launch_gate_make(c->folder.fd, FOLDER_GATE, failure);
	spec->start_gate = c->gate;
	return c->gate < 0 ? -1 : 0;
}

/* Sources of mounts may be relative to the bundle, but what else we are given is not. */
static int begin_in_bundle(struct creation *c, const int stdio[3],
			   struct failure *failure)
{
	int here __cleanup_close = file_open(AT_FDCWD, ".",
					     O_PATH | O_DIRECTORY);
	int err;

	if (fchdir(c->bundle))
		return failed_errno(failure, -errno, "entering the bundle %s",
				    c->state.bundle);
	err = launch_begin(&c->launch, &c->config.spec, stdio, failure);
	/* The working folder may have been removed: nothing is relative to it then. */
	if (here >= 0 && fchdir(here) && !err)
		report_warning("cannot return to the working folder: %s",
			       strerror(errno));
	return err;
}

/* Its stdin, stdout and stderr are ours, unless it has a terminal. */
static int launch(struct creation *c, struct failure *failure)
{
	if (begin_in_bundle(c, process_stdio(&c->config.spec.process), failure))
		return -1;
	c->launched = true;
	cgroup_home_settle(&c->cgroup);
	cleanup_close(&c->gate);
	if (record_register(c->table, &c->state, &c->folder,
			    names_of_container(&c->config), c->launch.pid,
			    c->launch.pidfd, &c->limits, failure))
		return -1;
	return state_write(&c->state, &c->folder, failure);
}

/* In the namespaces of the container, by paths of the host, with all rights. */
static int run_inside(struct creation *c, struct json_object *state,
		      struct failure *failure)
{
	struct hook_place place = {
		.id = c->folder.id,
		.pid = c->launch.pid,
		.pidfd = c->launch.pidfd,
		.cgroup_fd = c->cgroup.fd,
	};
	struct capability_sets *sets = &place.process.capabilities;

	process_spec_init(&place.process);
	sets->bounding = sets->permitted = sets->effective = UINT64_MAX;
	return hooks_run(&c->config, HOOK_CREATE_CONTAINER, &place, state,
			 failure);
}

static int run_hooks(struct creation *c, struct failure *failure)
{
	struct json_object *state = state_json(&c->state, c->folder.id,
					       OCI_CREATING, c->launch.pid);
	int err = state ? 0 : failed_errno(failure, -ENOMEM, "running hooks");

	c->hooked = true;
	if (!err)
		err = hooks_run(&c->config, HOOK_PRESTART, NULL, state,
				failure);
	if (!err)
		err = hooks_run(&c->config, HOOK_CREATE_RUNTIME, NULL, state,
				failure);
	if (!err)
		err = run_inside(c, state, failure);
	json_object_put(state);
	return err;
}

static int set_up(struct creation *c, struct failure *failure)
{
	int r = launch_release(&c->launch);

	if (r)
		return failed_errno(failure, r, "setting up \"%s\"",
				    c->folder.id);
	r = launch_wait(&c->launch, failure);
	if (r == LAUNCH_PAUSED) {
		if (run_hooks(c, failure))
			return -1;
		/* If it has died meanwhile, the result says why. */
		launch_continue(&c->launch);
		r = launch_wait(&c->launch, failure);
	}
	if (r < 0)
		return -1;
	if (r == LAUNCH_WAITS)
		return 0;
	return failed(failure, EXIT_FAILED,
		      "container \"%s\" did not wait for its start",
		      c->folder.id);
}

static int make(struct creation *c, struct failure *failure)
{
	struct settings settings;

	if (record_table(&c->table, failure) ||
	    record_check_name(c->table, c->options->id, failure) ||
	    settings_read(&settings, failure) || read_bundle(c, failure) ||
	    check_terminal(c, failure) ||
	    settings_limits(&settings, &c->config, &c->limits, failure) ||
	    process_keep_fds(&c->config.spec.process, c->options->preserve_fds,
			     &c->fds, failure))
		return -1;
	if (make_folder(c, failure) || describe(c, failure) ||
	    make_cgroup(c, failure) || fill_spec(c, failure))
		return -1;
	if (launch(c, failure) || set_up(c, failure))
		return -1;
	return launch_hand_over(&c->launch, c->options, failure);
}

/* The process is ours to reap: nobody else knows of it yet. */
static void end_process(struct creation *c)
{
	const struct purser_ref ref = { .id = c->state.record };

	pidfd_send_signal(c->launch.pidfd, SIGKILL, NULL, 0);
	launch_end(&c->launch);
	while (waitid(P_PIDFD, c->launch.pidfd, &(siginfo_t){ 0 }, WEXITED) &&
	       errno == EINTR)
		;
	if (c->state.record)
		purser_unregister(c->table, &ref);
}

/* Take back all that was made; what cannot be taken back is reported. */
static void undo(struct creation *c)
{
	struct failure failure;

	if (c->launched)
		end_process(c);
	if (cgroup_home_remove(&c->cgroup, &failure))
		report_failure(&failure);
	if (c->hooked) {
		struct json_object *state = state_json(&c->state, c->folder.id,
						       OCI_STOPPED, 0);

		hooks_run_all(&c->config, HOOK_POSTSTOP, state);
		json_object_put(state);
	}
	if (c->has_folder && folder_remove(&c->folder, &failure))
		report_failure(&failure);
}

int creation_make(struct creation *c, const struct oci_options *options,
		  struct failure *failure)
{
	*c = (struct creation){
		.options = options,
		.folder = { .id = options->id, .root = -1, .fd = -1 },
		.cgroup = { .fd = -1 },
		.bundle = -1,
		.root = -1,
		.gate = -1,
	};
	if (!make(c, failure))
		return 0;
	undo(c);
	creation_end(c);
	return -1;
}

void creation_end(struct creation *c)
{
	if (c->launched) {
		launch_end(&c->launch);
		cleanup_close(&c->launch.pidfd);
		cleanup_close(&c->launch.terminal_fd);
	}
	cleanup_close(&c->gate);
	cleanup_close(&c->root);
	cleanup_close(&c->bundle);
	cgroup_home_free(&c->cgroup);
	if (c->table)
		purser_close(c->table);
	seccomp_program_free(&c->filter);
	oci_config_free(&c->config);
	free(c->fds);
	string_list_free(&c->env);
	state_free(&c->state);
	folder_close(&c->folder);
}
