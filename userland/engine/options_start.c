// SPDX-License-Identifier: GPL-2.0
/* The options of "engine start" and "engine run", see options_start.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/purser.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/parse.h"
#include "base/paths.h"
#include "env_file.h"
#include "options.h"
#include "options_start.h"
#include "user_terminal.h"

/* Nobody would count more restarts. */
#define RESTARTS_MAX 1000000

/* "on-failure:3": at most three times. */
static int parse_restart(const char *text, void *to)
{
	static const char limited[] = "on-failure:";
	struct restart_choice choice = { 0 };
	uint64_t n;

	if (!strncmp(text, limited, strlen(limited))) {
		if (parse_u64(text + strlen(limited), 1, RESTARTS_MAX, &n))
			return -EINVAL;
		choice.policy = RESTART_ON_FAILURE;
		choice.max = n;
	} else {
		while (restart_policy_names[choice.policy] &&
		       strcmp(restart_policy_names[choice.policy], text))
			choice.policy++;
		if (!restart_policy_names[choice.policy])
			return -EINVAL;
	}
	memcpy(to, &choice, sizeof(choice));
	return 0;
}

/* clang-format off */
/* A larger one does not fit in a request. */
#define PROFILE_MAX (256 << 10)

/* The words "unconfined", or the text of a file. */
static int read_profile(const char *value, char **profile)
{
	char *text = malloc(PROFILE_MAX), *copy;
	ssize_t len = -ENOMEM;

	if (!strcmp(value, "unconfined"))
		len = snprintf(text, text ? PROFILE_MAX : 0, "%s", value);
	else if (text)
		len = file_read(AT_FDCWD, value, text, PROFILE_MAX);
	copy = text && len >= 0 ? strdup(text + strspn(text, " \t\r\n")) : NULL;
	free(text);
	if (!copy)
		return len < 0 ? (int)len : -ENOMEM;
	free(*profile);
	*profile = copy;
	return 0;
}

/* As --cpus of docker has it, with up to three decimals; in thousandths. */
static int parse_cpu_max(const char *text, void *to)
{
	unsigned int n = 0;
	int err = strcmp(text, "none") ? parse_seconds_ms(text, &n) : 0;

	if (!err && n && (n < CPU_MAX_MIN || n > CPU_MAX_MAX))
		err = -ERANGE;
	if (!err && !n && strcmp(text, "none"))
		err = -ERANGE;
	if (!err)
		*(uint32_t *)to = n;
	return err;
}

/* docker's words; it takes a colon, too. */
static int parse_security(const char *text, void *to)
{
	struct start_request *request = to;
	size_t len = strcspn(text, "=:");
	const char *value = text[len] ? text + len + 1 : "";

	if (len == strlen("seccomp") && !memcmp(text, "seccomp", len))
		return *value ? read_profile(value, &request->seccomp) :
				-EINVAL;
	if (len != strlen("no-new-privileges") ||
	    memcmp(text, "no-new-privileges", len))
		return -EINVAL;
	if (strcmp(value, "false") && strcmp(value, "true") && *value)
		return -EINVAL;
	request->allow_new_privs = !strcmp(value, "false");
	return 0;
}

