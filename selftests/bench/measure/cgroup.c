// SPDX-License-Identifier: GPL-2.0
/* The cgroup of one sample, below the root of the cgroup v2 tree. */
#include <fcntl.h>
#include <unistd.h>

#include "measure.h"

#define CGROUPS "/sys/fs/cgroup"
#define OWN	CGROUPS "/purser-bench"

int cgroup_make(void)
{
	char *controllers = file_read(AT_FDCWD, CGROUPS "/cgroup.controllers");
	bool usable = controllers && strstr(controllers, "memory");

	free(controllers);
	if (!usable)
		return -1;
	file_write(AT_FDCWD, CGROUPS "/cgroup.subtree_control", "+memory");
	return folder_make(OWN);
}

void cgroup_remove(int dir)
{
	close(dir);
	if (rmdir(OWN))
		fail("measure: cannot remove %s", OWN);
}

uint64_t cgroup_read(int dir, const char *file)
{
	char *text = file_read(dir, file);
	uint64_t value;

	if (!text)
		fail("measure: cannot read %s of a cgroup", file);
	value = strtoull(text, NULL, 10);
	free(text);
	return value;
}

/* Count the file lists only: shared memory is on the lists of anonymous pages. */
uint64_t cgroup_file(int dir)
{
	char *stat = file_read(dir, "memory.stat");
	static const char *const keys[] = { "\ninactive_file ",
					    "\nactive_file " };
	uint64_t sum = 0;
	char *p;

	if (!stat)
		fail("measure: cannot read memory.stat of a cgroup");
	for (int i = 0; i < 2; i++) {
		p = strstr(stat, keys[i]);
		if (p)
			sum += strtoull(p + strlen(keys[i]), NULL, 10);
	}
	free(stat);
	return sum;
}

void cgroup_write(int dir, const char *file, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	/* The file may be missing: kernels without swap have no memory.swap.max. */
	file_write(dir, file, text);
}
