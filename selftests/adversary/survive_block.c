// SPDX-License-Identifier: GPL-2.0
/*
 * survive_block WAY MIB
 *
 * Processes that wait without end; see survive.h. WAY is
 *
 *   rest    four children with some memory do nothing: a test can stop or freeze them,
 *           or set a limit below their memory
 *   vfork   the first process waits in vfork(), since its child does not call execve();
 *           so do the generations below it
 *   fifo    a child opens a FIFO that nobody else opens, another child writes to a full
 *           pipe
 *   fuse    the first process waits for a file system whose server, a child, has read
 *           the request and does not answer: SIGKILL does not wake the first process
 *           until the server answers or dies
 *   dump    a child dumps core into the pipe that core_pattern names
 *
 * Exits with status 3 if this kernel does not support the way.
 */
#include <linux/fuse.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "survive.h"

#define CANNOT	   3
#define CHILDREN   4
#define STACK_SIZE 65536

static const char usage[] = "survive_block rest|vfork|fifo|fuse|dump MIB";

static void rest(int go)
{
	for (int i = 0; i < CHILDREN; i++) {
		if (start_child(0))
			continue;
		write_pages(map_small(MIB), MIB);
		wait_for_ever();
	}
	let_attack(go);
}

/* As vfork(), but the child gets its own stack. */
static int vfork_again(void *arg)
{
	static int generations = CHILDREN, parent;
	char *stack = malloc(STACK_SIZE);
	const int *go = arg;

	if (generations != CHILDREN)
		await_text(parent, ") D ", ") D ");
	if (!generations--) {
		let_attack(*go);
		wait_for_ever();
	}
	parent = open_own("stat");
	if (!stack)
		fail("out of memory for a stack");
	if (clone(vfork_again, stack + STACK_SIZE,
		  CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD, arg) < 0)
		fail("cannot clone");
	fail("a child of vfork() has ended");
}

static void wait_for_vfork(int go)
{
	vfork_again(&go);
}

static void __attribute__((noreturn)) open_fifo(void)
{
	char path[] = "/tmp/survive.XXXXXX";

	if (!mkdtemp(path) || chdir(path) || mkfifo("fifo", 0600))
		fail("cannot make a FIFO");
	open("fifo", O_WRONLY);
	fail("another process has opened the FIFO");
}

static void __attribute__((noreturn)) fill_pipe(void)
{
	static char data[65536];
	int fds[2];

	if (pipe(fds))
		fail("cannot make a pipe");
	while (write(fds[1], data, sizeof(data)) > 0)
		;
	fail("cannot write to a pipe");
}

static void __attribute__((noreturn)) crash(void)
{
	char *start = map_small(64 * MIB);

	write_pages(start, 4 * MIB);
	if (mprotect(start, PAGE, PROT_READ))
		fail("cannot protect a page");
	*(volatile char *)start = 1;
	fail("it did not crash");
}

/*
 * Start a child that calls @block(), and wait until its @file in /proc contains @a or
 * @b. The child shares its descriptors, so that it can open its own file for us.
 */
static void start_blocked(void (*block)(void), const char *file, const char *a,
			  const char *b)
{
	int *fd = (int *)map_pages(PAGE, MAP_SHARED | MAP_ANONYMOUS, -1);

	if (!start_child(CLONE_FILES)) {
		__atomic_store_n(fd, open_own(file), __ATOMIC_RELEASE);
		block();
	}
	while (!__atomic_load_n(fd, __ATOMIC_ACQUIRE))
		sleep_for(1);
	await_text(*fd, a, b);
}

static void wait_for_fifos(int go)
{
	start_blocked(open_fifo, "stat", ") S ", ") D ");
	start_blocked(fill_pipe, "stat", ") S ", ") D ");
	let_attack(go);
}

static void dump_core(int go)
{
	start_blocked(crash, "status", "CoreDumping:\t1", "CoreDumping:\t1");
	let_attack(go);
}

/* --- A file system that does not answer --- */

static void answer_init(int fuse)
{
	struct {
		struct fuse_out_header out;
		struct fuse_init_out init;
	} answer = {
		.out.len = sizeof(answer),
		.init = {
			.major = FUSE_KERNEL_VERSION,
			.minor = FUSE_KERNEL_MINOR_VERSION,
			.max_write = 4096,
		},
	};
	static char request[FUSE_MIN_READ_BUFFER + 4096];
	const struct fuse_in_header *in = (void *)request;

	if (read(fuse, request, sizeof(request)) < (ssize_t)sizeof(*in) ||
	    in->opcode != FUSE_INIT)
		fail("the kernel does not send FUSE_INIT");
	answer.out.unique = in->unique;
	if (write(fuse, &answer, sizeof(answer)) != sizeof(answer))
		fail("the kernel does not take the answer");
	/* Read the next request and never answer it. */
	if (read(fuse, request, sizeof(request)) < 0)
		fail("the kernel sends no request");
}

static void serve(int fuse, int go)
{
	answer_init(fuse);
	let_attack(go);
	wait_for_ever();
}

static void wait_for_fuse(int go)
{
	char options[128], path[] = "/tmp/survive.XXXXXX";
	int fuse = open("/dev/fuse", O_RDWR);
	struct stat st;

	if (fuse < 0 || unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    !mkdtemp(path))
		exit(CANNOT);
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0", fuse);
	if (mount("survive", path, "fuse", 0, options))
		exit(CANNOT);
	if (!start_child(0))
		serve(fuse, go);
	/* Only the server keeps it open, so that the file system dies with the server. */
	close(fuse);
	stat(path, &st);
	fail("the file system has answered");
}

static const struct way ways[] = {
	{ "rest", rest },	    { "vfork", wait_for_vfork },
	{ "fifo", wait_for_fifos }, { "fuse", wait_for_fuse },
	{ "dump", dump_core },	    { NULL, NULL },
};

int main(int argc, char **argv)
{
	if (argc != 3)
		bad_usage(usage);
	run_way(find_way(ways, argv[1], usage),
		number(usage, "MIB", argv[2], 1, 4096));
}
