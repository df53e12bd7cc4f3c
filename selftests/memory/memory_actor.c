// SPDX-License-Identifier: GPL-2.0
/*
 * memory_actor
 *
 * Takes memory on command, in every way there is. Prints "ready", then reads lines from
 * standard input and answers each with "done" and the result of the command, if it has
 * one. Each command that takes memory makes a block. Commands without an address work on
 * the last block. N is in MiB.
 *
 *   anon N, huge N, populate N, shared N, memfd N, shm N
 *                   take private memory with small pages, with huge pages, or with
 *                   MAP_POPULATE; take shared memory with mmap(), memfd_create() or
 *                   shm_open()
 *   file PATH private|shared read|write N
 *                   map that file, and read or write the mapping
 *   threads T N     start T threads that take N each at the same time, and stay
 *   room N, small N map a block without touching it, for pages of any size or only for
 *                   small ones; the result is its address
 *   missing N       likewise, with userfaultfd; the result is the descriptor and address
 *   fill N          write N to a memfd without mapping it
 *   touch N         write to the first N of the block
 *   read            read the whole block
 *   sprinkle        write to one page in each 2 MiB of the block
 *   grow N, move    mremap(): enlarge the block by N and touch that; move the block
 *   dontneed, pageout, lock, free
 *                   madvise(), mlock() or munmap() the block
 *
 *   fork N          start N children, which obey commands; the result is their PIDs
 *   child I LINE    send child I, counted from 0, a command; the result is "gone" if
 *                   the child ends
 *   children LINE   send all children a command at the same time
 *   orphan N        start a grandchild, let its parent exit, let it take N; the result
 *                   is its PID
 *   vfork           let a child with the same memory read the commands until "exit"
 *   storm N         start N processes, each of which forks and exits, as its child does
 *   name NAME, uid N, exec, exit
 *                   change the name or the user, call execve() or exit()
 *
 * The program and its children exit at the end of their input.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "blocks.h"

#define STACK_BYTES  (256 << 10)
#define MAX_CHILDREN 400
#define MAX_THREADS  64
#define MAX_WORDS    8

struct child {
	pid_t pid;
	int orders;
	int answers;
};

static struct child children[MAX_CHILDREN];
static unsigned long n_children;

static void __attribute__((noreturn)) read_commands(void);

/* --- Threads and processes --- */

static pthread_barrier_t barrier;

static void __attribute__((noreturn)) wait_for_ever(void)
{
	for (;;)
		pause();
}

static void *thread(void *block)
{
	struct block *b = block;

	pthread_barrier_wait(&barrier);
	touch(b->start, b->bytes, 4096);
	pthread_barrier_wait(&barrier);
	wait_for_ever();
}

static void do_threads(char **arg)
{
	unsigned long i, n = number(usage, "T", arg[0], 1, MAX_THREADS);
	pthread_t unused;

	pthread_barrier_init(&barrier, NULL, n + 1);
	for (i = 0; i < n; i++) {
		map_small(mib(arg[1]));
		errno = pthread_create(&unused, NULL, thread, blocks);
		if (errno)
			fail("memory_actor: cannot start a thread");
	}
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
}

static void make_pipe(int fds[2])
{
	if (pipe2(fds, O_CLOEXEC))
		fail("memory_actor: cannot make a pipe");
}

static pid_t make_child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("memory_actor: cannot fork");
	return pid;
}

/* A child closes the pipes of its siblings: else these would not see an end of file. */
static void forget_children(void)
{
	for (; n_children; n_children--) {
		close(children[n_children - 1].orders);
		close(children[n_children - 1].answers);
	}
}

static void __attribute__((noreturn)) serve(int orders, int answers)
{
	forget_children();
	if (dup2(orders, 0) < 0 || dup2(answers, 1) < 0)
		fail("memory_actor: cannot serve");
	answer[0] = 0;
	read_commands();
}

static void do_fork(char **arg)
{
	unsigned long n = number(usage, "N", arg[0], 1,
				 MAX_CHILDREN - n_children);
	int orders[2], answers[2];
	struct child *c;

	for (; n; n--) {
		make_pipe(orders);
		make_pipe(answers);
		c = &children[n_children];
		c->pid = make_child();
		if (!c->pid) {
			close(orders[1]);
			close(answers[0]);
			serve(orders[0], answers[1]);
		}
		close(orders[0]);
		close(answers[1]);
		c->orders = orders[1];
		c->answers = answers[0];
		n_children++;
		answer_with(" %d", c->pid);
	}
}

static void tell_child(struct child *c, const char *line)
{
	if (dprintf(c->orders, "%s\n", line) < 0)
		fail("memory_actor: cannot tell process %d", c->pid);
}

/* Adds the child's result to the answer. Returns false if the child has ended. */
static bool hear_child(struct child *c)
{
	char line[sizeof(answer)];
	size_t n = 0;

	while (n < sizeof(line) - 1 && read(c->answers, line + n, 1) == 1 &&
	       line[n] != '\n')
		n++;
	line[n] = 0;
	if (!n) {
		waitpid(c->pid, NULL, 0);
		c->pid = 0;
		return false;
	}
	answer_with("%s", line + strlen("done"));
	return true;
}

