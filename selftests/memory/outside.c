// SPDX-License-Identifier: GPL-2.0
/*
 * outside write|mem|pageout|collapse PID START N
 * outside copy PID START N FD
 *
 * Works on N MiB of another process' memory from address START on: by
 * process_vm_writev(), by a write to /proc/PID/mem, by process_madvise(), or by
 * UFFDIO_COPY on that process' userfaultfd descriptor FD. Exits with 3 if the kernel
 * cannot do that.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../workloads/workload.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

#define MIB    (1UL << 20)
#define CANNOT 3

static const char usage[] =
	"outside write|mem|pageout|collapse PID START N | outside copy PID START N FD";

static char data[MIB];

static void write_to(pid_t pid, unsigned long start, unsigned long bytes)
{
	struct iovec from = { data, sizeof(data) };
	struct iovec to = { (void *)start, sizeof(data) };

	for (; bytes; bytes -= sizeof(data)) {
		if (process_vm_writev(pid, &from, 1, &to, 1, 0) != sizeof(data))
			fail("outside: cannot write");
		to.iov_base = (char *)to.iov_base + sizeof(data);
	}
}

static void write_mem(pid_t pid, unsigned long start, unsigned long bytes)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_WRONLY);
	for (; bytes; bytes -= sizeof(data), start += sizeof(data))
		if (pwrite(fd, data, sizeof(data), start) != sizeof(data))
			fail("outside: cannot write to %s", path);
}

static void advise(pid_t pid, unsigned long start, unsigned long bytes,
		   int advice)
{
	struct iovec range = { (void *)start, bytes };
	int pidfd = syscall(SYS_pidfd_open, pid, 0);

	if (pidfd < 0)
		fail("outside: cannot open a pidfd");
	if (syscall(SYS_process_madvise, pidfd, &range, 1, advice, 0) ==
	    (long)bytes)
		return;
	if (errno == EINVAL || errno == ENOSYS)
		exit(CANNOT);
	fail("outside: cannot process_madvise(%d)", advice);
}

static void copy(pid_t pid, unsigned long start, unsigned long bytes, int fd)
{
	struct uffdio_copy copy = { .src = (unsigned long)data };
	int pidfd = syscall(SYS_pidfd_open, pid, 0);

	fd = syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	if (fd < 0)
		fail("outside: cannot get the descriptor");
	for (; bytes; bytes -= sizeof(data), start += sizeof(data)) {
		copy.dst = start;
		copy.len = sizeof(data);
		if (ioctl(fd, UFFDIO_COPY, &copy))
			fail("outside: cannot copy");
	}
}

int main(int argc, char **argv)
{
	unsigned long start, bytes;
	const char *how = argv[1];
	pid_t pid;

	if (argc < 5 || argc > 6)
		bad_usage(usage);
	pid = number(usage, "PID", argv[2], 1, 1 << 30);
	start = number(usage, "START", argv[3], 0, ~0UL);
	bytes = number(usage, "N", argv[4], 1, 4096) * MIB;
	memset(data, 0xa5, sizeof(data));

	if (argc == 6 && !strcmp(how, "copy"))
		copy(pid, start, bytes,
		     number(usage, "FD", argv[5], 0, 1 << 20));
	else if (!strcmp(how, "write"))
		write_to(pid, start, bytes);
	else if (!strcmp(how, "mem"))
		write_mem(pid, start, bytes);
	else if (!strcmp(how, "pageout"))
		advise(pid, start, bytes, MADV_PAGEOUT);
	else if (!strcmp(how, "collapse"))
		advise(pid, start, bytes, MADV_COLLAPSE);
	else
		bad_usage(usage);
	return 0;
}
