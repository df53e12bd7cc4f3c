// SPDX-License-Identifier: GPL-2.0
/* Tests that containers are what their requests ask for; no kernel table is needed. */
/* control/outcome.h has a struct of the same name. */
#define outcome launch_outcome
#include "../launch/fixture.h"
#undef outcome
#include "supervisor/etc_files.h"
#include "supervisor/job.h"
#include "supervisor/privileges.h"
#include "supervisor/root.h"
#include "supervisor/run_folder.h"

#define DATA  PLACE "/data"
#define OWN   PLACE "/own"
#define INNER OWN "/inner"
#define RUN   OWN "/run"

static struct supervisor supervisor;

/* A request for a script in an overlay of the base. */
static struct start_request script(const char *text)
{
	struct start_request request = { .id = strdup("box") };

	string_list_add(&request.command, "sh");
	string_list_add(&request.command, "-c");
	string_list_add(&request.command, text);
	return request;
}

static void add(struct string_list *list, const char *text)
{
	if (string_list_add(list, text))
		bail("out of memory");
}

static int begin(struct start_request *request, struct launch_job **job,
		 struct string_list *command, int out, struct failure *failure)
{
	struct container_mounts mounts = { 0 };
	char hostname[HOST_NAME_MAX + 1];
	int root = must(open(BASE, O_PATH | O_DIRECTORY | O_CLOEXEC));
	int r = request_check(request, failure);

	if (!r)
		r = mounts_open(&supervisor, request, &mounts, failure);
	if (!r)
		r = etc_files_add(&mounts, RUN, request,
				  request_hostname(request, hostname), failure);
	if (!r) {
		*command = request->command;
		request->command = (struct string_list){ 0 };
		*job = job_new(request, command->strings, BASE, root, STATE, -1,
			       &mounts, failure);
		r = *job ? 0 : -1;
	}
	if (!r) {
		job_set_limits(*job, &supervisor.rlimits);
		r = job_begin(*job, (int[]){ -1, out, out }, failure);
	}
	mounts_free(&mounts);
	close(root);
	return r;
}

/* Run it, and free the request. */
static void run_request(struct start_request *request, struct launch_outcome *o)
{
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct string_list command = { 0 };
	struct launch_job *job = NULL;
	struct launch launch;

	*o = (struct launch_outcome){ .status = -1 };
	must(mkdir(STATE, 0700));
	if (run_folder_make(RUN, false))
		bail("cannot make the run folder");
	o->result = begin(request, &job, &command, out, &o->error);
	if (!o->result) {
		launch = job->launch;
		release(&job->launch);
		o->result = wait_result(&job->launch, &o->error);
		o->status = wait_status(launch.pid, launch.pidfd);
		close(launch.pidfd);
	}
	job_free(job);
	request_free(request);
	string_list_free(&command);
	run_folder_remove(RUN);
	o->removed = overlay_remove(STATE);
	o->output = get_fd(out);
	close(out);
}

static void is_refused(struct start_request *request, const char *why)
{
	struct launch_outcome o __cleanup_outcome;

	run_request(request, &o);
	ok(o.result < 0, "it is refused: %s", why);
	if (!ok(strstr(o.error.text, why), "it says why"))
		printf("# %s\n", o.error.text);
}

static void test_volumes(void)
{
	struct start_request request = script(
		"echo a: $(cat /data/a); echo new >/data/b; echo b: $?;"
		"echo ro: $(cat /file); { echo x >/file; } 2>/dev/null ||"
		" echo kept: yes; grep -o ' /data .* - ' "
		"/proc/self/mountinfo");
	struct launch_outcome o __cleanup_outcome;
	char *b;

	must(mkdir(DATA, 0755));
	put_file(DATA "/a", "one\n", 0644);
	add(&request.volumes, DATA ":/data");
	add(&request.volumes, DATA "/a:/file:ro");
	run_request(&request, &o);
	ok(went_well(&o), "a container with a volume and a file");
	is_str(field(&o, "a"), "one", "it reads a file of the host");
	is_str(field(&o, "b"), "0", "it writes one");
	is_str(field(&o, "ro"), "one", "a file can be a volume");
	is_str(field(&o, "kept"), "yes", "it cannot write a read-only one");
	ok(strstr(o.output, "nosuid") && strstr(o.output, "nodev"),
	   "a volume is nosuid and nodev");
	b = get_file(DATA "/b");
	is_str(b, "new\n", "the host has the new file");
	free(b);
}