#define START(member) OPTION_TO(struct start_options, member)
#define START_GIVEN(member) .given = offsetof(struct start_options, member)
const struct option start_options[] = {
	{ .name = "soft-mib", .kind = OPTION_MIB, START(request.soft_limit),
	  START_GIVEN(has_soft_limit), .value = "N", .initial = "40",
	  .initial_text = "40, or the hard limit if that is lower",
	  .about = "soft limit in MiB, 0 for none: the module makes an event when usage reaches it" },
	{ .name = "hard-mib", .kind = OPTION_MIB, START(request.hard_limit),
	  START_GIVEN(has_hard_limit), .value = "N", .initial = "64",
	  .about = "hard limit in MiB, 0 for none: the module kills the container if usage exceeds it" },
	{ .name = "soft", .kind = OPTION_SIZE, .leading = true,
	  START(request.soft_limit), START_GIVEN(has_soft_limit),
	  .min = LIMIT_MIN, .value = "SIZE|none",
	  .initial_text = "as of --soft-mib",
	  .about = "the soft limit as a size, such as 48m or 1.5g" },
	{ .name = "hard", .letter = 'm', .kind = OPTION_SIZE, .leading = true,
	  START(request.hard_limit), START_GIVEN(has_hard_limit),
	  .min = LIMIT_MIN, .value = "SIZE|none",
	  .initial_text = "as of --hard-mib",
	  .about = "the hard limit as a size" },
	{ .name = "memory-max-mib", .kind = OPTION_MIB,
	  START(request.cgroup.memory_max),
	  START_GIVEN(request.cgroup.has_memory_max), .min = 1, .value = "N|none",
	  .initial_text = "twice the hard limit, at least 64 MiB above it",
	  .about = "memory.max of the container's cgroup in MiB" },
	{ .name = "memory-max", .kind = OPTION_SIZE, .leading = true,
	  START(request.cgroup.memory_max),
	  START_GIVEN(request.cgroup.has_memory_max), .min = LIMIT_MIN,
	  .value = "SIZE|none", .initial_text = "as of --memory-max-mib",
	  .about = "memory.max of the container's cgroup as a size" },
	{ .name = "pids-max", .kind = OPTION_NUMBER,
	  START(request.cgroup.pids_max),
	  START_GIVEN(request.cgroup.has_pids_max), .min = 1, .max = PIDS_MAX_MAX,
	  .value = "N|none", .initial_text = "2048",
	  .about = "the largest number of processes and threads at a time" },
	{ .name = "pids-limit", .kind = OPTION_NUMBER, .leading = true,
	  START(request.cgroup.pids_max),
	  START_GIVEN(request.cgroup.has_pids_max), .min = 1, .max = PIDS_MAX_MAX,
	  .value = "N|none", .initial_text = "2048",
	  .about = "the same as --pids-max" },
	{ .name = "storage-max", .kind = OPTION_MIB, START(request.storage.bytes),
	  START_GIVEN(request.storage.chosen), .min = 1, .value = "MIB|none",
	  .initial_text = "the supervisor's",
	  .about = "how much the container may write to its overlay; not with a ROOTFS" },
	{ .name = "storage", .kind = OPTION_SIZE, .leading = true,
	  START(request.storage.bytes), START_GIVEN(request.storage.chosen),
	  .min = STORAGE_MIN, .value = "SIZE|none",
	  .initial_text = "as of --storage-max",
	  .about = "how much the container may write to its overlay, as a size" },
	{ .name = "nice", .kind = OPTION_NUMBER, START(request.nice),
	  START_GIVEN(request.has_nice), .min = -20, .max = 19, .value = "N",
	  .initial_text = "0", .about = "the nice value" },
	{ .name = "oom-score-adj", .kind = OPTION_NUMBER, .leading = true,
	  START(request.oom_score_adj),
	  START_GIVEN(request.has_oom_score_adj), .min = -1000, .max = 1000,
	  .value = "N", .initial_text = "0",
	  .about = "how likely the OOM killer is to choose the container: a higher number is more likely" },
	{ .name = "ulimit", .kind = OPTION_LIST, .leading = true,
	  START(request.ulimits), .value = "NAME=SOFT[:HARD]",
	  .about = "a limit of setrlimit(2), such as nofile=1024:4096; may be given many times" },
	{ .name = "cpus", .kind = OPTION_COPY, START(request.cpus), .value = "LIST",
	  .initial_text = "all",
	  .about = "the CPUs that the container may use, such as 0,2-3" },
	{ .name = "cpu-max", .kind = OPTION_OWN, .leading = true,
	  START(request.cpu_max), .parse = parse_cpu_max, .value = "N|none",
	  .initial_text = "none",
	  .wanted = "a number of CPUs from 0.01 to 8192, such as 1.5, or \"none\"",
	  .about = "how much CPU time the container may use: 1.5 is that of one and a half CPUs" },
	{ .name = "net", .kind = OPTION_CHOICE, START(request.own_network),
	  .value = "host|none", .initial = "none",
	  .about = "the host's network, or a network of its own with only loopback" },
	{ .name = "userns", .kind = OPTION_CHOICE, .leading = true,
	  START(request.userns.mode), START_GIVEN(request.userns.chosen),
	  .value = "auto|host", .initial_text = "the supervisor's",
	  .about = "auto: root of the container is nobody on the host, if kernel and file systems can do that; host: it is root of the host" },
	{ .name = "volume", .letter = 'v', .kind = OPTION_LIST, .leading = true,
	  START(request.volumes), .value = "SRC:DST[:ro]",
	  .about = "mount a folder or a file of the host at DST in the container; may be given many times" },
	{ .name = "tmpfs", .kind = OPTION_LIST, .leading = true,
	  START(request.tmpfs), .value = "DST[:OPTIONS]",
	  .about = "mount an empty tmpfs at DST, such as /tmp:size=64m,mode=1777; may be given many times" },
	{ .name = "read-only", .kind = OPTION_FLAG, .leading = true,
	  START(request.read_only),
	  .about = "make the container's root read-only; volumes and tmpfs are not" },
	{ .name = "user", .letter = 'u', .kind = OPTION_COPY, .leading = true,
	  START(request.user), .value = "USER[:GROUP]", .initial_text = "root",
	  .about = "the command's user and group, each a number or a name in the container's /etc/passwd and /etc/group" },
	{ .name = "cap-add", .kind = OPTION_LIST, .leading = true,
	  START(request.cap_add), .value = "NAME|ALL",
	  .about = "give the container a capability; may be given many times" },
	{ .name = "cap-drop", .kind = OPTION_LIST, .leading = true,
	  START(request.cap_drop), .value = "NAME|ALL",
	  .about = "take a capability away; may be given many times" },
	{ .name = "privileged", .kind = OPTION_FLAG, .leading = true,
	  START(request.privileged),
	  .about = "give the container all capabilities, no filter and no masks: it can do what root of the host can" },
	{ .name = "security-opt", .kind = OPTION_OWN, .leading = true,
	  START(request), .value = "NAME=VALUE", .parse = parse_security,
	  .wanted = "seccomp=FILE, seccomp=unconfined, no-new-privileges=true or no-new-privileges=false",
	  .about = "seccomp=FILE: a filter in docker's or the OCI's format; seccomp=unconfined: none; no-new-privileges=false: setuid programs give privileges" },
	{ .name = "keep", .kind = OPTION_FLAG, .leading = true,
	  START(request.keep),
	  .about = "keep the overlay when the container ends, for the next one of that ID; not with a ROOTFS" },
	{ .name = "init", .kind = OPTION_FLAG, .leading = true,
	  START(request.init),
	  .about = "run the command under a small first process that reaps orphans and passes signals on" },
	{ .name = "stop-signal", .kind = OPTION_SIGNAL, .leading = true,
	  START(request.stop.signal), .value = "SIGNAL", .initial_text = "TERM",
	  .about = "the signal that a stop sends first" },
	{ .name = "stop-timeout", .kind = OPTION_SECONDS, .leading = true,
	  START(request.stop.timeout_ms), START_GIVEN(request.stop.has_timeout),
	  .max = PURSER_GRACE_MAX_MS, .value = "SECONDS", .initial_text = "10",
	  .about = "the time from that signal to SIGKILL" },
	{ .name = "hostname", .kind = OPTION_COPY, .leading = true,
	  START(request.hostname), .value = "NAME",
	  .initial_text = "the ID, shortened to 64 characters",
	  .about = "the container's hostname" },
	{ .name = "env", .letter = 'e', .kind = OPTION_LIST, START(request.env),
	  .value = "KEY[=VALUE]",
	  .about = "set an environment variable, without a value to that of the caller; may be given many times" },
	{ .name = "env-file", .kind = OPTION_LIST, .leading = true,
	  START(env_files), .value = "FILE",
	  .about = "set the variables in a file, one KEY=VALUE or KEY a line; --env replaces them" },
	{ .name = "cwd", .letter = 'w', .kind = OPTION_COPY, START(request.cwd), .value = "DIR",
	  .initial_text = "/", .about = "the command's working directory in the container" },
	{ .name = "workdir", .kind = OPTION_COPY, .leading = true,
	  START(request.cwd), .value = "DIR", .initial_text = "/",
	  .about = "the same as --cwd" },
	{ .name = "log-driver", .kind = OPTION_CHOICE, START(request.log.driver),
	  START_GIVEN(request.log.has_driver), .value = "cri|raw|none",
	  .initial_text = "the supervisor's",
	  .about = "the format of the log: lines with times, the bytes as written, or no log" },
	{ .name = "log-max-size", .kind = OPTION_SIZE, START(request.log.max_size),
	  .min = LOG_MAX_SIZE_MIN, .value = "SIZE", .initial_text = "the supervisor's",
	  .about = "rotate the log before it grows above this size" },
	{ .name = "log-max-files", .kind = OPTION_NUMBER,
	  START(request.log.max_files), .min = LOG_MAX_FILES_MIN,
	  .max = LOG_MAX_FILES_MAX, .value = "N", .initial_text = "the supervisor's",
	  .about = "the number of files of the log, including the current one" },
	{ .name = "rm", .kind = OPTION_FLAG, .leading = true,
	  START(request.auto_remove),
	  .about = "remove the container, its request and its log when it has ended" },
	{ .name = "restart", .kind = OPTION_OWN, .leading = true,
	  START(request.restart), .parse = parse_restart,
	  .value = "POLICY", .initial_text = "no",
	  .wanted = "no, on-failure, on-failure:N with N from 1 to 1000000, or always",
	  .about = "when to start the container again after its end: no, on-failure, on-failure:N or always" },
	{ .name = "detach", .letter = 'd', .kind = OPTION_FLAG,
	  .leading = true, START(detach),
	  .about = "of run: do the same as start" },
	{ .name = "interactive", .letter = 'i', .kind = OPTION_FLAG,
	  .leading = true, START(interactive),
	  .about = "of run: pass the input on to the container" },
	{ .name = "tty", .letter = 't', .kind = OPTION_FLAG,
	  .leading = true, START(request.terminal),
	  .about = "give the container a terminal; run shows it, and with --interactive types into it; after start nobody types, engine exec -it ID enters it" },
	{ .name = "quiet", .letter = 'q', .kind = OPTION_FLAG,
	  .leading = true, START(quiet),
	  .about = "of run: do not show the container's output; it is in the log" },
	RUN_DIR(struct start_options),
	{ 0 },
};

