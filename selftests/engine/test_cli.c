// SPDX-License-Identifier: GPL-2.0
/* The grammar of the command lines. */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "log/pipeline.h"
#include "tap.h"

#define MAX_WORDS 32

/* As long as an id may be, 127 characters. */
#define TEN	"0123456789"
#define FORTY	TEN TEN TEN TEN
#define LONG_ID FORTY FORTY FORTY "0123+-_"

/* A command line as one string, its words separated by "|". */
struct line {
	char *text;
	char *argv[MAX_WORDS];
	int argc;
};

static struct line *split(struct line *l, const char *text)
{
	char *word;

	*l = (struct line){ .text = strdup(text) };
	for (word = *text ? l->text : NULL; word; l->argc++) {
		char *end = strchr(word, '|');

		if (l->argc + 1 == MAX_WORDS)
			bail("too many words");
		l->argv[l->argc] = word;
		if (end)
			*end++ = '\0';
		word = end;
	}
	return l;
}

static char *joined(const struct string_list *list)
{
	static char buf[512];
	size_t n = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < list->n; i++)
		n += snprintf(buf + n, sizeof(buf) - n, "%s%s", i ? "|" : "",
			      list->strings[i]);
	return buf;
}

static void check_start(const char *text, const char *id, const char *rootfs,
			const char *command)
{
	struct start_options o;
	struct fault fault;
	struct line l;
	int ret;

	split(&l, text);
	ret = cli_parse_start(l.argc, l.argv, &o, &fault);
	if (!is_int(ret, 0, "start %s: is accepted", text)) {
		printf("# %s\n", fault.text);
	} else {
		is_str(o.request.id, id, "start %s: id", text);
		is_str(o.request.rootfs, rootfs, "start %s: rootfs", text);
		is_str(joined(&o.request.command), command, "start %s: command",
		       text);
		request_free(&o.request);
	}
	free(l.text);
}

static void refuse_start(const char *text, const char *why)
{
	struct start_options o;
	struct fault fault = { "" };
	struct line l;
	int ret;

	split(&l, text);
	ret = cli_parse_start(l.argc, l.argv, &o, &fault);
	ok(ret < 0, "start %.40s: is refused", text);
	if (ret == 0)
		request_free(&o.request);
	if (!ok(strstr(fault.text, why), "start %.40s: says \"%s\"", text, why))
		printf("# %s\n", fault.text);
	free(l.text);
}

static void start_forms(void)
{
	check_start(LONG_ID, LONG_ID, NULL, "/bin/sh");
	check_start("web", "web", NULL, "/bin/sh");
	check_start("web|/srv/web", "web", "/srv/web", "/bin/sh");
	check_start("web|/srv/web|ls|-l|/", "web", "/srv/web", "ls|-l|/");
	check_start("web|--|ls|-l", "web", NULL, "ls|-l");
	check_start("web|/srv/web|--|ls", "web", "/srv/web", "ls");
	/* Options before, in between and behind. */
	check_start("--nice|5|web|/srv/web|ls", "web", "/srv/web", "ls");
	check_start("web|--nice=5|/srv/web|ls", "web", "/srv/web", "ls");
	check_start("web|/srv/web|ls|-l|--nice|5|/", "web", "/srv/web",
		    "ls|-l|/");
	check_start("web|/srv/web|ls|--nice=5", "web", "/srv/web", "ls");
	/* What is not an option of ours is the command's, behind it. */
	check_start("web|/srv/web|ls|--color|-x|--nicer=1", "web", "/srv/web",
		    "ls|--color|-x|--nicer=1");
	check_start("web|/srv/web|ls|--help", "web", "/srv/web", "ls|--help");
	/* Behind "--" nothing is ours. */
	check_start("web|--|ls|--nice|5", "web", NULL, "ls|--nice|5");
	check_start("web|--|--nice|5", "web", NULL, "--nice|5");
	check_start("web|--|ls|--|-l", "web", NULL, "ls|--|-l");
	check_start("web|/srv/web|grep|--|--nice|5", "web", "/srv/web",
		    "grep|--|--nice|5");
	/* An empty word is one. */
	check_start("web|/srv/web|echo||x", "web", "/srv/web", "echo||x");
	check_start("web|--|redis-server|--save||--bind|::1", "web", NULL,
		    "redis-server|--save||--bind|::1");
}

