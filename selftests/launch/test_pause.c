// SPDX-License-Identifier: GPL-2.0
/*
 * The pause before the container's root becomes "/": what a hook finds, what is left of
 * what it does, and that a container that was paused is as safe as another one.
 */
#include "fixture.h"

#define ROOT  PLACE "/root"
#define OTHER PLACE "/other"

static char *const envp[] = { "PATH=/bin:/usr/bin:/sbin:/usr/sbin", NULL };

static struct container_spec paused_spec(char *const *argv)
{
	struct container_spec spec = fixture_spec(argv);

	spec.root.path = ROOT;
	spec.pause_before_pivot = true;
	return spec;
}

/* Up to the pause. */
static void begin(struct launch *l, const struct container_spec *spec, int out)
{
	struct failure err;

	if (launch_begin(l, spec, (int[]){ -1, out, out }, &err))
		bail("%s", err.text);
	is_int(launch_continue(l), -EINVAL, "it cannot go on before the pause");
	must(launch_release(l));
	is_int(wait_result(l, &err), LAUNCH_PAUSED, "the launch is paused");
}

static int end(struct launch *l)
{
	int status;

	launch_end(l);
	status = wait_status(l->pid, l->pidfd);
	close(l->pidfd);
	return status;
}

/* Runs a script in the namespaces of the paused child, by a program of the host. */
static void hook(const struct launch *paused, const char *script,
		 struct outcome *o)
{
	struct enter_spec spec = {
		.id = "box",
		.pid = paused->pid,
		.pidfd = paused->pidfd,
		.cgroup_fd = -1,
	};
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct launch l;

	process_spec_init(&spec.process);
	policy_set_capabilities(&spec.process, UINT64_MAX);
	spec.process.program = BUSYBOX;
	spec.process.argv = SH(script);
	spec.process.envp = envp;
	*o = (struct outcome){ .status = -1 };
	o->result = launch_enter(&l, &spec, (int[]){ -1, out, out }, &o->error);
	if (!o->result) {
		release(&l);
		o->result = wait_result(&l, &o->error);
		o->status = end(&l);
	}
	o->output = get_fd(out);
	close(out);
}

static char *mounts_of(const char *process)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s/mounts", process);
	return get_file(path);
}

static void test_visible(void)
{
	struct container_spec spec = paused_spec(ARGV("true"));
	char *before = mounts_of("self"), *after, *its, number[16];
	struct failure err;
	struct launch l;

	begin(&l, &spec, 1);
	is_int(launch_result(&l, &err), LAUNCH_PAUSED,
	       "a further call says so");
	snprintf(number, sizeof(number), "%d", l.pid);
	its = mounts_of(number);
	ok(strstr(its, " " ROOT "/proc proc ") &&
		   strstr(its, " " ROOT "/dev/pts devpts "),
	   "the container's tree is at the path of its root");
	after = mounts_of("self");
	is_str(after, before, "the host sees none of it");
	is_int(launch_continue(&l), 0, "it goes on");
	is_int(launch_continue(&l), -EINVAL, "it does so once");
	is_int(wait_result(&l, &err), LAUNCH_RUNS, "it runs its command");
	is_int(launch_continue(&l), -EINVAL, "then there is no pause");
	is_int(end(&l), 0, "it ends");
	free(before);
	free(after);
	free(its);
}

#define LINKS                                           \
	"for n in pid mnt uts ipc net user cgroup; do " \
	"echo $n: $(readlink /proc/self/ns/$n); done; "

static void same_namespaces(const struct outcome *o, pid_t pid)
{
	static const char *const kinds[] = {
		"pid", "mnt", "uts", "ipc", "net", "user", "cgroup",
	};
	char path[64], its[64] = "";
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, kinds[i]);
		its[must(readlink(path, its, sizeof(its) - 1))] = '\0';
		is_str(field(o, kinds[i]), its,
		       "the hook is in the container's %s namespace", kinds[i]);
	}
}

static void test_hook(void)
{
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct container_spec spec = paused_spec(
		SH("cat /hooked/file; cat /device/file; "
		   "test -e " PLACE " && echo host: is there; exit 3"));
	struct outcome o __cleanup_outcome;
	struct failure err;
	struct launch l;
	char *text;

	spec.namespaces |= CLONE_NEWNET;
	must(mkdir(ROOT "/hooked", 0755));
	must(mkdir(ROOT "/device", 0755));
	must(mkdir(PLACE "/source", 0755));
	put_file(PLACE "/source/file", "a bind\n", 0644);
	begin(&l, &spec, out);
	hook(&l,
	     LINKS "echo arg: $0; echo host: $(test -d " BASE
		   " && echo there); "
		   "busybox mount -t tmpfs hook " ROOT "/hooked && "
		   "echo a tmpfs > " ROOT "/hooked/file && "
		   "busybox mount --bind " PLACE "/source " ROOT "/device && "
		   "echo cwd: $(pwd)",
	     &o);
	ok(o.result == LAUNCH_RUNS && !o.status, "a hook runs: %s",
	   o.result < 0 ? o.error.text : "well");
	same_namespaces(&o, l.pid);
	is_str(field(&o, "host"), "there", "its paths are the host's");
	is_str(field(&o, "cwd"), "/", "its working folder is /");
	is_str(field(&o, "arg"), "sh", "its program need not be argv[0]");
	ok(access(ROOT "/hooked/file", F_OK) &&
		   access(ROOT "/device/file", F_OK),
	   "the host does not see what the hook mounts");
	must(launch_continue(&l));
	is_int(wait_result(&l, &err), LAUNCH_RUNS, "then the container runs");
	is_int(end(&l), 3 << 8, "to its end");
	text = get_fd(out);
	is_str(text, "a tmpfs\na bind\n",
	       "it sees what the hook has mounted, and nothing of the host");
	free(text);
	close(out);
}

