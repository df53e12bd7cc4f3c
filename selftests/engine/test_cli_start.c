// SPDX-License-Identifier: GPL-2.0
/* The grammar of start and run. */
#include <signal.h>
#include <unistd.h>

#include "tap.h"
#include "words_line.h"

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
	struct line l;
	const struct start_options *o;

	if (!is_int(parse(&l, "start", text), 0, "start %s: is accepted",
		    text)) {
		printf("# %s\n", l.failure.text);
	} else {
		o = l.parsed.options;
		is_str(o->request.id, id, "start %s: id", text);
		is_str(o->request.rootfs, rootfs, "start %s: rootfs", text);
		is_str(joined(&o->request.command), command,
		       "start %s: command", text);
	}
	forget(&l);
}

static void refuse_start(const char *text, const char *why)
{
	refuse("start", text, why);
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
	/* Short and leading ones are the command's, too. */
	check_start("-m|64m|web|-e|A=1|/srv/web|ls|-m|64m|-e|A|--hostname|x",
		    "web", "/srv/web", "ls|-m|64m|-e|A|--hostname|x");
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
	refuse_start("", "no ID given");
	refuse_start("--|ls", "no ID given");
	refuse_start("web|--", "no command after");
	refuse_start("web|--bogus", "unknown option \"--bogus\"");
	refuse_start("web|-x|/srv/web", "unknown option \"-x\"");
	refuse_start("web|/srv/web|-c", "unknown option \"-c\"");
	refuse_start("web|/srv/web|ls|--nice", "--nice needs a value");
	refuse_start(
		"web|--nice|20",
		"\"20\" is out of range; it must be a number from -20 to 19");
	refuse_start("web|--nice=", "--nice: \"\" is not valid");
	refuse_start("web|--nice|1x", "--nice: \"1x\" is not valid");
	refuse_start(
		"web|--soft-mib|many",
		"--soft-mib: \"many\" is not valid; it must be a whole number of MiB");
	refuse_start("web|--hard-mib|-1", "--hard-mib: \"-1\" is not valid");
	refuse_start("web|--hard-mib|1.5", "--hard-mib: \"1.5\" is not valid");
	refuse_start("web|--hard-mib|17592186044416", "is out of range");
	refuse_start("web|--soft-mib|65", "above the hard limit of 64 MiB");
	refuse_start("web|--soft-mib|3|--hard-mib|2", "soft limit of 3 MiB");
	refuse_start(
		"web|--memory-max-mib|0",
		"--memory-max-mib: \"0\" is out of range; it must be a whole number of MiB, at least 1, or \"none\"");
	refuse_start("web|--memory-max-mib|1.5",
		     "--memory-max-mib: \"1.5\" is not valid");
	refuse_start("web|--memory-max-mib|max", "or \"none\"");
	refuse_start("web|--memory-max-mib=",
		     "--memory-max-mib: \"\" is not valid");
	refuse_start("web|--memory-max-mib|17592186044416", "is out of range");
	refuse_start("web|--memory-max-mib|63",
		     "memory.max of 63 MiB is below the hard limit of 64 MiB");
	refuse_start("web|--pids-max|0", "from 1 to 4194304");
	refuse_start("web|--pids-max|4194305",
		     "--pids-max: \"4194305\" is out of range");
	refuse_start("web|--pids-max|-1", "--pids-max: \"-1\" is not valid");
	refuse_start("web|--pids-max|many", "or \"none\"");
	refuse_start("web|--storage-max|0", "at least 1, or \"none\"");
	refuse_start("web|--storage-max|1.5",
		     "--storage-max: \"1.5\" is not valid");
	refuse_start("web|--storage-max|99999999999999", "is out of range");
	refuse_start("web|/srv/web|--storage-max|1", "is used without one");
	refuse_start(
		"web|--net|bridge",
		"--net: \"bridge\" is not valid; it must be one of host|none");
	refuse_start("web|--env|", "--env: \"\" is neither KEY=VALUE nor KEY");
	refuse_start("web|--env|=x",
		     "--env: \"=x\" is neither KEY=VALUE nor KEY");
	refuse_start("web|--cwd|tmp", "absolute");
	refuse_start("web|--workdir|tmp", "absolute");
	refuse_start(
		"web|--hard|64",
		"--hard: \"64\" is out of range; it must be a size such as 4096, 64k, 64m or 1.5g, at least 65536, or \"none\"");
	refuse_start("web|-m|64q", "--hard: \"64q\" is not valid");
	refuse_start("web|-m", "--hard needs a value");
	refuse_start("web|--soft|65m", "above the hard limit of 64 MiB");
	refuse_start("web|--memory-max|63m",
		     "memory.max of 63 MiB is below the hard limit");
	refuse_start("web|--pids-limit|0", "from 1 to 4194304");
	refuse_start("web|--oom-score-adj|1001", "from -1000 to 1000");
	refuse_start("web|--ulimit|nofile", "not NAME=SOFT");
	refuse_start("web|--ulimit|files=1", "no limit of that name");
	refuse_start("web|--ulimit|nofile=2:1", "above the hard limit");
	refuse_start("web|--hostname|", "hostname \"\"");
	refuse_start("web|--hostname|-x", "hostname \"-x\"");
	refuse_start("web|--hostname|a b", "letters, digits");
	refuse_start("web|--hostname|" FORTY "0123456789012345678901234",
		     "not 1 to 64");
	refuse_start("web|--env-file|/nowhere/env",
		     "/nowhere/env: No such file");
	refuse_start("web|--env-file|/", "Is a directory");
	refuse_start("web|-v|data:/data", "not an absolute path");
	refuse_start("web|--tmpfs|t", "must be absolute");
	refuse_start("web|/srv/web|--keep|--|ls", "no overlay to keep");
	refuse_start("web|--stop-signal|NONE", "--stop-signal: \"NONE\"");
	refuse_start("web|--stop-timeout|86401", "from 0 to 86400");
	refuse_start("web|-u|a:b:c", "not USER or USER:GROUP");
	refuse_start("web|--cap-add|NONE", "capability \"NONE\"");
	refuse_start("web|--cap-drop|", "capability \"\"");
	refuse_start("web|--security-opt|seccomp=/nowhere/x.json",
		     "No such file");
	refuse_start("web|--security-opt|seccomp=/proc/self/status",
		     "neither \"unconfined\" nor a profile in JSON");
	refuse_start("web|--security-opt|seccomp", "it must be seccomp=");
	refuse_start("web|--security-opt|apparmor=x", "it must be seccomp=");
	refuse_start("web|--security-opt|no-new-privileges=2",
		     "it must be seccomp=");
	refuse_start("web|--read-only=yes", "takes no value");
	refuse_start("web|--cpus|x", "CPU list");
	refuse_start(
		"web|--log-driver|json",
		"--log-driver: \"json\" is not valid; it must be one of cri|raw|none");
	refuse_start("web|--log-max-size|32767", "at least 32768");
	refuse_start("web|--log-max-size|10q",
		     "--log-max-size: \"10q\" is not valid");
	refuse_start("web|--storage|1023k", "at least 1048576");
	refuse_start("web|/srv/web|--storage|2m|--|ls", "is used without one");
	refuse_start("web|--log-max-files|0", "from 1 to 1000");
	refuse_start("web|--log-max-files|1001",
		     "--log-max-files: \"1001\" is out of range");
	refuse_start("web|--cpus|2-0", "CPU list");
	refuse_start("web|--cpus|1.5",
		     "--cpu-max limits the amount of CPU time");
	refuse_start("web|--cpu-max|0", "from 0.01 to 8192");
	refuse_start("web|--cpu-max|0.009", "\"0.009\" is out of range");
	refuse_start("web|--cpu-max|8193", "out of range");
	refuse_start("web|--cpu-max|0-1", "\"0-1\" is not valid");
	refuse_start(
		"web||ls",
		"ROOTFS: \"\" is not valid; it must be a path that is not empty");
	refuse_start("web|--|", "command is empty");
	refuse_start("../etc", "letters, digits");
	refuse_start(".hidden", "letters, digits");
	refuse_start("a/b", "letters, digits");
	refuse_start("|/srv/web", "letters, digits");
	refuse_start(LONG_ID "x", "longer than 127");
}