static void start_refusals(void)
{
	refuse_start("", "no container id");
	refuse_start("--|ls", "no container id");
	refuse_start("web|--", "no command behind");
	refuse_start("web|--bogus", "unknown option --bogus");
	refuse_start("web|-x|/srv/web", "unknown option -x");
	refuse_start("web|/srv/web|-c", "unknown option -c");
	refuse_start("web|/srv/web|ls|--nice", "needs a value");
	refuse_start("web|--nice|20", "nice value");
	refuse_start("web|--nice=", "nice value");
	refuse_start("web|--nice|1x", "nice value");
	refuse_start("web|--soft-mib|many", "soft limit");
	refuse_start("web|--hard-mib|-1", "hard limit");
	refuse_start("web|--hard-mib|1.5", "hard limit");
	refuse_start("web|--hard-mib|17592186044416", "too large");
	refuse_start("web|--soft-mib|65", "above the hard limit of 64 MiB");
	refuse_start("web|--soft-mib|3|--hard-mib|2", "soft limit of 3 MiB");
	refuse_start("web|--memory-max-mib|0", "memory.max \"0\"");
	refuse_start("web|--memory-max-mib|1.5", "memory.max \"1.5\"");
	refuse_start("web|--memory-max-mib|max", "nor \"none\"");
	refuse_start("web|--memory-max-mib=", "memory.max \"\"");
	refuse_start("web|--memory-max-mib|17592186044416", "too large");
	refuse_start("web|--memory-max-mib|63",
		     "memory.max of 63 MiB is below the hard limit of 64 MiB");
	refuse_start("web|--pids-max|0", "from 1 to 4194304");
	refuse_start("web|--pids-max|4194305", "pids.max \"4194305\"");
	refuse_start("web|--pids-max|-1", "pids.max \"-1\"");
	refuse_start("web|--pids-max|many", "nor \"none\"");
	refuse_start("web|--storage-max|0", "above 0 nor \"none\"");
	refuse_start("web|--storage-max|1.5", "storage limit \"1.5\"");
	refuse_start("web|--storage-max|99999999999999", "too large");
	refuse_start("web|/srv/web|--storage-max|1", "written as it is");
	refuse_start("web|--net|bridge", "network");
	refuse_start("web|--env|NOVALUE", "KEY=VALUE");
	refuse_start("web|--env|=x", "KEY=VALUE");
	refuse_start("web|--cwd|tmp", "absolute");
	refuse_start("web|--cpus|x", "CPU list");
	refuse_start("web|--log-driver|json", "log driver \"json\"");
	refuse_start("web|--log-max-size|32767", "at least 32768");
	refuse_start("web|--log-max-size|10M", "log size \"10M\"");
	refuse_start("web|--log-max-files|0", "from 1 to 1000");
	refuse_start("web|--log-max-files|1001", "log files \"1001\"");
	refuse_start("web|--cpus|2-0", "CPU list");
	refuse_start("web||ls", "empty path");
	refuse_start("web|--|", "command is empty");
	refuse_start("../etc", "letters, digits");
	refuse_start(".hidden", "letters, digits");
	refuse_start("a/b", "letters, digits");
	refuse_start("|/srv/web", "letters, digits");
	refuse_start(LONG_ID "x", "longer than 127");
}

