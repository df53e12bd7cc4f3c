// SPDX-License-Identifier: GPL-2.0
/* The grammar of the command lines; that of start is in test_cli_start.c. */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "engine/options_ps.h"
#include "log/settings.h"
#include "tap.h"
#include "words_line.h"

static void no_value(void)
{
	const struct ps_options *o;
	struct line l;

	ok(!parse(&l, "ps", "--json"), "ps --json");
	o = l.parsed.options;
	ok(o->json, "it takes no value");
	forget(&l);
	refuse("ps", "--json=yes", "--json takes no value");
}

static void help(void)
{
	struct line l;

	ok(!parse(&l, "start", "web|--help") && l.parsed.help,
	   "start --help before a command");
	forget(&l);
	ok(!parse(&l, "ps", "--help") && l.parsed.help, "ps --help");
	forget(&l);
	ok(!parse(&l, "stop", "--help") && l.parsed.help,
	   "help wins over an operand that is missing");
	forget(&l);
	ok(!parse(&l, NULL, "help") && l.parsed.help && !l.parsed.command,
	   "help");
	forget(&l);
	ok(!parse(&l, "help", "ps") && l.parsed.help &&
		   !strcmp(l.parsed.command->name, "ps"),
	   "help ps");
	forget(&l);
	ok(!parse(&l, NULL, "--help") && l.parsed.help && !l.parsed.command,
	   "--help without a command");
	forget(&l);
}

static void find_command(void)
{
	const struct logs_options *o;
	struct line l;

	is_int(parse(&l, NULL, "--run-dir|ps|logs|web"), 0,
	       "an early option before the command");
	is_str(l.parsed.command->name, "logs", "its value is not the command");
	o = l.parsed.options;
	is_str(o->run_dir, "ps", "and is taken");
	is_str(o->id, "web", "and so is what follows");
	forget(&l);

	ok(parse(&l, NULL, "--json|ps") < 0,
	   "another option before the command is refused");
	forget(&l);
	ok(parse(&l, NULL, "") < 0, "no command is refused");
	forget(&l);
	ok(parse(&l, "fly", "") < 0, "an unknown command is refused");
	is_str(l.failure.text, "unknown command \"fly\"; see engine --help",
	       "and named");
	forget(&l);
	ok(!parse(&l, NULL, "--version") && l.parsed.version, "--version");
	forget(&l);
	ok(!parse(&l, NULL, "--log-format|json|ps") && l.parsed.log_format == 1,
	   "--log-format");
	forget(&l);
}

static const struct stop_options *parse_stop(const char *text)
{
	static struct line l;

	forget(&l);
	return parse(&l, "stop", text) ? NULL : l.parsed.options;
}

static void stop(void)
{
	const struct stop_options *o = parse_stop("web");

	ok(o, "stop web");
	ok(!o->signal && !o->has_time,
	   "stop: signal and time are the container's");
	o = parse_stop("--signal|int|web|--time=0.5");
	ok(o, "stop: options");
	is_int(o->signal, SIGINT, "stop: signal");
	ok(o->has_time && o->grace_ms == 500, "stop: time");
	ok(parse_stop("web|--time|86400"), "stop: one day");
	refuse("stop", "web|--time|86401", "from 0 to 86400");
	refuse("stop", "web|--signal|NONE",
	       "--signal: \"NONE\" is not valid; it must be a signal's name");
	refuse("stop", "", "no ID given");
	o = parse_stop("web|-t|1|db|-s|KILL");
	ok(o && o->ids.n == 2, "stop web db");
	is_str(o->ids.strings[1], "db", "stop: the second container");
	ok(o->signal == SIGKILL && o->grace_ms == 1000, "stop: short options");
	refuse("stop", "web|--json", "unknown option \"--json\"");
	ok(parse_stop("--|web"), "stop -- web");
	is_str(parse_stop("--|--json")->ids.strings[0], "--json",
	       "stop -- --json");
}

