// SPDX-License-Identifier: GPL-2.0
/*
 * The two gates of a launch, opened by the process that began it or by others, when
 * that one has exited and when the one that waits is killed.
 */
#include <linux/filter.h>
#include <seccomp.h>
#include <sys/prctl.h>

#include "fixture.h"

#define GATES PLACE "/gates"
#define GATE  "start"

static int folder = -1;

static int make_gate(void)
{
	struct failure err;
	int fd = launch_gate_make(folder, GATE, &err);

	if (fd < 0)
		bail("%s", err.text);
	return fd;
}

/* A container that waits at the start gate; its name in GATES is left. */
static void wait_at_gate(struct launch *l, struct container_spec *spec)
{
	struct failure err;
	int gate = make_gate();

	spec->root.path = BASE;
	spec->start_gate = gate;
	if (launch_begin(l, spec, (int[]){ -1, 1, 2 }, &err))
		bail("%s", err.text);
	close(gate);
	must(launch_release(l));
	is_int(wait_result(l, &err), LAUNCH_WAITS,
	       "it waits at the start gate");
}

static void end(struct launch *l)
{
	launch_end(l);
	close(l->pidfd);
	must(unlinkat(folder, GATE, 0));
}

static char *link_of(pid_t pid, const char *name)
{
	static char text[PATH_MAX];
	char path[128];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	n = must(readlink(path, text, sizeof(text) - 1));
	text[n] = '\0';
	return text;
}

/* Descriptors beside stdio that lead to a file or folder with a name. */
static int count_files(pid_t pid)
{
	char path[64], name[16];
	int fd, n = 0;

	for (fd = 3; fd < 256; fd++) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
		snprintf(name, sizeof(name), "fd/%d", fd);
		if (!faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW))
			n += *link_of(pid, name) == '/' &&
			     strncmp(link_of(pid, name), "/memfd:", 7);
	}
	return n;
}

static void test_same_process(void)
{
	struct container_spec spec = fixture_spec(SH("exit 5"));
	struct launch_gate gate;
	struct failure err;
	struct launch l;
	char path[64], *mounts;
	struct stat st;
	int status;

	wait_at_gate(&l, &spec);
	is_int(launch_result(&l, &err), LAUNCH_WAITS, "a further call says so");
	snprintf(path, sizeof(path), "/proc/%d/mounts", l.pid);
	mounts = get_file(path);
	ok(strstr(mounts, "devpts /dev/pts ") && !strstr(mounts, PLACE),
	   "its root and its mounts are there");
	free(mounts);
	is_int(count_files(l.pid), 0, "it has no file or folder open");
	must(fstatat(folder, GATE, &st, 0));
	is_int(st.st_mode & 07777, 0600, "the gate is for its owner alone");
	is_int(waitpid(l.pid, &status, WNOHANG), 0, "it has not ended");

	must(launch_gate_open(&gate, folder, GATE, &err));
	is_int(wait_gate(&gate, &err), LAUNCH_RUNS, "it is started");
	is_int(wait_result(&l, &err), LAUNCH_RUNS, "the maker hears of that");
	is_int(launch_gate_result(&gate, &err), LAUNCH_RUNS,
	       "a further call says so");
	launch_gate_close(&gate);
	is_int(wait_status(l.pid, l.pidfd), 5 << 8, "it runs its command");
	is_int(launch_gate_open(&gate, folder, GATE, &err), -1,
	       "an ended one cannot be started");
	is_str(err.text, "no process waits to be started", "the text says so");
	end(&l);
}