static void test_nested(void)
{
	struct start_request request = script(
		"echo in: $(cat /x/y/a); touch /x/t && echo t: yes");
	struct launch_outcome o __cleanup_outcome;

	/* The outer one is asked for last. */
	add(&request.volumes, DATA ":/x/y:ro");
	add(&request.tmpfs, "/x");
	run_request(&request, &o);
	ok(went_well(&o), "a volume in a tmpfs");
	is_str(field(&o, "in"), "one", "the inner mount is not hidden");
	is_str(field(&o, "t"), "yes", "the outer one is there");
}

static void test_volume_refusals(void)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "/nowhere:/x", "volume \"/nowhere\": No such file" },
		{ OWN ":/x", "is this supervisor's state directory" },
		{ INNER ":/x", "is inside this supervisor's state directory" },
		{ INNER "/file:/x",
		  "is inside this supervisor's state directory" },
		{ PLACE "/link:/x",
		  "is inside this supervisor's state directory" },
		{ PLACE ":/x", "holds this supervisor's state directory" },
		{ "/:/x", "is the host's own root" },
		{ "/proc:/x", "a file system of the kernel's own: proc" },
	};

	must(symlink(INNER, PLACE "/link"));
	put_file(INNER "/file", "x", 0644);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct start_request request = script("true");

		add(&request.volumes, cases[i].text);
		is_refused(&request, cases[i].why);
	}
}

static void test_twice(void)
{
	struct start_request request = script("true");

	add(&request.volumes, DATA ":/x");
	add(&request.tmpfs, "/x");
	is_refused(&request, "two mounts are on \"/x\"");
}

static void test_tmpfs(void)
{
	struct start_request request = script(
		"dd if=/dev/zero of=/t/f bs=1024 count=2000 2>/dev/null"
		" || echo full: yes; echo mode: $(stat -c %a /t);"
		"cp /bin/true /t/true; grep ' /t ' /proc/self/mountinfo");
	struct launch_outcome o __cleanup_outcome;

	add(&request.tmpfs, "/t:size=1m,mode=750");
	run_request(&request, &o);
	is_str(field(&o, "full"), "yes", "a tmpfs has its size");
	is_str(field(&o, "mode"), "750", "and its mode");
	ok(strstr(o.output, "nosuid,nodev,noexec"),
	   "no programs are run from it");
}

static void test_shm(void)
{
	struct start_request request = script(
		"dd if=/dev/zero of=/dev/shm/f bs=1024 count=2000 2>&1"
		" >/dev/null | grep -q space && echo full: yes; true");
	struct launch_outcome o __cleanup_outcome;

	add(&request.tmpfs, "/dev/shm:size=1m");
	run_request(&request, &o);
	ok(went_well(&o), "a container with another /dev/shm");
	is_str(field(&o, "full"), "yes", "it has the size of the tmpfs");
}

static void test_read_only(void)
{
	struct start_request request = script(
		"touch /x 2>/dev/null || echo root: kept; touch /t/x && "
		"touch /data/x && touch /dev/shm/x && echo others: written");
	struct launch_outcome o __cleanup_outcome;

	request.read_only = true;
	add(&request.volumes, DATA ":/data");
	add(&request.tmpfs, "/t");
	run_request(&request, &o);
	ok(went_well(&o), "a container with a read-only root");
	is_str(field(&o, "root"), "kept", "it cannot write to its root");
	is_str(field(&o, "others"), "written", "it can write elsewhere");
}

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

static void test_etc_files(void)
{
	struct start_request request = script(
		"cat /etc/hosts; echo name: $(cat /etc/hostname);"
		"grep -o 'reaches no .*' /etc/resolv.conf;"
		"echo own: $(cat /etc/group | grep -c staff);"
		"for f in hosts hostname resolv.conf; do "
		"{ echo x >>/etc/$f; } 2>/dev/null && echo wrote: $f; done;"
		"true");
	struct launch_outcome o __cleanup_outcome;

	request.hostname = strdup("h.example");
	request.own_network = true;
	run_request(&request, &o);
	ok(went_well(&o), "a container with files in /etc");
	ok(strstr(o.output, "127.0.0.1\tlocalhost\n"), "localhost resolves");
	ok(strstr(o.output, "127.0.1.1\th.example\n"), "its name resolves");
	is_str(field(&o, "name"), "h.example", "/etc/hostname is its name");
	ok(strstr(o.output, "reaches no name server"), "it has no resolver");
	is_str(field(&o, "own"), "1", "other files in /etc are the root's");
	is_str(field(&o, "wrote"), NULL, "it cannot write to them");
	ok(access(BASE "/etc/hostname", F_OK), "the base is unchanged");
	ok(access(RUN, F_OK), "the run folder can be removed");
}

