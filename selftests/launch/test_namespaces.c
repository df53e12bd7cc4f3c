// SPDX-License-Identifier: GPL-2.0
/* Namespaces that are joined, user namespaces with maps, and clocks of their own. */
#include <time.h>

#include "fixture.h"

/** struct holder - a process that has namespaces which others join */
struct holder {
	pid_t pid;
	int pipe; /* closed: it ends */
};

/* What it does before it waits; with "host" as its hostname. */
static void hold(int fd)
{
	char c;

	if (sethostname("joined", 6))
		_exit(1);
	while (read(fd, &c, 1) < 0)
		;
	_exit(0);
}

static struct holder holder_begin(int flags)
{
	struct holder h;
	int fds[2], ready[2];
	char c;

	must(pipe2(fds, O_CLOEXEC));
	must(pipe2(ready, O_CLOEXEC));
	fflush(stdout);
	h.pid = must((pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL,
				    NULL, NULL));
	if (!h.pid) {
		close(fds[1]);
		must(write(ready[1], "", 1));
		hold(fds[0]);
	}
	close(fds[0]);
	must(read(ready[0], &c, 1));
	close(ready[0]);
	close(ready[1]);
	h.pipe = fds[1];
	return h;
}

static void holder_end(struct holder *h)
{
	int status;

	close(h->pipe);
	must(waitpid(h->pid, &status, 0));
}

static const char *namespace_of(pid_t pid, const char *name)
{
	static char text[64];
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, name);
	n = must(readlink(path, text, sizeof(text) - 1));
	text[n] = '\0';
	return text;
}

static const char *path_of(pid_t pid, const char *name)
{
	static char paths[8][64];
	static int next;
	char *path = paths[next++ % 8];

	snprintf(path, 64, "/proc/%d/ns/%s", pid, name);
	return path;
}

#define LINKS                                                \
	"for n in pid mnt uts ipc cgroup net user time; do " \
	"echo $n: $(readlink /proc/self/ns/$n); done; "      \
	"echo host: $(hostname); echo self: $$; "            \
	"echo processes: $(ls /proc | grep -c '^[0-9]'); "   \
	"cat /proc/self/uid_map | { read a b c; echo map: $a $b $c; }; "

static void test_join(void)
{
	struct holder h = holder_begin(CLONE_NEWNET | CLONE_NEWUTS |
				       CLONE_NEWIPC | CLONE_NEWCGROUP);
	const int uts = must(open(path_of(h.pid, "uts"), O_RDONLY | O_CLOEXEC));
	const struct namespace_spec joined[] = {
		{ CLONE_NEWNET, path_of(h.pid, "net"), -1 },
		{ CLONE_NEWUTS, NULL, uts },
		{ CLONE_NEWIPC, path_of(h.pid, "ipc"), -1 },
		{ CLONE_NEWCGROUP, path_of(h.pid, "cgroup"), -1 },
	};
	static const char *const kinds[] = { "net", "uts", "ipc", "cgroup" };
	struct container_spec spec = fixture_spec(SH(LINKS));
	struct outcome o __cleanup_outcome;
	size_t i;

	spec.namespaces = CLONE_NEWNS | CLONE_NEWPID;
	spec.joined = joined;
	spec.n_joined = 4;
	spec.hostname = NULL;
	run(&spec, &o);
	ok(went_well(&o), "a container that joins namespaces runs");
	for (i = 0; i < 4; i++)
		is_str(field(&o, kinds[i]), namespace_of(h.pid, kinds[i]),
		       "it is in the %s namespace", kinds[i]);
	is_str(field(&o, "host"), "joined", "it has the name of that");
	is_str(field(&o, "self"), "1", "it has a pid namespace of its own");
	ok(fcntl(uts, F_GETFD) == FD_CLOEXEC,
	   "a descriptor stays the caller's");
	close(uts);
	holder_end(&h);
}