/* As a hook does that runs before the command. */
static void test_enter_before_start(void)
{
	static char *const envp[] = { "PATH=/bin", NULL };
	struct container_spec spec = fixture_spec(SH("test -e /dev/shm/hook"));
	struct enter_spec entering = { .id = "box", .cgroup_fd = -1 };
	struct launch_gate gate;
	struct failure err;
	struct launch l, hook;

	wait_at_gate(&l, &spec);
	entering.pid = l.pid;
	entering.pidfd = l.pidfd;
	process_spec_init(&entering.process);
	policy_set_capabilities(&entering.process, policy_capabilities);
	entering.process.argv = SH("test ! -e " PLACE
				   " && touch /dev/shm/hook");
	entering.process.envp = envp;
	must(launch_enter(&hook, &entering, (int[]){ -1, 1, 2 }, &err));
	must(launch_release(&hook));
	is_int(wait_result(&hook, &err), LAUNCH_RUNS,
	       "a process enters a container that waits for its start");
	launch_end(&hook);
	is_int(wait_status(hook.pid, hook.pidfd), 0,
	       "it is in the container's root");
	close(hook.pidfd);
	must(launch_gate_open(&gate, folder, GATE, &err));
	is_int(wait_gate(&gate, &err), LAUNCH_RUNS, "then it is started");
	launch_gate_close(&gate);
	is_int(wait_status(l.pid, l.pidfd), 0, "and finds what that has done");
	end(&l);
}

/** struct made - what a process that made a container leaves */
struct made {
	pid_t pid;
	int result;
};

/* A process makes a container and exits, as the command "create" would. */
static struct made make_and_exit(char *const *argv)
{
	struct container_spec spec = fixture_spec(argv);
	struct made made = { .pid = -1 };
	struct failure err;
	struct launch l;
	int news[2], status;
	pid_t pid;

	must(pipe2(news, O_CLOEXEC));
	fflush(stdout);
	pid = must(fork());
	if (!pid) {
		spec.root.path = BASE;
		spec.start_gate = make_gate();
		if (launch_begin(&l, &spec, (int[]){ -1, -1, -1 }, &err) ||
		    launch_release(&l))
			_exit(1);
		made.pid = l.pid;
		made.result = wait_result(&l, &err);
		if (write(news[1], &made, sizeof(made)) != sizeof(made))
			_exit(2);
		_exit(0);
	}
	close(news[1]);
	if (must(read(news[0], &made, sizeof(made))) != sizeof(made))
		bail("no container");
	close(news[0]);
	must(waitpid(pid, &status, 0));
	is_int(status, 0, "a process makes a container and exits");
	is_int(made.result, LAUNCH_WAITS, "the container waits");
	return made;
}

static int collect(pid_t pid)
{
	int pidfd = must((int)syscall(SYS_pidfd_open, pid, 0));
	int status = wait_status(pid, pidfd);

	close(pidfd);
	must(unlinkat(folder, GATE, 0));
	return status;
}

static void test_other_process(void)
{
	struct made made = make_and_exit(SH("exit 6"));
	struct launch_gate gate;
	struct failure err;
	int status;

	is_int(waitpid(made.pid, &status, WNOHANG), 0,
	       "the container outlives the process that made it");
	must(launch_gate_open(&gate, folder, GATE, &err));
	is_int(wait_gate(&gate, &err), LAUNCH_RUNS,
	       "another process starts it");
	launch_gate_close(&gate);
	is_int(collect(made.pid), 6 << 8, "it runs its command");
}

static void fails_late(char *const *argv, const char *text, int code)
{
	struct made made = make_and_exit(argv);
	struct launch_gate gate;
	struct failure err;

	must(launch_gate_open(&gate, folder, GATE, &err));
	is_int(wait_gate(&gate, &err), -1, "its start fails");
	is_str(err.text, text, "the starter hears why");
	is_int(err.code, code, "with code %d", code);
	launch_gate_close(&gate);
	is_int(collect(made.pid), code << 8, "the process exits with it");
}

#define NO_FORMAT \
	"cannot run \"data\": not a format that this kernel runs (a script without a \"#!\" line?)"

static void test_failure(void)
{
	put_file(BASE "/bin/data", "", 0755);
	put_file(BASE "/bin/orphan", "#!/bin/nosuch\n", 0755);
	fails_late(ARGV("data"), NO_FORMAT, 126);
	fails_late(
		ARGV("orphan"),
		"cannot run \"orphan\": its interpreter is missing in the container's root",
		126);
}