static const struct supervisor_options *parse_supervisor(const char *text)
{
	static struct line l;

	forget(&l);
	return parse(&l, "supervisor", text) ? NULL : l.parsed.options;
}

static void supervisor(void)
{
	const struct supervisor_options *o;

	unsetenv("PURSER_RUN_DIR");
	o = parse_supervisor("/base");
	ok(o, "supervisor /base");
	is_str(o->base, "/base", "supervisor: base");
	is_str(o->run_dir, "/run/purser", "supervisor: run directory");
	is_str(o->state_dir, "/var/lib/purser", "supervisor: state directory");
	is_str(o->log_dir, "/var/log/purser", "supervisor: log directory");
	is_str(o->cgroup_root, NULL, "supervisor: no cgroup of its own choice");
	is_int(o->log_buffer, 4 << 20, "supervisor: log buffer");
	is_int(o->ready_fd, -1, "supervisor: no ready descriptor");
	is_int(o->log.driver, LOG_DRIVER_CRI, "supervisor: log driver");
	is_int(o->log.max_size, 10 << 20, "supervisor: log size");
	is_int(o->log.max_files, 5, "supervisor: log files");
	is_int(o->log.reserve, 256 << 10, "supervisor: log reserve");
	is_int(o->log_give_up_ms, 10000, "supervisor: when logs are given up");
	is_int(o->storage_max, 0, "supervisor: no storage limit");
	is_int(o->userns, USERNS_PLAIN, "supervisor: the user namespace");
	ok(o->ids.first == IDS_DEFAULT_FIRST && o->ids.n == IDS_DEFAULT_RANGES,
	   "supervisor: the ids of user namespaces");

	setenv("PURSER_RUN_DIR", "/run/env", 1);
	o = parse_supervisor("/base");
	ok(o, "supervisor: environment");
	is_str(o->run_dir, "/run/env", "supervisor: run directory from there");
	dup2(STDOUT_FILENO, 7);
	o = parse_supervisor("/base|--run-dir|/run/opt|--log-buffer=8k|"
			     "--ready-fd|7|--cgroup-root|/mnt/box|"
			     "--log-driver|none|--log-max-size|65536|"
			     "--log-max-files=1000|--log-reserve|0|"
			     "--log-give-up=2.5|--storage-max|100");
	ok(o, "supervisor: options");
	is_str(o->run_dir, "/run/opt", "supervisor: an option wins");
	is_int(o->log_buffer, 8192, "supervisor: log buffer as given");
	is_int(o->ready_fd, 7, "supervisor: ready descriptor");
	close(7);
	is_str(o->cgroup_root, "/mnt/box", "supervisor: cgroup as given");
	is_int(o->log.driver, LOG_DRIVER_NONE,
	       "supervisor: log driver as given");
	is_int(o->log.max_size, 65536, "supervisor: log size as given");
	is_int(o->log.max_files, 1000, "supervisor: log files as given");
	is_int(o->log.reserve, 0, "supervisor: log reserve as given");
	is_int(o->log_give_up_ms, 2500, "supervisor: patience as given");
	is_int(o->storage_max, 100 << 20, "supervisor: storage as given");
	o = parse_supervisor("/base|--log-give-up|never|--storage-max=none");
	ok(o, "supervisor: words for none");
	is_int(o->log_give_up_ms, LOG_NEVER, "supervisor: never give up");
	o = parse_supervisor("/base|--userns=auto|--userns-ids|100000:2");
	ok(o && o->userns == USERNS_AUTO, "supervisor: user namespaces");
	ok(o && o->ids.first == 100000 && o->ids.n == 2,
	   "supervisor: ids as given");
	o = parse_supervisor("/base|--userns-ids=4294901759");
	ok(o && o->ids.n == 1, "supervisor: not more ids than there are");
	refuse("supervisor", "/base|--userns-ids|0:1",
	       "it must be an id of the host, and how many ranges");
	refuse("supervisor", "/base|--userns-ids|4294901759:2",
	       "is out of range");
	refuse("supervisor", "/base|--userns|none", "auto|host");
	refuse("supervisor", "/base|--log-give-up|soon",
	       "it must be a number of seconds, with up to three decimals, or \"never\"");
	refuse("supervisor", "/base|--log-reserve|-1", "from 0 to 1073741824");
	refuse("supervisor", "/base|--log-reserve=1073741825",
	       "is out of range");
	refuse("supervisor", "/base|--storage-max=0", "at least 1");
	unsetenv("PURSER_RUN_DIR");

	ok(!parse_supervisor(""), "supervisor: no base");
	ok(!parse_supervisor("/a|/b"), "supervisor: two bases");
	ok(!parse_supervisor("/a|--log-buffer|1"),
	   "supervisor: too small a buffer");
	ok(!parse_supervisor("/a|--log-max-size|1"),
	   "supervisor: too small a log");
	ok(!parse_supervisor("/a|--ready-fd|-2"), "supervisor: no descriptor");
	refuse("supervisor", "/a|--ready-fd|7",
	       "--ready-fd: \"7\": Bad file descriptor");
}