/* Only children of a process that joins it are in a pid namespace. */
static void test_join_pid(void)
{
	struct holder h = holder_begin(CLONE_NEWPID);
	const struct namespace_spec joined = { CLONE_NEWPID,
					       path_of(h.pid, "pid"), -1 };
	struct container_spec spec = fixture_spec(SH(LINKS));
	struct outcome o __cleanup_outcome;
	struct outcome own __cleanup_outcome;

	spec.namespaces &= ~(uint64_t)CLONE_NEWPID;
	run(&spec, &own);
	ok(went_well(&own), "a container in the caller's pid namespace runs");
	is_str(field(&own, "pid"), namespace_of(getpid(), "pid"),
	       "it is in that");
	spec.joined = &joined;
	spec.n_joined = 1;
	run(&spec, &o);
	ok(went_well(&o), "a container that joins a pid namespace runs");
	is_str(field(&o, "pid"), namespace_of(h.pid, "pid"), "it is in that");
	is_str(field(&o, "self"), "2", "as its second process");
	ok(field(&o, "processes") && atoi(field(&o, "processes")) > 1,
	   "it sees the processes there");
	holder_end(&h);
}

static void test_bad_joins(void)
{
	const struct namespace_spec missing = { CLONE_NEWNET, PLACE "/nowhere",
						-1 };
	const struct namespace_spec wrong = { CLONE_NEWNET, "/proc/self/ns/uts",
					      -1 };
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct outcome o __cleanup_outcome;
	struct outcome o2 __cleanup_outcome;

	spec.joined = &missing;
	spec.n_joined = 1;
	run(&spec, &o);
	is_str(o.error.text,
	       "cannot open the net namespace \"/mnt/nowhere\": No such file or directory",
	       "a namespace that is not there is an error");
	spec.joined = &wrong;
	run(&spec, &o2);
	is_str(o2.error.text,
	       "cannot launch \"box\": cannot join its namespaces: Invalid argument",
	       "so is one of another kind");
}

static const struct id_range ranges[] = {
	{ 0, 200000, 1000 },
	{ 1000, 300000, 10 },
};
static const struct id_map map = { ranges, 2 };

/* The root belongs to the user that is root inside. */
static void own_root(const char *root, uid_t uid)
{
	char path[PATH_MAX];

	make_root(root);
	must(chown(root, uid, uid));
	snprintf(path, sizeof(path), "%s/bin", root);
	must(chown(path, uid, uid));
}

static void test_user(void)
{
	struct container_spec spec = fixture_spec(SH(
		LINKS "echo > /new; stat -c 'new: %u' /new; "
		      "stat -c 'dev: %u %a' /dev /dev/null /dev/pts/ptmx; "
		      "echo null > /dev/null && echo null: works; "
		      "for f in kcore keys; do test ! -e /proc/$f || "
		      "test -c /proc/$f || echo bare: $f; done; "
		      "echo x > /proc/sys/kernel/hostname && echo bare: sys; "
		      "cat /proc/self/status"));
	struct outcome o __cleanup_outcome;
	struct stat st;

	own_root(PLACE "/mapped", 200000);
	spec.root.path = PLACE "/mapped";
	spec.namespaces |= CLONE_NEWUSER | CLONE_NEWNET;
	spec.uids = map;
	spec.gids = map;
	run(&spec, &o);
	ok(went_well(&o), "a container with a user namespace runs");
	is_str(field(&o, "map"), "0 200000 1000", "it has its map");
	is_str(field(&o, "new"), "0", "it is root inside");
	ok(!stat(PLACE "/mapped/new", &st) && st.st_uid == 200000,
	   "and another user outside");
	ok(strstr(o.output, "dev: 0 755"), "its /dev is its own");
	is_str(field(&o, "null"), "works", "its devices work");
	is_str(field(&o, "bare"), NULL, "its /proc has its masks");
	is_str(field(&o, "Uid"), "0\t0\t0\t0", "all its ids are root's");
	ok(strcmp(field(&o, "user"), namespace_of(getpid(), "user")),
	   "its user namespace is its own");
	is_str(field(&o, "host"), "box", "as is its hostname");
}

