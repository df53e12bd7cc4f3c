// SPDX-License-Identifier: GPL-2.0
/*
 * Filters with a listener: who is sent the notify descriptor, under filters that refuse
 * or notify the very calls that send it.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>

#include "bpf.h"
#include "fixture.h"
#include "launch/plan.h"

#define GATES PLACE "/gates"

/* What a filter does with mkdir(), with execve() and exit_group(), and with the rest. */
static const struct sock_fprog *filter_of(uint32_t mkdir, uint32_t needed,
					  uint32_t rest)
{
	static struct sock_filter code[8];
	static const struct sock_fprog filter = {
		.len = sizeof(code) / sizeof(code[0]),
		.filter = code,
	};
	const struct sock_filter all[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mkdir, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, mkdir),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, rest),
		BPF_STMT(BPF_RET | BPF_K, needed),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};

	memcpy(code, all, sizeof(code));
	return &filter;
}

/** struct agent - who answers what a filter notifies */
struct agent {
	int error; /* 0: let the call go on */
	int n;	   /* notifications */
	int first; /* the number of the first call */
};

/* Returns whether there was one; the process may have been killed meanwhile. */
static bool answer(struct agent *agent, int fd)
{
	struct seccomp_notif request = { 0 };
	struct seccomp_notif_resp response = { .error = -agent->error };

	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &request))
		return false;
	if (!agent->n++)
		agent->first = request.data.nr;
	response.id = request.id;
	if (!agent->error)
		response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	return !ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &response) ||
	       errno == ENOENT;
}

/* Serves the process until it ends; returns its status. */
static int serve(struct agent *agent, int notify_fd, pid_t pid, int pidfd)
{
	struct pollfd p[2] = {
		{ .fd = notify_fd, .events = POLLIN },
		{ .fd = pidfd, .events = POLLIN },
	};

	while (!p[1].revents) {
		if (!must(poll(p, 2, PATIENCE_MS))) {
			kill(pid, SIGKILL);
			bail("the container does not end");
		}
		if (p[0].revents & POLLIN)
			answer(agent, notify_fd);
		else if (p[0].revents)
			p[0].fd = -1;
	}
	return wait_status(pid, pidfd);
}

/* As wait_result(), but answers what is notified meanwhile. */
static int wait_and_serve(struct agent *agent, struct launch *l,
			  struct failure *failure)
{
	struct pollfd p[2] = {
		{ .fd = l->sync_fd, .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
	};
	int r;

