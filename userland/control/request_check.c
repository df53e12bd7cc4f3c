// SPDX-License-Identifier: GPL-2.0
/* Checking start requests, see request.h. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include <linux/purser.h>

#include "base/capability.h"
#include "base/parse.h"
#include "base/parse_rlimit.h"
#include "mount_choice.h"
#include "request.h"

#define MIB (1 << 20)

static int check_id(const char *id, struct failure *failure)
{
	int err = check_container_name(id);

	if (err == -ENAMETOOLONG)
		failed(failure, EXIT_FAILED,
		       "container id \"%.80s...\": longer than %d characters",
		       id, PURSER_NAME_MAX);
	else if (err)
		failed(failure, EXIT_FAILED,
		       "container id \"%s\": letters, digits and \"_.+-\" only, the first a letter or a digit",
		       id);
	return err;
}

static int check_token(const char *token, struct failure *failure)
{
	size_t len = strlen(token);

	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)token[i]))
			len = 0;
	}
	if (len >= 1 && len <= TOKEN_MAX)
		return 0;
	return failed(failure, EXIT_FAILED,
		      "token \"%s\": not 1 to %d letters and digits", token,
		      TOKEN_MAX);
}

static int check_log(const struct log_choice *log, struct failure *failure)
{
	if (log->max_size && (log->max_size < LOG_MAX_SIZE_MIN ||
			      log->max_size > LOG_MAX_SIZE_MAX)) {
		return failed(failure, EXIT_FAILED,
			      "log size %llu: not at least %d bytes",
			      (unsigned long long)log->max_size,
			      LOG_MAX_SIZE_MIN);
	}
	if (log->max_files > LOG_MAX_FILES_MAX) {
		return failed(failure, EXIT_FAILED,
			      "log files %u: not from %d to %d", log->max_files,
			      LOG_MAX_FILES_MIN, LOG_MAX_FILES_MAX);
	}
	return 0;
}

static int check_storage(const struct start_request *request,
			 struct failure *failure)
{
	const struct storage_choice *storage = &request->storage;

	if (request->keep && request->rootfs)
		return failed(
			failure, EXIT_FAILED,
			"there is no overlay to keep: rootfs \"%s\" is used without one, and its files stay",
			request->rootfs);
	if (request->keep && request->auto_remove)
		return failed(
			failure, EXIT_FAILED,
			"a container that is removed at its end cannot keep its overlay");
	if (!storage->chosen || !storage->bytes)
		return 0;
	if (storage->bytes < STORAGE_MIN || storage->bytes > INT64_MAX) {
		return failed(failure, EXIT_FAILED,
			      "storage limit %" PRIu64
			      ": not at least %llu bytes",
			      storage->bytes, STORAGE_MIN);
	}
	if (!request->rootfs)
		return 0;
	return failed(
		failure, EXIT_FAILED,
		"a storage limit needs an overlay; rootfs \"%s\" is used without one",
		request->rootfs);
}

static int check_cgroup(const struct start_request *request,
			struct failure *failure)
{
	const struct cgroup_choice *cgroup = &request->cgroup;

	if (cgroup->has_memory_max && cgroup->memory_max &&
	    cgroup->memory_max < request->hard_limit)
		return failed(
			failure, EXIT_FAILED,
			"memory.max of %g MiB is below the hard limit of %g MiB",
			cgroup->memory_max / (double)MIB,
			request->hard_limit / (double)MIB);
	if (cgroup->has_pids_max && cgroup->pids_max > PIDS_MAX_MAX)
		return failed(failure, EXIT_FAILED,
			      "pids.max of %" PRIu64 ": above %d",
			      cgroup->pids_max, PIDS_MAX_MAX);
	return 0;
}

static int check_cpus(const char *cpus, struct failure *failure)
{
	cpu_set_t *set;
	size_t size;
	int err = parse_cpu_list(cpus, &set, &size);

	if (err)
		return failed(
			failure, EXIT_FAILED, "CPU list \"%s\": %s", cpus,
			err == -ERANGE ?
				"no such CPU" :
			err == -EINVAL ?
				"not a list as \"0,2-3\"; --cpu-max limits the amount of CPU time" :
				strerror(-err));
	CPU_FREE(set);
	return 0;
}

static int check_hostname(const char *name, struct failure *failure)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

	if (len && !name[len] && len <= HOST_NAME_MAX &&
	    isalnum((unsigned char)name[0]))
		return 0;
	return failed(
		failure, EXIT_FAILED,
		"hostname \"%s\": not 1 to %d letters, digits and \".-_\", the first a letter or a digit",
		name, HOST_NAME_MAX);
}

static int check_ulimits(const struct string_list *ulimits,
			 struct failure *failure)
{
	for (size_t i = 0; i < ulimits->n; i++) {
		const char *text = ulimits->strings[i];
		struct rlimit limit;
		int resource, err = parse_rlimit(text, &resource, &limit);

		if (err)
			return failed(
				failure, EXIT_FAILED, "ulimit \"%s\": %s", text,
				err == -ENOENT ?
					"there is no limit of that name; setrlimit(2) has the names, such as nofile" :
				err == -ERANGE ?
					"the soft limit is above the hard limit, or a limit is too large" :
					"not NAME=SOFT or NAME=SOFT:HARD, such as nofile=1024:4096");
	}
	return 0;
}

static int check_env(const struct string_list *env, struct failure *failure)
{
	for (size_t i = 0; i < env->n; i++) {
		const char *entry = env->strings[i];

		if (entry[0] == '=' || !strchr(entry, '='))
			return failed(failure, EXIT_FAILED,
				      "environment \"%s\": not KEY=VALUE",
				      entry);
	}
	return 0;
}

int request_check_user(const char *user, struct failure *failure)
{
	size_t len = strcspn(user, ":");
	const char *group = user + len + (user[len] == ':');

	/* No longer name is in a file that is read line by line. */
	if (len && len < 256 && strlen(group) < 256 && !strchr(group, ':') &&
	    (!user[len] || *group) && !strpbrk(user, "\n/"))
		return 0;
	return failed(
		failure, EXIT_FAILED,
		"user \"%.80s\": not USER or USER:GROUP, each a name or a number",
		user);
}