static int parse_rootfs(const char *text, void *to)
{
	char **path = to;

	return *text ? path_absolute(text, path) : -EINVAL;
}

const struct option start_operands[] = {
	{ .name = "ID", .kind = OPTION_COPY, START(request.id) },
	{ .name = "ROOTFS", .kind = OPTION_OWN, START(request.rootfs),
	  .parse = parse_rootfs, .wanted = "a path that is not empty" },
	{ 0 },
};

/* clang-format on */

/*
 * "engine start web sh -c true" lacks "--": the user means a command, and "sh" would be
 * the root. A path that is not in the current folder is left to the supervisor.
 */
static int check_rootfs(const struct start_request *r, struct failure *failure)
{
	__cleanup_free char *cwd = getcwd(NULL, 0);
	const char *name = r->rootfs ? strrchr(r->rootfs, '/') : NULL;

	if (!name || !name[1] || !cwd || !access(r->rootfs, F_OK) ||
	    errno != ENOENT)
		return 0;
	/* "/" is the only path that ends in a slash. */
	if (strncmp(r->rootfs, cwd, name - r->rootfs) ||
	    strlen(cwd + (name == r->rootfs)) != (size_t)(name - r->rootfs))
		return 0;
	return failed(
		failure, EXIT_USAGE,
		"there is no folder \"%s\" to be the root; if \"%s\" is the command, write \"--\" before it",
		name + 1, name + 1);
}

