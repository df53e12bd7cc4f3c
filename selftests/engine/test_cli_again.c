// SPDX-License-Identifier: GPL-2.0
/* The grammar of starting containers again, and of the commands rm and restart. */
#include <signal.h>
#include <unistd.h>

#include "tap.h"
#include "words_line.h"

static const void *must(struct line *l, const char *command, const char *text)
{
	if (parse(l, command, text))
		bail("%s %s: %s", command, text, l->failure.text);
	return l->parsed.options;
}

/* What "engine start" says besides the request of a new container. */
static void check_again(const char *text, bool only_id, bool default_command,
			bool open_stdin)
{
	struct line l;
	const struct start_options *o = must(&l, "start", text);

	is_int(o->request.only_id, only_id, "start %s: only an id", text);
	is_int(o->request.default_command, default_command,
	       "start %s: the default command", text);
	is_int(o->request.open_stdin, open_stdin,
	       "start %s: stdin is held open", text);
	forget(&l);
}

static void again(void)
{
	const struct start_options *o;
	struct line l;

	check_again("web", true, true, true);
	check_again("--run-dir|/run/other|web", true, true, true);
	check_again("web|/srv/web", false, true, true);
	check_again("web|--env|A=1", false, true, true);
	check_again("web|--soft-mib|40", false, true, true);
	check_again("web|--rm", false, true, true);
	check_again("web|--|sh", false, false, true);
	check_again("web|/srv/web|/bin/bash|--soft-mib|8", false, false, true);
	check_again("web|--|sh|-c|true", false, false, false);
	check_again("web|--|sh|-", false, false, false);
	check_again("web|--|cat", false, false, false);
	check_again("-t|web", false, true, false);

	o = must(&l, "run", "web");
	ok(!o->request.only_id && !o->request.default_command &&
		   !o->request.open_stdin,
	   "run starts a new container, without stdin");
	forget(&l);
}

static void check_policy(const char *text, enum restart_policy policy,
			 uint32_t max)
{
	char words[64];
	const struct start_options *o;
	struct line l;

	snprintf(words, sizeof(words), "web|--restart|%s", text);
	o = must(&l, "start", words);
	ok(o->request.restart.policy == policy && o->request.restart.max == max,
	   "--restart %s", text);
	forget(&l);
}

static void check_detached(void)
{
	const struct start_options *o;
	struct line l;

	o = must(&l, "run", "-d|web|--restart|always|--|sh");
	ok(o->detach && o->request.open_stdin &&
		   o->request.restart.policy == RESTART_ALWAYS,
	   "run -d is start");
	forget(&l);
	o = must(&l, "run", "-dq|web");
	ok(o->request.only_id && o->quiet, "run -d starts a container again");
	forget(&l);
	o = must(&l, "run", "-iq|web|--|cat");
	ok(o->interactive && !o->request.open_stdin, "run -i passes the input");
	forget(&l);
	refuse("run", "-di|web", "exclude each other");
	refuse("start", "-i|web", "--interactive is for run");
	o = must(&l, "run", "-dit|web|--|sh");
	ok(o->request.terminal && !o->request.open_stdin,
	   "with a terminal, all three go together");
	is_int(o->request.stop.signal, SIGHUP,
	       "a shell in a terminal is stopped by SIGHUP");
	forget(&l);
	refuse("run", "-qt|web", "exclude each other");
	unsetenv("PURSER_QUIET");
	o = must(&l, "run", "web");
	ok(!o->quiet, "run shows the output");
	forget(&l);
	setenv("PURSER_QUIET", "1", 1);
	o = must(&l, "run", "web");
	ok(o->quiet, "unless the environment says otherwise");
	forget(&l);
}

static void policies(void)
{
	check_policy("no", RESTART_NO, 0);
	check_policy("on-failure", RESTART_ON_FAILURE, 0);
	check_policy("on-failure:1", RESTART_ON_FAILURE, 1);
	check_policy("on-failure:1000000", RESTART_ON_FAILURE, 1000000);
	check_policy("always", RESTART_ALWAYS, 0);
	refuse("start", "web|--restart|yes",
	       "--restart: \"yes\" is not valid; it must be no, on-failure");
	refuse("start", "web|--restart|", "\"\" is not valid");
	refuse("start", "web|--restart|on-failure:", "is not valid");
	refuse("start", "web|--restart|on-failure:0", "is not valid");
	refuse("start", "web|--restart|on-failure:1000001", "is not valid");
	refuse("start", "web|--restart|always:3", "is not valid");
	refuse("start", "web|--restart|always|--rm",
	       "removed after its end (--rm) cannot have a restart policy");
	refuse("run", "web|--restart|always|--|true",
	       "run returns when the container has ended");
	check_detached();
}

static void missing_dashes(void)
{
	char dir[] = "/tmp/purser-test.XXXXXX";

	if (!mkdtemp(dir) || chdir(dir))
		bail("cannot make a folder");
	refuse("run", "a|true",
	       "there is no folder \"true\" to be the root; if "
	       "\"true\" is the command, write \"--\"");
	refuse("start", "a|sleep|1000", "there is no folder \"sleep\"");
	refuse("run", "a|sh|-c|true",
	       "unknown option \"-c\"; if it belongs to the command to run, "
	       "write \"--\" before that command");
	check_again("a|/nowhere/root", false, true, true);
	check_again("a|below/root", false, true, true);
	ok(!chdir("/"), "in the root of the host");
	refuse("run", "a|true", "there is no folder \"true\"");
	rmdir(dir);
}

static void removal(void)
{
	const struct rm_options *o;
	struct line l;

	o = must(&l, "rm", "web|db|-f");
	ok(o->ids.n == 2 && o->force && !o->ended, "rm web db -f");
	is_str(o->ids.strings[1], "db", "rm: the second container");
	forget(&l);
	o = must(&l, "rm", "--ended");
	ok(!o->ids.n && o->ended, "rm --ended");
	forget(&l);
	refuse("rm", "", "no ID given");
	refuse("rm", "--force", "no ID given");
	refuse("rm", "--ended|web", "--ended takes no ID and no --force");
	refuse("rm", "--ended|--force", "--ended takes no ID and no --force");
}

static void restart(void)
{
	const struct stop_options *o;
	struct line l;

	o = must(&l, "restart", "web|db|-t|1");
	ok(o->ids.n == 2 && o->grace_ms == 1000, "restart web db -t 1");
	forget(&l);
	refuse("restart", "", "no ID given");
}

int main(void)
{
	again();
	policies();
	missing_dashes();
	removal();
	restart();
	return tap_end();
}
