// SPDX-License-Identifier: GPL-2.0
/* Whether the caller is root of the host, see rootless.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "rootless.h"

/* The first user namespace maps each id to itself, all in one line. */
bool in_user_namespace(void)
{
	unsigned int inside, outside, count;
	char map[128];
	ssize_t n = file_read(AT_FDCWD, "/proc/self/uid_map", map, sizeof(map));

	if (n < 0)
		return n == -E2BIG;
	return sscanf(map, "%u %u %u", &inside, &outside, &count) != 3 ||
	       inside || outside || count != UINT32_MAX;
}

bool is_rootless(void)
{
	return geteuid() || in_user_namespace();
}
