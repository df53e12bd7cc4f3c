// SPDX-License-Identifier: GPL-2.0
/* Processes: orders to them, their families, their ends. See ../order.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model.h"

/* How many seconds the model waits for an answer. */
#define PATIENCE 300

struct processes processes = TAILQ_HEAD_INITIALIZER(processes);
struct process killers[N_KILLERS];

static LIST_HEAD(, space) spaces = LIST_HEAD_INITIALIZER(spaces);
static struct space initial;
static struct process root; /* the first actor, parent of the others */

/* Makes a pair of sockets. Returns our end, on which messages have the PID of the sender. */
static int make_link(int *theirs)
{
	struct timeval patience = { .tv_sec = PATIENCE };
	int fds[2], on = 1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) ||
	    setsockopt(fds[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) ||
	    setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)))
		must(-errno, "a pair of sockets");
	*theirs = fds[1];
	return fds[0];
}

static void send_order(struct process *p, const struct order *o, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { .iov_base = (void *)o, .iov_len = sizeof(*o) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;

	if (fd >= 0) {
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	if (sendmsg(p->fd, &msg, MSG_NOSIGNAL) < 0)
		wrong("cannot send order %u to %d (%s): %s", o->type, p->pid,
		      p->comm, strerror(errno));
}

/** tell() - send an order without waiting for the answer */
void tell(struct process *p, uint32_t type, int a, int b, uint64_t n)
{
	struct order o = { .type = type, .a = a, .b = b, .n = n };

	send_order(p, &o, -1);
}

/* Reads an answer. Returns false if the process has ended. */
static bool receive(struct process *p, struct answer *a, pid_t *pid)
{
	char control[CMSG_SPACE(sizeof(struct ucred))];
	struct iovec iov = { .iov_base = a, .iov_len = sizeof(*a) };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;
	struct ucred cred;
	ssize_t n = recvmsg(p->fd, &msg, MSG_CMSG_CLOEXEC);

	if (!n || (n < 0 && errno == ECONNRESET))
		return false;
	if (n != sizeof(*a))
		wrong("no answer from %d: %s", p->pid, strerror(errno));
	c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_type == SCM_CREDENTIALS) {
		memcpy(&cred, CMSG_DATA(c), sizeof(cred));
		*pid = cred.pid;
	}
	return true;
}

/** answer() - wait for the answer to an order of that type */
int answer(struct process *p, uint32_t type, uint64_t *n)
{
	struct answer a;
	pid_t pid = 0;

	if (!receive(p, &a, &pid))
		wrong("%d (%s) has died instead of answering order %u", p->pid,
		      p->comm, type);
	if (a.type != type)
		wrong("%d answers order %u, not %u", p->pid, a.type, type);
	if (type == ORDER_HELLO)
		p->pid = pid;
	if (n)
		*n = a.n;
	return a.err;
}

int ask(struct process *p, uint32_t type, int a, int b, uint64_t n)
{
	tell(p, type, a, b, n);
	return answer(p, type, NULL);
}

static void await_end(struct process *p)
{
	struct answer a;
	pid_t pid;

	while (receive(p, &a, &pid))
		;
	close(p->fd);
	p->fd = -1;
	p->alive = false;
}

static uint32_t inode_of_space(pid_t pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", pid);
	if (stat(path, &st))
		must(-errno, path);
	return st.st_ino;
}

static struct space *new_space(struct process *init, struct space *up)
{
	struct space *s = calloc(1, sizeof(*s));

	if (!s)
		wrong("out of memory");
	s->init = init;
	s->up = up;
	s->inode = inode_of_space(init->pid);
	LIST_INSERT_HEAD(&spaces, s, all);
	return s;
}

/* Makes @parent fork. The HELLO of @child may come before the answer of its parent. */
static void fork_into(struct process *parent, struct process *child, int flags)
{
	struct order o = { .type = ORDER_FORK, .a = flags };
	int theirs;

	child->fd = make_link(&theirs);
	send_order(parent, &o, theirs);
	close(theirs);
	must(answer(parent, ORDER_FORK, NULL), "fork");
	must(answer(child, ORDER_HELLO, NULL), "hello");
	child->alive = true;
	child->uid = parent->uid;
	memcpy(child->comm, parent->comm, sizeof(child->comm));
	child->space = parent->space;
}

/* The process that gets the children of @p at its death; NULL for the root. */
static struct process *heir_of(const struct process *p)
{
	return p->space->up && p->space->init != p ? p->space->init : NULL;
}

/**
 * fork_process() - start a new actor, a child of @parent
 * @parent: NULL for the root
 * @flags: FORK_*
 */
struct process *fork_process(struct process *parent, int flags)
{
	struct process *child = calloc(1, sizeof(*child));
	struct book *b;

	if (!child)
		wrong("out of memory");
	fork_into(parent ? parent : &root, child, flags);
	if (parent) {
		/* An orphan goes to the init of its parent's namespace, or to the root. */
		child->parent = !(flags & FORK_ORPHAN) ? parent :
				parent->space->up      ? parent->space->init :
							 NULL;
		memcpy(child->action, parent->action, sizeof(child->action));
		memcpy(child->blocked, parent->blocked, sizeof(child->blocked));
	}
	if (flags & FORK_NEWPID)
		child->space = new_space(child, child->space);
	b = parent && parent->book ? parent->book : book_of_space(child->space);
	if (b)
		join_book(b, child);
	TAILQ_INSERT_TAIL(&processes, child, all);
	return child;
}

void name_process(struct process *p, const char *name)
{
	struct order o = { .type = ORDER_NAME };

	snprintf(o.text, sizeof(o.text), "%s", name);
	snprintf(p->comm, sizeof(p->comm), "%s", name);
	send_order(p, &o, -1);
	must(answer(p, ORDER_NAME, NULL), "name");
}

/** execute() - make it call execve(), which resets its handlers */
void execute(struct process *p)
{
	tell(p, ORDER_EXEC, 0, 0, 0);
	must(answer(p, ORDER_HELLO, NULL), "exec");
	p->executed = true;
	snprintf(p->comm, sizeof(p->comm), "exe");
	for (int sig = 1; sig < N_SIGNALS; sig++)
		if (p->action[sig] != ACTION_IGNORE)
			p->action[sig] = ACTION_DEFAULT;
}

void set_action(struct process *p, int sig, int action)
{
	must(ask(p, ORDER_ACTION, sig, action, 0), "sigaction");
	p->action[sig] = action;
}

void set_blocked(struct process *p, int sig, bool blocked)
{
	must(ask(p, blocked ? ORDER_BLOCK : ORDER_UNBLOCK, sig, 0, 0), "mask");
	p->blocked[sig] = blocked;
}

/** send_signal() - from a process that outlives @to */
void send_signal(struct process *from, struct process *to, int sig)
{
	note("%d (%s, uid %u) sends %d signal %d", from->pid, from->comm,
	     from->uid, to->pid, sig);
	if (from == &killers[0])
		must(kill(to->pid, sig) ? -errno : 0, "kill");
	else
		must(ask(from, ORDER_KILL, to->pid, sig, 0), "kill");
}

bool descends(const struct process *p, const struct process *from)
{
	while (p && p != from)
		p = p->parent;
	return p;
}

bool is_within(const struct space *s, const struct space *outer)
{
	while (s && s != outer)
		s = s->up;
	return s;
}

/** dies_with() - whether @p dies when @other dies: the init of its namespace, or itself */
bool dies_with(const struct process *p, const struct process *other)
{
	return p == other || (other->space->init == other &&
			      is_within(p->space, other->space));
}

static void reparent_children(const struct process *p)
{
	struct process *q;

	TAILQ_FOREACH(q, &processes, all)
		if (q->parent == p)
			q->parent = heir_of(p);
}

static void remove_process(struct process *p)
{
	await_end(p);
	reparent_children(p);
	leave_book(p);
	if (p->space->init == p)
		p->space->init = NULL;
	TAILQ_REMOVE(&processes, p, all);
	free(p);
}

/** bury() - wait until @p and all that die with it are dead, and free them */
void bury(struct process *p)
{
	struct process *q, *next;

	for (q = TAILQ_FIRST(&processes); q; q = next) {
		next = TAILQ_NEXT(q, all);
		if (q != p && dies_with(q, p))
			remove_process(q);
	}
	remove_process(p);
}

/** hold() - make ptrace hold it when it exits; await_held() waits for that */
void hold(struct process *p)
{
	if (ptrace(PTRACE_SEIZE, p->pid, NULL, PTRACE_O_TRACEEXIT))
		must(-errno, "ptrace");
	p->held = true;
}

void await_held(struct process *p)
{
	int status, sig;

	for (;;) {
		if (waitpid(p->pid, &status, __WALL) != p->pid)
			must(-errno, "waitpid");
		if (!WIFSTOPPED(status))
			wrong("%d was not held when it died", p->pid);
		if (status >> 16 == PTRACE_EVENT_EXIT)
			return;
		sig = status >> 16 ? 0 : WSTOPSIG(status);
		if (ptrace(PTRACE_CONT, p->pid, NULL, sig))
			must(-errno, "ptrace");
	}
}

void let_go(struct process *p)
{
	int status;

	if (ptrace(PTRACE_CONT, p->pid, NULL, 0))
		must(-errno, "ptrace");
	if (waitpid(p->pid, &status, __WALL) != p->pid)
		must(-errno, "waitpid");
	p->held = false;
}

static void start_root(const char *actor)
{
	char fd[16];
	int theirs;
	pid_t pid;

	root.fd = make_link(&theirs);
	pid = fork();
	if (pid < 0)
		must(-errno, "fork");
	if (!pid) {
		snprintf(fd, sizeof(fd), "%d", theirs);
		if (!fcntl(theirs, F_SETFD, 0))
			execl(actor, "actor", "root", fd, NULL);
		_exit(127);
	}
	close(theirs);
	must(answer(&root, ORDER_HELLO, NULL), "the root of all processes");
	initial.inode = inode_of_space(getpid());
	root.space = &initial;
	root.alive = true;
	snprintf(root.comm, sizeof(root.comm), "actor");
}

/** start_processes() - start the root and the killers */
void start_processes(const char *actor)
{
	static const struct {
		const char *comm;
		uid_t uid;
	} who[N_KILLERS] = {
		{ "", 0 }, /* the model */
		{ "two words", 1001 },
		{ "fifteen-letters", 65534 },
		{ "(\x01\xff)", 0 },
	};
	size_t i;

	start_root(actor);
	killers[0].pid = getpid();
	killers[0].uid = getuid();
	snprintf(killers[0].comm, sizeof(killers[0].comm), "%s",
		 program_invocation_short_name);
	for (i = 1; i < N_KILLERS; i++) {
		fork_into(&root, &killers[i], 0);
		name_process(&killers[i], who[i].comm);
		must(ask(&killers[i], ORDER_UID, who[i].uid, 0, 0), "uid");
		killers[i].uid = who[i].uid;
	}
}

/** end_processes() - end all processes that are left */
void end_processes(void)
{
	struct process *p;
	struct space *s;
	size_t i;

	while ((p = TAILQ_FIRST(&processes))) {
		kill(p->pid, SIGKILL);
		bury(p);
	}
	for (i = 1; i < N_KILLERS; i++)
		close(killers[i].fd);
	close(root.fd);
	while (wait(NULL) > 0)
		;
	while ((s = LIST_FIRST(&spaces))) {
		LIST_REMOVE(s, all);
		free(s);
	}
}
