// SPDX-License-Identifier: GPL-2.0
/*
 * lie_kin [CGROUP]
 *
 * Makes processes whose parents are hard to tell. Prints "ready", then reads one WAY a
 * line, makes its processes and prints "made N", the number of new ones. WAY is
 *
 *   orphan     a child whose parent has exited
 *   session    a child in its own session
 *   sibling    a child, and its child by CLONE_PARENT
 *   untraced   a child, and its child by CLONE_UNTRACED
 *   sharing    a child, and its child that shares memory, files and signal handlers
 *   thread     a child, and its child that another thread than the main one has forked
 *   headless   a child whose main thread has exited while another thread lives on
 *   swap       a child in which another thread than the main one has called execve()
 *   nested     the first process of a pid namespace
 *   below      a child that has unshare()d its pid namespace, and its child
 *   user       the first process of new namespaces of all kinds
 *   enter      the first process of a pid namespace, a process that has called setns()
 *              for it, and the child of that process
 *   vfork      a child that has unshare()d its pid namespace, and its child by vfork()
 *   cgroup     a child, and its child that clone3() has put into CGROUP
 *
 * If the kernel refuses a step, the processes of that step are not made.
 */
#include <linux/sched.h>
#include <pthread.h>

#include "survive.h"

static const char usage[] = "lie_kin [CGROUP]";

static const char *cgroup;

static void __attribute__((noreturn)) live(void)
{
	wait_for_ever();
}

/* In a child: tell the first process how many processes there are more. */
static void __attribute__((noreturn)) tell(int made, unsigned char n)
{
	if (write(made, &n, 1) != 1)
		_exit(1);
	live();
}

/* clone() like fork(); returns -1 if it is refused. */
static pid_t try_clone(unsigned long flags)
{
	return syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
}

static void make_orphan(int made)
{
	if (!start_child(0))
		tell(made, 1);
	_exit(0);
}

static void make_session(int made)
{
	setsid();
	tell(made, 1);
}

static void make_sibling(int made)
{
	/* Pass no exit signal: the child gets that of its parent. */
	pid_t pid = syscall(SYS_clone, CLONE_PARENT, NULL, NULL, NULL, NULL);

	if (!pid)
		live();
	tell(made, pid < 0 ? 1 : 2);
}

static void make_untraced(int made)
{
	if (!start_child(CLONE_UNTRACED))
		live();
	tell(made, 2);
}

static int live_on(void *unused)
{
	(void)unused;
	live();
}

static void make_sharing(int made)
{
	static char stack[65536] __attribute__((aligned(16)));

	if (clone(live_on, stack + sizeof(stack),
		  CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_IO |
			  SIGCHLD,
		  NULL) < 0)
		fail("cannot clone");
	tell(made, 2);
}

static void start_thread(void *(*run)(void *), void *arg)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, run, arg);
	if (errno)
		fail("cannot start a thread");
}

static void *fork_in_thread(void *made)
{
	if (!start_child(0))
		live();
	tell(*(int *)made, 2);
}

static void make_by_thread(int made)
{
	start_thread(fork_in_thread, &made);
	live();
}

static void *tell_in_thread(void *made)
{
	tell(*(int *)made, 1);
}

static void make_headless(int made)
{
	static int kept;

	kept = made;
	start_thread(tell_in_thread, &kept);
	syscall(SYS_exit, 3);
}

static void *exec_in_thread(void *made)
{
	char fd[16];

	snprintf(fd, sizeof(fd), "%d", *(int *)made);
	execl("/proc/self/exe", "lie_kin", "--tell", fd, NULL);
	fail("cannot call execve()");
}

static void make_swapped(int made)
{
	start_thread(exec_in_thread, &made);
	live();
}

static void make_nested(int made)
{
	pid_t pid = try_clone(CLONE_NEWPID);

	if (!pid)
		live();
	tell(made, pid < 0 ? 1 : 2);
}

static void make_below(int made)
{
	if (unshare(CLONE_NEWPID))
		tell(made, 1);
	if (!start_child(0))
		live();
	tell(made, 2);
}

static void make_user(int made)
{
	pid_t pid = try_clone(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS |
			      CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWUTS |
			      CLONE_NEWNET);

	if (!pid)
		live();
	tell(made, pid < 0 ? 1 : 2);
}

static void make_entered(int made)
{
	pid_t first = try_clone(CLONE_NEWPID);
	int fd;

	if (!first)
		live();
	if (first < 0)
		tell(made, 1);
	/* Use a pidfd: /proc may belong to another pid namespace. */
	fd = syscall(SYS_pidfd_open, first, 0);
	if (fd < 0 || setns(fd, CLONE_NEWPID))
		tell(made, 2);
	if (!start_child(0))
		live();
	tell(made, 3);
}

static void make_vforked(int made)
{
	pid_t pid;

	if (unshare(CLONE_NEWPID))
		tell(made, 1);
	pid = vfork();
	if (!pid) {
		execl("/proc/self/exe", "lie_kin", "--live", NULL);
		_exit(127);
	}
	tell(made, 2);
}

static void make_elsewhere(int made)
{
	struct clone_args args = { .flags = CLONE_INTO_CGROUP,
				   .exit_signal = SIGCHLD };
	int dir = cgroup ? open(cgroup, O_PATH | O_DIRECTORY) : -1;
	pid_t pid;

	if (dir < 0)
		tell(made, 1);
	args.cgroup = dir;
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (!pid)
		live();
	tell(made, pid < 0 ? 1 : 2);
}

static const struct way ways[] = {
	{ "orphan", make_orphan },
	{ "session", make_session },
	{ "sibling", make_sibling },
	{ "untraced", make_untraced },
	{ "sharing", make_sharing },
	{ "thread", make_by_thread },
	{ "headless", make_headless },
	{ "swap", make_swapped },
	{ "nested", make_nested },
	{ "below", make_below },
	{ "user", make_user },
	{ "enter", make_entered },
	{ "vfork", make_vforked },
	{ "cgroup", make_elsewhere },
	{ NULL, NULL },
};

/* Run the way in a child, and print how many processes it has made. */
static void obey(const char *name)
{
	const struct way *way = find_way(ways, name, "lie_kin: no such way");
	unsigned char n;
	int made[2];

	if (pipe(made))
		fail("cannot make a pipe");
	if (!start_child(0))
		way->make(made[1]);
	if (read(made[0], &n, 1) != 1)
		fail("%s: the child has failed", name);
	close(made[0]);
	close(made[1]);
	say("made %u\n", n);
}

int main(int argc, char **argv)
{
	char line[32];

	if (argc == 2 && !strcmp(argv[1], "--live"))
		live();
	if (argc == 3 && !strcmp(argv[1], "--tell"))
		tell(number(usage, "FD", argv[2], 0, 1 << 20), 1);
	if (argc > 2)
		bad_usage(usage);
	cgroup = argv[1];
	/* A child must not inherit input in a buffer. */
	setvbuf(stdin, NULL, _IONBF, 0);
	say("ready\n");
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		obey(line);
	}
	live();
}
