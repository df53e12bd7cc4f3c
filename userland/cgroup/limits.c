// SPDX-License-Identifier: GPL-2.0
/* The limits of a container's cgroup, see limits.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "control/request.h"
#include "limits.h"

#define MIB (1 << 20)

static const char memory_max[] = "memory.max";
static const char pids_max[] = "pids.max";

int wall_check(const struct wall_choice *choice, uint64_t hard_limit,
	       struct failure *failure)
{
	const struct wall *wall = &choice->wall;

	if (choice->has_memory_max && wall->memory_max &&
	    wall->memory_max < hard_limit) {
		return failed(
			failure, EXIT_FAILED,
			"memory.max of %g MiB is below the hard limit of %g MiB",
			wall->memory_max / (double)MIB,
			hard_limit / (double)MIB);
	}
	if (choice->has_pids_max && wall->pids_max > PIDS_MAX_MAX) {
		return failed(failure, EXIT_FAILED,
			      "pids.max of %" PRIu64 ": above %d",
			      wall->pids_max, PIDS_MAX_MAX);
	}
	return 0;
}

/* Where there is no hard limit, or none so high, there is nothing to stand behind. */
static uint64_t default_memory_max(uint64_t hard_limit)
{
	uint64_t room = hard_limit > WALL_ROOM ? hard_limit : WALL_ROOM;
	uint64_t sum;

	if (!hard_limit || __builtin_add_overflow(hard_limit, room, &sum))
		return 0;
	return sum;
}

struct wall wall_choose(const struct wall_choice *choice, uint64_t hard_limit)
{
	struct wall wall = choice->wall;

	if (!choice->has_memory_max)
		wall.memory_max = default_memory_max(hard_limit);
	if (!choice->has_pids_max)
		wall.pids_max = DEFAULT_PIDS_MAX;
	return wall;
}

static int write_text(int cgroup_fd, const char *file, const char *text)
{
	int fd __cleanup_close = -1;

	if (cgroup_fd < 0)
		return -ENOENT;
	fd = openat(cgroup_fd, file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

static int write_number(int cgroup_fd, const char *file, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, n);
	return write_text(cgroup_fd, file, text);
}

/*
 * Without a limit of swap, what is beyond memory.max would go there, until the
 * machine has none left. All that a container can take is twice memory.max so.
 */
static int set_memory(int cgroup_fd, uint64_t max, const char **file)
{
	int err;

	*file = memory_max;
	err = write_number(cgroup_fd, *file, max);
	if (err)
		return err;
	*file = "memory.oom.group";
	err = write_number(cgroup_fd, *file, 1);
	if (err)
		return err;
	*file = "memory.swap.max";
	err = write_number(cgroup_fd, *file, max);
	/* A kernel may keep no books of swap. */
	return err == -ENOENT ? 0 : err;
}

int wall_set(int cgroup_fd, const struct wall *wall,
	     const struct wall_choice *choice, const char **file)
{
	int err = 0;

	if (wall->memory_max)
		err = set_memory(cgroup_fd, wall->memory_max, file);
	if (err == -ENOENT && !choice->has_memory_max)
		err = 0;
	if (err || !wall->pids_max)
		return err;
	*file = pids_max;
	err = write_number(cgroup_fd, *file, wall->pids_max);
	return err == -ENOENT && !choice->has_pids_max ? 0 : err;
}

int wall_set_cpus(int cgroup_fd, const char *cpus, const char **file)
{
	char text[4096]; /* the kernel takes no more */
	cpu_set_t *set;
	size_t size;
	int err = parse_cpu_list(cpus, &set, &size);

	*file = "cpuset.cpus";
	if (err)
		return err;
	err = format_cpu_list(set, size, text, sizeof(text));
	CPU_FREE(set);
	if (!err)
		err = write_text(cgroup_fd, *file, text);
	return err == -ENOENT ? 0 : err;
}

/* 0: "max", or no such file. */
static int read_number(int cgroup_fd, const char *file, uint64_t *n)
{
	int fd __cleanup_close = openat(cgroup_fd, file, O_RDONLY | O_CLOEXEC);
	char text[32];
	ssize_t len;

	*n = 0;
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	len = read(fd, text, sizeof(text) - 1);
	if (len < 0)
		return -errno;
	text[len] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return strcmp(text, "max") ? parse_u64(text, 0, UINT64_MAX, n) : 0;
}

int wall_get(int cgroup_fd, struct wall *wall)
{
	int err = read_number(cgroup_fd, memory_max, &wall->memory_max);

	return err ? err : read_number(cgroup_fd, pids_max, &wall->pids_max);
}