/* Its maker hears of it, not its starter. */
static void fails_early(char *const *argv, const char *text, int code)
{
	struct container_spec spec = fixture_spec(argv);
	struct failure err;
	struct launch l;
	int gate = make_gate();

	spec.root.path = BASE;
	spec.start_gate = gate;
	must(launch_begin(&l, &spec, (int[]){ -1, 1, 2 }, &err));
	close(gate);
	must(launch_release(&l));
	is_int(wait_result(&l, &err), -1, "the launch fails");
	is_str(err.text, text, "the maker hears of that before the start");
	is_int(wait_status(l.pid, l.pidfd), code << 8, "and code %d", code);
	end(&l);
}

static void test_no_program(void)
{
	fails_early(
		ARGV("nosuch"),
		"cannot run \"nosuch\": executable file not found in the container's root",
		127);
	fails_early(ARGV("/bin"), "cannot run \"/bin\": permission denied",
		    126);
	put_file(BASE "/bin/plain", "", 0644);
	fails_early(ARGV("plain"), "cannot run \"plain\": permission denied",
		    126);
}

/* It may refuse all calls but two, the ones for what is reported among them. */
static const struct sock_fprog *narrow_filter(uint32_t action)
{
	static struct sock_fprog program;
	scmp_filter_ctx filter = seccomp_init(action);
	int fd = must(memfd_create("filter", MFD_CLOEXEC));
	struct stat st;

	if (!filter ||
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(execve), 0) ||
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(exit_group), 0) ||
	    seccomp_export_bpf(filter, fd))
		bail("no filter");
	seccomp_release(filter);
	must(fstat(fd, &st));
	free(program.filter);
	program.len = (unsigned short)((size_t)st.st_size /
				       sizeof(struct sock_filter));
	program.filter = malloc((size_t)st.st_size);
	must(pread(fd, program.filter, (size_t)st.st_size, 0));
	close(fd);
	return &program;
}

static void test_narrow_filter(void)
{
	struct container_spec spec = fixture_spec(ARGV("data"));
	struct launch_gate gate;
	struct failure err;
	struct launch l;

	spec.process.filter = narrow_filter(SCMP_ACT_KILL_PROCESS);
	wait_at_gate(&l, &spec);
	must(launch_gate_open(&gate, folder, GATE, &err));
	is_int(wait_gate(&gate, &err), -1,
	       "a command fails under a filter that allows nothing else");
	is_str(err.text, NO_FORMAT, "the starter hears why");
	is_int(wait_result(&l, &err), -1, "the maker hears of it");
	is_str(err.text, NO_FORMAT, "and why");
	launch_gate_close(&gate);
	is_int(wait_status(l.pid, l.pidfd), 126 << 8, "and code 126");
	end(&l);

	spec.process.argv = ARGV("true");
	wait_at_gate(&l, &spec);
	must(launch_gate_open(&gate, folder, GATE, &err));
	is_int(wait_gate(&gate, &err), LAUNCH_RUNS,
	       "a command runs under such a filter");
	launch_gate_close(&gate);
	is_int(wait_status(l.pid, l.pidfd), SIGSYS,
	       "and is killed by its first call");
	end(&l);
}

static void test_killed(void)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct launch_gate gate;
	struct failure err;
	struct launch l;

	wait_at_gate(&l, &spec);
	must(kill(l.pid, SIGKILL));
	is_int(wait_status(l.pid, l.pidfd), SIGKILL, "it is killed there");
	is_int(launch_gate_open(&gate, folder, GATE, &err), -1,
	       "it cannot be started then");
	is_int(wait_result(&l, &err), -1, "the maker hears of that");
	is_str(err.text,
	       "cannot run \"true\": the process was killed before it came to that",
	       "the text says so");
	end(&l);

	/* Stopped, so that it dies before it accepts. */
	wait_at_gate(&l, &spec);
	must(kill(l.pid, SIGSTOP));
	must(launch_gate_open(&gate, folder, GATE, &err));
	is_int(launch_gate_result(&gate, &err), 0, "there is no news yet");
	must(kill(l.pid, SIGKILL));
	is_int(wait_status(l.pid, l.pidfd), SIGKILL,
	       "it is killed at its start");
	is_int(wait_gate(&gate, &err), -1, "the starter hears of that");
	is_str(err.text,
	       "no process waits to be started: it has ended, or was started before",
	       "the text says so");
	launch_gate_close(&gate);
	end(&l);
}

