// SPDX-License-Identifier: GPL-2.0
/* The container's process: its namespaces, its place, and what it inherits. */
#include <linux/keyctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "fixture.h"

static void test_namespaces(void)
{
	static const char *const kinds[] = {
		"pid", "mnt", "uts", "ipc", "cgroup", "net", "user",
	};
	struct container_spec spec = fixture_spec(SH(
		"for n in pid mnt uts ipc cgroup net user; do "
		"echo $n: $(readlink /proc/self/ns/$n); done; "
		"echo hostname: $(hostname); echo process: $$; "
		"cat /proc/self/status; echo flags: $(cat /sys/class/net/lo/flags)"));
	char path[64], host[HOST_NAME_MAX + 1], own[64],
		host_after[sizeof(host)];
	struct outcome o __cleanup_outcome;
	struct outcome alone __cleanup_outcome;
	ssize_t n;
	size_t i;
	bool same;

	must(gethostname(host, sizeof(host)));
	spec.hostname = "some-name_1.x";
	run(&spec, &o);
	ok(went_well(&o), "a container with the default namespaces runs");
	is_str(field(&o, "hostname"), "some-name_1.x",
	       "its hostname is the one asked for");
	is_str(field(&o, "process"), "1", "its command is process 1");
	must(gethostname(host_after, sizeof(host_after)));
	is_str(host_after, host, "the host's hostname stays");

	spec.namespaces |= CLONE_NEWNET;
	run(&spec, &alone);
	ok(went_well(&alone), "one without the host's network runs");
	is_str(field(&alone, "flags"), "0x9", "its loopback interface is up");
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		n = must(readlink(path, own, sizeof(own) - 1));
		own[n] = '\0';
		same = !strcmp(kinds[i], "user") || !strcmp(kinds[i], "net");
		ok(field(&o, kinds[i]) &&
			   same == !strcmp(field(&o, kinds[i]), own),
		   "%s: %s", kinds[i], same ? "the host's" : "its own");
		if (!strcmp(kinds[i], "net"))
			ok(strcmp(field(&alone, "net"), own),
			   "net: its own where asked for");
	}
}

static void test_long_hostname(void)
{
	struct container_spec spec = fixture_spec(SH("echo name: $(hostname)"));
	char host[66] = "", text[128];
	struct outcome o __cleanup_outcome;
	struct outcome longer __cleanup_outcome;

	memset(host, 'x', 64);
	spec.hostname = host;
	run(&spec, &o);
	ok(went_well(&o), "a container with a hostname of 64 bytes runs");
	is_str(field(&o, "name"), host, "it has that");
	host[64] = 'y';
	run(&spec, &longer);
	snprintf(text, sizeof(text),
		 "cannot set the hostname \"%s\": Invalid argument", host);
	is_str(longer.error.text, text, "a longer one is an error");
}

/* The caller's own are for many containers. */
static void test_open_files(void)
{
	const struct resource_limit limits = { RLIMIT_NOFILE, { 77, 88 } };
	struct container_spec spec = fixture_spec(
		SH("echo soft: $(ulimit -Sn); echo hard: $(ulimit -Hn)"));
	struct outcome o __cleanup_outcome;

	spec.process.rlimits = &limits;
	spec.process.n_rlimits = 1;
	run(&spec, &o);
	ok(went_well(&o), "a container with limits of open files runs");
	is_str(field(&o, "soft"), "77", "the soft one is as asked for");
	is_str(field(&o, "hard"), "88", "and the hard one");
}

/* Whatever the caller has made of itself. */
static void test_inherited(void)
{
	struct container_spec spec = fixture_spec(SH(
		"cat /proc/self/status; "
		"read pid comm state ppid group session rest < /proc/1/stat; "
		"echo group: $group; echo session: $session"));
	struct outcome o __cleanup_outcome;
	gid_t groups[] = { 7, 8 };
	sigset_t set, old;

	sigfillset(&set);
	must(sigprocmask(SIG_BLOCK, &set, &old));
	signal(SIGPIPE, SIG_IGN);
	signal(SIGRTMAX, SIG_IGN);
	umask(077);
	must(syscall(SYS_setgroups, 2L, groups));
	run(&spec, &o);
	must(syscall(SYS_setgroups, 0L, NULL));
	umask(022);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGRTMAX, SIG_DFL);
	must(sigprocmask(SIG_SETMASK, &old, NULL));

	ok(went_well(&o), "a container of a caller with odd settings runs");
	is_str(field(&o, "SigBlk"), "0000000000000000", "no signal is blocked");
	is_str(field(&o, "SigIgn"), "0000000000000000", "no signal is ignored");
	is_str(field(&o, "Umask"), "0022", "the umask is 022");
	is_str(field(&o, "Groups"), "", "it is in no group but its own");
	is_str(field(&o, "session"), "1", "it leads a session of its own");
	is_str(field(&o, "group"), "1", "and a process group");
}

static void test_keyring(void)
{
	struct container_spec spec = fixture_spec(ARGV("probe", "keyring"));
	struct outcome o __cleanup_outcome;
	char own[32];
	long r = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);

	if (r < 0) {
		skip("the keys of the caller", strerror(errno));
		return;
	}
	spec.process.filter = NULL;
	snprintf(own, sizeof(own), "%ld", r);
	run(&spec, &o);
	ok(went_well(&o) && field(&o, "keyring") &&
		   strcmp(field(&o, "keyring"), own) &&
		   atol(field(&o, "keyring")) > 0,
	   "it has not the keyring of the caller (%s) but one of its own (%s)",
	   own, field(&o, "keyring"));
}

