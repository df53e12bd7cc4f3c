// SPDX-License-Identifier: GPL-2.0
/*
 * take_file WAY MIB
 *
 * Takes memory in files that no process maps; see take.h. WAY is
 *
 *   memfd     write to a memfd
 *   tmpfs     write to a file in /dev/shm until it is full, then to a memfd
 *   sysv      write to SysV shared memory and detach it
 *   unmapped  write to a memfd through mappings and unmap them
 */
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "take.h"

#define SEGMENT (8 * MIB)

static const char usage[] = "take_file memfd|tmpfs|sysv|unmapped MIB";

static uint64_t some[PAGE / sizeof(uint64_t)];

/* Returns the bytes written, which are less than @bytes if the file system is full. */
static size_t fill(int fd, size_t bytes)
{
	size_t done;

	for (done = 0; done < bytes; done += sizeof(some)) {
		some[0] = done;
		if (write(fd, some, sizeof(some)) == sizeof(some))
			continue;
		if (errno != ENOSPC)
			fail("cannot write to a file in memory");
		break;
	}
	return done;
}

static void check_file(int fd, size_t bytes)
{
	uint64_t there;
	size_t i;

	for (i = 0; i < bytes; i += sizeof(some)) {
		if (pread(fd, &there, sizeof(there), (off_t)i) ==
			    sizeof(there) &&
		    there == i)
			continue;
		errno = EIO;
		fail("the page at offset %zu has lost its contents", i);
	}
}

static void take_memfd(size_t bytes)
{
	int fd = memfd_create("take", MFD_CLOEXEC);

	if (fd < 0 || fill(fd, bytes) != bytes)
		fail("cannot fill a memfd");
	check_file(fd, bytes);
}

static void take_tmpfs(size_t bytes)
{
	int fd = open("/dev/shm/take", O_RDWR | O_CREAT | O_EXCL, 0600);
	size_t done;

	if (fd < 0)
		fail("cannot make a file in /dev/shm");
	done = fill(fd, bytes);
	check_file(fd, done);
	if (done < bytes)
		take_memfd(bytes - done);
}

static void take_sysv(size_t bytes)
{
	int ids[512];
	size_t i, n = bytes / SEGMENT;
	char *start;

	for (i = 0; i < n; i++) {
		ids[i] = shmget(IPC_PRIVATE, SEGMENT, IPC_CREAT | 0600);
		start = ids[i] < 0 ? (char *)-1 : shmat(ids[i], NULL, 0);
		if (start == (char *)-1)
			fail("cannot make SysV shared memory");
		write_pages(start, SEGMENT);
		shmdt(start);
	}
	for (i = 0; i < n; i++) {
		start = shmat(ids[i], NULL, SHM_RDONLY);
		if (start == (char *)-1)
			fail("cannot attach SysV shared memory again");
		check_pages(start, SEGMENT);
		shmdt(start);
	}
}

static void take_unmapped(size_t bytes)
{
	int fd = memfd_create("take", MFD_CLOEXEC);
	size_t done;
	char *start;

	if (fd < 0 || ftruncate(fd, (off_t)bytes))
		fail("cannot make a memfd");
	for (done = 0; done < bytes; done += SEGMENT) {
		start = mmap(NULL, SEGMENT, PROT_READ | PROT_WRITE, MAP_SHARED,
			     fd, (off_t)done);
		if (start == MAP_FAILED)
			fail("cannot map a memfd");
		write_pages(start, SEGMENT);
		check_pages(start, SEGMENT);
		munmap(start, SEGMENT);
	}
}

static const struct way {
	const char *name;
	void (*take)(size_t bytes);
} ways[] = {
	{ "memfd", take_memfd },
	{ "tmpfs", take_tmpfs },
	{ "sysv", take_sysv },
	{ "unmapped", take_unmapped },
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
	way->take(bytes);
	hold(bytes);
}
