// SPDX-License-Identifier: GPL-2.0
/*
 * take_fault WAY MIB
 *
 * Takes memory by userfaultfd; see take.h. WAY is
 *
 *   copy      UFFDIO_COPY fills pages that no process has touched
 *   dead      processes die while a thread reads their memory into a missing page:
 *             the thread waits in its page fault and keeps their memory
 *
 * If the kernel refuses userfaultfd, prints "refused WHY" and exits with status 1.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "take.h"

#define PART (16 * MIB)

static const char usage[] = "take_fault copy|dead MIB";

static int watch(char *start, size_t bytes)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { (uintptr_t)start, bytes },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &reg)) {
		say("refused %s\n", strerror(errno));
		exit(1);
	}
	return fd;
}

static void take_copies(size_t bytes)
{
	char *start = map_small(bytes), *from = map_small(MIB);
	struct uffdio_copy copy = { .src = (uintptr_t)from, .len = MIB };
	int fd = watch(start, bytes);
	size_t done;

	write_pages(from, MIB);
	for (done = 0; done < bytes; done += MIB) {
		copy.dst = (uintptr_t)start + done;
		copy.copy = 0;
		if (ioctl(fd, UFFDIO_COPY, &copy))
			fail("cannot copy");
		check_pages(start + done, MIB);
	}
}

struct reader {
	pthread_t thread;
	pid_t pid;
	const char *from;
	char *to;
};

static void *read_for_ever(void *reader)
{
	const struct reader *r = reader;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", r->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail("cannot open %s", path);
	if (pread(fd, r->to, PAGE, (off_t)(uintptr_t)r->from) >= 0)
		fail("the page was not missing");
	fail("cannot read %s", path);
}

/* A child that takes the memory at @start and waits to be killed. */
static pid_t make_victim(char *start)
{
	pid_t pid = make_child();

	if (pid)
		return pid;
	write_pages(start, PART);
	check_pages(start, PART);
	count_me();
	wait_for_ever();
}

/* The message tells that the reader waits in its page fault. */
static void wait_for_fault(int fd)
{
	struct uffd_msg message;

	if (read(fd, &message, sizeof(message)) != sizeof(message) ||
	    message.event != UFFD_EVENT_PAGEFAULT)
		fail("userfaultfd reports no page fault");
}

static void take_from_dead(size_t bytes)
{
	size_t i, n = bytes / PART;
	char *missing = map_small(n * PAGE), *start = map_small(PART);
	int fd = watch(missing, n * PAGE);
	struct reader *r;

	open_tally();
	for (i = 0; i < n; i++) {
		r = malloc(sizeof(*r));
		if (!r)
			fail("out of memory for a reader");
		*r = (struct reader){ .pid = make_victim(start),
				      .from = start,
				      .to = missing + i * PAGE };
		wait_for_tally(1);
		errno = pthread_create(&r->thread, NULL, read_for_ever, r);
		if (errno)
			fail("cannot start a thread");
		wait_for_fault(fd);
		if (kill(r->pid, SIGKILL) || waitpid(r->pid, NULL, 0) != r->pid)
			fail("process %d does not die", r->pid);
	}
}

int main(int argc, char **argv)
{
	size_t bytes;

	if (argc != 3)
		bad_usage(usage);
	bytes = number(usage, "MIB", argv[2], PART / MIB, 4096) * MIB;
	wait_for_go();
	if (!strcmp(argv[1], "copy"))
		take_copies(bytes);
	else if (!strcmp(argv[1], "dead"))
		take_from_dead(bytes);
	else
		bad_usage(usage);
	hold(bytes);
}
