// SPDX-License-Identifier: GPL-2.0
/*
 * take KIND N [PATH]
 *	Takes N MiB of memory of one kind, or N inodes, threads or processes, and
 *	keeps them until it is killed. Prints "took N" when it has all of them, "took N
 *	of M: ERROR" if the kernel refused an inode, thread or process, and "cannot take
 *	KIND: ERROR" if the kernel refused anything else; it then exits.
 *
 *	private, shared		memory mapped and written to, MAP_PRIVATE or MAP_SHARED
 *	huge, hugetlb		likewise, of transparent huge pages or of hugetlbfs
 *	mapped PATH		a new file, mapped and written to
 *	memfd			a memfd, written with write() and not mapped
 *	file PATH		a new file, written with write() and closed
 *	inodes PATH		N empty files in that folder
 *	cache PATH		an existing file, read with read()
 *	sysv			System V shared memory, in segments of 1 MiB, written to
 *				and detached
 *	pipes, sockets		bytes that no process reads
 *	tables			page tables: the zero page, mapped once every 2 MiB
 *	locked			private memory with mlock()
 *	threads, processes	N idle threads or processes
 */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process.h"

static const char usage[] = "take KIND N [PATH]";

#define MIB	 (1ul << 20)
#define PMD_SIZE (2 * MIB)
#define PAGE	 4096ul

static const char *kind;
static char bytes[MIB];

__attribute__((noreturn)) static void refused(void)
{
	say("cannot take %s: %s\n", kind, strerror(errno));
	exit(1);
}

static void check(bool fine)
{
	if (!fine)
		refused();
}

static char *map(size_t size, int flags, int fd)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	check(p != MAP_FAILED);
	return p;
}

static void touch(char *p, size_t size)
{
	for (size_t i = 0; i < size; i += PAGE)
		p[i] = 1;
}

static int make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	check(fd >= 0);
	return fd;
}

static void write_all(int fd, unsigned long n)
{
	for (unsigned long i = 0; i < n; i++)
		check(write(fd, bytes, MIB) == (ssize_t)MIB);
}

static unsigned long take_private(unsigned long n, const char *path)
{
	(void)path;
	touch(map(n * MIB, MAP_PRIVATE | MAP_ANONYMOUS, -1), n * MIB);
	return n;
}

static unsigned long take_shared(unsigned long n, const char *path)
{
	(void)path;
	touch(map(n * MIB, MAP_SHARED | MAP_ANONYMOUS, -1), n * MIB);
	return n;
}