static void start_values(void)
{
	struct start_options o;
	struct fault fault;
	struct line l;
	int ret;

	split(&l, "web|/srv/web|ls|--soft-mib=8|--hard-mib|16|--nice|-5|"
		  "--cpus|0|--net|none|--env|A=1|--env=B=2=3|--cwd|/tmp|"
		  "--log-driver|raw|--log-max-size=32768|--log-max-files|1|"
		  "--run-dir|/run/other");
	ret = cli_parse_start(l.argc, l.argv, &o, &fault);
	if (ret)
		bail("%s", fault.text);
	is_int(o.request.soft_limit, 8 << 20, "soft limit");
	is_int(o.request.hard_limit, 16 << 20, "hard limit");
	ok(o.request.has_nice && o.request.nice == -5, "nice value");
	is_str(o.request.cpus, "0", "CPUs");
	ok(o.request.own_network, "network");
	is_str(joined(&o.request.env), "A=1|B=2=3", "environment");
	is_str(o.request.cwd, "/tmp", "working directory");
	ok(o.request.log.has_driver && o.request.log.driver == LOG_DRIVER_RAW,
	   "log driver");
	is_int(o.request.log.max_size, 32768, "log size");
	is_int(o.request.log.max_files, 1, "log files");
	is_str(o.run_dir, "/run/other", "run directory");
	request_free(&o.request);
	free(l.text);

	split(&l, "web");
	ret = cli_parse_start(l.argc, l.argv, &o, &fault);
	is_int(ret, 0, "no option at all");
	is_int(o.request.soft_limit, 40 << 20, "default of the soft limit");
	is_int(o.request.hard_limit, 64 << 20, "default of the hard limit");
	ok(!o.request.wall.has_memory_max && !o.request.wall.has_pids_max,
	   "the wall is not chosen");
	ok(!o.request.has_nice && !o.request.cpus && !o.request.cwd &&
		   o.request.own_network && !o.request.env.n &&
		   !o.request.log.has_driver && !o.request.log.max_size &&
		   !o.request.log.max_files && !o.request.token,
	   "other defaults");
	request_free(&o.request);
	free(l.text);

	split(&l, "web|--hard-mib|16");
	ret = cli_parse_start(l.argc, l.argv, &o, &fault);
	is_int(ret, 0, "a hard limit below the default of the soft one");
	is_int(o.request.soft_limit, 16 << 20, "takes the soft one with it");
	request_free(&o.request);
	free(l.text);

	split(&l, "web|--hard-mib|0|--soft-mib|100");
	ret = cli_parse_start(l.argc, l.argv, &o, &fault);
	is_int(ret, 0, "no hard limit, any soft one");
	is_int(o.request.hard_limit, 0, "0 is none");
	request_free(&o.request);
	free(l.text);
}

static void wall_values(void)
{
	struct start_options o;
	struct wall_choice *choice = &o.request.wall;
	struct fault fault;
	struct line l;

	split(&l, "web|--memory-max-mib|64|--pids-max|1");
	if (cli_parse_start(l.argc, l.argv, &o, &fault))
		bail("%s", fault.text);
	ok(choice->has_memory_max && choice->wall.memory_max == 64 << 20,
	   "memory.max, no lower than the hard limit");
	ok(choice->has_pids_max && choice->wall.pids_max == 1, "pids.max");
	request_free(&o.request);
	free(l.text);

	split(&l, "web|--memory-max-mib=none|--pids-max=none");
	if (cli_parse_start(l.argc, l.argv, &o, &fault))
		bail("%s", fault.text);
	ok(choice->has_memory_max && !choice->wall.memory_max &&
		   choice->has_pids_max && !choice->wall.pids_max,
	   "neither");
	request_free(&o.request);
	free(l.text);

	split(&l, "web|--storage-max|12");
	if (cli_parse_start(l.argc, l.argv, &o, &fault))
		bail("%s", fault.text);
	ok(o.request.storage.chosen && o.request.storage.bytes == 12 << 20,
	   "storage");
	request_free(&o.request);
	free(l.text);

	split(&l, "web|/srv/web|--storage-max=none");
	if (cli_parse_start(l.argc, l.argv, &o, &fault))
		bail("%s", fault.text);
	ok(o.request.storage.chosen && !o.request.storage.bytes,
	   "no limit of storage, in any root");
	request_free(&o.request);
	free(l.text);

	split(&l, "web|--hard-mib|0|--memory-max-mib|1");
	ok(!cli_parse_start(l.argc, l.argv, &o, &fault),
	   "any memory.max without a hard limit");
	request_free(&o.request);
	free(l.text);
}

static void relative_rootfs(void)
{
	struct start_options o;
	struct fault fault;
	struct line l;
	char *cwd = getcwd(NULL, 0);
	char want[4096];

	snprintf(want, sizeof(want), "%s/roots/web",
		 strcmp(cwd, "/") ? cwd : "");
	split(&l, "web|roots/web");
	if (cli_parse_start(l.argc, l.argv, &o, &fault))
		bail("%s", fault.text);
	is_str(o.request.rootfs, want, "a relative rootfs is the caller's");
	request_free(&o.request);
	free(l.text);
	free(cwd);
}