static void do_child(char **arg)
{
	unsigned long i = number(usage, "I", arg[0], 0, n_children - 1);

	if (!children[i].pid)
		bad_usage("that child is gone");
	tell_child(&children[i], arg[1]);
	if (!hear_child(&children[i]))
		answer_with(" gone");
}

static void do_children(char **arg)
{
	unsigned long i;

	for (i = 0; i < n_children; i++)
		if (children[i].pid)
			tell_child(&children[i], arg[0]);
	for (i = 0; i < n_children; i++)
		if (children[i].pid)
			hear_child(&children[i]);
}

static void __attribute__((noreturn)) be_orphan(int done, char *n)
{
	if (make_child())
		_exit(0);
	forget_children();
	do_anon(&n);
	dprintf(done, "%d\n", getpid());
	wait_for_ever();
}

static void do_orphan(char **arg)
{
	char pid[32] = "";
	int done[2];

	make_pipe(done);
	if (!make_child())
		be_orphan(done[1], arg[0]);
	if (read(done[0], pid, sizeof(pid) - 1) <= 0 || wait(NULL) < 0)
		fail("memory_actor: the orphan does not print its PID");
	answer_with(" %d", atoi(pid));
	close(done[0]);
	close(done[1]);
}

static int read_in_child(void *unused)
{
	(void)unused;
	say("done%s\n", answer);
	answer[0] = 0;
	read_commands();
}

/* As vfork() does, but with a stack of its own for the child. */
static void do_vfork(char **arg)
{
	char *stack = malloc(STACK_BYTES);
	pid_t pid;

	(void)arg;
	answer_with(" vfork");
	pid = stack ? clone(read_in_child, stack + STACK_BYTES,
			    CLONE_VM | CLONE_VFORK | SIGCHLD, NULL) :
		      -1;
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		fail("memory_actor: cannot make a child of vfork()");
}

/* The kernel reaps the children of this process, and init reaps the others. */
static void do_storm(char **arg)
{
	unsigned long n = number(usage, "N", arg[0], 1, 1000);

	signal(SIGCHLD, SIG_IGN);
	while (n--) {
		if (make_child())
			continue;
		while (fork() <= 0 || (_exit(0), 1))
			;
	}
}

static void do_name(char **arg)
{
	prctl(PR_SET_NAME, arg[0]);
}

static void do_uid(char **arg)
{
	if (setuid(number(usage, "N", arg[0], 0, 65535)))
		fail("memory_actor: cannot change the user");
}

static void do_exec(char **arg)
{
	(void)arg;
	execl("/proc/self/exe", "memory_actor", NULL);
	fail("memory_actor: cannot exec");
}

static void do_exit(char **arg)
{
	(void)arg;
	_exit(0);
}

/* --- Commands --- */

static const struct command {
	const char *name;
	int args; /* the last argument is the rest of the line */
	void (*run)(char **arg);
} commands[] = {
	{ "anon", 1, do_anon },		{ "huge", 1, do_huge },
	{ "populate", 1, do_populate }, { "shared", 1, do_shared },
	{ "memfd", 1, do_memfd },	{ "shm", 1, do_shm },
	{ "file", 4, do_file },		{ "threads", 2, do_threads },
	{ "room", 1, do_room },		{ "small", 1, do_small },
	{ "missing", 1, do_missing },	{ "fill", 1, do_fill },
	{ "touch", 1, do_touch },	{ "read", 0, do_read },
	{ "sprinkle", 0, do_sprinkle }, { "grow", 1, do_grow },
	{ "move", 0, do_move },		{ "dontneed", 0, do_dontneed },
	{ "pageout", 0, do_pageout },	{ "lock", 0, do_lock },
	{ "free", 0, do_free },		{ "fork", 1, do_fork },
	{ "child", 2, do_child },	{ "children", 1, do_children },
	{ "orphan", 1, do_orphan },	{ "vfork", 0, do_vfork },
	{ "storm", 1, do_storm },	{ "name", 1, do_name },
	{ "uid", 1, do_uid },		{ "exec", 0, do_exec },
	{ "exit", 0, do_exit },
};

static void obey(char *line)
{
	char *arg[MAX_WORDS] = { NULL };
	const char *name = strsep(&line, " ");
	const struct command *c = commands;
	int i;

	while (strcmp(c->name, name))
		if (++c == commands + sizeof(commands) / sizeof(*commands))
			bad_usage("see memory_actor.c");
	for (i = 0; i < c->args; i++) {
		arg[i] = i < c->args - 1 ? strsep(&line, " ") : line;
		if (!arg[i])
			bad_usage("see memory_actor.c");
	}
	c->run(arg);
}

/* stdin is unbuffered: a child would read again what is in the buffer at fork(). */
static void read_commands(void)
{
	char line[256];

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		obey(line);
		say("done%s\n", answer);
		answer[0] = 0;
	}
	_exit(0);
}

int main(void)
{
	setvbuf(stdin, NULL, _IONBF, 0);
	say("ready\n");
	read_commands();
}
