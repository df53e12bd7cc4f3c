// SPDX-License-Identifier: GPL-2.0
/*
 * The command line of start and run:
 *
 *	<id> [<container-rootfs> [<command> [args...]]] [options]
 *	<id> [<container-rootfs>] [options] -- <command> [args...]
 *
 * Options are taken wherever they stand, behind the command too; every other
 * word behind the command is its argument. From "--" on nothing is taken: before
 * a command it begins one, behind a command it is an argument like what follows.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cli_log.h"
#include "base/parse.h"
#include "base/paths.h"
#include "base/options.h"

enum option_key {
	OPT_HELP,
	OPT_RUN_DIR,
	OPT_SOFT,
	OPT_HARD,
	OPT_MEMORY_MAX,
	OPT_PIDS_MAX,
	OPT_STORAGE_MAX,
	OPT_NICE,
	OPT_CPUS,
	OPT_NET,
	OPT_ENV,
	OPT_CWD,
	OPT_LOG_DRIVER,
	OPT_LOG_MAX_SIZE,
	OPT_LOG_MAX_FILES,
};

/* clang-format off */
static const struct option_name start_options[] = {
	{ "help", false, OPT_HELP },
	{ "run-dir", true, OPT_RUN_DIR },
	{ "soft-mib", true, OPT_SOFT },
	{ "hard-mib", true, OPT_HARD },
	{ "memory-max-mib", true, OPT_MEMORY_MAX },
	{ "pids-max", true, OPT_PIDS_MAX },
	{ "storage-max", true, OPT_STORAGE_MAX },
	{ "nice", true, OPT_NICE },
	{ "cpus", true, OPT_CPUS },
	{ "net", true, OPT_NET },
	{ "env", true, OPT_ENV },
	{ "cwd", true, OPT_CWD },
	{ "log-driver", true, OPT_LOG_DRIVER },
	{ "log-max-size", true, OPT_LOG_MAX_SIZE },
	{ "log-max-files", true, OPT_LOG_MAX_FILES },
	{ 0 },
};
/* clang-format on */

/* What was given, beyond the request itself. */
struct given {
	bool soft;
	bool hard;
};

static int set_string(char **out, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	free(*out);
	*out = copy;
	return 0;
}

static int set_limit(const char *which, const char *value, uint64_t *bytes,
		     struct failure *failure)
{
	int err = parse_mib(value, bytes);

	if (err == -ERANGE)
		failed(failure, EXIT_USAGE, "%s limit \"%s\": too large", which,
		       value);
	else if (err)
		failed(failure, EXIT_USAGE,
		       "%s limit \"%s\": not a whole number of MiB", which,
		       value);
	return err;
}

/* A limit of the wall: 0 stands for "none", and is not to be had otherwise. */
static int set_memory_max(struct cgroup_choice *choice, const char *value,
			  struct failure *failure)
{
	uint64_t *bytes = &choice->memory_max;
	int err;

	choice->has_memory_max = true;
	*bytes = 0;
	if (!strcmp(value, "none"))
		return 0;
	err = parse_mib(value, bytes);
	if (!err && !*bytes)
		err = -EINVAL;
	if (err == -ERANGE)
		failed(failure, EXIT_USAGE, "memory.max \"%s\": too large",
		       value);
	else if (err)
		failed(failure, EXIT_USAGE,
		       "memory.max \"%s\": neither a whole number of MiB above 0 nor \"none\"",
		       value);
	return err;
}

static int set_pids_max(struct cgroup_choice *choice, const char *value,
			struct failure *failure)
{
	uint64_t *pids = &choice->pids_max;
	int err;

	choice->has_pids_max = true;
	*pids = 0;
	if (!strcmp(value, "none"))
		return 0;
	err = parse_u64(value, 1, PIDS_MAX_MAX, pids);
	if (err)
		failed(failure, EXIT_USAGE,
		       "pids.max \"%s\": neither a number from 1 to %d nor \"none\"",
		       value, PIDS_MAX_MAX);
	return err;
}

static int set_option(struct start_options *o, int key, const char *value,
		      struct given *given, struct failure *failure)
{
	struct start_request *r = &o->request;