static int check_capabilities(const struct string_list *names,
			      struct failure *failure)
{
	uint64_t bits;

	for (size_t i = 0; i < names->n; i++)
		if (parse_capability(names->strings[i], &bits))
			return failed(
				failure, EXIT_FAILED,
				"capability \"%s\": there is none of that name; capabilities(7) has the names, and ALL is all of them",
				names->strings[i]);
	return 0;
}

static int check_security(const struct start_request *request,
			  struct failure *failure)
{
	if (request->user && request_check_user(request->user, failure))
		return -1;
	if (check_capabilities(&request->cap_add, failure) ||
	    check_capabilities(&request->cap_drop, failure))
		return -1;
	if (request->seccomp && strcmp(request->seccomp, "unconfined") &&
	    *request->seccomp != '{')
		return failed(
			failure, EXIT_FAILED,
			"seccomp \"%.80s\": neither \"unconfined\" nor a profile in JSON",
			request->seccomp);
	return 0;
}

/* What the first process gets. */
static int check_process(const struct start_request *request,
			 struct failure *failure)
{
	if (request->cwd && request->cwd[0] != '/')
		return failed(failure, EXIT_FAILED,
			      "working directory \"%s\": not an absolute path",
			      request->cwd);
	if (request->has_nice && (request->nice < -20 || request->nice > 19))
		return failed(failure, EXIT_FAILED,
			      "nice value %d: not from -20 to 19",
			      request->nice);
	if (request->has_oom_score_adj &&
	    (request->oom_score_adj < -1000 || request->oom_score_adj > 1000))
		return failed(failure, EXIT_FAILED,
			      "OOM score adjustment %d: not from -1000 to 1000",
			      request->oom_score_adj);
	if (request->stop.signal < 0 || request->stop.signal > 64)
		return failed(failure, EXIT_FAILED,
			      "stop signal %d: not from 1 to 64",
			      request->stop.signal);
	if (request->stop.timeout_ms > PURSER_GRACE_MAX_MS)
		return failed(failure, EXIT_FAILED,
			      "stop timeout of %u ms: above %u",
			      request->stop.timeout_ms, PURSER_GRACE_MAX_MS);
	if (request->hostname && check_hostname(request->hostname, failure))
		return -1;
	if (request->cpus && check_cpus(request->cpus, failure))
		return -1;
	return check_ulimits(&request->ulimits, failure) ||
			       check_env(&request->env, failure) ?
		       -1 :
		       0;
}

static int check_mounts(const struct start_request *request,
			struct failure *failure)
{
	struct volume_choice volume;
	struct tmpfs_choice tmpfs;

	for (size_t i = 0; i < request->volumes.n; i++) {
		if (volume_parse(request->volumes.strings[i], &volume, failure))
			return -1;
		volume_free(&volume);
	}
	for (size_t i = 0; i < request->tmpfs.n; i++) {
		if (tmpfs_parse(request->tmpfs.strings[i], &tmpfs, failure))
			return -1;
		tmpfs_free(&tmpfs);
	}
	return 0;
}

static int check_limits(const struct start_request *request,
			struct failure *failure)
{
	if (request->hard_limit && request->soft_limit > request->hard_limit)
		return failed(
			failure, EXIT_FAILED,
			"soft limit of %g MiB is above the hard limit of %g MiB",
			request->soft_limit / (double)MIB,
			request->hard_limit / (double)MIB);
	if (request->cpu_max &&
	    (request->cpu_max < CPU_MAX_MIN || request->cpu_max > CPU_MAX_MAX))
		return failed(failure, EXIT_FAILED,
			      "CPU limit of %g CPUs: not from %g to %d",
			      request->cpu_max / 1000.0, CPU_MAX_MIN / 1000.0,
			      CPU_MAX_MAX / 1000);
	return check_storage(request, failure) ||
			       check_cgroup(request, failure) ?
		       -1 :
		       0;
}

static int check_restart(const struct start_request *request,
			 struct failure *failure)
{
	if (!request->auto_remove || request->restart.policy == RESTART_NO)
		return 0;
	return failed(
		failure, EXIT_FAILED,
		"container \"%s\": a container that is removed after its end (--rm) cannot have a restart policy",
		request->id);
}

int request_check(const struct start_request *request, struct failure *failure)
{
	if (check_id(request->id, failure))
		return -1;
	if (!request->command.n || !request->command.strings[0][0])
		return failed(failure, EXIT_FAILED,
			      "container \"%s\": the command is empty",
			      request->id);
	if (request->rootfs && request->rootfs[0] != '/')
		return failed(failure, EXIT_FAILED,
			      "rootfs \"%s\": not an absolute path",
			      request->rootfs);
	if (check_limits(request, failure) || check_process(request, failure) ||
	    check_security(request, failure) ||
	    check_mounts(request, failure) ||
	    check_log(&request->log, failure) ||
	    check_restart(request, failure))
		return -1;
	return request->token ? check_token(request->token, failure) : 0;
}
