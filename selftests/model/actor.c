// SPDX-License-Identifier: GPL-2.0
/*
 * actor root FD | actor FD
 *	A process that obeys orders on a socket, see order.h. It is small, so that
 *	there can be hundreds of them. The root is the first one: it starts the
 *	others, gets those that lose their parents, and reaps them.
 */
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "order.h"
#include "../workloads/workload.h"

static const char usage[] = "actor [root] FD";

static int link_fd;
static char *ballast;
static size_t ballast_size;

static void send_answer(uint32_t type, int err, uint64_t n)
{
	struct answer a = { .type = type, .err = err, .n = n };

	if (send(link_fd, &a, sizeof(a), MSG_NOSIGNAL) != sizeof(a))
		_exit(3);
}

/* Reads an order. Exits if the model has closed the socket. */
static void receive(struct order *o, int *fd)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { .iov_base = o, .iov_len = sizeof(*o) };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;
	ssize_t n;

	do {
		n = recvmsg(link_fd, &msg, 0);
	} while (n < 0 && errno == EINTR);
	if (n != sizeof(*o))
		_exit(0);
	*fd = -1;
	c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(c), sizeof(*fd));
}

static void serve(void) __attribute__((noreturn));

static pid_t clone_process(uint64_t flags)
{
	struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };

	return syscall(SYS_clone3, &args, sizeof(args));
}

static void begin(int fd, int flags) __attribute__((noreturn));
static void begin(int fd, int flags)
{
	close(link_fd);
	link_fd = fd;
	signal(SIGCHLD, SIG_DFL);
	if (flags & FORK_SESSION)
		setsid();
	send_answer(ORDER_HELLO, 0, 0);
	serve();
}

/* Forks. The child serves @fd and does not return. */
static int fork_child(int fd, int flags)
{
	pid_t pid = flags & FORK_ORPHAN ? clone_process(0) : 1;

	if (pid < 0)
		return -errno;
	if (pid > 0 && flags & FORK_ORPHAN) {
		/* ECHILD: the kernel has reaped it. */
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		return 0;
	}
	pid = clone_process(flags & FORK_NEWPID ? CLONE_NEWPID : 0);
	if (pid == 0)
		begin(fd, flags);
	if (flags & FORK_ORPHAN)
		_exit(pid < 0);
	return pid < 0 ? -errno : 0;
}

struct forking {
	int fd;
	int flags;
	int err;
};

static void *fork_in_thread(void *arg)
{
	struct forking *f = arg;

	f->err = fork_child(f->fd, f->flags);
	return NULL;
}

static int do_fork(int fd, int flags)
{
	struct forking f = { .fd = fd, .flags = flags };
	pthread_t thread;

	if (fd < 0)
		return -EBADF;
	if (!(flags & FORK_THREAD)) {
		f.err = fork_child(fd, flags);
	} else {
		f.err = -pthread_create(&thread, NULL, fork_in_thread, &f);
		if (!f.err)
			pthread_join(thread, NULL);
	}
	close(fd);
	return f.err;
}

/* The new program answers with HELLO. */
static int do_exec(void)
{
	char fd[16];

	snprintf(fd, sizeof(fd), "%d", link_fd);
	execl("/proc/self/exe", "actor", fd, NULL);
	return -errno;
}

/* Takes memory that children do not inherit. */
static int do_grow(size_t size)
{
	ballast = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ballast == MAP_FAILED)
		return -errno;
	ballast_size = size;
	if (madvise(ballast, size, MADV_DONTFORK) ||
	    madvise(ballast, size, MADV_NOHUGEPAGE))
		return -errno;
	for (size_t i = 0; i < size; i += 4096)
		ballast[i] = 1;
	return 0;
}

/* Makes the kernel send SIGSEGV. */
static int do_crash(void)
{
	volatile char *p = mmap(NULL, 4096, PROT_NONE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	*p = 1;
	return 0;
}

static int do_shrink(void)
{
	return munmap(ballast, ballast_size) ? -errno : 0;
}

static uint64_t cpu_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static uint64_t do_burn(uint64_t ns)
{
	uint64_t end = cpu_time() + ns, now;

	do {
		now = cpu_time();
	} while (now < end);
	return now;
}

static void nothing(int sig)
{
	(void)sig;
}

static void leave(int sig)
{
	(void)sig;
	_exit(ACTION_CODE);
}

static int do_action(int sig, int action)
{
	static void (*const handlers[])(int) = {
		[ACTION_DEFAULT] = SIG_DFL,
		[ACTION_IGNORE] = SIG_IGN,
		[ACTION_NOTHING] = nothing,
		[ACTION_EXIT] = leave,
	};
	struct sigaction sa = { .sa_handler = handlers[action] };

	return sigaction(sig, &sa, NULL) ? -errno : 0;
}

static int do_mask(int how, int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	return sigprocmask(how, &set, NULL) ? -errno : 0;
}

static int do_kill(pid_t pid, int sig)
{
	return kill(pid ? pid : getpid(), sig) ? -errno : 0;
}

static int obey(const struct order *o, int fd, uint64_t *n)
{
	switch (o->type) {
	case ORDER_FORK:
		return do_fork(fd, o->a);
	case ORDER_EXEC:
		return do_exec();
	case ORDER_EXIT:
		_exit(o->a);
	case ORDER_CRASH:
		return do_crash();
	case ORDER_GROW:
		return do_grow(o->n);
	case ORDER_SHRINK:
		return do_shrink();
	case ORDER_BURN:
		*n = do_burn(o->n);
		return 0;
	case ORDER_ACTION:
		return do_action(o->a, o->b);
	case ORDER_BLOCK:
		return do_mask(SIG_BLOCK, o->a);
	case ORDER_UNBLOCK:
		return do_mask(SIG_UNBLOCK, o->a);
	case ORDER_KILL:
		return do_kill(o->a, o->b);
	case ORDER_NAME:
		return prctl(PR_SET_NAME, o->text) ? -errno : 0;
	case ORDER_UID:
		return setresuid(o->a, -1, -1) ? -errno : 0;
	default:
		return -EINVAL;
	}
}

static void serve(void)
{
	struct order o;
	uint64_t n;
	int fd, err;

	for (;;) {
		receive(&o, &fd);
		n = 0;
		err = obey(&o, fd, &n);
		send_answer(o.type, err, n);
	}
}

/*
 * Kernels before 6.2 do not add up to 64 pages of each thread to their counters, so that a
 * process with few pages seems to have none. Touch more than that.
 */
static void touch_some_memory(void)
{
	static volatile char pages[80 * 4096];

	for (size_t i = 0; i < sizeof(pages); i += 4096)
		pages[i] = 1;
}

/* The caller may ignore signals: a shell does so for processes in the background. */
static void set_defaults(void)
{
	sigset_t none;
	int sig;

	for (sig = 1; sig < 32; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

int main(int argc, char **argv)
{
	const struct rlimit no_core = { 0, 0 };
	bool root = argc == 3 && !strcmp(argv[1], "root");

	if (!root && argc != 2)
		bad_usage(usage);
	link_fd = number(usage, "FD", argv[argc - 1], 0, 1 << 20);
	if (setrlimit(RLIMIT_CORE, &no_core))
		fail("actor: cannot set a limit");
	if (root)
		set_defaults();
	if (root && (prctl(PR_SET_CHILD_SUBREAPER, 1) ||
		     signal(SIGCHLD, SIG_IGN) == SIG_ERR))
		fail("actor: cannot become the root");
	touch_some_memory();
	send_answer(ORDER_HELLO, 0, 0);
	serve();
}