/* Whether the user gave nothing but the id. */
static bool is_only_id(const struct start_options *o)
{
	const struct start_request *r = &o->request;
	const struct start_request plain = {
		.id = r->id,
		.soft_limit = DEFAULT_SOFT_LIMIT,
		.hard_limit = DEFAULT_HARD_LIMIT,
		.own_network = true,
	};
	struct object given = object_new(), none = object_new();
	struct json_object *a, *b;
	bool same;

	request_encode(r, &given);
	request_encode(&plain, &none);
	a = object_done(&given);
	b = object_done(&none);
	same = a && b && !strcmp(json_line(a, NULL), json_line(b, NULL));
	json_object_put(a);
	json_object_put(b);
	return same && !o->env_files.n && !o->has_soft_limit &&
	       !o->has_hard_limit;
}

/* Whether the command is a shell that reads its commands from stdin. */
static bool is_bare_shell(const struct string_list *command)
{
	static const char *const shells[] = { "sh",   "ash", "bash",
					      "dash", "ksh", "zsh" };
	const char *word = command->strings[0];
	const char *slash = strrchr(word, '/');

	for (size_t i = 0; command->n == 1 && i < ARRAY_SIZE(shells); i++) {
		if (!strcmp(slash ? slash + 1 : word, shells[i]))
			return true;
	}
	return false;
}