/* Settings that take capabilities of the host, which it has not. */
static void test_user_settings(void)
{
	const struct resource_limit limit = { RLIMIT_NOFILE, { 10, 20 } };
	struct container_spec spec = fixture_spec(
		SH("id -u; cat /proc/self/oom_score_adj; probe scheduling; "
		   "echo limit: $(ulimit -n) $(ulimit -Hn)"));
	struct outcome o __cleanup_outcome;

	spec.root.path = PLACE "/mapped";
	spec.namespaces |= CLONE_NEWUSER;
	/* sysfs is mounted by the owner of the network alone. */
	spec.namespaces |= CLONE_NEWNET;
	spec.uids = map;
	spec.gids = map;
	spec.process.uid = 1003;
	spec.process.gid = 1003;
	spec.process.oom_score_adj = 11;
	spec.process.has_nice = true;
	spec.process.nice = -3;
	spec.process.rlimits = &limit;
	spec.process.n_rlimits = 1;
	run(&spec, &o);
	ok(went_well(&o), "a user of a user namespace runs");
	ok(!strncmp(o.output, "1003\n11\n", 8), "it is that user");
	is_str(field(&o, "nice"), "-3",
	       "with a nice value that it may not set");
	is_str(field(&o, "limit"), "10 20", "and its limits");
}

static void test_bad_maps(void)
{
	const struct id_range twice[] = { { 0, 1, 10 }, { 5, 100, 10 } };
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct outcome o __cleanup_outcome;

	spec.namespaces |= CLONE_NEWUSER;
	spec.uids = (struct id_map){ twice, 2 };
	spec.gids = map;
	run(&spec, &o);
	is_str(o.error.text,
	       "cannot map the ids of its user namespace: Invalid argument",
	       "a map that the kernel refuses is an error");
	is_int(o.status, -1, "and no process is left");
}

/* As in a pod: a network of the host's, and a user namespace. */
static void test_user_and_join(void)
{
	struct holder h = holder_begin(CLONE_NEWNET);
	const struct namespace_spec joined = { CLONE_NEWNET,
					       path_of(h.pid, "net"), -1 };
	struct container_spec spec = fixture_spec(SH(LINKS));
	struct mount_spec mounts[16];
	struct outcome o __cleanup_outcome;

	/* Nobody in the container owns the network, so that it gets no sysfs. */
	memcpy(mounts, policy_mounts, policy_n_mounts * sizeof(*mounts));
	mounts[1] = (struct mount_spec){
		.source = "/sys",
		.target = "/sys",
		.set = MOUNT_ATTR_RDONLY,
	};
	spec.mounts = mounts;
	spec.root.path = PLACE "/mapped";
	spec.namespaces |= CLONE_NEWUSER;
	spec.uids = map;
	spec.gids = map;
	spec.joined = &joined;
	spec.n_joined = 1;
	run(&spec, &o);
	ok(went_well(&o), "one that joins the host's network, too");
	is_str(field(&o, "net"), namespace_of(h.pid, "net"), "has both");
	is_str(field(&o, "map"), "0 200000 1000", "and its map");
	is_str(field(&o, "self"), "1", "it is the init of its pid namespace");
	holder_end(&h);
}

/* A second container in the user namespace of the first. */
static void test_join_user(void)
{
	struct container_spec first = fixture_spec(SH("read line"));
	struct container_spec spec = fixture_spec(
		SH(LINKS "echo > /other; stat -c 'new: %u' /other"));
	struct namespace_spec joined[] = {
		{ CLONE_NEWUSER, NULL, -1 },
		{ CLONE_NEWNET, NULL, -1 },
	};
	struct outcome o __cleanup_outcome;
	struct failure err;
	struct launch l;
	struct stat st;
	int in[2];

	must(pipe2(in, O_CLOEXEC));
	first.root.path = PLACE "/mapped";
	first.namespaces |= CLONE_NEWUSER | CLONE_NEWNET;
	first.uids = map;
	first.gids = map;
	must(launch_begin(&l, &first, (int[]){ in[0], 1, 2 }, &err));
	close(in[0]);
	must(launch_release(&l));
	is_int(wait_result(&l, &err), 1, "a container waits");
	launch_end(&l);

	joined[0].path = path_of(l.pid, "user");
	joined[1].path = path_of(l.pid, "net");
	spec.root.path = PLACE "/mapped";
	spec.joined = joined;
	spec.n_joined = 2;
	run(&spec, &o);
	ok(went_well(&o), "another joins its user namespace");
	is_str(field(&o, "user"), namespace_of(l.pid, "user"), "it is in that");
	is_str(field(&o, "net"), namespace_of(l.pid, "net"),
	       "and in its network");
	is_str(field(&o, "new"), "0", "it is root inside");
	ok(!stat(PLACE "/mapped/other", &st) && st.st_uid == 200000,
	   "and the same user outside");
	is_str(field(&o, "self"), "1", "its pid namespace is its own");
	close(in[1]);
	wait_status(l.pid, l.pidfd);
	close(l.pidfd);
}