static const struct start_options *must_start(struct line *l, const char *text)
{
	if (parse(l, "start", text))
		bail("%s: %s", text, l->failure.text);
	return l->parsed.options;
}

static void start_values(void)
{
	const struct start_options *o;
	struct line l;

	o = must_start(
		&l, "web|/srv/web|ls|--soft-mib=8|--hard-mib|16|--nice|-5|"
		    "--cpus|0|--net|none|--env|A=1|--env=B=2=3|--cwd|/tmp|"
		    "--log-driver|raw|--log-max-size=32768|--log-max-files|1|"
		    "--run-dir|/run/other");
	is_int(o->request.soft_limit, 8 << 20, "soft limit");
	is_int(o->request.hard_limit, 16 << 20, "hard limit");
	ok(o->request.has_nice && o->request.nice == -5, "nice value");
	is_str(o->request.cpus, "0", "CPUs");
	ok(o->request.own_network, "network");
	is_str(joined(&o->request.env), "A=1|B=2=3", "environment");
	is_str(o->request.cwd, "/tmp", "working directory");
	ok(o->request.log.has_driver && o->request.log.driver == LOG_DRIVER_RAW,
	   "log driver");
	is_int(o->request.log.max_size, 32768, "log size");
	is_int(o->request.log.max_files, 1, "log files");
	is_str(o->run_dir, "/run/other", "run directory");
	forget(&l);

	o = must_start(&l, "web");
	is_int(o->request.soft_limit, 40 << 20, "default of the soft limit");
	is_int(o->request.hard_limit, 64 << 20, "default of the hard limit");
	ok(!o->request.cgroup.has_memory_max && !o->request.cgroup.has_pids_max,
	   "the wall is not chosen");
	ok(!o->request.has_nice && !o->request.cpus && !o->request.cwd &&
		   o->request.own_network && !o->request.env.n &&
		   !o->request.log.has_driver && !o->request.log.max_size &&
		   !o->request.log.max_files && !o->request.token &&
		   !o->request.userns.chosen,
	   "other defaults");
	forget(&l);

	o = must_start(&l, "web|--hard-mib|16");
	is_int(o->request.soft_limit, 16 << 20,
	       "a hard limit below the default of the soft one takes it with it");
	forget(&l);

	o = must_start(&l, "web|--hard-mib|0|--soft-mib|100");
	is_int(o->request.soft_limit, 100 << 20, "no hard limit, any soft one");
	is_int(o->request.hard_limit, 0, "0 is none");
	forget(&l);
}