/* The caller gives up when a hook has failed. */
static void test_failed_hook(void)
{
	struct container_spec spec = paused_spec(ARGV("true"));
	char *before = mounts_of("self"), *after;
	struct outcome o __cleanup_outcome;
	struct outcome late __cleanup_outcome;
	struct launch l;

	begin(&l, &spec, 1);
	hook(&l, "busybox mount -t tmpfs hook " ROOT "/hooked; exit 9", &o);
	is_int(o.status, 9 << 8, "a hook fails");
	launch_end(&l);
	is_int(wait_status(l.pid, l.pidfd), 125 << 8,
	       "the child exits with 125 when the launch is ended");
	hook(&l, "true", &late);
	is_str(late.error.text,
	       "cannot enter the container \"box\": it has ended",
	       "no hook can run then");
	close(l.pidfd);
	after = mounts_of("self");
	is_str(after, before, "no mount is left");
	free(before);
	free(after);
	must(rmdir(ROOT "/hooked"));
	must(rmdir(ROOT "/device"));
}

static void test_killed(void)
{
	struct container_spec spec = paused_spec(ARGV("true"));
	struct failure err;
	struct launch l;

	begin(&l, &spec, 1);
	must(kill(l.pid, SIGKILL));
	is_int(wait_status(l.pid, l.pidfd), SIGKILL, "it is killed");
	is_int(launch_continue(&l), -EPIPE, "it cannot go on then");
	is_int(wait_result(&l, &err), -1, "the launch has failed");
	is_str(err.text,
	       "cannot run \"true\": the process was killed before it came to that",
	       "the text says so");
	launch_end(&l);
	close(l.pidfd);
}

static void run_paused(const struct container_spec *spec, const char *script,
		       struct outcome *o)
{
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct outcome hooked __cleanup_outcome = { 0 };
	struct launch l;

	*o = (struct outcome){ 0 };
	begin(&l, spec, out);
	if (script) {
		hook(&l, script, &hooked);
		ok(hooked.result == LAUNCH_RUNS && !hooked.status,
		   "a hook runs");
	}
	must(launch_continue(&l));
	o->result = wait_result(&l, &o->error);
	o->status = end(&l);
	o->output = get_fd(out);
	close(out);
}

/* As one that is not paused. */
static void test_same(void)
{
	static const char script[] = "cat /proc/self/mounts; ls -a /; pwd; "
				     "probe fds; probe escape " PLACE
				     "; probe masks /proc";
	struct container_spec spec = paused_spec(SH(script));
	struct outcome o __cleanup_outcome;
	struct outcome plain __cleanup_outcome;

	must(mkdir(ROOT "/cell", 0755));
	policy_set_capabilities(&spec.process, 1ULL << CAP_SYS_CHROOT);
	run_paused(&spec, NULL, &o);
	spec.pause_before_pivot = false;
	run(&spec, &plain);
	ok(went_well(&o) && went_well(&plain),
	   "a container runs with and without a pause");
	is_str(o.output, plain.output, "both see the same");
	is_str(field(&o, "escape"), "inside", "neither gets out");
	is_str(field(&o, "masks"), "there", "both have their masks");
}

static void test_mounts_are_checked(void)
{
	struct container_spec spec = paused_spec(ARGV("true"));
	struct outcome o __cleanup_outcome;
	struct outcome over __cleanup_outcome;

	run_paused(&spec, "busybox mount -t proc hook " ROOT "/proc", &o);
	is_str(o.error.text,
	       "cannot mount proc on \"/proc\" in the container: a folder on the way to it was exchanged meanwhile",
	       "a hook that covers /proc without its masks is refused");
	is_int(o.status, 125 << 8, "the child exits with 125");

	run_paused(&spec, "busybox mount -t tmpfs hook " ROOT, &over);
	ok(went_well(&over), "what a hook mounts on the root itself goes");
}

/* The path leads to another folder than the one that was opened. */
static void test_exchanged(void)
{
	struct container_spec spec = paused_spec(ARGV("true"));
	struct outcome o __cleanup_outcome;
	int fd = must(open(ROOT, O_PATH | O_DIRECTORY | O_CLOEXEC));

	must(mkdir(OTHER, 0755));
	spec.root.fd = fd;
	spec.root.path = OTHER;
	run(&spec, &o);
	is_str(o.error.text,
	       "cannot launch \"box\": cannot mount its root at its path for hooks: Stale file handle",
	       "a path that leads to another folder is refused");
	close(fd);
	must(rmdir(OTHER));
}

