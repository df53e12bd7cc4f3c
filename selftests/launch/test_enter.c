// SPDX-License-Identifier: GPL-2.0
/* A process that enters a container: its namespaces, its user, its end. */
#include <inttypes.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include "box.h"

static char *const envp[] = { "PATH=/bin", NULL };

static struct enter_spec enter_spec(const struct box *box, char *const *argv)
{
	struct enter_spec spec = {
		.id = "box",
		.pid = box->launch.pid,
		.pidfd = box->launch.pidfd,
		.cgroup_fd = -1,
	};

	process_spec_init(&spec.process);
	spec.process.argv = argv;
	spec.process.envp = envp;
	policy_set_capabilities(&spec.process, policy_capabilities);
	return spec;
}

static void enter(const struct enter_spec *spec, struct outcome *o)
{
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct launch l;

	*o = (struct outcome){ .status = -1 };
	o->result = launch_enter(&l, spec, (int[]){ -1, out, out }, &o->error);
	if (!o->result) {
		release(&l);
		o->result = wait_result(&l, &o->error);
		launch_end(&l);
		o->status = wait_status(l.pid, l.pidfd);
		close(l.pidfd);
	}
	o->output = get_fd(out);
	close(out);
}

static void same_namespaces(const struct outcome *o, pid_t pid)
{
	static const char *const kinds[] = {
		"pid", "mnt", "uts", "ipc", "cgroup", "net", "user", "time",
	};
	char path[64], its[64];
	ssize_t n;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, kinds[i]);
		n = readlink(path, its, sizeof(its) - 1);
		if (n < 0)
			continue;
		its[n] = '\0';
		is_str(field(o, kinds[i]), its, "it is in the %s namespace",
		       kinds[i]);
	}
}

#define LINKS                                                \
	"for n in pid mnt uts ipc cgroup net user time; do " \
	"echo $n: $(readlink /proc/self/ns/$n); done; "

static void test_enter(void)
{
	struct container_spec spec = fixture_spec(SH("cd /bin; read line"));
	struct outcome o __cleanup_outcome;
	struct enter_spec entering;
	struct box box;

	spec.namespaces |= CLONE_NEWNET;
	box_begin(&box, &spec, 1, 2);
	entering = enter_spec(
		&box,
		SH(LINKS "echo self: $$ $PPID; echo host: $(hostname); pwd; "
			 "echo root: $(test -e " PLACE
			 " && echo host || echo own); "
			 "echo stdin: $(readlink /proc/self/fd/0); "
			 "read a b c d e session rest < /proc/self/stat; "
			 "echo session: $(test $session != 1 && echo own); "
			 "probe fds; cat /proc/self/status"));
	entering.process.no_new_privs = true;
	enter(&entering, &o);
	ok(went_well(&o), "a process enters a container");
	same_namespaces(&o, box.launch.pid);
	ok(field(&o, "self") && atoi(field(&o, "self")) > 1 &&
		   strstr(field(&o, "self"), " 0"),
	   "it is not the init, and its parent is outside: %s",
	   field(&o, "self"));
	is_str(field(&o, "host"), "box", "it has the container's name");
	is_str(field(&o, "root"), "own", "and its root");
	ok(strstr(o.output, "\n/\n"), "its working folder is /");
	is_str(field(&o, "stdin"), "/dev/null", "its null device");
	is_str(field(&o, "session"), "own", "a session of its own");
	ok(strstr(o.output, "fd: 0\nfd: 1\nfd: 2\nName"),
	   "no other descriptor");
	is_str(field(&o, "NoNewPrivs"), "1", "no_new_privs as asked for");
	is_str(field(&o, "Seccomp"), "0", "no filter, as asked for");
	is_str(field(&o, "CapEff"), field(&o, "CapBnd"), "its capabilities");
	is_str(field(&o, "CapInh"), "0000000000000000", "and no others");
	box_end(&box);
}

static void test_process(void)
{
	struct container_spec spec = fixture_spec(SH("read line"));
	const gid_t groups[] = { 9 };
	const struct resource_limit limit = { RLIMIT_NOFILE, { 11, 22 } };
	struct outcome o __cleanup_outcome;
	struct outcome filter __cleanup_outcome;
	struct enter_spec entering;
	struct box box;

	box_begin(&box, &spec, 1, 2);
	entering = enter_spec(
		&box,
		SH("pwd; cat /proc/self/status; probe scheduling; "
		   "echo limit: $(ulimit -n); echo oom: $(cat /proc/self/oom_score_adj)"));
	entering.process.cwd = "/bin";
	entering.process.uid = 1234;
	entering.process.gid = 5678;
	entering.process.groups = groups;
	entering.process.n_groups = 1;
	entering.process.umask = 077;
	entering.process.rlimits = &limit;
	entering.process.n_rlimits = 1;
	entering.process.has_nice = true;
	entering.process.nice = 4;
	entering.process.has_oom_score_adj = true;
	entering.process.oom_score_adj = 99;
	enter(&entering, &o);
	ok(went_well(&o), "a user enters a container");
	ok(!strncmp(o.output, "/bin\n", 5), "in the working folder asked for");
	is_str(field(&o, "Uid"), "1234\t1234\t1234\t1234", "as that user");
	is_str(field(&o, "Gid"), "5678\t5678\t5678\t5678", "and that group");
	is_str(field(&o, "Groups"), "9 ", "with these groups");
	is_str(field(&o, "Umask"), "0077", "with the umask");
	is_str(field(&o, "CapEff"), "0000000000000000", "no capability");
	is_str(field(&o, "nice"), "4", "the nice value");
	is_str(field(&o, "limit"), "11", "the limits");
	is_str(field(&o, "oom"), "99", "and oom_score_adj");

	entering = enter_spec(&box, SH("mount -t tmpfs x /mnt; echo $?"));
	entering.process.filter = spec.process.filter;
	policy_set_capabilities(&entering.process, UINT64_MAX);
	enter(&entering, &filter);
	ok(strstr(filter.output, "not permitted") ||
		   strstr(filter.output, "ermission denied"),
	   "a filter is in force");
	box_end(&box);
}