static void other_values(void)
{
	const struct start_options *o;
	struct line l;

	o = must_start(
		&l,
		"web|--soft|1.5m|-m|2MiB|--memory-max|1g|"
		"--pids-limit|7|--oom-score-adj|-5|--hostname|h.x|"
		"--ulimit|nofile=1:2|--ulimit|core=0|-w|/a|"
		"--workdir|/b|-e|A=1|-v|/a:/b|--volume=/c:/d:ro|"
		"--tmpfs|/t|--read-only|-u|web:7|--cap-add|ALL|"
		"--cap-drop|CAP_KILL|--cap-drop|chown|--privileged|"
		"--security-opt|seccomp=unconfined|"
		"--security-opt|no-new-privileges:false|"
		"--log-max-size|10m|--storage|1.5m|--cpu-max|1.5|--init|--keep|--userns|host|--stop-signal|INT|--stop-timeout|1.5");
	is_int(o->request.soft_limit, 3 << 19, "soft limit as a size");
	is_int(o->request.hard_limit, 2 << 20, "hard limit as a size");
	ok(o->request.cgroup.has_memory_max &&
		   o->request.cgroup.memory_max == 1 << 30,
	   "memory.max as a size");
	ok(o->request.cgroup.has_pids_max && o->request.cgroup.pids_max == 7,
	   "the limit of processes by docker's name");
	ok(o->request.has_oom_score_adj && o->request.oom_score_adj == -5,
	   "OOM score adjustment");
	ok(o->request.stop.signal == SIGINT && o->request.stop.has_timeout &&
		   o->request.stop.timeout_ms == 1500,
	   "how it is stopped");
	ok(o->request.init && o->request.keep, "init and keep");
	is_int(o->request.cpu_max, 1500, "CPU time");
	ok(o->request.userns.chosen && o->request.userns.mode == USERNS_HOST,
	   "the host's user namespace");
	is_int(o->request.log.max_size, 10 << 20, "log size with a unit");
	is_int(o->request.storage.bytes, 3 << 19, "storage as a size");
	is_str(o->request.hostname, "h.x", "hostname");
	is_str(joined(&o->request.ulimits), "nofile=1:2|core=0", "ulimits");
	is_str(joined(&o->request.volumes), "/a:/b|/c:/d:ro", "volumes");
	is_str(joined(&o->request.tmpfs), "/t", "tmpfs");
	ok(o->request.read_only, "read-only root");
	is_str(o->request.user, "web:7", "user");
	is_str(joined(&o->request.cap_add), "ALL", "capabilities to add");
	is_str(joined(&o->request.cap_drop), "CAP_KILL|chown",
	       "capabilities to drop");
	ok(o->request.privileged, "privileged");
	ok(o->request.allow_new_privs, "no_new_privs is off");
	is_str(o->request.seccomp, "unconfined", "no filter");
	is_str(o->request.cwd, "/b", "the last working directory");
	is_str(joined(&o->request.env), "A=1", "environment, short");
	forget(&l);

	o = must_start(&l, "web|-m|16m");
	is_int(o->request.soft_limit, 16 << 20,
	       "a hard limit as a size takes the soft one with it, too");
	forget(&l);

	o = must_start(&l, "web|--hard|none|--soft|none");
	ok(!o->request.hard_limit && !o->request.soft_limit, "no limits");
	forget(&l);
}