static void test_scheduling(void)
{
	struct container_spec spec = fixture_spec(SH(
		"read a b c d e f g h i j k l m n o p q r nice rest < /proc/1/stat; "
		"echo nice: $nice; cat /proc/self/status"));
	cpu_set_t old, one, none;
	struct outcome inherited __cleanup_outcome;
	struct outcome set __cleanup_outcome;
	struct outcome negative __cleanup_outcome;
	struct outcome impossible __cleanup_outcome;
	char want[16];
	int cpu = 0;

	must(sched_getaffinity(0, sizeof(old), &old));
	while (!CPU_ISSET(cpu, &old))
		cpu++;
	/* The last of those there are, so that it is not the first by chance. */
	for (int i = cpu; i < CPU_SETSIZE; i++)
		cpu = CPU_ISSET(i, &old) ? i : cpu;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);

	spec.process.has_nice = false;
	spec.process.scheduler = NULL;
	run(&spec, &inherited);
	snprintf(want, sizeof(want), "%d", getpriority(PRIO_PROCESS, 0));
	is_str(field(&inherited, "nice"), want, "the nice value is inherited");

	spec.process.has_nice = true;
	spec.process.nice = 7;
	spec.process.cpus = &one;
	spec.process.cpus_size = sizeof(one);
	run(&spec, &set);
	ok(went_well(&set), "a container with a nice value and one CPU runs");
	is_str(field(&set, "nice"), "7", "it has the nice value asked for");
	snprintf(want, sizeof(want), "%d", cpu);
	is_str(field(&set, "Cpus_allowed_list"), want,
	       "it runs on the CPU asked for");

	spec.process.nice = -5;
	run(&spec, &negative);
	is_str(field(&negative, "nice"), "-5",
	       "a negative one, though it may not set it itself");

	CPU_ZERO(&none);
	CPU_SET(CPU_SETSIZE - 1, &none);
	spec.process.cpus = &none;
	run(&spec, &impossible);
	is_int(impossible.result, -1, "a CPU that is not there is an error");
	is_str(impossible.error.text,
	       "cannot launch \"box\": cannot bind it to the CPUs asked for: Invalid argument",
	       "with a text that says so");
	is_int(impossible.error.code, 125, "and code 125");
	is_int(impossible.status, -1, "and no process is left");
}

static void test_descriptors(void)
{
	struct container_spec spec = fixture_spec(ARGV("probe", "fds"));
	struct outcome o __cleanup_outcome;
	int fds[64];
	size_t i;

	/* Not close-on-exec, as a careless library makes them. */
	for (i = 0; i < 64; i++)
		fds[i] = must(open(i % 2 ? "/" : "/etc/passwd", O_RDONLY));
	must(dup2(fds[0], 900));
	run(&spec, &o);
	for (i = 0; i < 64; i++)
		close(fds[i]);
	close(900);
	ok(went_well(&o), "a container of a caller with open files runs");
	is_str(o.output, "fd: 0\nfd: 1\nfd: 2\n", "it has 0, 1 and 2 alone");
}

/*
 * In a process that can lose its own: stdio out of order among 0 to 2, or
 * closed, so that the launch's own descriptors come to lie there.
 */
static int with_stdio(const int stdio[3], const int files[3], bool shut)
{
	struct container_spec spec = fixture_spec(
		SH("read line; echo out $line; echo err $line >&2"));
	struct failure err;
	struct launch l;
	int i;

	for (i = 0; i < 3; i++)
		if (shut ? close(i) : dup2(files[i], i) < 0)
			return 1;
	if (mkdir(STATE, 0700))
		return 2;
	if (begin_launch(&l, &spec, stdio, &err) || launch_release(&l))
		return 3;
	if (wait_result(&l, &err) != 1)
		return 4;
	launch_end(&l);
	if (wait_status(l.pid, l.pidfd))
		return 5;
	return overlay_remove(STATE) ? 6 : 0;
}

static void test_stdio(bool shut)
{
	/* stdin is the file on 2, stdout that on 0, stderr that on 1. */
	const int order[3] = { 2, 0, 1 };
	int files[3], i, status;
	char *text[3];
	pid_t pid;

	for (i = 0; i < 3; i++)
		files[i] = must(memfd_create("stdio", MFD_CLOEXEC));
	must(pwrite(files[2], "word\n", 5, 0));
	fflush(stdout);
	pid = must(fork());
	if (!pid)
		_exit(with_stdio(
			shut ? (int[]){ files[2], files[0], files[1] } : order,
			files, shut));
	must(waitpid(pid, &status, 0));
	is_int(status, 0, "a caller with %s launches",
	       shut ? "0, 1 and 2 closed" : "stdio in another order");
	for (i = 0; i < 3; i++) {
		text[i] = get_fd(files[i]);
		close(files[i]);
	}
	is_str(text[0], "out word\n", "stdout is where it should be");
	is_str(text[1], "err word\n", "stderr too");
	for (i = 0; i < 3; i++)
		free(text[i]);
}

static void test_bad_stdio(void)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct failure err;
	struct launch l;

	must(mkdir(STATE, 0700));
	must(begin_launch(&l, &spec, (int[]){ 0, 1, 4000 }, &err));
	is_int(wait_result(&l, &err), -1, "a closed descriptor is an error");
	is_str(err.text,
	       "cannot launch \"box\": cannot take over its stdin, stdout and stderr: Bad file descriptor",
	       "with a text that says so");
	is_int(wait_status(l.pid, l.pidfd), 125 << 8, "and code 125");
	close(l.pidfd);
	launch_end(&l);
	is_int(overlay_remove(STATE), 0, "nothing is left");
}

int main(void)
{
	fixture_begin();
	test_namespaces();
	test_long_hostname();
	test_open_files();
	test_inherited();
	test_keyring();
	test_scheduling();
	test_descriptors();
	test_stdio(false);
	test_stdio(true);
	test_bad_stdio();
	return tap_end();
}