/*
 * A program in a terminal must know which one: ours shows its output. A shell in a terminal
 * ignores SIGTERM, and ends at SIGHUP.
 */
static int choose_for_terminal(struct start_request *r)
{
	char term[64];

	if (!r->stop.signal && is_bare_shell(&r->command))
		r->stop.signal = SIGHUP;
	if (environment_has(&r->env, "TERM"))
		return 0;
	return string_list_add(&r->env, terminal_variable(term));
}

static int check(struct start_options *o, struct failure *failure)
{
	struct start_request *r = &o->request;

	if (check_rootfs(r, failure))
		return -1;
	if (!r->command.n && string_list_add(&r->command, DEFAULT_COMMAND))
		return failed_errno(failure, -ENOMEM, "reading the arguments");
	/* A lower hard limit moves the default of the soft one. */
	if (o->has_hard_limit && !o->has_soft_limit && r->hard_limit &&
	    r->soft_limit > r->hard_limit)
		r->soft_limit = r->hard_limit;
	if (env_complete(&o->env_files, &r->env, failure))
		return -1;
	if (r->terminal && choose_for_terminal(r))
		return failed_errno(failure, -ENOMEM, "reading the arguments");
	return request_check(r, failure);
}

static int check_detached(struct start_options *o, struct failure *failure)
{
	struct start_request *r = &o->request;

	r->only_id = is_only_id(o);
	r->default_command = !r->command.n;
	if (check(o, failure))
		return -1;
	/* If such a shell read the null device, it would end at once. */
	r->open_stdin = !r->terminal && is_bare_shell(&r->command);
	return 0;
}

int start_check(void *options, struct failure *failure)
{
	const struct start_options *o = options;

	/* A terminal waits for keys, whoever types them. */
	if (o->interactive && !o->request.terminal)
		return failed(
			failure, EXIT_USAGE,
			"--interactive is for run: start returns when the command runs");
	return check_detached(options, failure);
}

int run_check(void *options, struct failure *failure)
{
	struct start_options *o = options;
	const char *quiet = getenv("PURSER_QUIET");

	if (o->detach && o->interactive && !o->request.terminal)
		return failed(failure, EXIT_USAGE,
			      "--detach and --interactive exclude each other");
	if (o->detach)
		return check_detached(o, failure);
	if (o->request.terminal && o->quiet)
		return failed(failure, EXIT_USAGE,
			      "--tty and --quiet exclude each other");
	if (quiet && *quiet)
		o->quiet = true;
	if (o->request.restart.policy != RESTART_NO)
		return failed(
			failure, EXIT_USAGE,
			"--restart is for start and run --detach: run returns when the container has ended");
	return check(o, failure);
}

void start_release(void *options)
{
	struct start_options *o = options;

	string_list_free(&o->env_files);
	request_free(&o->request);
}
