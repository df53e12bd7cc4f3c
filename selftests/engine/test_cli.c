// SPDX-License-Identifier: GPL-2.0
/* The grammar of the command lines; that of start is in test_cli_start.c. */
#include <signal.h>
#include <time.h>

#include "engine/cli.h"
#include "log/settings.h"
#include "tap.h"
#include "words_line.h"

static void no_value(void)
{
	struct ps_options o;
	struct failure failure;
	struct line l;

	split(&l, "--json");
	ok(!cli_parse_ps(l.argc, l.argv, &o, &failure) && o.json, "ps --json");
	free(l.text);
	split(&l, "--json=yes");
	ok(cli_parse_ps(l.argc, l.argv, &o, &failure) < 0,
	   "an option that takes no value is given one");
	free(l.text);
}

static void help(void)
{
	struct start_options o;
	struct ps_options ps;
	struct failure failure;
	struct line l;

	split(&l, "web|--help");
	is_int(cli_parse_start(l.argc, l.argv, &o, &failure), CLI_HELP,
	       "start --help before a command");
	free(l.text);
	split(&l, "--help");
	is_int(cli_parse_ps(l.argc, l.argv, &ps, &failure), CLI_HELP,
	       "ps --help");
	free(l.text);
}

static void find_command(void)
{
	const char *command = NULL;
	struct failure failure;
	struct line l;

	split(&l, "--run-dir|ps|logs|web");
	is_int(cli_find_command(&l.argc, l.argv, &command, &failure), 0,
	       "a global option before the command");
	is_str(command, "logs", "its value is not the command");
	is_int(l.argc, 3, "the command is taken out");
	is_str(l.argv[2], "web", "and what follows moves up");
	free(l.text);

	split(&l, "--json|ps");
	ok(cli_find_command(&l.argc, l.argv, &command, &failure) < 0,
	   "another option before the command is refused");
	free(l.text);
	split(&l, "");
	ok(cli_find_command(&l.argc, l.argv, &command, &failure) < 0,
	   "no command is refused");
	free(l.text);
	split(&l, "--version");
	is_int(cli_find_command(&l.argc, l.argv, &command, &failure),
	       CLI_VERSION, "--version");
	free(l.text);
}

static int parse_stop(const char *text, struct stop_options *o)
{
	struct failure failure;
	struct line l;
	int ret;

	split(&l, text);
	ret = cli_parse_stop(l.argc, l.argv, o, &failure);
	free(l.text);
	return ret;
}

static void stop(void)
{
	struct stop_options o;

	is_int(parse_stop("web", &o), 0, "stop web");
	is_int(o.signal, SIGTERM, "stop: default signal");
	is_int(o.grace_ms, 10000, "stop: default time");
	is_int(parse_stop("--signal|int|web|--time=0.5", &o), 0,
	       "stop: options");
	is_int(o.signal, SIGINT, "stop: signal");
	is_int(o.grace_ms, 500, "stop: time");
	is_int(parse_stop("web|--time|86400", &o), 0, "stop: one day");
	ok(parse_stop("web|--time|86401", &o) < 0, "stop: more is refused");
	ok(parse_stop("web|--signal|NONE", &o) < 0, "stop: no such signal");
	ok(parse_stop("", &o) < 0, "stop: no id");
	ok(parse_stop("web|db", &o) < 0, "stop: two ids");
	ok(parse_stop("web|--json", &o) < 0, "stop: unknown option");
	is_int(parse_stop("--|web", &o), 0, "stop -- web");
}

static int parse_supervisor(const char *text, struct supervisor_options *o)
{
	struct failure failure;
	static struct line l;

	free(l.text);
	split(&l, text);
	return cli_parse_supervisor(l.argc, l.argv, o, &failure);
}