static void write_proc(pid_t pid, const char *name, const char *text)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = must(open(path, O_WRONLY | O_CLOEXEC));
	must(write(fd, text, strlen(text)));
	close(fd);
}

/* A user namespace that an unprivileged user has made forbids setgroups(). */
static void test_join_without_groups(void)
{
	struct holder h = holder_begin(CLONE_NEWUSER | CLONE_NEWUTS |
				       CLONE_NEWNET);
	const struct namespace_spec joined[] = {
		{ CLONE_NEWUSER, path_of(h.pid, "user"), -1 },
		{ CLONE_NEWNET, path_of(h.pid, "net"), -1 },
	};
	struct container_spec spec = fixture_spec(SH("cat /proc/self/status"));
	const gid_t groups[] = { 7, 8 };
	struct outcome o __cleanup_outcome;

	write_proc(h.pid, "setgroups", "deny");
	write_proc(h.pid, "uid_map", "0 200000 1000");
	write_proc(h.pid, "gid_map", "0 200000 1000");
	spec.root.path = PLACE "/mapped";
	spec.joined = joined;
	spec.n_joined = 2;
	spec.process.groups = groups;
	spec.process.n_groups = 1;
	must(syscall(SYS_setgroups, 2L, groups));
	run(&spec, &o);
	must(syscall(SYS_setgroups, 0L, NULL));
	ok(went_well(&o), "a namespace that forbids setgroups() can be joined");
	is_str(field(&o, "Groups"), "",
	       "and none of the caller's groups is left");
	holder_end(&h);
}

static void test_clocks(void)
{
	const struct clock_offset clocks[] = {
		{ "monotonic", 1000000, 500 },
		{ "boottime", 7000000, 0 },
	};
	const struct clock_offset wrong = { "realtime", 1, 0 };
	struct container_spec spec = fixture_spec(
		SH("cat /proc/uptime; cat /proc/self/timens_offsets"));
	struct outcome o __cleanup_outcome;
	struct outcome user __cleanup_outcome;
	struct outcome bad __cleanup_outcome;
	struct timespec boot;

	if (access("/proc/self/ns/time", F_OK)) {
		skip("clocks of a container", "this kernel has none");
		return;
	}
	must(clock_gettime(CLOCK_BOOTTIME, &boot));
	spec.namespaces |= CLONE_NEWTIME;
	spec.clocks = clocks;
	spec.n_clocks = 2;
	run(&spec, &o);
	ok(went_well(&o), "a container with clocks of its own runs");
	ok(atof(o.output) - (double)boot.tv_sec >= 7000000,
	   "it is older: %.20s", o.output);
	ok(strstr(o.output, "1000000"), "its other clock is, too");

	spec.root.path = PLACE "/mapped";
	spec.namespaces |= CLONE_NEWUSER | CLONE_NEWNET;
	spec.uids = map;
	spec.gids = map;
	run(&spec, &user);
	ok(went_well(&user) && strstr(user.output, "7000000"),
	   "also in a user namespace");

	spec.clocks = &wrong;
	spec.n_clocks = 1;
	run(&spec, &bad);
	is_str(bad.error.text,
	       "cannot launch \"box\": cannot set the clocks of its time namespace: Invalid argument",
	       "a clock that cannot be set is an error");
}

int main(void)
{
	fixture_begin();
	test_join();
	test_join_pid();
	test_bad_joins();
	test_user();
	test_user_settings();
	test_bad_maps();
	test_user_and_join();
	test_join_user();
	test_join_without_groups();
	test_clocks();
	return tap_end();
}