	while (!(r = launch_result(l, failure))) {
		p[1].fd = l->notify_fd;
		if (!must(poll(p, 2, PATIENCE_MS))) {
			kill(l->pid, SIGKILL);
			bail("the launch hangs");
		}
		if (p[1].revents & POLLIN)
			answer(agent, l->notify_fd);
	}
	return r;
}

static struct container_spec notifying_spec(char *const *argv,
					    const struct sock_fprog *filter)
{
	struct container_spec spec = fixture_spec(argv);

	spec.root.path = BASE;
	spec.process.filter = filter;
	spec.process.filter_flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	return spec;
}

static void begin(struct launch *l, const struct container_spec *spec, int out)
{
	struct failure err;

	if (launch_begin(l, spec, (int[]){ -1, out, out }, &err))
		bail("%s", err.text);
	is_int(l->notify_fd, -1, "there is no notify descriptor at first");
	must(launch_release(l));
}

static void end(struct launch *l)
{
	launch_end(l);
	close(l->pidfd);
	close(l->notify_fd);
}

static void test_mkdir(bool no_new_privs)
{
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct container_spec spec = notifying_spec(
		SH("mkdir /x && echo made; probe fds"),
		filter_of(SECCOMP_RET_USER_NOTIF, SECCOMP_RET_ALLOW,
			  SECCOMP_RET_ALLOW));
	struct agent agent = { .error = ENOSPC };
	struct failure err;
	struct launch l;
	char *text;

	spec.process.no_new_privs = no_new_privs;
	begin(&l, &spec, out);
	is_int(wait_result(&l, &err), LAUNCH_RUNS,
	       "a container with a listener runs, %s no_new_privs",
	       no_new_privs ? "with" : "without");
	is_int(fcntl(l.notify_fd, F_GETFD), FD_CLOEXEC,
	       "the parent has the notify descriptor");
	serve(&agent, l.notify_fd, l.pid, l.pidfd);
	is_int(agent.n, 1, "it is notified once");
	is_int(agent.first, SYS_mkdir, "of mkdir()");
	text = get_fd(out);
	ok(strstr(text, "No space left on device"),
	   "the caller gets the answer");
	ok(strstr(text, "fd: 0\nfd: 1\nfd: 2\n") && !strstr(text, "fd: 3"),
	   "the container has no descriptor of it");
	free(text);
	close(out);
	end(&l);
}

/* It allows nothing that the message needs. */
static void test_narrow(void)
{
	struct container_spec spec = notifying_spec(
		ARGV("true"),
		filter_of(SECCOMP_RET_USER_NOTIF, SECCOMP_RET_ALLOW,
			  SECCOMP_RET_KILL_PROCESS));
	struct failure err;
	struct launch l;

	begin(&l, &spec, 1);
	is_int(wait_result(&l, &err), LAUNCH_RUNS,
	       "a filter that kills for all other calls");
	ok(l.notify_fd >= 0, "its notify descriptor comes through");
	is_int(wait_status(l.pid, l.pidfd), SIGSYS, "it is in force");
	end(&l);
}

/* Also those that the launch makes itself. */
static void test_all(void)
{
	struct container_spec spec = notifying_spec(
		SH("exit 5"),
		filter_of(SECCOMP_RET_USER_NOTIF, SECCOMP_RET_USER_NOTIF,
			  SECCOMP_RET_USER_NOTIF));
	struct agent agent = { .error = 0 };
	struct failure err;
	struct launch l;

	spec.process.no_new_privs = true;
	begin(&l, &spec, 1);
	is_int(wait_and_serve(&agent, &l, &err), LAUNCH_RUNS,
	       "a filter that notifies every call");
	is_int(agent.first, SYS_execve, "execve() is the first of them");
	is_int(serve(&agent, l.notify_fd, l.pid, l.pidfd), 5 << 8,
	       "it runs to its end");
	ok(agent.n > 5, "%d calls were notified", agent.n);
	end(&l);
}

/* Nobody is there who could answer. */
static void test_no_parent(void)
{
	struct container_spec spec = notifying_spec(
		ARGV("true"), filter_of(SECCOMP_RET_USER_NOTIF,
					SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW));
	struct launch l;

	begin(&l, &spec, 1);
	launch_end(&l);
	is_int(wait_status(l.pid, l.pidfd), 125 << 8,
	       "a child whose parent does not listen any more exits with 125");
	end(&l);
}

/* A caller may sleep until the process has ended. */
static void wait_end(int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	if (!must(poll(&p, 1, PATIENCE_MS)))
		bail("the container does not end");
}

/* The process needs no answer, and has ended before the caller asks for the first time. */
static void test_late(void)
{
	struct container_spec spec = notifying_spec(
		ARGV("true"), filter_of(SECCOMP_RET_USER_NOTIF,
					SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW));
	struct failure err;
	struct launch l;

	begin(&l, &spec, 1);
	wait_end(l.pidfd);
	is_int(launch_result(&l, &err), LAUNCH_NO_NEWS,
	       "a caller who asks late hears of the descriptor first");
	ok(l.notify_fd >= 0, "and has it");
	is_int(launch_result(&l, &err), LAUNCH_RUNS, "the result comes next");
	is_int(wait_status(l.pid, l.pidfd), 0, "the process was not disturbed");
	end(&l);
}

static void test_late_gate(void)
{
	struct container_spec spec = notifying_spec(
		ARGV("true"), filter_of(SECCOMP_RET_USER_NOTIF,
					SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW));
	struct launch_gate gate;
	struct failure err;
	struct launch l;
	int folder = must(open(GATES, O_PATH | O_DIRECTORY | O_CLOEXEC));

	spec.start_gate = must(launch_gate_make(folder, "late", &err));
	begin(&l, &spec, 1);
	close(spec.start_gate);
	is_int(wait_result(&l, &err), LAUNCH_WAITS, "a container waits");
	must(launch_gate_open(&gate, folder, "late", &err));
	wait_end(l.pidfd);
	is_int(launch_gate_result(&gate, &err), LAUNCH_NO_NEWS,
	       "a starter who asks late hears of the descriptor first");
	ok(gate.notify_fd >= 0, "and has it");
	is_int(launch_gate_result(&gate, &err), LAUNCH_RUNS,
	       "the result comes next");
	launch_gate_close(&gate);
	close(gate.notify_fd);
	close(folder);
	wait_status(l.pid, l.pidfd);
	end(&l);
}

/* Who starts the container gets it: the maker may be gone. */
static void test_gate(void)
{
	struct container_spec spec = notifying_spec(
		SH("mkdir /x; exit 6"),
		filter_of(SECCOMP_RET_USER_NOTIF, SECCOMP_RET_ALLOW,
			  SECCOMP_RET_ALLOW));
	struct agent agent = { .error = EDOM };
	struct launch_gate gate;
	struct failure err;
	struct launch l;
	int folder;

	must(mkdir(GATES, 0700));
	folder = must(open(GATES, O_PATH | O_DIRECTORY | O_CLOEXEC));
	spec.start_gate = must(launch_gate_make(folder, "gate", &err));
	begin(&l, &spec, 1);
	close(spec.start_gate);
	is_int(wait_result(&l, &err), LAUNCH_WAITS,
	       "a container with a listener waits for its start");
	must(launch_gate_open(&gate, folder, "gate", &err));
	is_int(gate.notify_fd, -1, "its starter has no descriptor at first");
	is_int(wait_gate(&gate, &err), LAUNCH_RUNS, "it is started");
	ok(gate.notify_fd >= 0, "its starter has the notify descriptor");
	is_int(wait_result(&l, &err), LAUNCH_RUNS, "its maker hears of it");
	is_int(l.notify_fd, -1, "and has no descriptor");
	launch_gate_close(&gate);
	is_int(serve(&agent, gate.notify_fd, l.pid, l.pidfd), 6 << 8,
	       "it runs to its end");
	is_int(agent.first, SYS_mkdir, "mkdir() was notified");
	close(gate.notify_fd);
	close(folder);
	end(&l);
}

static void test_enter(void)
{
	struct container_spec spec = fixture_spec(SH("read line"));
	struct enter_spec entering = { .id = "box", .cgroup_fd = -1 };
	struct agent agent = { .error = EDOM };
	struct launch box, l;
	struct failure err;
	int in[2];

	must(pipe2(in, O_CLOEXEC));
	spec.root.path = BASE;
	must(launch_begin(&box, &spec, (int[]){ in[0], 1, 2 }, &err));
	must(launch_release(&box));
	is_int(wait_result(&box, &err), LAUNCH_RUNS, "a container runs");
	entering.pid = box.pid;
	entering.pidfd = box.pidfd;
	entering.process = notifying_spec(SH("mkdir /x; exit 7"),
					  filter_of(SECCOMP_RET_USER_NOTIF,
						    SECCOMP_RET_ALLOW,
						    SECCOMP_RET_ALLOW))
				   .process;
	must(launch_enter(&l, &entering, (int[]){ -1, 1, 2 }, &err));
	must(launch_release(&l));
	is_int(wait_result(&l, &err), LAUNCH_RUNS,
	       "a process with a listener enters it");
	is_int(serve(&agent, l.notify_fd, l.pid, l.pidfd), 7 << 8,
	       "it runs to its end");
	is_int(agent.first, SYS_mkdir, "mkdir() was notified");
	end(&l);
	close(in[1]);
	wait_status(box.pid, box.pidfd);
	end(&box);
	close(in[0]);
}

/* Nothing but the message gets past the filter, and only with all of the key. */
static void test_key(void)
{
	struct container_spec spec = notifying_spec(
		ARGV("true"), filter_of(SECCOMP_RET_TRAP, SECCOMP_RET_LOG,
					SECCOMP_RET_ERRNO | EDOM));
	struct launch_plan plan = { .process = &spec.process }, other = plan;
	struct seccomp_data data = { .nr = SYS_sendmsg };
	struct failure err;
	__u64 *number;
	int i, bit;

	must(plan_filter(&plan, &err));
	must(plan_filter(&other, &err));
	for (i = 0; i < MESSAGE_KEY; i++)
		data.args[3 + i] = plan.filter_key[i];
	is_int(bpf_run(&plan.filter, &data), SECCOMP_RET_ALLOW,
	       "the message is allowed");
	is_int(bpf_run(&other.filter, &data), SECCOMP_RET_ERRNO | EDOM,
	       "the key of another launch is not");
	for (i = 0; i < MESSAGE_KEY; i++) {
		number = &data.args[3 + i];
		for (bit = 0; bit < 64; bit++) {
			*number ^= UINT64_C(1) << bit;
			if (bpf_run(&plan.filter, &data) !=
			    (SECCOMP_RET_ERRNO | EDOM))
				break;
			*number ^= UINT64_C(1) << bit;
		}
		is_int(bit, 64, "each bit of number %d counts", i);
	}
	data.nr = SYS_recvmsg;
	is_int(bpf_run(&plan.filter, &data), SECCOMP_RET_ERRNO | EDOM,
	       "another call with the key is not allowed");
	data.nr = SYS_mkdir;
	is_int(bpf_run(&plan.filter, &data), SECCOMP_RET_TRAP,
	       "nor one with a rule of its own");
	data = (struct seccomp_data){ .nr = SYS_sendmsg };
	is_int(bpf_run(&plan.filter, &data), SECCOMP_RET_ERRNO | EDOM,
	       "nor the call without a key");
	data.nr = SYS_execve;
	is_int(bpf_run(&plan.filter, &data), SECCOMP_RET_LOG,
	       "the rest is as in the filter given");
	free(plan.filter.filter);
	free(other.filter.filter);

	spec.process.filter_flags = 0;
	plan = (struct launch_plan){ .process = &spec.process };
	must(plan_filter(&plan, &err));
	is_int(plan.filter.len, spec.process.filter->len,
	       "a filter without a listener has no key");
	free(plan.filter.filter);
}

static void test_refused(void)
{
	struct sock_filter *code = calloc(BPF_MAXINSNS, sizeof(*code));
	struct sock_fprog filter = { .len = BPF_MAXINSNS, .filter = code };
	struct container_spec spec = notifying_spec(ARGV("true"), NULL);
	struct outcome o __cleanup_outcome;
	struct outcome large __cleanup_outcome;
	struct outcome fits __cleanup_outcome;
	int i;

	run(&spec, &o);
	is_str(o.error.text, "cannot launch: a listener needs a filter",
	       "a listener without a filter");
	for (i = 0; code && i < BPF_MAXINSNS; i++)
		code[i] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						       SECCOMP_RET_ALLOW);
	spec.process.filter = &filter;
	run(&spec, &large);
	is_str(large.error.text,
	       "cannot launch: the seccomp filter is too large",
	       "a filter that leaves no room for the key");
	spec.process.filter_flags = 0;
	run(&spec, &fits);
	ok(went_well(&fits), "it fits without one");
	free(code);
}

int main(void)
{
	fixture_begin();
	test_mkdir(true);
	test_mkdir(false);
	test_narrow();
	test_all();
	test_no_parent();
	test_gate();
	test_late();
	test_late_gate();
	test_enter();
	test_key();
	test_refused();
	return tap_end();
}
