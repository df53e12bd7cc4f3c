// SPDX-License-Identifier: GPL-2.0
/*
 * The three steps of a launch, in every order that a caller and its child can
 * go through them, or die between them.
 */
#include <seccomp.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "fixture.h"
#include "launch/plan.h"

static void begin(struct launch *l, struct container_spec *spec)
{
	struct failure err;

	must(mkdir(fixture_overlay.state_dir, 0700));
	if (begin_launch(l, spec, (int[]){ 0, 1, 2 }, &err))
		bail("%s", err.text);
}

static void end(struct launch *l)
{
	launch_end(l);
	close(l->pidfd);
	is_int(overlay_remove(fixture_overlay.state_dir), 0, "nothing is left");
}

/* Until it sleeps, which is when it waits for something. */
static void wait_for_sleep(pid_t pid)
{
	char path[64], *stat, state;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	do {
		stat = get_file(path);
		state = strrchr(stat, ')')[2];
		free(stat);
		if (state == 'Z')
			bail("the child has ended");
		sched_yield();
	} while (state != 'S');
}

static void same_link(pid_t pid, const char *name, const char *what)
{
	char path[64], own[PATH_MAX] = "", its[PATH_MAX] = "";

	snprintf(path, sizeof(path), "/proc/self/%s", name);
	must(readlink(path, own, sizeof(own) - 1));
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	must(readlink(path, its, sizeof(its) - 1));
	is_str(its, own, "%s", what);
}

static void test_waits(void)
{
	/* Sleeps as well, once it runs. */
	struct container_spec spec = fixture_spec(SH("read line; exit 3"));
	struct failure err;
	struct launch l;
	int in[2], status;
	char path[64], *mounts, *own;

	must(pipe2(in, O_CLOEXEC));
	must(mkdir(STATE, 0700));
	must(begin_launch(&l, &spec, (int[]){ in[0], 1, 2 }, &err));
	close(in[0]);
	ok(l.pid > 0 && l.pidfd >= 0 && l.sync_fd >= 0, "a launch is begun");
	ok(fcntl(l.pidfd, F_GETFD) == FD_CLOEXEC &&
		   fcntl(l.sync_fd, F_GETFD) == FD_CLOEXEC,
	   "its descriptors are close-on-exec");
	wait_for_sleep(l.pid);
	is_int(launch_result(&l, &err), 0,
	       "there is no news before the release");
	same_link(l.pid, "exe", "the child runs nothing else");
	same_link(l.pid, "root", "its root is the host's");
	snprintf(path, sizeof(path), "/proc/%d/mounts", l.pid);
	mounts = get_file(path);
	own = get_file("/proc/self/mounts");
	is_str(mounts, own, "it has mounted nothing");
	free(own);
	free(mounts);
	is_int(waitpid(l.pid, &status, WNOHANG), 0, "it has not ended");

	is_int(launch_release(&l), 0, "it is released");
	is_int(wait_result(&l, &err), 1, "it runs its command");
	is_int(launch_result(&l, &err), 1, "a further call says so too");
	is_int(launch_release(&l), -EALREADY, "it cannot be released twice");
	must(write(in[1], "x\n", 2));
	close(in[1]);
	is_int(wait_status(l.pid, l.pidfd), 3 << 8, "its status comes through");
	end(&l);
	launch_end(&l);
	ok(l.sync_fd == -1 && !l.plan, "the launch may be ended twice");
}

static void test_never_released(void)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct launch l;

	begin(&l, &spec);
	launch_end(&l);
	is_int(wait_status(l.pid, l.pidfd), 125 << 8,
	       "a child that is never released exits with 125");
	end(&l);
}

/* Ended early: the container needs nobody to listen. */
static void test_ended_early(void)
{
	struct container_spec spec = fixture_spec(SH("exit 4"));
	struct launch l;

	begin(&l, &spec);
	is_int(launch_release(&l), 0, "a child is released");
	launch_end(&l);
	is_int(wait_status(l.pid, l.pidfd), 4 << 8,
	       "it runs though the launch was ended before the result");
	end(&l);
}

static void died(struct launch *l)
{
	struct failure err = { 0 };

	is_int(wait_result(l, &err), -1, "the result is an error");
	is_str(err.text,
	       "cannot run \"true\": the process was killed before it came to that",
	       "with a text that says so");
	is_int(err.code, 125, "and code 125");
	err.text[0] = '\0';
	is_int(launch_result(l, &err), -1, "a further call says so too");
	ok(err.text[0], "with the text");
}

static void test_killed(void)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct launch l;

	begin(&l, &spec);
	kill(l.pid, SIGKILL);
	is_int(wait_status(l.pid, l.pidfd), SIGKILL,
	       "a child is killed before its release");
	is_int(launch_release(&l), -EPIPE, "it cannot be released then");
	died(&l);
	end(&l);

	/* Stopped, so that it dies with the release unread. */
	begin(&l, &spec);
	kill(l.pid, SIGSTOP);
	is_int(launch_release(&l), 0, "a stopped child is released");
	kill(l.pid, SIGKILL);
	is_int(wait_status(l.pid, l.pidfd), SIGKILL, "and killed");
	died(&l);
	end(&l);
}

/*
 * A child that has failed and ended while its release came: the socket then says
 * that the connection was reset, and only after that that it has ended.
 */