static void no_value(void)
{
	struct ps_options o;
	struct fault fault;
	struct line l;

	split(&l, "--json");
	ok(!cli_parse_ps(l.argc, l.argv, &o, &fault) && o.json, "ps --json");
	free(l.text);
	split(&l, "--json=yes");
	ok(cli_parse_ps(l.argc, l.argv, &o, &fault) < 0,
	   "an option that takes no value is given one");
	free(l.text);
}

static void help(void)
{
	struct start_options o;
	struct ps_options ps;
	struct fault fault;
	struct line l;

	split(&l, "web|--help");
	is_int(cli_parse_start(l.argc, l.argv, &o, &fault), CLI_HELP,
	       "start --help before a command");
	free(l.text);
	split(&l, "--help");
	is_int(cli_parse_ps(l.argc, l.argv, &ps, &fault), CLI_HELP,
	       "ps --help");
	free(l.text);
}

static void find_command(void)
{
	const char *command = NULL;
	struct fault fault;
	struct line l;

	split(&l, "--run-dir|ps|logs|web");
	is_int(cli_find_command(&l.argc, l.argv, &command, &fault), 0,
	       "a global option before the command");
	is_str(command, "logs", "its value is not the command");
	is_int(l.argc, 3, "the command is taken out");
	is_str(l.argv[2], "web", "and what follows moves up");
	free(l.text);

	split(&l, "--json|ps");
	ok(cli_find_command(&l.argc, l.argv, &command, &fault) < 0,
	   "another option before the command is refused");
	free(l.text);
	split(&l, "");
	ok(cli_find_command(&l.argc, l.argv, &command, &fault) < 0,
	   "no command is refused");
	free(l.text);
	split(&l, "--version");
	is_int(cli_find_command(&l.argc, l.argv, &command, &fault), CLI_VERSION,
	       "--version");
	free(l.text);
}

static int parse_stop(const char *text, struct stop_options *o)
{
	struct fault fault;
	struct line l;
	int ret;

	split(&l, text);
	ret = cli_parse_stop(l.argc, l.argv, o, &fault);
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
	struct fault fault;
	static struct line l;

	free(l.text);
	split(&l, text);
	return cli_parse_supervisor(l.argc, l.argv, o, &fault);
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
		      struct fault *fault)
{
	static struct line l;

	free(l.text);
	split(&l, text);
	return cli_parse_logs(l.argc, l.argv, o, fault);
}

static void refuse_logs(const char *text, const char *why)
{
	struct fault fault = { "" };
	struct logs_options o;

	ok(parse_logs(text, &o, &fault) < 0, "logs %s: is refused", text);
	if (!ok(strstr(fault.text, why), "logs %s: says \"%s\"", text, why))
		printf("# %s\n", fault.text);
}

static void logs(void)
{
	struct logs_options o;
	struct fault fault;
	int64_t now;

	is_int(parse_logs("web", &o, &fault), 0, "logs web");
	is_str(o.id, "web", "logs: id");
	ok(!o.follow && !o.log_dir && !o.print.timestamps &&
		   !o.print.select.has_tail &&
		   !log_select_by_prefix(&o.print.select),
	   "logs: all of it, and no more");
	is_int(parse_logs("-f|web", &o, &fault), 0, "logs -f");
	ok(o.follow, "logs: -f follows");
	is_int(parse_logs("web|--follow|--timestamps|--tail|5|--log-dir=/l|"
			  "--stream|stderr|--since=2026-01-31|--until|@5.5",
			  &o, &fault),
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
	is_int(parse_logs("web|--tail=0", &o, &fault), 0, "logs: no line");
	now = time(NULL);
	is_int(parse_logs("web|--since|1h", &o, &fault), 0, "logs: an hour");
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
	parse_logs("", &o, &fault);
}

int main(void)
{
	start_forms();
	start_refusals();
	start_values();
	wall_values();
	relative_rootfs();
	no_value();
	help();
	find_command();
	stop();
	supervisor();
	logs();
	return tap_end();
}
