// SPDX-License-Identifier: GPL-2.0
/* Tests choosing, writing and reading the limits of a container's cgroup. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "supervisor/container_cgroup.h"
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

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct start_request request = {
			.hard_limit = cases[i].hard_limit,
		};
		struct cgroup_limits limits = choose_cgroup_limits(&request);

		ok(limits.memory.max == cases[i].memory_max &&
			   limits.pids.max == 2048,
		   "the defaults depend on the hard limit, case %zu", i);
		ok(!limits.memory.needed && !limits.pids.needed,
		   "defaults are not needed, case %zu", i);
	}
}

static struct cgroup_limits choose(struct cgroup_choice choice)
{
	const struct start_request request = {
		.hard_limit = MIB,
		.cgroup = choice,
	};

	return choose_cgroup_limits(&request);
}

static void choices(void)
{
	struct cgroup_limits limits;

	limits = choose((struct cgroup_choice){ true, true, 5 * MIB, 7 });
	ok(limits.memory.max == 5 * MIB && limits.pids.max == 7,
	   "both limits of the request are used");
	ok(limits.memory.needed && limits.pids.needed,
	   "limits of the request are needed");
	limits = choose((struct cgroup_choice){ true, true, 0, 0 });
	ok(!limits.memory.max && !limits.pids.max,
	   "0 in the request means no limit");
	limits = choose((struct cgroup_choice){ true, false, 9 * MIB, 0 });
	ok(limits.memory.max == 9 * MIB && limits.pids.max == 2048,
	   "one limit of the request is used, and a default");
}

static void make_folder(void)
{
	snprintf(folder, sizeof(folder), "/tmp/purser-wall.XXXXXX");
	if (!mkdtemp(folder))
		bail("cannot make a folder");
	folder_fd = open(folder, O_RDONLY | O_DIRECTORY);
}

/* Makes a file like those of a cgroup. */
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
	const struct cgroup_limits defaults = {
		.memory = { 96 * MIB, false },
		.pids = { 2048, false },
	};
	const struct cgroup_limits chosen = {
		.memory = { 96 * MIB, true },
		.pids = { 2048, true },
	};
	const struct cgroup_limits off = {
		.memory = { 0, true },
		.pids = { 0, true },
	};
	struct failure failure;

	is_int(cgroup_limits_set(-1, &defaults, &failure), 0,
	       "without a cgroup the defaults are ignored");
	is_int(cgroup_limits_set(-1, &chosen, &failure), -1,
	       "without a cgroup limits of the request are refused");
	ok(strstr(failure.text, "there is no memory.max to set"),
	   "the failure names memory.max");
	is_int(cgroup_limits_set(-1, &off, &failure), 0,
	       "without a cgroup no limits are accepted");

	have("memory.max", "");
	have("memory.oom.group", "");
	is_int(cgroup_limits_set(folder_fd, &defaults, &failure), 0,
	       "without a pids controller the default is ignored");
	is_int(cgroup_limits_set(folder_fd, &chosen, &failure), -1,
	       "without a pids controller a limit of the request is refused");
	ok(strstr(failure.text, "there is no pids.max to set"),
	   "the failure names pids.max");
	is_str(text_of("memory.max"), "100663296", "memory.max");
	is_str(text_of("memory.oom.group"), "1", "memory.oom.group");

	have("memory.swap.max", "");
	have("pids.max", "");
	is_int(cgroup_limits_set(folder_fd, &chosen, &failure), 0,
	       "limits are written if all files exist");
	is_str(text_of("memory.swap.max"), "100663296", "memory.swap.max");
	is_str(text_of("pids.max"), "2048", "pids.max");

	have("memory.max", "max\n");
	have("memory.oom.group", "0\n");
	have("pids.max", "max\n");
	is_int(cgroup_limits_set(folder_fd, &off, &failure), 0,
	       "no limits are accepted");
	is_str(text_of("memory.max"), "max\n", "memory.max is unchanged");
	is_str(text_of("memory.oom.group"), "0\n", "memory.oom.group, too");
	is_str(text_of("pids.max"), "max\n", "pids.max is unchanged");
}

static void cpu_time(void)
{
	const struct cgroup_limits limits = { .cpu = 1500, .nice = -5 };
	const struct cgroup_limits nice = { .nice = 7 };
	struct failure failure;

	is_int(cgroup_limits_set(folder_fd, &nice, &failure), 0,
	       "without a cpu controller there is no weight to set");
	is_int(cgroup_limits_set(folder_fd, &limits, &failure), -1,
	       "without a cpu controller a limit of CPU time is refused");
	ok(strstr(failure.text, "there is no cpu.max to set"),
	   "the failure names cpu.max");
	have("cpu.max", "");
	have("cpu.weight.nice", "");
	is_int(cgroup_limits_set(folder_fd, &limits, &failure), 0,
	       "both are written");
	is_str(text_of("cpu.max"), "150000 100000", "cpu.max");
	is_str(text_of("cpu.weight.nice"), "-5", "cpu.weight.nice");
	unlinkat(folder_fd, "cpu.max", 0);
	unlinkat(folder_fd, "cpu.weight.nice", 0);
}

static void reading(void)
{
	struct cgroup_limits limits = {
		.memory = { 1, true },
		.pids = { 1, true },
	};

	ok(!cgroup_limits_get(folder_fd, &limits) && !limits.memory.max &&
		   !limits.pids.max,
	   "\"max\" is read as no limit");
	have("memory.max", "100663296\n");
	have("pids.max", "17\n");
	ok(!cgroup_limits_get(folder_fd, &limits) &&
		   limits.memory.max == 96 * MIB && limits.pids.max == 17,
	   "numbers are read");
	have("pids.max", "many\n");
	is_int(cgroup_limits_get(folder_fd, &limits), -EINVAL,
	       "other text is refused");
	unlinkat(folder_fd, "pids.max", 0);
	ok(!cgroup_limits_get(folder_fd, &limits) && !limits.pids.max,
	   "a missing file is read as no limit");
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
	cpu_time();
	reading();
	remove_folder();
	return tap_end();
}
