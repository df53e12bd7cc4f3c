// SPDX-License-Identifier: GPL-2.0
/* Tries to use up resources of the host that no cgroup limits. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/shm.h>

#include "try.h"

#define MIB (1L << 20)

/* Allocate t->number bytes in a new file in the folder t->path. */
static int fill(const struct attempt *t)
{
	char path[128];
	int fd, r;

	snprintf(path, sizeof(path), "%s/tries", t->path);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = result(fallocate(fd, 0, 0, t->number));
	close(fd);
	unlink(path);
	return r;
}

static long read_number(const char *path)
{
	FILE *file = fopen(path, "r");
	long n = 0;

	if (file && fscanf(file, "%ld", &n) != 1)
		n = 0;
	if (file)
		fclose(file);
	return n;
}

static int large_pipe(const struct attempt *t)
{
	long most = read_number("/proc/sys/fs/pipe-max-size");
	int ends[2];

	(void)t;
	if (!most || pipe(ends))
		return -ENOTDIR;
	return result(fcntl(ends[0], F_SETPIPE_SZ, (int)(2 * most)));
}

/* Lock one page more than the limit. */
static int lock_memory(const struct attempt *t)
{
	struct rlimit limit;
	size_t size;
	void *p;

	(void)t;
	if (getrlimit(RLIMIT_MEMLOCK, &limit))
		return -errno;
	if (limit.rlim_max > 64 * MIB)
		return -EOVERFLOW;
	size = limit.rlim_max + 4096;
	p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? -ENOTDIR :
				 result(mlock2(p, size, MLOCK_ONFAULT));
}

static int lock_segment(const struct attempt *t)
{
	struct rlimit none = { 0, 0 };
	int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	int r;

	(void)t;
	if (id < 0)
		return -errno;
	setrlimit(RLIMIT_MEMLOCK, &none);
	r = result(shmctl(id, SHM_LOCK, NULL));
	shmctl(id, IPC_RMID, NULL);
	return r;
}

/* Enlarge a message queue beyond the limit of its IPC namespace. */
static int large_queue(const struct attempt *t)
{
	int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	struct msqid_ds d;
	int r;

	(void)t;
	if (id < 0 || msgctl(id, IPC_STAT, &d))
		return -errno;
	d.msg_qbytes *= 4;
	r = result(msgctl(id, IPC_SET, &d));
	msgctl(id, IPC_RMID, NULL);
	return r;
}

const struct attempt resources_tries[] = {
	TRY("filling /dev", fill, "ENOSPC", .path = "/dev", .number = MIB),
	TRY("filling /dev/shm", fill, "ENOSPC", .path = "/dev/shm",
	    .number = 65 * MIB),
	TRY("making a pipe larger than the limit", large_pipe, "EPERM",
	    .only = CAPABILITIES),
	TRY("locking memory beyond the limit", lock_memory, "ENOMEM",
	    .only = CAPABILITIES),
	TRY("locking a segment beyond the limit", lock_segment, "EPERM",
	    .only = CAPABILITIES),
	TRY("making a message queue larger than the limit", large_queue,
	    "EPERM", .only = CAPABILITIES),
	{ 0 },
};