/* Of two that start it, one does. */
static void test_twice(void)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct launch_gate first, second;
	struct failure err;
	struct launch l;

	wait_at_gate(&l, &spec);
	must(kill(l.pid, SIGSTOP));
	must(launch_gate_open(&first, folder, GATE, &err));
	must(launch_gate_open(&second, folder, GATE, &err));
	must(kill(l.pid, SIGCONT));
	is_int(wait_gate(&first, &err), LAUNCH_RUNS, "the first starts it");
	is_int(wait_gate(&second, &err), -1, "the second does not");
	is_str(err.text,
	       "no process waits to be started: it has ended, or was started before",
	       "and hears why");
	launch_gate_close(&first);
	launch_gate_close(&second);
	is_int(wait_status(l.pid, l.pidfd), 0, "it ends");
	end(&l);
}

static void test_bad_names(void)
{
	static const char *const names[] = {
		"a/b",
		"0123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789",
	};
	struct launch_gate gate;
	struct failure err;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		is_int(launch_gate_make(folder, names[i], &err), -1,
		       "\"%s\" is no name", names[i]);
		ok(strstr(err.text, "cannot be the name of a start gate"),
		   "the text says so");
		is_int(launch_gate_open(&gate, folder, names[i], &err), -1,
		       "neither to open");
	}
	must(mkdirat(folder, GATE, 0755));
	is_int(launch_gate_make(folder, GATE, &err), -1,
	       "a name that is taken");
	is_str(err.text,
	       "cannot make the start gate \"start\": Address already in use",
	       "the text says so");
	must(unlinkat(folder, GATE, AT_REMOVEDIR));
}

/* The gate before is opened by a process that has been given its descriptor. */
static void test_registered_elsewhere(void)
{
	struct container_spec spec = fixture_spec(SH("exit 7"));
	int pair[2], status, n = 0;
	struct failure err;
	struct launch l;
	pid_t maker, pid;

	must(pipe2(pair, O_CLOEXEC));
	fflush(stdout);
	maker = must(fork());
	if (!maker) {
		spec.root.path = BASE;
		if (launch_begin(&l, &spec, (int[]){ -1, 1, 2 }, &err))
			_exit(1);
		/* Another one goes on with it. */
		pid = fork();
		if (pid)
			_exit(pid < 0);
		while (getppid() == maker)
			sched_yield();
		_exit(write(pair[1], &l.pid, sizeof(l.pid)) < 0 ||
		      launch_release_fd(l.sync_fd));
	}
	maker = must(waitpid(maker, &status, 0));
	is_int(status, 0, "the maker exits before the release");
	close(pair[1]);
	if (must(read(pair[0], &pid, sizeof(pid))) != sizeof(pid))
		bail("no container");
	close(pair[0]);
	/* Both are this process' now. */
	while (waitpid(-1, &status, 0) > 0)
		n += WEXITSTATUS(status);
	is_int(n, 7, "another process releases it, and it runs");
}

int main(void)
{
	fixture_begin();
	must(prctl(PR_SET_CHILD_SUBREAPER, 1));
	must(mkdir(GATES, 0700));
	folder = must(open(GATES, O_PATH | O_DIRECTORY | O_CLOEXEC));
	test_same_process();
	test_enter_before_start();
	test_other_process();
	test_failure();
	test_no_program();
	test_narrow_filter();
	test_killed();
	test_twice();
	test_bad_names();
	test_registered_elsewhere();
	return tap_end();
}
