// SPDX-License-Identifier: GPL-2.0
/* The command lines of all commands but start and run, see cli.h. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include <linux/purser.h>

#include "cli.h"
#include "cli_log.h"
#include "log/settings.h"
#include "base/parse.h"
#include "base/parse_time.h"
#include "base/paths.h"
#include "base/options.h"

enum option_key {
	OPT_HELP,
	OPT_VERSION,
	OPT_RUN_DIR,
	OPT_STATE_DIR,
	OPT_LOG_DIR,
	OPT_CGROUP_ROOT,
	OPT_LOG_BUFFER,
	OPT_LOG_DRIVER,
	OPT_LOG_MAX_SIZE,
	OPT_LOG_MAX_FILES,
	OPT_LOG_RESERVE,
	OPT_LOG_GIVE_UP,
	OPT_STORAGE_MAX,
	OPT_READY_FD,
	OPT_TAKE_OVER,
	OPT_JSON,
	OPT_SIGNAL,
	OPT_TIME,
	OPT_FOLLOW,
	OPT_TAIL,
	OPT_SINCE,
	OPT_UNTIL,
	OPT_TIMESTAMPS,
	OPT_STREAM,
};

/* What no machine would give to the log buffer. */
#define LOG_BUFFER_MAX (1ull << 40)

/* clang-format off */
static const struct option_name global_options[] = {
	{ "help", false, OPT_HELP },
	{ "version", false, OPT_VERSION },
	{ "run-dir", true, OPT_RUN_DIR },
	{ "state-dir", true, OPT_STATE_DIR },
	{ "log-dir", true, OPT_LOG_DIR },
	{ "cgroup-root", true, OPT_CGROUP_ROOT },
	{ 0 },
};

static const struct option_name supervisor_options[] = {
	{ "help", false, OPT_HELP },
	{ "run-dir", true, OPT_RUN_DIR },
	{ "state-dir", true, OPT_STATE_DIR },
	{ "log-dir", true, OPT_LOG_DIR },
	{ "cgroup-root", true, OPT_CGROUP_ROOT },
	{ "log-buffer", true, OPT_LOG_BUFFER },
	{ "log-driver", true, OPT_LOG_DRIVER },
	{ "log-max-size", true, OPT_LOG_MAX_SIZE },
	{ "log-max-files", true, OPT_LOG_MAX_FILES },
	{ "log-reserve", true, OPT_LOG_RESERVE },
	{ "log-give-up", true, OPT_LOG_GIVE_UP },
	{ "storage-max", true, OPT_STORAGE_MAX },
	{ "ready-fd", true, OPT_READY_FD },
	{ "take-over", false, OPT_TAKE_OVER },
	{ 0 },
};

static const struct option_name stop_options[] = {
	{ "help", false, OPT_HELP },
	{ "run-dir", true, OPT_RUN_DIR },
	{ "signal", true, OPT_SIGNAL },
	{ "time", true, OPT_TIME },
	{ 0 },
};

static const struct option_name ps_options[] = {
	{ "help", false, OPT_HELP },
	{ "run-dir", true, OPT_RUN_DIR },
	{ "json", false, OPT_JSON },
	{ 0 },
};

static const struct option_name logs_options[] = {
	{ "help", false, OPT_HELP },
	{ "run-dir", true, OPT_RUN_DIR },
	{ "log-dir", true, OPT_LOG_DIR },
	{ "follow", false, OPT_FOLLOW },
	{ "f", false, OPT_FOLLOW },
	{ "tail", true, OPT_TAIL },
	{ "since", true, OPT_SINCE },
	{ "until", true, OPT_UNTIL },
	{ "timestamps", false, OPT_TIMESTAMPS },
	{ "stream", true, OPT_STREAM },
	{ 0 },
};
/* clang-format on */

int cli_find_command(int *argc, char **argv, const char **command,
		     struct failure *failure)
{
	struct words w = { *argc, argv, 0 };
	const char *word, *value;
	int key, ret;

	for (;;) {
		word = words_next(&w);
		if (!word) {
			return failed(failure, EXIT_USAGE,
				      "no command given, see engine --help");
		}
		ret = words_option(&w, word, global_options, &key, &value,
				   failure);
		if (ret < 0)
			return ret;
		if (!ret)
			break;
		if (key == OPT_HELP)
			return CLI_HELP;
		if (key == OPT_VERSION)
			return CLI_VERSION;
	}
	if (looks_like_option(word)) {
		return failed(failure, EXIT_USAGE, "unknown option %s", word);
	}