static void test_failures(void)
{
	struct container_spec spec = fixture_spec(SH("read line"));
	struct outcome o __cleanup_outcome;
	struct outcome cwd __cleanup_outcome;
	struct outcome dead __cleanup_outcome;
	struct enter_spec entering;
	struct box box;

	box_begin(&box, &spec, 1, 2);
	entering = enter_spec(&box, ARGV("nosuch"));
	enter(&entering, &o);
	is_str(o.error.text,
	       "cannot run \"nosuch\": executable file not found in the container's root",
	       "a command that is missing");
	is_int(o.error.code, 127, "and code 127");
	is_int(o.status, 127 << 8, "which the process exits with");

	entering.process.cwd = "/proc/self/fd/0";
	enter(&entering, &cwd);
	ok(strstr(cwd.error.text,
		  "cannot enter the working folder \"/proc/self/fd/0\""),
	   "no link of /proc is followed to a working folder");

	entering.process.cwd = NULL;
	close(box.in);
	wait_status(box.launch.pid, box.launch.pidfd);
	enter(&entering, &dead);
	is_str(dead.error.text,
	       "cannot enter the container \"box\": it has ended",
	       "a container that has ended cannot be entered");
	close(box.launch.pidfd);
}

/* The number is another's by now. */
static void test_reused_pid(void)
{
	struct container_spec spec = fixture_spec(SH("read line"));
	struct outcome o __cleanup_outcome;
	struct enter_spec entering;
	struct box box, other;

	box_begin(&box, &spec, 1, 2);
	box_begin(&other, &spec, 1, 2);
	entering = enter_spec(&box, ARGV("true"));
	close(box.in);
	wait_status(box.launch.pid, box.launch.pidfd);
	entering.pid = other.launch.pid;
	enter(&entering, &o);
	is_str(o.error.text, "cannot enter the container \"box\": it has ended",
	       "a number that has become another's is not entered");
	close(box.launch.pidfd);
	box_end(&other);
}

/* It is a member of the container's pid namespace, and ends with that. */
static void test_end(void)
{
	struct container_spec spec = fixture_spec(SH("read line"));
	struct enter_spec entering;
	struct failure err;
	struct launch l, waiting;
	struct box box;
	int in[2];

	must(pipe2(in, O_CLOEXEC));
	box_begin(&box, &spec, 1, 2);
	entering = enter_spec(&box, SH("read line"));
	must(launch_enter(&l, &entering, (int[]){ in[0], 1, 2 }, &err));
	must(launch_release(&l));
	is_int(wait_result(&l, &err), 1, "a process is in a container");
	launch_end(&l);
	must(launch_enter(&waiting, &entering, (int[]){ in[0], 1, 2 }, &err));
	/* The kernel does not end it before all in there have been reaped. */
	close(box.in);
	is_int(wait_status(l.pid, l.pidfd), SIGKILL, "it ends with that");
	is_int(wait_status(waiting.pid, waiting.pidfd), SIGKILL,
	       "so does one that was not released");
	is_int(wait_status(box.launch.pid, box.launch.pidfd), 1 << 8,
	       "then the container ends");
	close(box.launch.pidfd);
	is_int(launch_release(&waiting), -EPIPE, "which hears nothing more");
	is_int(wait_result(&waiting, &err), -1, "and failed");
	launch_end(&waiting);
	close(l.pidfd);
	close(waiting.pidfd);
	close(in[0]);
	close(in[1]);
}

static void test_user_namespace(void)
{
	static const struct id_range range = { 0, 200000, 1000 };
	static const struct id_map map = { &range, 1 };
	struct container_spec spec = fixture_spec(SH("read line"));
	struct outcome o __cleanup_outcome;
	struct enter_spec entering;
	struct box box;

	spec.namespaces |= CLONE_NEWUSER | CLONE_NEWNET;
	spec.uids = map;
	spec.gids = map;
	box_begin(&box, &spec, 1, 2);
	entering = enter_spec(
		&box,
		SH(LINKS
		   "cat /proc/self/uid_map | { read a b c; echo map: $a $b $c; }; "
		   "id -u; cat /proc/self/status"));
	enter(&entering, &o);
	ok(went_well(&o), "a process enters one with a user namespace");
	same_namespaces(&o, box.launch.pid);
	is_str(field(&o, "map"), "0 200000 1000", "it has the map");
	is_str(field(&o, "Uid"), "0\t0\t0\t0", "it is root there");
	box_end(&box);
}

