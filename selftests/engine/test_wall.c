// SPDX-License-Identifier: GPL-2.0
/* The limits of a container's cgroup: which they are, and writing them. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/request.h"
#include "tap.h"

#define MIB (1ull << 20)

static char folder[64];
static int folder_fd;

static void defaults(void)
{
	static const struct {
		uint64_t hard_limit;
		uint64_t memory_max;
	} cases[] = {
		{ 0, 0 },
		{ 1, 64 * MIB + 1 },
		{ 32 * MIB, 96 * MIB },
		{ 64 * MIB, 128 * MIB },
		{ 65 * MIB, 130 * MIB },
		{ 1024 * MIB, 2048 * MIB },
		{ UINT64_MAX / 2, UINT64_MAX - 1 },
		{ UINT64_MAX / 2 + 1, 0 },
		{ UINT64_MAX, 0 },
	};
	const struct wall_choice none = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wall wall = wall_choose(&none, cases[i].hard_limit);

		ok(wall.memory_max == cases[i].memory_max &&
			   wall.pids_max == 2048,
		   "the wall behind a hard limit, case %zu", i);
	}
}

static void choices(void)
{
	const struct wall_choice all = { true, true, { 5 * MIB, 7 } };
	const struct wall_choice off = { true, true, { 0, 0 } };
	const struct wall_choice memory = { true, false, { 9 * MIB, 0 } };
	struct wall wall = wall_choose(&all, MIB);

	ok(wall.memory_max == 5 * MIB && wall.pids_max == 7, "both chosen");
	wall = wall_choose(&off, MIB);
	ok(!wall.memory_max && !wall.pids_max, "both off");
	wall = wall_choose(&memory, MIB);
	ok(wall.memory_max == 9 * MIB && wall.pids_max == 2048, "one chosen");
}

static void make_folder(void)
{
	strcpy(folder, "/tmp/purser-wall.XXXXXX");
	if (!mkdtemp(folder))
		bail("cannot make a folder");
	folder_fd = open(folder, O_RDONLY | O_DIRECTORY);
}

/* A file as of a cgroup. */
static void have(const char *file, const char *text)
{
	int fd = openat(folder_fd, file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		bail("cannot make %s", file);
	close(fd);
}

static const char *text_of(const char *file)
{
	static char text[64];
	int fd = openat(folder_fd, file, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	text[n < 0 ? 0 : n] = '\0';
	close(fd);
	return text;
}

static void writing(void)
{
	const struct wall_choice none = { 0 };
	const struct wall_choice both = { true, true, { 0 } };
	const struct wall wall = { 96 * MIB, 2048 }, off = { 0, 0 };
	const char *file = "";

	is_int(wall_set(-1, &wall, &none, &file), 0,
	       "no cgroup: defaults are passed over");
	is_int(wall_set(-1, &wall, &both, &file), -ENOENT,
	       "what was asked for is not");
	is_str(file, "memory.max", "the file is told");
	is_int(wall_set(-1, &off, &both, &file), 0, "nothing asked for: fine");

	have("memory.max", "");
	have("memory.oom.group", "");
	is_int(wall_set(folder_fd, &wall, &none, &file), 0,
	       "no pids controller: the default is passed over");
	is_int(wall_set(folder_fd, &wall, &both, &file), -ENOENT,
	       "what was asked for is not");
	is_str(file, "pids.max", "the file is told");
	is_str(text_of("memory.max"), "100663296", "memory.max");
	is_str(text_of("memory.oom.group"), "1", "memory.oom.group");

	have("memory.swap.max", "");
	have("pids.max", "");
	is_int(wall_set(folder_fd, &wall, &both, &file), 0, "all there");
	is_str(text_of("memory.swap.max"), "100663296", "memory.swap.max");
	is_str(text_of("pids.max"), "2048", "pids.max");

	have("memory.max", "max\n");
	have("memory.oom.group", "0\n");
	have("pids.max", "max\n");
	is_int(wall_set(folder_fd, &off, &both, &file), 0, "no wall");
	is_str(text_of("memory.max"), "max\n", "memory.max stays");
	is_str(text_of("memory.oom.group"), "0\n", "memory.oom.group, too");
	is_str(text_of("pids.max"), "max\n", "and pids.max");
}

static void reading(void)
{
	struct wall wall = { 1, 1 };

	ok(!wall_get(folder_fd, &wall) && !wall.memory_max && !wall.pids_max,
	   "max is none");
	have("memory.max", "100663296\n");
	have("pids.max", "17\n");
	ok(!wall_get(folder_fd, &wall) && wall.memory_max == 96 * MIB &&
		   wall.pids_max == 17,
	   "numbers are read");
	have("pids.max", "many\n");
	is_int(wall_get(folder_fd, &wall), -EINVAL, "other words are refused");
	unlinkat(folder_fd, "pids.max", 0);
	ok(!wall_get(folder_fd, &wall) && !wall.pids_max,
	   "no file is none, too");
}

static void remove_folder(void)
{
	static const char *const files[] = { "memory.max", "memory.oom.group",
					     "memory.swap.max" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlinkat(folder_fd, files[i], 0);
	close(folder_fd);
	rmdir(folder);
}

int main(void)
{
	defaults();
	choices();
	make_folder();
	writing();
	reading();
	remove_folder();
	return tap_end();
}