	switch (key) {
	case OPT_RUN_DIR:
		o->run_dir = value;
		return 0;
	case OPT_SOFT:
		given->soft = true;
		return set_limit("soft", value, &r->soft_limit, failure);
	case OPT_HARD:
		given->hard = true;
		return set_limit("hard", value, &r->hard_limit, failure);
	case OPT_MEMORY_MAX:
		return set_memory_max(&r->cgroup, value, failure);
	case OPT_PIDS_MAX:
		return set_pids_max(&r->cgroup, value, failure);
	case OPT_STORAGE_MAX:
		r->storage.chosen = true;
		return cli_storage(value, &r->storage.bytes, failure);
	case OPT_NICE:
		if (parse_int(value, -20, 19, &r->nice)) {
			return failed(
				failure, EXIT_USAGE,
				"nice value \"%s\": not a number from -20 to 19",
				value);
		}
		r->has_nice = true;
		return 0;
	case OPT_CPUS:
		return set_string(&r->cpus, value);
	case OPT_NET:
		r->own_network = !strcmp(value, "none");
		if (!r->own_network && strcmp(value, "host")) {
			return failed(
				failure, EXIT_USAGE,
				"network \"%s\": neither \"host\" nor \"none\"",
				value);
		}
		return 0;
	case OPT_ENV:
		return string_list_add(&r->env, value);
	case OPT_CWD:
		return set_string(&r->cwd, value);
	case OPT_LOG_DRIVER:
		r->log.has_driver = true;
		return cli_log_driver(value, &r->log.driver, failure);
	case OPT_LOG_MAX_SIZE:
		return cli_log_max_size(value, &r->log.max_size, failure);
	case OPT_LOG_MAX_FILES:
		return cli_log_max_files(value, &r->log.max_files, failure);
	}
	return -EINVAL;
}

static int take_operand(struct start_request *r, const char *word,
			struct failure *failure)
{
	int err;

	if (looks_like_option(word)) {
		return failed(failure, EXIT_USAGE, "unknown option %s", word);
	}
	if (!r->id)
		return set_string(&r->id, word);
	if (r->rootfs)
		return string_list_add(&r->command, word);
	if (!*word) {
		return failed(failure, EXIT_USAGE,
			      "the container rootfs is an empty path");
	}
	err = path_absolute(word, &r->rootfs);
	if (err)
		failed(failure, EXIT_USAGE, "rootfs \"%s\": %s", word,
		       strerror(-err));
	return err;
}

/* What stands behind "--", which was just taken. */
static int take_rest(struct words *w, struct start_request *r,
		     struct failure *failure)
{
	const char *word;
	int err = 0;

	if (r->command.n)
		err = string_list_add(&r->command, "--");
	while (!err && (word = words_next(w)))
		err = string_list_add(&r->command, word);
	if (!err && !r->command.n) {
		failed(failure, EXIT_USAGE, "no command behind \"--\"");
		err = -EINVAL;
	}
	return err;
}

static int take_words(struct words *w, struct start_options *o,
		      struct given *given, struct failure *failure)
{
	struct start_request *r = &o->request;
	const char *word, *value;
	int key, ret;

	while ((word = words_next(w))) {
		if (!strcmp(word, "--"))
			return take_rest(w, r, failure);
		/* Behind a command, it is the command that shall help. */
		if (r->command.n && !strcmp(word, "--help"))
			ret = 0;
		else
			ret = words_option(w, word, start_options, &key, &value,
					   failure);
		if (ret > 0 && key == OPT_HELP)
			return CLI_HELP;
		if (ret > 0)
			ret = set_option(o, key, value, given, failure);
		else if (!ret && r->command.n)
			ret = string_list_add(&r->command, word);
		else if (!ret)
			ret = take_operand(r, word, failure);
		if (ret)
			return ret;
	}
	return 0;
}

int cli_parse_start(int argc, char **argv, struct start_options *o,
		    struct failure *failure)
{
	struct words w = { argc, argv, 0 };
	struct start_request *r = &o->request;
	struct given given = { 0 };
	int ret;

	*o = (struct start_options){
		.run_dir = default_run_dir(),
		.request.soft_limit = DEFAULT_SOFT_LIMIT,
		.request.hard_limit = DEFAULT_HARD_LIMIT,
		.request.own_network = true,
	};
	failed(failure, EXIT_USAGE, "%s", strerror(ENOMEM));

	ret = take_words(&w, o, &given, failure);
	if (!ret && !r->id) {
		failed(failure, EXIT_USAGE, "no container id given");
		ret = -EINVAL;
	}
	if (!ret && !r->command.n)
		ret = string_list_add(&r->command, DEFAULT_COMMAND);
	/* A hard limit alone takes the default of the soft one down with it. */
	if (given.hard && !given.soft && r->hard_limit &&
	    r->soft_limit > r->hard_limit)
		r->soft_limit = r->hard_limit;
	if (!ret)
		ret = request_check(r, failure);
	if (ret)
		request_free(r);
	return ret;
}
