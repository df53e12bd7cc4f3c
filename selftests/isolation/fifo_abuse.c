// SPDX-License-Identifier: GPL-2.0
/*
 * Abuses the FIFO that is its stderr in all ways that its holder can, writes "still here"
 * to it, and waits. The FIFO is the container's own; the supervisor reads it.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define PACKETS 2000

static void must(const char *what, long result)
{
	if (result >= 0)
		return;
	perror(what);
	printf("%s failed\n", what);
	fflush(stdout);
	exit(1);
}

static void lock(int fd)
{
	struct flock all = { .l_type = F_WRLCK };

	must("flock", flock(fd, LOCK_EX));
	must("F_OFD_SETLK", fcntl(fd, F_OFD_SETLK, &all));
}

/* With O_DIRECT each write is a packet, and each byte takes a page of the pipe. */
static void write_packets(int fd)
{
	int i;

	must("O_DIRECT", fcntl(fd, F_SETFL, O_RDWR | O_DIRECT));
	for (i = 0; i < PACKETS; i++)
		must("write", write(fd, i % 100 == 99 ? "\n" : ".", 1));
	must("F_SETFL", fcntl(fd, F_SETFL, O_RDWR));
}

/* Put a page into the pipe, and change the page while it is there. */
static void give_pages(int fd)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct iovec v = { page, 4096 };

	memset(page, 'a', 4095);
	page[4095] = '\n';
	must("vmsplice", vmsplice(fd, &v, 1, 0));
	memset(page, 0, 4096);
	munmap(page, 4096);
}

/* Write until the pipe is full, without waiting for the reader. */
static void fill(int fd)
{
	char bytes[4096];
	ssize_t n;

	memset(bytes, 'x', sizeof(bytes));
	bytes[4095] = '\n';
	must("O_NONBLOCK", fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK));
	do
		n = write(fd, bytes, sizeof(bytes));
	while (n > 0 && ioctl(fd, FIONREAD, &(int){ 0 }) >= 0 && --bytes[0]);
	must("F_SETFL", fcntl(fd, F_SETFL, O_RDWR));
}

int main(void)
{
	int fd = open("/proc/self/fd/2", O_RDWR);

	signal(SIGIO, SIG_IGN);
	must("open", fd);
	must("F_SETPIPE_SZ", fcntl(fd, F_SETPIPE_SZ, 4096));
	lock(fd);
	write_packets(fd);
	give_pages(fd);
	fill(fd);
	must("F_SETOWN", fcntl(fd, F_SETOWN, getpid()));
	must("O_ASYNC", fcntl(fd, F_SETFL, O_RDWR | O_ASYNC));
	must("fchmod", fchmod(fd, 0));
	must("write", write(fd, "\nstill here\n", 12));
	for (;;)
		pause();
}
