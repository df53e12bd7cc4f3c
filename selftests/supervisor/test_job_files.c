// SPDX-License-Identifier: GPL-2.0
/* Tests that a container has the files that its request asks for: volumes, tmpfs, /etc. */
#include "job_fixture.h"

static void test_volumes(void)
{
	struct start_request request = script(
		"echo a: $(cat /data/a); echo new >/data/b; echo b: $?;"
		"echo ro: $(cat /file); { echo x >/file; } 2>/dev/null ||"
		" echo kept: yes; grep -o ' /data .* - ' "
		"/proc/self/mountinfo");
	struct launch_outcome o __cleanup_outcome;
	char *b;

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

int main(void)
{
	job_fixture_begin();
	test_volumes();
	test_nested();
	test_volume_refusals();
	test_twice();
	test_tmpfs();
	test_shm();
	test_read_only();
	must(mkdir(BASE "/etc", 0755));
	put_file(BASE "/etc/group", "root:x:0:\nstaff:x:7:web\n", 0644);
	test_etc_files();
	test_host_files();
	test_own_etc_files();
	test_etc_as_volume();
	test_strange_etc();
	test_crossing();
	test_hosts_text();
	return job_fixture_end();
}
