// SPDX-License-Identifier: GPL-2.0
/*
 * take_kernel WAY MIB
 *
 * Takes memory that the kernel keeps for a process and that no page table maps;
 * see take.h. WAY is
 *
 *   pipes     bytes in pipes
 *   splice    pages that vmsplice() has put into pipes and that are unmapped then;
 *             one page of each huge page
 *   unix      bytes in the buffers of sockets
 *   tcp       likewise, of TCP connections to itself
 *   tables    page tables: the zero page, read at every 2 MiB of a large mapping
 *   ring      buffers that are registered with io_uring and unmapped then
 *
 * If the kernel refuses, prints "refused WHY" and exits with status 1. Exits with
 * status 3 if this kernel does not support the way.
 */
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "take.h"

#define PIPE_BYTES MIB
#define N_BUFFERS  4 /* of 1 MiB in each ring */
#define CANNOT	   3

static const char usage[] = "take_kernel WAY MIB, see take_kernel.c";

static char some[65536];

static void __attribute__((noreturn)) refused(void)
{
	int err = errno;

	say("refused %s\n", strerror(err));
	exit(err == ENOSYS ? CANNOT : 1);
}

static void raise_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		fail("cannot read the limit of open files");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		fail("cannot raise the limit of open files");
}

/* Write as much as fits without waiting; returns the bytes written. */
static size_t stuff(int fd)
{
	size_t done = 0;
	ssize_t n;

	if (fcntl(fd, F_SETFL, O_NONBLOCK))
		fail("cannot write without waiting");
	while ((n = write(fd, some, sizeof(some))) > 0)
		done += (size_t)n;
	if (n < 0 && errno != EAGAIN)
		refused();
	return done;
}

/* F_SETPIPE_SZ may fail: the kernel limits the pages in a user's large pipes. */
static size_t take_pipes(size_t bytes)
{
	size_t done = 0;
	int fds[2];

	while (done < bytes) {
		if (pipe(fds))
			refused();
		fcntl(fds[1], F_SETPIPE_SZ, PIPE_BYTES);
		done += stuff(fds[1]);
	}
	return done;
}

/* A page in a pipe keeps the whole huge page in memory. */
static size_t take_spliced(size_t bytes)
{
	struct iovec page = { .iov_len = PAGE };
	int fds[2] = { -1, -1 };
	size_t done;

	for (done = 0; done < bytes; done += HUGE_BYTES) {
		page.iov_base = map_aligned(HUGE_BYTES);
		if (madvise(page.iov_base, HUGE_BYTES, MADV_HUGEPAGE))
			exit(CANNOT);
		write_pages(page.iov_base, HUGE_BYTES);
		if (done % (8 * HUGE_BYTES) == 0 && pipe(fds))
			refused();
		if (vmsplice(fds[1], &page, 1, SPLICE_F_NONBLOCK) != PAGE)
			refused();
		munmap(page.iov_base, HUGE_BYTES);
	}
	return done;
}

static size_t take_unix(size_t bytes)
{
	size_t done = 0;
	int fds[2];

	while (done < bytes) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
			refused();
		done += stuff(fds[0]);
	}
	return done;
}

static void connect_to(int listener, const struct sockaddr_in *to, int fds[2])
{
	fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fds[0] < 0 ||
	    connect(fds[0], (const struct sockaddr *)to, sizeof(*to)))
		refused();
	fds[1] = accept(listener, NULL, NULL);
	if (fds[1] < 0)
		refused();
}

/* The kernel makes buffers small when TCP memory runs short: stop after 400. */
static size_t take_tcp(size_t bytes)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof(to);
	size_t done = 0;
	int fds[2], i;

	if (listener < 0 || bind(listener, (struct sockaddr *)&to, size) ||
	    listen(listener, 16) ||
	    getsockname(listener, (struct sockaddr *)&to, &size))
		refused();
	for (i = 0; i < 400 && done < bytes; i++) {
		connect_to(listener, &to, fds);
		done += stuff(fds[0]);
		done += stuff(fds[1]);
	}
	return done;
}

/* Reading the zero page once in each 2 MiB takes 4 KiB of page tables. */
static size_t take_tables(size_t bytes)
{
	const size_t room = 1UL << 30;
	size_t done = 0, i;
	volatile char *start;

	while (done < bytes) {
		start = mmap(NULL, room, PROT_READ,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			     0);
		if (start == MAP_FAILED)
			refused();
		if (madvise((void *)start, room, MADV_NOHUGEPAGE) &&
		    errno != EINVAL)
			fail("cannot turn huge pages off");
		for (i = 0; i < room; i += HUGE_BYTES, done += PAGE)
			(void)start[i];
	}
	return done;
}

static void pin(const struct iovec *buffers, unsigned int n)
{
	struct io_uring_params params = { 0 };
	long ring = syscall(SYS_io_uring_setup, 4, &params);

	if (ring < 0 || syscall(SYS_io_uring_register, ring,
				IORING_REGISTER_BUFFERS, buffers, n))
		refused();
}

static size_t take_ring(size_t bytes)
{
	struct iovec buffers[N_BUFFERS];
	size_t done = 0, i;

	for (; done < bytes; done += N_BUFFERS * MIB) {
		for (i = 0; i < N_BUFFERS; i++) {
			buffers[i].iov_base = map_small(MIB);
			buffers[i].iov_len = MIB;
			write_pages(buffers[i].iov_base, MIB);
		}
		pin(buffers, N_BUFFERS);
		for (i = 0; i < N_BUFFERS; i++)
			munmap(buffers[i].iov_base, MIB);
	}
	return done;
}

static const struct way {
	const char *name;
	size_t (*take)(size_t bytes);
} ways[] = {
	{ "pipes", take_pipes },   { "splice", take_spliced },
	{ "unix", take_unix },	   { "tcp", take_tcp },
	{ "tables", take_tables }, { "ring", take_ring },
};

int main(int argc, char **argv)
{
	const struct way *way = ways;
	size_t bytes;

	if (argc != 3)
		bad_usage(usage);
	bytes = number(usage, "MIB", argv[2], 1, 4096) * MIB;
	while (strcmp(way->name, argv[1]))
		if (++way == ways + sizeof(ways) / sizeof(*ways))
			bad_usage(usage);
	wait_for_go();
	raise_files();
	hold(way->take(bytes));
}