static void test_host_files(void)
{
	struct start_request request = script("cat /etc/resolv.conf");
	struct launch_outcome o __cleanup_outcome;
	char *host = get_file("/etc/resolv.conf");

	run_request(&request, &o);
	ok(went_well(&o), "a container on the host's network");
	ok(!strncmp(o.output, host, strlen(host)),
	   "it has the host's resolver");
	free(host);
}

static void test_own_etc_files(void)
{
	struct start_request request = script(
		"echo hosts: $(cat /etc/hosts); cat /etc/hostname");
	struct launch_outcome o __cleanup_outcome;

	put_file(DATA "/hosts", "mine\n", 0644);
	add(&request.volumes, DATA "/hosts:/etc/hosts");
	run_request(&request, &o);
	ok(went_well(&o), "a container with a volume on /etc/hosts");
	is_str(field(&o, "hosts"), "mine", "the volume is there");
	ok(strstr(o.output, "box\n"), "the other files are, too");
}

static void test_etc_as_volume(void)
{
	struct start_request request = script(
		"echo n: $(ls /etc | grep -c .); true");
	struct launch_outcome o __cleanup_outcome;

	add(&request.tmpfs, "/etc");
	run_request(&request, &o);
	ok(went_well(&o), "a container with a tmpfs on /etc");
	is_str(field(&o, "n"), "0", "nothing is put into it");
}

/* Roots in which a file cannot be mounted; a link leads to a file in the root. */
static void test_strange_etc(void)
{
	struct start_request request = script(
		"test -d /etc/hosts && echo dir: kept;"
		"echo link: $(cat /run/other/name)");
	struct launch_outcome o __cleanup_outcome;

	must(mkdir(BASE "/etc/hosts", 0755));
	must(symlink("../run/other/name", BASE "/etc/hostname"));
	run_request(&request, &o);
	ok(went_well(&o), "a container whose /etc/hosts is a folder");
	is_str(field(&o, "dir"), "kept", "the folder stays");
	is_str(field(&o, "link"), "box", "a link is followed in the root");
	must(rmdir(BASE "/etc/hosts"));
	must(unlink(BASE "/etc/hostname"));
}

/* A link could lead a mount over a file of /proc that the launch, or a program, needs. */
static void test_crossing(void)
{
	struct start_request plain = script(
		"grep -c ' /proc/' /proc/self/mountinfo >/dev/null;"
		"echo comm: $(cat /proc/1/comm); echo n: $(ls /etc | grep -c .)");
	struct start_request volume = script("true");
	struct start_request tmpfs = script("true");
	struct launch_outcome o __cleanup_outcome;

	must(symlink("/proc/1/comm", BASE "/etc/hosts"));
	must(symlink("/proc/sys/kernel/none", BASE "/etc/hostname"));
	must(symlink("/proc/1", BASE "/there"));
	run_request(&plain, &o);
	ok(went_well(&o), "a container whose /etc/hosts leads into /proc");
	is_str(field(&o, "comm"), "sh", "nothing is mounted there");
	add(&volume.volumes, DATA ":/there/fd");
	is_refused(&volume, "leads into another mount");
	add(&tmpfs.tmpfs, "/there");
	is_refused(&tmpfs, "leads into another mount");
	must(unlink(BASE "/etc/hosts"));
	must(unlink(BASE "/etc/hostname"));
	must(unlink(BASE "/there"));
}

static void test_hosts_text(void)
{
	char *text = etc_hosts(
		"web", "127.0.0.1 localhost\n # x\n\t::1 me\n10.0.0.1 db");

	is_str(text,
	       "127.0.0.1\tlocalhost\n"
	       "::1\tlocalhost ip6-localhost ip6-loopback\n"
	       "127.0.1.1\tweb\n # x\n10.0.0.1 db\n",
	       "the host's entries, without loopback");
	free(text);
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
	fixture_begin();
	must(mkdir(OWN, 0755));
	must(mkdir(INNER, 0755));
	if (root_find(OWN, &supervisor.own[OWN_STATE]) ||
	    root_find("/", &supervisor.own[OWN_HOST]))
		bail("cannot find a folder");
	container_rlimits_find(&supervisor.rlimits);
	test_volumes();
	test_nested();
	test_volume_refusals();
	test_twice();
	test_tmpfs();
	test_shm();
	test_read_only();
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
	test_etc_files();
	test_host_files();
	test_own_etc_files();
	test_etc_as_volume();
	test_strange_etc();
	test_crossing();
	test_hosts_text();
	test_profile();
	test_init();
	test_init_signals();
	test_init_missing();
	test_init_as_user();
	for (int i = 0; i < N_OWN_FOLDERS; i++)
		place_free(&supervisor.own[i]);
	return tap_end();
}
