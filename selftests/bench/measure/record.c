// SPDX-License-Identifier: GPL-2.0
/* Makes the record of a workload, and reads it when the workload is dead. */
#include <fcntl.h>
#include <linux/memfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "measure.h"

#define POOL "/proc/sys/vm/nr_hugepages"

static int fd = -1;
static char *pool_before;

static void give_back(void)
{
	close(fd);
	file_write(AT_FDCWD, POOL, pool_before);
}

static uint64_t *map_record(int protection)
{
	uint64_t *slots = mmap(NULL, RECORD_BYTES, protection, MAP_SHARED, fd,
			       0);

	if (slots == MAP_FAILED)
		fail("measure: cannot map the record");
	return slots;
}

/* The record needs one huge page more than the machine has set aside. */
void record_make(void)
{
	char text[32];

	pool_before = file_read(AT_FDCWD, POOL);
	if (!pool_before)
		fail("measure: this kernel has no huge pages: %s", POOL);
	snprintf(text, sizeof(text), "%lu", strtoul(pool_before, NULL, 10) + 1);
	file_write(AT_FDCWD, POOL, text);
	fd = memfd_create("record", MFD_CLOEXEC | MFD_HUGETLB | MFD_HUGE_2MB);
	if (fd < 0 || ftruncate(fd, RECORD_BYTES))
		fail("measure: cannot make the record");
	atexit(give_back);
	record_clear();
}

void record_clear(void)
{
	uint64_t *slots = map_record(PROT_READ | PROT_WRITE);

	memset(slots, 0, RECORD_BYTES);
	munmap(slots, RECORD_BYTES);
}

int record_fd(void)
{
	return fd;
}

static int by_time(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

size_t record_stamps(uint64_t **stamps)
{
	uint64_t *slots = map_record(PROT_READ);
	size_t n = 0;

	*stamps = malloc(RECORD_BYTES);
	if (!*stamps)
		fail("measure: out of memory");
	for (size_t i = 0; i < RECORD_SLOTS; i++)
		if (slots[i])
			(*stamps)[n++] = slots[i];
	munmap(slots, RECORD_BYTES);
	qsort(*stamps, n, sizeof(**stamps), by_time);
	return n;
}