	*command = word;
	memmove(&argv[w.next - 1], &argv[w.next],
		(*argc - w.next) * sizeof(*argv));
	--*argc;
	return 0;
}

/*
 * The parsers of the commands with one operand at most. @set is called for each
 * option but --help; returns as cli_parse_*() do.
 */
static int parse_simple(int argc, char **argv, const struct option_name *table,
			int (*set)(void *o, int key, const char *value,
				   struct failure *failure),
			void *o, const char **operand, struct failure *failure)
{
	struct words w = { argc, argv, 0 };
	bool options = true;
	const char *word;

	while ((word = words_next(&w))) {
		const char *value;
		int key, ret = 0;

		if (options && !strcmp(word, "--")) {
			options = false;
			continue;
		}
		if (options)
			ret = words_option(&w, word, table, &key, &value,
					   failure);
		if (ret < 0)
			return ret;
		if (ret && key == OPT_HELP)
			return CLI_HELP;
		if (ret) {
			ret = set(o, key, value, failure);
			if (ret)
				return ret;
			continue;
		}
		if (options && looks_like_option(word)) {
			return failed(failure, EXIT_USAGE, "unknown option %s",
				      word);
		}
		if (!operand || *operand) {
			return failed(failure, EXIT_USAGE,
				      "too many arguments: \"%s\"", word);
		}
		*operand = word;
	}
	return 0;
}

static int set_supervisor(void *arg, int key, const char *value,
			  struct failure *failure)
{
	struct supervisor_options *o = arg;
	uint64_t bytes;

	switch (key) {
	case OPT_RUN_DIR:
		o->run_dir = value;
		return 0;
	case OPT_STATE_DIR:
		o->state_dir = value;
		return 0;
	case OPT_LOG_DIR:
		o->log_dir = value;
		return 0;
	case OPT_CGROUP_ROOT:
		o->cgroup_root = value;
		return 0;
	case OPT_LOG_BUFFER:
		if (parse_u64(value, LOG_BUFFER_MIN, LOG_BUFFER_MAX, &bytes)) {
			return failed(
				failure, EXIT_USAGE,
				"log buffer \"%s\": not a number of bytes, at least %d",
				value, LOG_BUFFER_MIN);
		}
		o->log_buffer = bytes;
		return 0;
	case OPT_TAKE_OVER:
		o->take_over = true;
		return 0;
	case OPT_LOG_DRIVER:
		return cli_log_driver(value, &o->log.driver, failure);
	case OPT_LOG_MAX_SIZE:
		return cli_log_max_size(value, &o->log.max_size, failure);
	case OPT_LOG_MAX_FILES:
		return cli_log_max_files(value, &o->log.max_files, failure);
	case OPT_LOG_RESERVE:
		return cli_log_reserve(value, &o->log.reserve, failure);
	case OPT_LOG_GIVE_UP:
		return cli_log_give_up(value, &o->log_give_up_ms, failure);
	case OPT_STORAGE_MAX:
		return cli_storage(value, &o->storage_max, failure);
	case OPT_READY_FD:
		if (parse_int(value, 0, INT_MAX, &o->ready_fd)) {
			return failed(failure, EXIT_USAGE,
				      "ready descriptor \"%s\": not a number",
				      value);
		}
		return 0;
	}
	return -EINVAL;
}

int cli_parse_supervisor(int argc, char **argv, struct supervisor_options *o,
			 struct failure *failure)
{
	int ret;

	*o = (struct supervisor_options){
		.run_dir = default_run_dir(),
		.state_dir = DEFAULT_STATE_DIR,
		.log_dir = DEFAULT_LOG_DIR,
		.log_buffer = DEFAULT_LOG_BUFFER,
		.log.driver = LOG_DRIVER_CRI,
		.log.max_size = LOG_MAX_SIZE_DEFAULT,
		.log.max_files = LOG_MAX_FILES_DEFAULT,
		.log.reserve = LOG_RESERVE_DEFAULT,
		.log_give_up_ms = DEFAULT_LOG_GIVE_UP_MS,
		.ready_fd = -1,
	};
	ret = parse_simple(argc, argv, supervisor_options, set_supervisor, o,
			   &o->base, failure);
	if (!ret && !o->base) {
		failed(failure, EXIT_USAGE, "no base rootfs given");
		ret = -EINVAL;
	}
	return ret;
}