static const struct logs_options *parse_logs(const char *text)
{
	static struct line l;

	forget(&l);
	return parse(&l, "logs", text) ? NULL : l.parsed.options;
}

static void refuse_logs(const char *text, const char *why)
{
	refuse("logs", text, why);
}

static void logs(void)
{
	const struct logs_options *o;
	int64_t now;

	o = parse_logs("web");
	ok(o, "logs web");
	is_str(o->id, "web", "logs: id");
	ok(!o->follow && !o->log_dir && !o->print.timestamps &&
		   !o->print.select.has_tail &&
		   !log_select_by_prefix(&o->print.select),
	   "logs: all of it, and no more");
	o = parse_logs("-f|web");
	ok(o, "logs -f");
	ok(o->follow, "logs: -f follows");
	o = parse_logs("web|--follow|--timestamps|--tail|5|--log-dir=/l|"
		       "--stream|stderr|--since=2026-01-31|--until|@5.5");
	ok(o, "logs: all options");
	ok(o->follow && o->print.timestamps, "logs: those without a value");
	ok(o->print.select.has_tail && o->print.select.tail == 5, "logs: tail");
	ok(o->print.select.one_stream && o->print.select.stream == LOG_STDERR,
	   "logs: stream");
	ok(o->print.select.has_since && o->print.select.has_until,
	   "logs: both times");
	is_int(o->print.select.since, 1769817600000000000, "logs: since");
	is_int(o->print.select.until, 5500000000, "logs: until");
	is_str(o->log_dir, "/l", "logs: folder");
	o = parse_logs("web|--tail=0");
	ok(o, "logs: no line");
	now = time(NULL);
	o = parse_logs("web|--since|1h");
	ok(o, "logs: an hour");
	ok(o->print.select.since >= (now - 3600) * 1000000000 &&
		   o->print.select.since <= (time(NULL) - 3599) * 1000000000ll,
	   "logs: until now");

	refuse_logs("", "no ID given");
	refuse_logs("web|db", "\"db\" is one argument too many");
	refuse_logs("web|-x", "unknown option \"-x\"");
	refuse_logs("web|-fx", "unknown option \"-fx\"");
	refuse_logs("web|--f", "unknown option \"--f\"");
	refuse_logs("web|-f=1", "unknown option \"-f=1\"");
	refuse_logs("web|-tail|5", "unknown option \"-tail\"");
	refuse_logs("web|--follow=yes", "takes no value");
	refuse_logs("web|--tail", "needs a value");
	refuse_logs("web|--tail|-1", "it must be a number");
	refuse_logs("web|--tail|all", "it must be a number");
	refuse_logs("web|--stream|both", "it must be one of stdout|stderr");
	refuse_logs("web|--since|yesterday", "is not valid; it must be a time");
	refuse_logs("web|--until|2026-02-30",
		    "is not valid; it must be a time");
	refuse_logs("web|--until|1969-12-31",
		    "is out of range; it must be a time from 1970 to 2261");
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