/* By the owner of the folder above, while hooks run. */
static void test_renamed(void)
{
	struct container_spec spec = paused_spec(
		ARGV("probe", "masks", "/proc"));
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct outcome o = { 0 };
	struct failure err;
	struct launch l;

	begin(&l, &spec, out);
	must(rename(ROOT, OTHER));
	must(mkdir(ROOT, 0755));
	must(launch_continue(&l));
	is_int(wait_result(&l, &err), LAUNCH_RUNS,
	       "a root that is renamed meanwhile stays the root");
	is_int(end(&l), 0, "the container runs");
	o.output = get_fd(out);
	is_str(field(&o, "masks"), "there", "with its masks");
	free(o.output);
	close(out);
	must(rmdir(ROOT));
	must(rename(OTHER, ROOT));
}

/* The kernel unmounts what is mounted on a folder that is removed. */
static void test_removed(void)
{
	struct container_spec spec = paused_spec(ARGV("true"));
	struct failure err;
	struct launch l;

	must(mkdir(OTHER, 0755));
	spec.root.path = OTHER;
	begin(&l, &spec, 1);
	must(rmdir(OTHER "/proc"));
	must(rmdir(OTHER "/sys"));
	must(rmdir(OTHER "/dev"));
	if (rmdir(OTHER))
		bail("%s has more in it: %s", OTHER, strerror(errno));
	must(launch_continue(&l));
	is_int(wait_result(&l, &err), -1,
	       "a root that is removed meanwhile is none");
	is_str(err.text,
	       "cannot launch \"box\": cannot make its root the root: No such file or directory",
	       "the text says so");
	is_int(end(&l), 125 << 8, "the child exits with 125");
}

static void test_user_namespace(void)
{
	static const struct id_range range = { 0, 200000, 1000 };
	static const struct id_map map = { &range, 1 };
	struct container_spec spec = paused_spec(SH(
		"cat /proc/self/uid_map | { read a b c; echo map: $a $b $c; }"));
	struct outcome o __cleanup_outcome;
	struct outcome hooked __cleanup_outcome;
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct failure err;
	struct launch l;

	/* Closed to root of the namespace. */
	must(mkdir(OTHER, 0700));
	must(rename(ROOT, OTHER "/root"));
	spec.root.path = OTHER "/root";
	spec.namespaces |= CLONE_NEWUSER | CLONE_NEWNET;
	spec.uids = map;
	spec.gids = map;
	begin(&l, &spec, out);
	hook(&l, LINKS "id -u", &hooked);
	ok(hooked.result == LAUNCH_RUNS && !hooked.status,
	   "a hook runs in a user namespace: %s",
	   hooked.result < 0 ? hooked.error.text : "well");
	same_namespaces(&hooked, l.pid);
	must(launch_continue(&l));
	is_int(wait_result(&l, &err), LAUNCH_RUNS,
	       "a container with a user namespace is paused");
	is_int(end(&l), 0, "and runs");
	o = (struct outcome){ .output = get_fd(out) };
	is_str(field(&o, "map"), "0 200000 1000", "with its map");
	close(out);
	must(rename(OTHER "/root", ROOT));
	must(rmdir(OTHER));
}

/* With everything else that a launch can wait for or hand over. */
static void test_with_gate(void)
{
	struct container_spec spec = paused_spec(SH("tty; exit 4"));
	int folder = must(open(PLACE, O_PATH | O_DIRECTORY | O_CLOEXEC));
	struct launch_gate gate;
	struct failure err;
	struct launch l;

	spec.process.terminal = true;
	spec.start_gate = must(launch_gate_make(folder, "gate", &err));
	begin(&l, &spec, -1);
	close(spec.start_gate);
	ok(l.terminal_fd >= 0, "its terminal is there at the pause");
	must(launch_continue(&l));
	is_int(wait_result(&l, &err), LAUNCH_WAITS, "then it waits at a gate");
	is_int(launch_continue(&l), -EINVAL, "which is no pause");
	must(launch_gate_open(&gate, folder, "gate", &err));
	is_int(wait_result(&l, &err), LAUNCH_RUNS, "and then it runs");
	launch_gate_close(&gate);
	is_int(end(&l), 4 << 8, "to its end");
	close(l.terminal_fd);
	close(folder);
	must(unlink(PLACE "/gate"));
}

static void test_refused(void)
{
	struct container_spec spec = paused_spec(ARGV("true"));
	struct outcome o __cleanup_outcome;

	spec.root.path = NULL;
	run(&spec, &o);
	is_str(o.error.text,
	       "cannot launch: its root is a mount, which has no path where hooks could find it",
	       "an overlay that is mounted nowhere");
}

int main(void)
{
	fixture_begin();
	make_root(ROOT);
	test_visible();
	test_hook();
	test_failed_hook();
	test_killed();
	test_same();
	test_mounts_are_checked();
	test_exchanged();
	test_renamed();
	test_removed();
	test_user_namespace();
	test_with_gate();
	test_refused();
	return tap_end();
}