static int set_stop(void *arg, int key, const char *value,
		    struct failure *failure)
{
	struct stop_options *o = arg;
	int err;

	switch (key) {
	case OPT_RUN_DIR:
		o->run_dir = value;
		return 0;
	case OPT_SIGNAL:
		if (parse_signal(value, &o->signal)) {
			return failed(failure, EXIT_USAGE,
				      "no such signal: \"%s\"", value);
		}
		return 0;
	case OPT_TIME:
		err = parse_seconds_ms(value, &o->grace_ms);
		if (!err && o->grace_ms > PURSER_GRACE_MAX_MS)
			err = -ERANGE;
		if (err)
			failed(failure, EXIT_USAGE,
			       "time \"%s\": not a number of seconds from 0 to %d",
			       value, PURSER_GRACE_MAX_MS / 1000);
		return err;
	}
	return -EINVAL;
}

int cli_parse_stop(int argc, char **argv, struct stop_options *o,
		   struct failure *failure)
{
	int ret;

	*o = (struct stop_options){
		.run_dir = default_run_dir(),
		.signal = SIGTERM,
		.grace_ms = DEFAULT_GRACE_MS,
	};
	ret = parse_simple(argc, argv, stop_options, set_stop, o, &o->id,
			   failure);
	if (!ret && !o->id) {
		failed(failure, EXIT_USAGE, "no container id given");
		ret = -EINVAL;
	}
	return ret;
}

static int set_ps(void *arg, int key, const char *value,
		  struct failure *failure)
{
	struct ps_options *o = arg;

	(void)failure;
	if (key == OPT_JSON)
		o->json = true;
	else
		o->run_dir = value;
	return 0;
}

int cli_parse_ps(int argc, char **argv, struct ps_options *o,
		 struct failure *failure)
{
	*o = (struct ps_options){ .run_dir = default_run_dir() };
	return parse_simple(argc, argv, ps_options, set_ps, o, NULL, failure);
}

static int set_log_time(const char *value, bool *has, int64_t *ns,
			struct failure *failure)
{
	struct timespec now;
	int err;

	clock_gettime(CLOCK_REALTIME, &now);
	err = parse_time(value, now.tv_sec * 1000000000ll + now.tv_nsec, ns);
	if (err == -ERANGE)
		failed(failure, EXIT_USAGE,
		       "time \"%s\": not from 1970 to 2261", value);
	else if (err)
		failed(failure, EXIT_USAGE,
		       "time \"%s\": neither a time (2026-01-31T12:00:00Z), a date, seconds since 1970 nor how long ago (1h30m)",
		       value);
	*has = !err;
	return err;
}

static int set_log_stream(struct log_select *select, const char *value,
			  struct failure *failure)
{
	int err = log_stream_parse(value, &select->stream);

	if (err)
		failed(failure, EXIT_USAGE,
		       "stream \"%s\": neither stdout nor stderr", value);
	select->one_stream = !err;
	return err;
}

static int set_logs(void *arg, int key, const char *value,
		    struct failure *failure)
{
	struct logs_options *o = arg;
	struct log_select *select = &o->print.select;

	switch (key) {
	case OPT_RUN_DIR:
		o->run_dir = value;
		return 0;
	case OPT_LOG_DIR:
		o->log_dir = value;
		return 0;
	case OPT_FOLLOW:
		o->follow = true;
		return 0;
	case OPT_TAIL:
		select->has_tail = true;
		if (!parse_u64(value, 0, UINT64_MAX, &select->tail))
			return 0;
		return failed(failure, EXIT_USAGE,
			      "tail \"%s\": not a number of lines", value);
	case OPT_SINCE:
		return set_log_time(value, &select->has_since, &select->since,
				    failure);
	case OPT_UNTIL:
		return set_log_time(value, &select->has_until, &select->until,
				    failure);
	case OPT_TIMESTAMPS:
		o->print.timestamps = true;
		return 0;
	case OPT_STREAM:
		return set_log_stream(select, value, failure);
	}
	return -EINVAL;
}

int cli_parse_logs(int argc, char **argv, struct logs_options *o,
		   struct failure *failure)
{
	int ret;

	*o = (struct logs_options){ .run_dir = default_run_dir() };
	ret = parse_simple(argc, argv, logs_options, set_logs, o, &o->id,
			   failure);
	if (!ret && !o->id) {
		failed(failure, EXIT_USAGE, "no container id given");
		ret = -EINVAL;
	}
	return ret;
}
