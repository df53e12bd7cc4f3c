// SPDX-License-Identifier: GPL-2.0
/*
 * Tests that the processes of a container are what its request asks for: user, privileges,
 * filter, and the first process.
 */
#include "job_fixture.h"

static void test_process(void)
{
	struct start_request request = script(
		"echo host: $(hostname) $HOSTNAME; echo files: $(ulimit -n);"
		"echo score: $(cat /proc/self/oom_score_adj)");
	struct launch_outcome o __cleanup_outcome;

	request.hostname = strdup("other");
	request.has_oom_score_adj = true;
	request.oom_score_adj = 7;
	add(&request.ulimits, "nofile=77");
	run_request(&request, &o);
	ok(went_well(&o), "a container with settings of its process");
	is_str(field(&o, "host"), "other other", "the hostname");
	is_str(field(&o, "files"), "77", "the limit of open files");
	is_str(field(&o, "score"), "7", "the OOM score adjustment");
}

static void test_users(void)
{
	static const struct {
		const char *user, *id, *home;
	} cases[] = {
		{ NULL, "0 0", "/root" },
		{ "web", "33 34 7 99", "/srv/web" },
		{ "33", "33 34 7 99", "/srv/web" },
		{ "web:7", "33 7", "/srv/web" },
		{ "web:staff", "33 7", "/srv/web" },
		{ "4711", "4711 0", "/" },
		{ "4711:4712", "4711 4712", "/" },
		{ "4711:staff", "4711 7", "/" },
		{ "last", "5 6", "/" },
		{ "nohome", "8 8", "/" },
		{ "0", "0 0", "/root" },
		{ "0:7", "0 7", "/root" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct start_request request = script(
			"f() { set -- $(grep ^$1: /proc/self/status);"
			" shift; echo $*; }; set -- $(f Uid) $(f Gid);"
			"echo id: $1 $5 $(f Groups); echo home: $HOME");
		struct launch_outcome o __cleanup_outcome;
		const char *user = cases[i].user ? cases[i].user : "root";

		if (cases[i].user)
			request.user = strdup(cases[i].user);
		run_request(&request, &o);
		ok(went_well(&o), "a container as %s", user);
		is_str(field(&o, "id"), cases[i].id, "%s: its ids", user);
		is_str(field(&o, "home"), cases[i].home, "%s: its home", user);
	}
}

static void test_user_of_volume(void)
{
	struct start_request request = script(
		"echo id: $(id -u) $HOME; touch /data/by && echo w: yes");
	struct launch_outcome o __cleanup_outcome;

	put_file(DATA "/passwd", "mine:x:77:78::/m:/bin/sh\n", 0644);
	must(chmod(DATA, 0777));
	request.user = strdup("mine");
	add(&request.env, "HOME=/own");
	add(&request.volumes, DATA "/passwd:/etc/passwd:ro");
	add(&request.volumes, DATA ":/data");
	run_request(&request, &o);
	ok(went_well(&o), "a container with /etc/passwd in a volume");
	is_str(field(&o, "id"), "77 /own", "its user, and HOME as asked for");
	is_str(field(&o, "w"), "yes", "it writes as that user");
}

static void test_user_refusals(void)
{
	static const struct {
		const char *user, *why;
	} cases[] = {
		{ "nobody", "no such user in the container's /etc/passwd" },
		{ "web:none", "no such group in the container's /etc/group" },
		{ "bad", "no such user" },
		{ "long", "no such user" },
		{ "", "not USER or USER:GROUP" },
		{ "a:", "not USER or USER:GROUP" },
		{ ":1", "not USER or USER:GROUP" },
		{ "a:b:c", "not USER or USER:GROUP" },
		{ "4294967295", "no such user" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct start_request request = script("true");

		request.user = strdup(cases[i].user);
		is_refused(&request, cases[i].why);
	}
}

/* What the owner of a root may have put at the place of the file. */
static void test_strange_passwd(void)
{
	static const char *const kinds[] = { "/outside", "fifo", "folder" };
	const char *file = BASE "/etc/passwd";

	put_file(PLACE "/outside", "leak:x:1:1::/:/\n", 0644);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct start_request request = script("true");

		must(rename(file, BASE "/etc/kept"));
		if (!i)
			must(symlink("../.." PLACE "/outside", file));
		else if (i == 1)
			must(mkfifo(file, 0644));
		else
			must(mkdir(file, 0755));
		request.user = strdup("leak");
		is_refused(&request, "the container's /etc/passwd");
		must(remove(file));
		must(rename(BASE "/etc/kept", file));
	}
}

static void make_users(void)
{
	char text[20000] = "root:x:0:0:root:/root:/bin/sh\n"
			   "web:x:33:34:Web:/srv/web:/bin/sh\n"
			   "bad:x:minus:1::/:\n"
			   "short:x\n\nnohome:x:8:8::relative:\n"
			   "long:x:9:9:";
	size_t len = strlen(text);

	memset(text + len, 'x', 15000);
	snprintf(text + len + 15000, sizeof(text) - len - 15000, "%s",
		 ":/:\nlast:x:5:6::/:");
	must(mkdir(BASE "/etc", 0755));
	put_file(BASE "/etc/passwd", text, 0644);
	put_file(BASE "/etc/group",
		 "root:x:0:\nstaff:x:7:other,web\nweb:x:34:\n"
		 "webmasters:x:8:webmaster\nmany:x:99:a,web,b",
		 0644);
}

static void capabilities(const char *add_one, const char *drop_one,
			 bool privileged, const char *want, const char *name)
{
	struct start_request request = script(
		"grep -o 'CapBnd.*' /proc/self/status;"
		"grep NoNewPrivs /proc/self/status");
	struct launch_outcome o __cleanup_outcome;

	if (add_one)
		add(&request.cap_add, add_one);
	if (drop_one)
		add(&request.cap_drop, drop_one);
	request.privileged = privileged;
	run_request(&request, &o);
	ok(went_well(&o), "a container with %s", name);
	is_str(field(&o, "CapBnd"), want, "%s: its capabilities", name);
	is_str(field(&o, "NoNewPrivs"), privileged ? "0" : "1",
	       "%s: no_new_privs", name);
}

static void test_capabilities(void)
{
	capabilities(NULL, NULL, false, "00000000800405fb", "the defaults");
	capabilities("net_raw", NULL, false, "00000000800425fb", "one more");
	capabilities(NULL, "CAP_CHOWN", false, "00000000800405fa", "one less");
	capabilities(NULL, "ALL", false, "0000000000000000", "none");
	capabilities("KILL", "all", false, "0000000000000020", "only one");
}

/* Only what the test itself has can be given. */
static void test_all_capabilities(void)
{
	struct start_request request = {
		.privileged = true,
	};

	ok(privileges_capabilities(&request) == UINT64_MAX,
	   "a privileged container has all capabilities");
	add(&request.cap_drop, "mknod");
	ok(privileges_capabilities(&request) ==
		   (UINT64_MAX & ~(UINT64_C(1) << CAP_MKNOD)),
	   "but those that are dropped by name");
	request.privileged = false;
	add(&request.cap_add, "ALL");
	add(&request.cap_add, "mknod");
	ok(privileges_capabilities(&request) ==
		   (UINT64_MAX & ~(UINT64_C(1) << CAP_MKNOD)),
	   "dropping one wins over adding all");
	request_free(&request);
}

static void test_privileged(void)
{
	struct start_request request = script(
		"grep -c . /proc/self/mountinfo >/dev/null; "
		"grep Seccomp: /proc/self/status; "
		"grep NoNewPrivs /proc/self/status; "
		"grep ' /sys ' /proc/self/mountinfo | grep -o ' rw,' || "
		"echo sys: read-only");
	struct launch_outcome o __cleanup_outcome;

	request.privileged = true;
	run_request(&request, &o);
	ok(went_well(&o), "a privileged container");
	is_str(field(&o, "Seccomp"), "0", "it has no filter");
	is_str(field(&o, "NoNewPrivs"), "0", "nor no_new_privs");
	is_str(field(&o, "sys"), NULL, "it can write to /sys");
}

static void test_security_options(void)
{
	struct start_request request = script(
		"grep Seccomp: /proc/self/status; "
		"grep NoNewPrivs /proc/self/status");
	struct launch_outcome o __cleanup_outcome;

	request.allow_new_privs = true;
	run_request(&request, &o);
	is_str(field(&o, "Seccomp"), "2", "a filter without no_new_privs");
	is_str(field(&o, "NoNewPrivs"), "0", "no_new_privs is off");
}

static void test_unconfined(void)
{
	struct start_request request = script(
		"grep Seccomp: /proc/self/status; "
		"grep NoNewPrivs /proc/self/status");
	struct launch_outcome o __cleanup_outcome;

	request.seccomp = strdup("unconfined");
	run_request(&request, &o);
	is_str(field(&o, "Seccomp"), "0", "unconfined: no filter");
	is_str(field(&o, "NoNewPrivs"), "1", "no_new_privs stays");
}

static void run_init(const char *text, struct launch_outcome *o)
{
	struct start_request request = script(text);

	request.init = true;
	run_request(&request, o);
}

static void test_init(void)
{
	struct launch_outcome o __cleanup_outcome;

	run_init(
		"echo pid: $$; echo comm: $(cat /proc/1/comm);"
		"echo fds: $(ls /proc/1/fd); (sleep 0 &); sleep 1;"
		"echo zombies: $(grep -l '^State:.Z' /proc/[0-9]*/status |"
		" grep -c .); { true >/proc/1/exe; } 2>/dev/null && echo open: 1;"
		"echo files: $(ls / | grep -c init); exit 7",
		&o);
	ok(o.result == 1 && WIFEXITED(o.status) && WEXITSTATUS(o.status) == 7,
	   "init exits with the code of its command");
	is_str(field(&o, "pid"), "2", "the command is its child");
	is_str(field(&o, "comm"), "purser-init", "it has its name");
	is_str(field(&o, "fds"), "0 1 2", "it has no other descriptors");
	is_str(field(&o, "zombies"), "0", "it reaps orphans");
	is_str(field(&o, "open"), NULL, "nobody can write to it");
	is_str(field(&o, "files"), "0", "it is in no file of the root");
}

static void test_init_signals(void)
{
	struct launch_outcome o __cleanup_outcome;
	struct launch_outcome killed __cleanup_outcome;

	run_init("trap 'exit 5' TERM; kill -TERM 1; sleep 100 & wait", &o);
	ok(WIFEXITED(o.status) && WEXITSTATUS(o.status) == 5,
	   "a signal to init comes to the command");
	run_init("kill -KILL $$", &killed);
	ok(WIFEXITED(killed.status) && WEXITSTATUS(killed.status) == 137,
	   "init exits with 128 plus the signal of the command");
}

static void test_init_missing(void)
{
	struct start_request request = { .id = strdup("box"), .init = true };
	struct launch_outcome o __cleanup_outcome;

	add(&request.command, "nothing-like-this");
	run_request(&request, &o);
	ok(o.result < 0 && o.error.code == EXIT_NOT_FOUND,
	   "a missing command is an error under init, too");
}

static void test_init_as_user(void)
{
	struct launch_outcome o __cleanup_outcome;
	struct start_request request = script(
		"echo uid: $(stat -c %u /proc/1); kill -TERM 1;"
		"sleep 100 & wait");

	request.init = true;
	request.user = strdup("33");
	run_request(&request, &o);
	is_str(field(&o, "uid"), "33", "init is the command's user");
	ok(WIFEXITED(o.status) && WEXITSTATUS(o.status) == 143,
	   "it ends a command without a handler");
}

static void run_profile(const char *capability, struct launch_outcome *o)
{
	struct start_request request = script(
		"mkdir /x 2>/dev/null && echo made: yes; grep Seccomp: "
		"/proc/self/status; true");

	request.seccomp = strdup(
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":"
		"[\"mkdir\",\"mkdirat\"],\"action\":\"SCMP_ACT_ERRNO\","
		"\"excludes\":{\"caps\":[\"CAP_NET_RAW\"]}}]}");
	if (capability)
		add(&request.cap_add, capability);
	run_request(&request, o);
}

static void test_profile(void)
{
	struct launch_outcome o __cleanup_outcome;
	struct launch_outcome other __cleanup_outcome;
	struct start_request bad = script("true");

	run_profile(NULL, &o);
	ok(went_well(&o), "a container with a filter of its own");
	is_str(field(&o, "made"), NULL, "the filter refuses a call");
	is_str(field(&o, "Seccomp"), "2", "there is one");
	run_profile("NET_RAW", &other);
	is_str(field(&other, "made"), "yes",
	       "a rule may depend on a capability");
	bad.seccomp = strdup("{\"defaultAction\":7}");
	is_refused(&bad, "seccomp profile: linux.seccomp.defaultAction");
}

int main(void)
{
	job_fixture_begin();
	test_process();
	make_users();
	test_users();
	test_user_of_volume();
	test_user_refusals();
	test_strange_passwd();
	test_capabilities();
	test_all_capabilities();
	test_privileged();
	test_security_options();
	test_unconfined();
	test_profile();
	test_init();
	test_init_signals();
	test_init_missing();
	test_init_as_user();
	return job_fixture_end();
}