static unsigned long take_huge(unsigned long n, const char *path)
{
	size_t size = n * MIB;
	char *p = map(size + PMD_SIZE, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	(void)path;
	p += PMD_SIZE - (uintptr_t)p % PMD_SIZE;
	check(!madvise(p, size, MADV_HUGEPAGE));
	touch(p, size);
	return n;
}

static unsigned long take_hugetlb(unsigned long n, const char *path)
{
	(void)path;
	touch(map(n * MIB, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1),
	      n * MIB);
	return n;
}

static unsigned long take_mapped(unsigned long n, const char *path)
{
	int fd = make_file(path);

	check(!ftruncate(fd, n * MIB));
	touch(map(n * MIB, MAP_SHARED, fd), n * MIB);
	return n;
}

static unsigned long take_memfd(unsigned long n, const char *path)
{
	int fd = memfd_create("take", 0);

	(void)path;
	check(fd >= 0);
	write_all(fd, n);
	return n;
}

static unsigned long take_file(unsigned long n, const char *path)
{
	int fd = make_file(path);

	write_all(fd, n);
	check(!close(fd));
	return n;
}

static unsigned long take_inodes(unsigned long n, const char *path)
{
	char name[PATH_MAX];

	for (unsigned long i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%s/%lu", path, i);
		if (mknod(name, S_IFREG | 0600, 0))
			return i;
	}
	return n;
}

static unsigned long take_cache(unsigned long n, const char *path)
{
	int fd = open(path, O_RDONLY);

	check(fd >= 0);
	for (unsigned long i = 0; i < n; i++)
		check(read(fd, bytes, MIB) == (ssize_t)MIB);
	return n;
}

static unsigned long take_sysv(unsigned long n, const char *path)
{
	(void)path;
	for (unsigned long i = 0; i < n; i++) {
		int id = shmget(IPC_PRIVATE, MIB, 0600);
		char *p = shmat(id, NULL, 0);

		check(p != (char *)-1);
		touch(p, MIB);
		check(!shmdt(p));
	}
	return n;
}

/* Writes until the descriptor accepts no more. Returns how many bytes it accepted. */
static size_t fill(int fd)
{
	size_t size = 0;
	ssize_t n;

	check(!fcntl(fd, F_SETFL, O_NONBLOCK));
	while ((n = write(fd, bytes, 4 * PAGE)) > 0)
		size += n;
	check(errno == EAGAIN);
	return size;
}

static unsigned long take_pipes(unsigned long n, const char *path)
{
	size_t size = 0;
	int fd[2];

	(void)path;
	while (size < n * MIB) {
		check(!pipe(fd));
		size += fill(fd[1]);
	}
	return n;
}

static unsigned long take_sockets(unsigned long n, const char *path)
{
	size_t size = 0;
	int fd[2];

	(void)path;
	while (size < n * MIB) {
		check(!socketpair(AF_UNIX, SOCK_STREAM, 0, fd));
		size += fill(fd[0]);
	}
	return n;
}

/* A page of PTEs serves 2 MiB. The zero page is not charged. */
static unsigned long take_tables(unsigned long n, const char *path)
{
	size_t size = n * MIB / PAGE * PMD_SIZE;
	volatile char *p = mmap(NULL, size, PROT_READ,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
				0);

	(void)path;
	check(p != MAP_FAILED);
	check(!madvise((char *)p, size, MADV_NOHUGEPAGE));
	for (size_t i = 0; i < size; i += PMD_SIZE)
		(void)p[i];
	return n;
}

static unsigned long take_locked(unsigned long n, const char *path)
{
	char *p = map(n * MIB, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	(void)path;
	check(!mlock(p, n * MIB));
	return n;
}

static void *wait_for_ever(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return NULL;
}

static unsigned long take_threads(unsigned long n, const char *path)
{
	pthread_attr_t attr;
	pthread_t thread;

	(void)path;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN);
	for (unsigned long i = 0; i < n; i++) {
		errno = pthread_create(&thread, &attr, wait_for_ever, NULL);
		if (errno)
			return i;
	}
	return n;
}

static unsigned long take_processes(unsigned long n, const char *path)
{
	(void)path;
	for (unsigned long i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return i;
		if (!pid)
			idle();
	}
	return n;
}

static const struct {
	const char *name;
	bool has_path;
	unsigned long (*take)(unsigned long n, const char *path);
} kinds[] = {
	{ "private", false, take_private },
	{ "shared", false, take_shared },
	{ "huge", false, take_huge },
	{ "hugetlb", false, take_hugetlb },
	{ "mapped", true, take_mapped },
	{ "memfd", false, take_memfd },
	{ "file", true, take_file },
	{ "inodes", true, take_inodes },
	{ "cache", true, take_cache },
	{ "sysv", false, take_sysv },
	{ "pipes", false, take_pipes },
	{ "sockets", false, take_sockets },
	{ "tables", false, take_tables },
	{ "locked", false, take_locked },
	{ "threads", false, take_threads },
	{ "processes", false, take_processes },
};

int main(int argc, char **argv)
{
	unsigned long n, taken;

	if (argc < 3)
		bad_usage(usage);
	kind = argv[1];
	n = number(usage, "N", argv[2], 1, 1 << 20);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, kind))
			continue;
		if (argc != 3 + kinds[i].has_path)
			bad_usage(usage);
		taken = kinds[i].take(n, argv[3]);
		if (taken < n)
			say("took %lu of %lu: %s\n", taken, n, strerror(errno));
		else
			say("took %lu\n", taken);
		wait_for_ever(NULL);
	}
	bad_usage(usage);
}