static void supervisor(void)
{
	struct supervisor_options o;

	unsetenv("PURSER_RUN_DIR");
	is_int(parse_supervisor("/base", &o), 0, "supervisor /base");
	is_str(o.base, "/base", "supervisor: base");
	is_str(o.run_dir, "/run/purser", "supervisor: run directory");
	is_str(o.state_dir, "/var/lib/purser", "supervisor: state directory");
	is_str(o.log_dir, "/var/log/purser", "supervisor: log directory");
	is_str(o.cgroup_root, NULL, "supervisor: no cgroup of its own choice");
	is_int(o.log_buffer, 4 << 20, "supervisor: log buffer");
	is_int(o.ready_fd, -1, "supervisor: no ready descriptor");
	is_int(o.log.driver, LOG_DRIVER_CRI, "supervisor: log driver");
	is_int(o.log.max_size, 10 << 20, "supervisor: log size");
	is_int(o.log.max_files, 5, "supervisor: log files");
	is_int(o.log.reserve, 256 << 10, "supervisor: log reserve");
	is_int(o.log_give_up_ms, 10000, "supervisor: when logs are given up");
	is_int(o.storage_max, 0, "supervisor: no storage limit");

	setenv("PURSER_RUN_DIR", "/run/env", 1);
	is_int(parse_supervisor("/base", &o), 0, "supervisor: environment");
	is_str(o.run_dir, "/run/env", "supervisor: run directory from there");
	is_int(parse_supervisor("/base|--run-dir|/run/opt|--log-buffer=8192|"
				"--ready-fd|7|--cgroup-root|/mnt/box|"
				"--log-driver|none|--log-max-size|65536|"
				"--log-max-files=1000|--log-reserve|0|"
				"--log-give-up=2.5|--storage-max|100",
				&o),
	       0, "supervisor: options");
	is_str(o.run_dir, "/run/opt", "supervisor: an option wins");
	is_int(o.log_buffer, 8192, "supervisor: log buffer as given");
	is_int(o.ready_fd, 7, "supervisor: ready descriptor");
	is_str(o.cgroup_root, "/mnt/box", "supervisor: cgroup as given");
	is_int(o.log.driver, LOG_DRIVER_NONE,
	       "supervisor: log driver as given");
	is_int(o.log.max_size, 65536, "supervisor: log size as given");
	is_int(o.log.max_files, 1000, "supervisor: log files as given");
	is_int(o.log.reserve, 0, "supervisor: log reserve as given");
	is_int(o.log_give_up_ms, 2500, "supervisor: patience as given");
	is_int(o.storage_max, 100 << 20, "supervisor: storage as given");
	is_int(parse_supervisor("/base|--log-give-up|never|--storage-max=none",
				&o),
	       0, "supervisor: words for none");
	is_int(o.log_give_up_ms, LOG_NEVER, "supervisor: never give up");
	ok(parse_supervisor("/base|--log-give-up|soon", &o) < 0 &&
		   parse_supervisor("/base|--log-reserve|-1", &o) < 0 &&
		   parse_supervisor("/base|--log-reserve=1073741825", &o) < 0 &&
		   parse_supervisor("/base|--storage-max=0", &o) < 0,
	   "supervisor: no such time, reserve, storage");
	unsetenv("PURSER_RUN_DIR");

	ok(parse_supervisor("", &o) < 0, "supervisor: no base");
	ok(parse_supervisor("/a|/b", &o) < 0, "supervisor: two bases");
	ok(parse_supervisor("/a|--log-buffer|1", &o) < 0,
	   "supervisor: too small a buffer");
	ok(parse_supervisor("/a|--log-max-size|1", &o) < 0,
	   "supervisor: too small a log");
	ok(parse_supervisor("/a|--ready-fd|-2", &o) < 0,
	   "supervisor: no descriptor");
	parse_supervisor("", &o);
}

static int parse_logs(const char *text, struct logs_options *o,
		      struct failure *failure)
{
	static struct line l;

	free(l.text);
	split(&l, text);
	return cli_parse_logs(l.argc, l.argv, o, failure);
}

static void refuse_logs(const char *text, const char *why)
{
	struct failure failure = { 0 };
	struct logs_options o;

	ok(parse_logs(text, &o, &failure) < 0, "logs %s: is refused", text);
	if (!ok(strstr(failure.text, why), "logs %s: says \"%s\"", text, why))
		printf("# %s\n", failure.text);
}

static void logs(void)
{
	struct logs_options o;
	struct failure failure;
	int64_t now;

	is_int(parse_logs("web", &o, &failure), 0, "logs web");
	is_str(o.id, "web", "logs: id");
	ok(!o.follow && !o.log_dir && !o.print.timestamps &&
		   !o.print.select.has_tail &&
		   !log_select_by_prefix(&o.print.select),
	   "logs: all of it, and no more");
	is_int(parse_logs("-f|web", &o, &failure), 0, "logs -f");
	ok(o.follow, "logs: -f follows");
	is_int(parse_logs("web|--follow|--timestamps|--tail|5|--log-dir=/l|"
			  "--stream|stderr|--since=2026-01-31|--until|@5.5",
			  &o, &failure),
	       0, "logs: all options");
	ok(o.follow && o.print.timestamps, "logs: those without a value");
	ok(o.print.select.has_tail && o.print.select.tail == 5, "logs: tail");
	ok(o.print.select.one_stream && o.print.select.stream == LOG_STDERR,
	   "logs: stream");
	ok(o.print.select.has_since && o.print.select.has_until,
	   "logs: both times");
	is_int(o.print.select.since, 1769817600000000000, "logs: since");
	is_int(o.print.select.until, 5500000000, "logs: until");
	is_str(o.log_dir, "/l", "logs: folder");
	is_int(parse_logs("web|--tail=0", &o, &failure), 0, "logs: no line");
	now = time(NULL);
	is_int(parse_logs("web|--since|1h", &o, &failure), 0, "logs: an hour");
	ok(o.print.select.since >= (now - 3600) * 1000000000 &&
		   o.print.select.since <= (time(NULL) - 3599) * 1000000000ll,
	   "logs: until now");

	refuse_logs("", "no container id");
	refuse_logs("web|db", "too many arguments");
	refuse_logs("web|-x", "unknown option -x");
	refuse_logs("web|-ff", "unknown option -ff");
	refuse_logs("web|--f", "unknown option --f");
	refuse_logs("web|-f=1", "unknown option -f=1");
	refuse_logs("web|-tail|5", "unknown option -tail");
	refuse_logs("web|--follow=yes", "takes no value");
	refuse_logs("web|--tail", "needs a value");
	refuse_logs("web|--tail|-1", "not a number of lines");
	refuse_logs("web|--tail|all", "not a number of lines");
	refuse_logs("web|--stream|both", "neither stdout nor stderr");
	refuse_logs("web|--since|yesterday", "neither a time");
	refuse_logs("web|--until|2026-02-30", "neither a time");
	refuse_logs("web|--until|1969-12-31", "not from 1970 to 2261");
	parse_logs("", &o, &failure);
}

int main(void)
{
	no_value();
	help();
	find_command();
	stop();
	supervisor();
	logs();
	return tap_end();
}