static void test_terminal(void)
{
	struct container_spec spec = fixture_spec(SH("read line"));
	struct enter_spec entering;
	struct failure err;
	struct launch l;
	struct box box;
	char text[256] = "";
	size_t n = 0;
	ssize_t r;

	box_begin(&box, &spec, 1, 2);
	entering = enter_spec(&box, SH("tty; stty size"));
	entering.process.terminal = true;
	entering.process.rows = 12;
	entering.process.columns = 34;
	must(launch_enter(&l, &entering, (int[]){ -1, -1, -1 }, &err));
	must(launch_release(&l));
	is_int(wait_result(&l, &err), 1, "a process enters with a terminal");
	launch_end(&l);
	while (n < sizeof(text) - 1 &&
	       (r = read(l.terminal_fd, text + n, sizeof(text) - 1 - n)) > 0)
		n += (size_t)r;
	ok(strstr(text, "/dev/pts/0") && strstr(text, "12 34"),
	   "it is the container's, with its size");
	wait_status(l.pid, l.pidfd);
	close(l.pidfd);
	close(l.terminal_fd);
	box_end(&box);
}

/* The one that it was born in, not the caller's. */
static void test_cgroup(void)
{
	static const char *const mounts[] = {
		"/sys/fs/cgroup",
		"/sys/fs/cgroup/unified",
	};
	struct container_spec spec = fixture_spec(SH("read line"));
	struct outcome o __cleanup_outcome;
	struct enter_spec entering;
	char path[128] = "";
	struct statfs fs;
	struct box box;
	size_t i;
	int fd;

	for (i = 0; i < 2; i++)
		if (!statfs(mounts[i], &fs) && fs.f_type == CGROUP2_SUPER_MAGIC)
			snprintf(path, sizeof(path), "%s/purser-enter-%d",
				 mounts[i], getpid());
	if (!*path || mkdir(path, 0755)) {
		skip("the cgroup of a process that enters",
		     "no cgroup of version 2 can be made here");
		return;
	}
	fd = must(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	spec.cgroup_fd = fd;
	box_begin(&box, &spec, 1, 2);
	entering = enter_spec(&box, SH("cat /proc/self/cgroup"));
	entering.cgroup_fd = fd;
	enter(&entering, &o);
	ok(went_well(&o) && strstr(o.output, "0::/\n"),
	   "a process enters the container's cgroup");
	box_end(&box);
	close(fd);
	must(rmdir(path));
}

/* As above, once it has written a line. */
static void box_begin_ready(struct box *box, struct container_spec *spec)
{
	int out[2];
	char c;

	must(pipe2(out, O_CLOEXEC));
	box_begin(box, spec, out[1], 2);
	must(read(out[0], &c, 1));
	close(out[0]);
	close(out[1]);
}

/* A container may have put anything in the place of a null device. */
static void test_false_null(void)
{
	struct container_spec spec = fixture_spec(
		SH("rm /dev/null; echo trap > /dev/null; echo; read line"));
	struct outcome o __cleanup_outcome;
	struct enter_spec entering;
	struct box box;

	box_begin_ready(&box, &spec);
	entering = enter_spec(&box, ARGV("true"));
	enter(&entering, &o);
	is_str(o.error.text,
	       "cannot launch \"box\": cannot take over its stdin, stdout and stderr: No such device",
	       "a file in the place of its null device is not opened");
	box_end(&box);
}

/* A label is set by a file in /proc, and would be lost in a false one. */
static void test_false_proc(void)
{
	struct mount_spec mounts[16];
	struct container_spec spec = fixture_spec(SH(
		"mkdir -p /proc/self/attr; echo > /proc/self/attr/exec; echo; "
		"read line"));
	struct outcome o __cleanup_outcome;
	struct enter_spec entering;
	struct box box;

	memcpy(mounts, policy_mounts, policy_n_mounts * sizeof(*mounts));
	mounts[0] = (struct mount_spec){
		.source = "proc",
		.target = "/proc",
		.type = "tmpfs",
	};
	spec.mounts = mounts;
	box_begin_ready(&box, &spec);
	entering = enter_spec(&box, ARGV("true"));
	entering.process.apparmor = "no-such-profile";
	enter(&entering, &o);
	is_str(o.error.text,
	       "cannot set the AppArmor label \"no-such-profile\": the kernel does not know it, or has no such module in force",
	       "a label is not written to a file of the container's");
	box_end(&box);
}

int main(void)
{
	fixture_begin();
	test_enter();
	test_process();
	test_failures();
	test_reused_pid();
	test_end();
	test_user_namespace();
	test_terminal();
	test_cgroup();
	test_false_null();
	test_false_proc();
	return tap_end();
}
