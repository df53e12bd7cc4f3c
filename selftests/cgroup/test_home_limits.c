// SPDX-License-Identifier: GPL-2.0
/* The resources of the cgroup of an OCI container, set and changed, with all controllers. */
#include "home.h"

static void check_file(const struct cgroup_home *home, const char *file,
		       const char *want)
{
	if (faccessat(home->fd, file, F_OK, 0))
		skip(file, "this kernel does not have it");
	else
		is_str(get_text(home->fd, file), want, "%s", file);
}

/* The controller "io" may be there without weights, which need BFQ or io.cost. */
static bool has_io_weight(void)
{
	struct cgroup_home home;
	bool has;

	is_int(make(&home, NAME, &nothing), 0, "a cgroup without limits");
	has = !faccessat(home.fd, "io.weight", F_OK, 0);
	is_int(cgroup_home_remove(&home, &failure), 0, "it is removed");
	cgroup_home_free(&home);
	return has;
}

static void test_first(struct cgroup_home *home)
{
	static const struct cgroup_pair unified[] = {
		{ "memory.high", "67108864" },
		{ "cgroup.max.depth", "50" },
	};
	const struct cgroup_resources r = {
		.memory_limit = { true, 67108864 },
		.memory_swap = { true, 100663296 },
		.memory_reservation = { true, 4194304 },
		.cpu_shares = { true, 512 },
		.cpu_quota = { true, 50000 },
		.cpu_period = { true, 200000 },
		.cpu_burst = { true, 10000 },
		.cpus = "0",
		.mems = "0",
		.pids_limit = { true, 100 },
		.io_weight = { has_io_weight(), 500 },
		.unified = unified,
		.n_unified = 2,
	};

	is_int(make(home, NAME "/a/b", &r), 0, "resources are set");
	check_file(home, "memory.max", "67108864\n");
	check_file(home, "memory.swap.max", "33554432\n");
	check_file(home, "memory.low", "4194304\n");
	check_file(home, "memory.high", "67108864\n");
	check_file(home, "cpu.weight", "20\n");
	check_file(home, "cpu.max", "50000 200000\n");
	check_file(home, "cpu.max.burst", "10000\n");
	check_file(home, "cpuset.cpus", "0\n");
	check_file(home, "cpuset.mems", "0\n");
	check_file(home, "pids.max", "100\n");
	check_file(home, "io.weight", "default 4950\n");
	check_file(home, "cgroup.max.depth", "50\n");
}

static void test_second(struct cgroup_home *home)
{
	const struct cgroup_resources r = {
		.memory_limit = { true, 33554432 },
		.memory_swap = { true, -1 },
		.cpu_quota = { true, 20000 },
		.cpu_burst = { true, 20000 },
		.cpu_idle = { true, 1 },
		.pids_limit = { true, -1 },
	};
	const struct cgroup_resources none = { .cpu_quota = { true, -1 } };
	const struct cgroup_resources less = {
		.memory_limit = { true, CHILD_BYTES / 2 },
		.memory_check_before_update = true,
	};
	pid_t child;

	is_int(cgroup_home_update(home, &r, &failure), 0, "they are changed");
	check_file(home, "memory.max", "33554432\n");
	check_file(home, "memory.swap.max", "max\n");
	check_file(home, "cpu.max", "20000 200000\n");
	check_file(home, "cpu.max.burst", "20000\n");
	check_file(home, "cpu.idle", "1\n");
	check_file(home, "pids.max", "max\n");
	check_file(home, "memory.low", "4194304\n");
	is_int(cgroup_home_update(home, &none, &failure), 0,
	       "the quota is taken away");
	check_file(home, "cpu.max", "max 200000\n");

	child = start_in(home->fd);
	is_int(cgroup_home_update(home, &less, &failure), -1,
	       "less memory than is used is refused, if asked for");
	check_file(home, "memory.max", "33554432\n");
	is_int(cgroup_home_remove(home, &failure), 0, "it is removed");
	reap(child);
}

/* Limits of devices and of huge pages depend on what the machine has. */
static void test_machine(void)
{
	static const struct cgroup_hugetlb pages = { "2MB", 4194304 };
	static const struct cgroup_hugetlb odd = { "3MB", 4194304 };
	struct cgroup_device_number none = { 4000, 77, 1048576 };
	const struct cgroup_resources r = { .hugetlb = &pages, .n_hugetlb = 1 };
	const struct cgroup_resources bad = { .hugetlb = &odd, .n_hugetlb = 1 };
	const struct cgroup_resources io = { .rbps = { &none, 1 } };
	struct cgroup_home home;

	if (strstr(get_text(AT_FDCWD, TOP "/cgroup.controllers"), "hugetlb")) {
		is_int(make(&home, NAME, &r), 0, "huge pages are limited");
		check_file(&home, "hugetlb.2MB.max", "4194304\n");
		check_file(&home, "hugetlb.2MB.rsvd.max", "4194304\n");
		is_int(cgroup_home_remove(&home, &failure), 0, "it is removed");
		cgroup_home_free(&home);
	} else {
		skip("huge pages", "there is no controller for them");
	}
	is_int(make(&home, NAME, &bad), -1, "a size that there is not");
	is_str(failure.text,
	       "cannot write \"4194304\" to hugetlb.3MB.max: the cgroup has no such file; the controller \"hugetlb\" may not be on",
	       "is an error");
	is_int(make(&home, NAME, &io), -1, "so is a device that there is not");
	ok(!exists(TOP "/" NAME), "nothing is left");
}

/* With all controllers. */
static void test_update(void)
{
	const char *all = get_text(AT_FDCWD, TOP "/cgroup.controllers");
	const bool there = strstr(all, "pids") && strstr(all, "memory") &&
			   strstr(all, "cpuset") && strstr(all, "io");
	struct cgroup_home home;

	test_machine();
	if (!there) {
		skip("resources are set", "controllers are missing");
		return;
	}
	test_first(&home);
	test_second(&home);
	cgroup_home_free(&home);
	rmdir(TOP "/" NAME "/a");
	rmdir(TOP "/" NAME);
}

static int test(int root)
{
	if (!set_up(root)) {
		skip("resources", "no cgroup of version 2 can be made here");
		return tap_end();
	}
	test_update();
	return tap_end();
}

int main(void)
{
	return run_below(test);
}