static void write_file(const char *path, const char *text, size_t len)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(text, 1, len, f) != len || fclose(f))
		bail("cannot write %s", path);
}

static void env_files(void)
{
	static const char names[] = "FROM_CALLER\nNOT_SET\nB=1\n";
	static const char text[] = "# a comment\n\nA=1\r\nB= x \"y\" # z\nC=";
	static const char bad[] = "A=1\n=B\n", binary[] = "A=1\nB=\0x\n";
	char path[] = "/tmp/test_cli_start.XXXXXX", words[128];
	const struct start_options *o;
	int fd = mkstemp(path);
	struct line l;

	if (fd < 0)
		bail("cannot make a file");
	close(fd);
	write_file(path, text, sizeof(text) - 1);
	snprintf(words, sizeof(words), "web|-e|A=2|--env-file|%s", path);
	o = must_start(&l, words);
	is_str(joined(&o->request.env), "A=1|B= x \"y\" # z|C=|A=2",
	       "the variables of a file come before those of --env");
	forget(&l);
	setenv("FROM_CALLER", "its value", 1);
	unsetenv("NOT_SET");
	write_file(path, names, sizeof(names) - 1);
	snprintf(words, sizeof(words),
		 "web|-e|FROM_CALLER|-e|NOT_SET|-e|A=2|--env-file|%s", path);
	o = must_start(&l, words);
	is_str(joined(&o->request.env),
	       "FROM_CALLER=its value|B=1|FROM_CALLER=its value|A=2",
	       "a KEY alone gets the value that the caller has, if it has one");
	forget(&l);
	write_file(path, bad, sizeof(bad) - 1);
	refuse_start(words, ":2: \"=B\": neither KEY=VALUE nor KEY");
	write_file(path, binary, sizeof(binary) - 1);
	refuse_start(words, ":2: not a line of text");
	unlink(path);
}

static void wall_values(void)
{
	const struct start_options *o;
	const struct cgroup_choice *choice;
	struct line l;

	o = must_start(&l, "web|--memory-max-mib|64|--pids-max|1");
	choice = &o->request.cgroup;
	ok(choice->has_memory_max && choice->memory_max == 64 << 20,
	   "memory.max, no lower than the hard limit");
	ok(choice->has_pids_max && choice->pids_max == 1, "pids.max");
	forget(&l);

	o = must_start(&l, "web|--memory-max-mib=none|--pids-max=none");
	choice = &o->request.cgroup;
	ok(choice->has_memory_max && !choice->memory_max &&
		   choice->has_pids_max && !choice->pids_max,
	   "neither");
	forget(&l);

	o = must_start(&l, "web|--storage-max|12");
	ok(o->request.storage.chosen && o->request.storage.bytes == 12 << 20,
	   "storage");
	forget(&l);

	o = must_start(&l, "web|/srv/web|--storage-max=none");
	ok(o->request.storage.chosen && !o->request.storage.bytes,
	   "no limit of storage, in any root");
	forget(&l);

	o = must_start(&l, "web|--hard-mib|0|--memory-max-mib|1");
	is_int(o->request.cgroup.memory_max, 1 << 20,
	       "any memory.max without a hard limit");
	forget(&l);
}

static void relative_rootfs(void)
{
	const struct start_options *o;
	struct line l;
	char *cwd = getcwd(NULL, 0);
	char want[4096];

	snprintf(want, sizeof(want), "%s/roots/web",
		 strcmp(cwd, "/") ? cwd : "");
	o = must_start(&l, "web|roots/web");
	is_str(o->request.rootfs, want, "a relative rootfs is the caller's");
	forget(&l);
	free(cwd);
}

int main(void)
{
	start_forms();
	start_refusals();
	start_values();
	other_values();
	env_files();
	wall_values();
	relative_rootfs();
	return tap_end();
}