static void test_failed_before_release(void)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct launch l = { .plan = calloc(1, sizeof(*l.plan)) };
	struct failure err;
	int pair[2];

	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
	l.sync_fd = pair[0];
	l.plan->spec = &spec;
	l.plan->process = &spec.process;
	l.plan->root_tree = -1;
	l.plan->child_sync = -1;
	l.plan->report_fd = -1;
	l.plan->report = mmap(NULL, sizeof(*l.plan->report),
			      PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (l.plan->report == MAP_FAILED)
		bail("no shared memory");
	*l.plan->report = (struct launch_report){
		.stage = STAGE_STDIO,
		.error = -EBADF,
		.id = "box",
	};
	is_int(launch_release(&l), 0, "a release comes too late");
	close(pair[1]);
	is_int(wait_result(&l, &err), -1, "the result is an error");
	is_str(err.text,
	       "cannot launch \"box\": cannot take over its stdin, stdout and stderr: Bad file descriptor",
	       "what the child has said is not lost");
	launch_end(&l);
}

static atomic_int *handled;

static void count_signal(int sig)
{
	(void)sig;
	(*handled)++;
}

/* The supervisor's handlers are not for a copy of it. */
static void test_no_handler_runs(void)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct failure err;
	struct launch l;

	handled = mmap(NULL, sizeof(*handled), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (handled == MAP_FAILED)
		bail("no shared memory");
	signal(SIGUSR1, count_signal);
	begin(&l, &spec);
	wait_for_sleep(l.pid);
	must(kill(l.pid, SIGUSR1));
	must(launch_release(&l));
	is_int(wait_result(&l, &err), 1,
	       "a child that a signal was sent to runs");
	is_int(wait_status(l.pid, l.pidfd), 0, "and ends");
	is_int(*handled, 0, "the caller's handler has not run in it");
	signal(SIGUSR1, SIG_DFL);
	munmap(handled, sizeof(*handled));
	end(&l);
}

struct two {
	pid_t pids[2];
};

/*
 * A supervisor that begins two launches, releases them or not, and is killed.
 * The children come to the test, which is their subreaper.
 */
static struct two orphans(struct container_spec *spec, bool release)
{
	char *state[2] = { STATE "1", STATE "2" };
	struct failure err;
	struct launch l[2];
	struct two two;
	int news[2], status, i;
	pid_t pid;

	must(mkdir(state[0], 0700));
	must(mkdir(state[1], 0700));
	must(pipe2(news, O_CLOEXEC));
	pid = must(fork());
	if (!pid) {
		for (i = 0; i < 2; i++) {
			fixture_overlay.state_dir = state[i];
			if (begin_launch(&l[i], spec, (int[]){ 0, 1, 2 }, &err))
				_exit(1);
			two.pids[i] = l[i].pid;
		}
		for (i = 0; release && i < 2; i++)
			if (launch_release(&l[i]))
				_exit(2);
		if (write(news[1], &two, sizeof(two)) != sizeof(two))
			_exit(3);
		kill(getpid(), SIGKILL);
	}
	must(waitpid(pid, &status, 0));
	is_int(status, SIGKILL, "a supervisor with two launches is killed");
	close(news[1]);
	if (must(read(news[0], &two, sizeof(two))) != sizeof(two))
		bail("no children");
	close(news[0]);
	return two;
}

static void collect(const struct two *two, int want, const char *what)
{
	char state[2][sizeof(STATE "1")] = { STATE "1", STATE "2" };
	int i, pidfd;

	for (i = 0; i < 2; i++) {
		pidfd = must((int)syscall(SYS_pidfd_open, two->pids[i], 0));
		is_int(wait_status(two->pids[i], pidfd), want, "child %d %s",
		       i + 1, what);
		close(pidfd);
		is_int(overlay_remove(state[i]), 0, "nothing is left");
	}
}

static void test_supervisor_dies(void)
{
	struct container_spec spec = fixture_spec(SH("exit 7"));
	struct two two;

	must(prctl(PR_SET_CHILD_SUBREAPER, 1));
	/* Not even when each holds what the other's end depends on. */
	two = orphans(&spec, false);
	collect(&two, 125 << 8, "does not wait for ever, and exits with 125");
	two = orphans(&spec, true);
	collect(&two, 7 << 8, "that was released goes on");
	must(prctl(PR_SET_CHILD_SUBREAPER, 0));
}

/* In a process whose clone3() fails, as where there are too many processes. */
static int cannot_clone(void)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	struct failure err;
	struct launch l;

	if (!filter ||
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAGAIN), SCMP_SYS(clone3),
			     0) ||
	    seccomp_load(filter))
		return 1;
	seccomp_release(filter);
	spec.root.path = BASE;
	if (launch_begin(&l, &spec, (int[]){ 0, 1, 2 }, &err) != -1)
		return 2;
	if (strcmp(err.text,
		   "cannot make a process in namespaces of its own: Resource temporarily unavailable"))
		return 3;
	if (l.pid != -1 || l.pidfd != -1 || l.sync_fd != -1 || l.plan)
		return 4;
	return 0;
}

static void test_no_process(void)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = must(fork());
	if (!pid)
		_exit(cannot_clone());
	must(waitpid(pid, &status, 0));
	is_int(status, 0,
	       "a launch without a process is an error and leaves nothing");
}

static int count_descriptors(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 4096; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void test_no_leak(void)
{
	struct container_spec good = fixture_spec(ARGV("true"));
	struct container_spec bad = fixture_spec(ARGV("nosuch"));
	int before = count_descriptors(), i;
	struct outcome o;

	for (i = 0; i < 6; i++) {
		run(i % 2 ? &good : &bad, &o);
		outcome_free(&o);
	}
	is_int(count_descriptors(), before,
	       "the caller keeps no descriptor open");
}

int main(void)
{
	fixture_begin();
	test_waits();
	test_never_released();
	test_ended_early();
	test_killed();
	test_failed_before_release();
	test_no_handler_runs();
	test_supervisor_dies();
	test_no_process();
	test_no_leak();
	return tap_end();
}
