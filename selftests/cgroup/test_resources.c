// SPDX-License-Identifier: GPL-2.0
/* From resources of the OCI runtime-spec to what is written to a cgroup of version 2. */
#include <inttypes.h>

#include "cgroup/resources.h"
#include "fixture.h"
#include "scratch.h"

#define N(v)            \
	{               \
		true, v \
	}
#define ARRAY(a) (sizeof(a) / sizeof((a)[0]))

/* "FILE=TEXT;" for each write, and "FILE~TEXT;" for one that is optional. */
static char written[8192];

static int record(const char *file, const char *text, bool optional, void *arg,
		  struct failure *failure)
{
	size_t len = strlen(written);

	(void)failure;
	if (arg && !strcmp(file, arg))
		return failed(failure, EXIT_FAILED, "no more");
	snprintf(written + len, sizeof(written) - len, "%s%c%s;", file,
		 optional ? '~' : '=', text);
	return 0;
}

static void check_at(int cgroup, const char *name,
		     const struct cgroup_resources *r, const char *want)
{
	struct failure failure = { .text = "" };

	written[0] = '\0';
	if (!is_int(cgroup_resources_each(cgroup, r, record, NULL, &failure), 0,
		    "%s: is converted", name))
		printf("# %s\n", failure.text);
	is_str(written, want, "%s: is written", name);
}

#define CHECK_AT(cgroup, name, want, ...) \
	check_at(cgroup, name, &(struct cgroup_resources){ __VA_ARGS__ }, want)
#define CHECK(...) CHECK_AT(-1, __VA_ARGS__)

static void refuse_at(int cgroup, const char *name,
		      const struct cgroup_resources *r, const char *want)
{
	struct failure failure = { .text = "" };

	is_int(cgroup_resources_each(cgroup, r, record, NULL, &failure), -1,
	       "%s: is refused", name);
	is_str(failure.text, want, "%s: says why", name);
}

#define REFUSE_AT(cgroup, name, want, ...) \
	refuse_at(cgroup, name, &(struct cgroup_resources){ __VA_ARGS__ }, want)
#define REFUSE(...) REFUSE_AT(-1, __VA_ARGS__)

static void test_memory(void)
{
	CHECK("nothing", "", .cpus = NULL);
	CHECK("zeros", "", .memory_limit = N(0), .memory_swap = N(0),
	      .memory_reservation = N(0), .cpu_shares = N(0), .cpu_quota = N(0),
	      .cpu_period = N(0), .pids_limit = N(0), .io_weight = N(0),
	      .cpus = "", .mems = "");
	CHECK("a limit of memory", "memory.max=1048576;",
	      .memory_limit = N(1 << 20));
	CHECK("memory and twice as much with swap",
	      "memory.swap.max=33554432;memory.max=33554432;",
	      .memory_limit = N(33554432), .memory_swap = N(67108864));
	CHECK("memory without swap", "memory.swap.max~0;memory.max=4096;",
	      .memory_limit = N(4096), .memory_swap = N(4096));
	CHECK("memory with any swap", "memory.swap.max~max;memory.max=4096;",
	      .memory_limit = N(4096), .memory_swap = N(-1));
	CHECK("no limit", "memory.swap.max~max;memory.max=max;",
	      .memory_limit = N(-1));
	CHECK("a reservation", "memory.low=8192;",
	      .memory_reservation = N(8192));
	CHECK("no reservation", "memory.low=max;", .memory_reservation = N(-1));
	REFUSE("swap alone",
	       "memory.swap needs memory.limit: the limit of memory and swap together is 4096, and memory alone has no limit",
	       .memory_swap = N(4096));
	REFUSE("swap with memory without a limit",
	       "memory.swap needs memory.limit: the limit of memory and swap together is 4096, and memory alone has no limit",
	       .memory_limit = N(-1), .memory_swap = N(4096));
	REFUSE("swap below memory",
	       "memory.swap (4095) is the limit of memory and swap together, and must not be below memory.limit (4096)",
	       .memory_limit = N(4096), .memory_swap = N(4095));
}

static void test_cpu(void)
{
	static const struct {
		int64_t shares;
		int weight;
	} shares[] = {
		{ 1, 1 },	   { 2, 1 },	      { 512, 20 },
		{ 1024, 39 },	   { 2048, 79 },      { 4096, 157 },
		{ 262144, 10000 }, { 262145, 10000 },
	};
	char want[64];

	for (size_t i = 0; i < ARRAY(shares); i++) {
		snprintf(want, sizeof(want), "cpu.weight=%d;",
			 shares[i].weight);
		CHECK("shares", want, .cpu_shares = N(shares[i].shares));
	}
	CHECK("quota and period", "cpu.max=50000 100000;",
	      .cpu_quota = N(50000), .cpu_period = N(100000));
	CHECK("a quota", "cpu.max=50000;", .cpu_quota = N(50000));
	CHECK("no quota", "cpu.max=max;", .cpu_quota = N(-1));
	CHECK("no quota, a period", "cpu.max=max 20000;", .cpu_quota = N(-1),
	      .cpu_period = N(20000));
	CHECK("a period", "cpu.max=max 20000;", .cpu_period = N(20000));
	CHECK("a burst", "cpu.max.burst=0;", .cpu_burst = N(0));
	CHECK("quota and burst", "cpu.max=50000;cpu.max.burst=1000;",
	      .cpu_quota = N(50000), .cpu_burst = N(1000));
	CHECK("idle", "cpu.idle=1;", .cpu_idle = N(1));
	CHECK("idle with shares", "cpu.weight=39;cpu.idle=1;", .cpu_idle = N(1),
	      .cpu_shares = N(1024));
	CHECK("no longer idle", "cpu.idle=0;cpu.weight=39;", .cpu_idle = N(0),
	      .cpu_shares = N(1024));
	REFUSE("idle of another value", "cpu.idle must be 0 or 1, not 2",
	       .cpu_idle = N(2));
	CHECK("CPUs and nodes", "cpuset.cpus=0-3,7;cpuset.mems=0;",
	      .cpus = "0-3,7", .mems = "0");
	CHECK("processes", "pids.max=2048;", .pids_limit = N(2048));
	CHECK("any number of processes", "pids.max=max;", .pids_limit = N(-1));
}

static void test_io(void)
{
	struct cgroup_device_number some[] = { { 8, 0, 1000 }, { 8, 16, 0 } };
	struct cgroup_device_number weights[] = { { 8, 0, 10 },
						  { 259, 1, 1000 } };
	const struct cgroup_device_list rates = { some, 2 };

	CHECK("the least weight", "io.weight=1;", .io_weight = N(10));
	CHECK("the default weight", "io.weight=4950;", .io_weight = N(500));
	CHECK("the largest weight", "io.weight=10000;", .io_weight = N(1000));
	CHECK("weights of devices", "io.weight=8:0 1;io.weight=259:1 10000;",
	      .io_weights = { weights, 2 });
	CHECK("rates",
	      "io.max=8:0 rbps=1000;io.max=8:16 rbps=max;"
	      "io.max=8:0 wbps=1000;io.max=8:16 wbps=max;"
	      "io.max=8:0 riops=1000;io.max=8:16 riops=max;"
	      "io.max=8:0 wiops=1000;io.max=8:16 wiops=max;",
	      .rbps = rates, .wbps = rates, .riops = rates, .wiops = rates);
}

static void test_others(void)
{
	static const struct cgroup_hugetlb pages[] = { { "2MB", 4194304 },
						       { "1GB", 0 } };
	static const struct cgroup_hugetlb bad = { "2MB/../x", 1 };
	static const struct cgroup_hugetlb empty = { "", 1 };
	static const struct cgroup_rdma rdma[] = {
		{ "mlx5_1", N(3), N(10000) },
		{ "mlx4_0", { 0 }, N(-1) },
	};
	static const struct cgroup_pair pairs[] = {
		{ "memory.high", "1000" },
		{ "io.max", "8:0 rbps=1\n8:16 rbps=2\n" },
		{ "memory.min", "" },
	};
	static const struct cgroup_pair slash = { "../memory.max", "1" };
	static const struct cgroup_pair word = { "tasks", "1" };
	static const struct cgroup_pair dots = { "..", "1" };

	CHECK("huge pages",
	      "hugetlb.2MB.max=4194304;hugetlb.2MB.rsvd.max~4194304;"
	      "hugetlb.1GB.max=0;hugetlb.1GB.rsvd.max~0;",
	      .hugetlb = pages, .n_hugetlb = 2);
	REFUSE("a page size with a slash",
	       "\"2MB/../x\" is not a size of huge pages", .hugetlb = &bad,
	       .n_hugetlb = 1);
	REFUSE("an empty page size", "\"\" is not a size of huge pages",
	       .hugetlb = &empty, .n_hugetlb = 1);
	CHECK("RDMA",
	      "rdma.max=mlx5_1 hca_handle=3 hca_object=10000;"
	      "rdma.max=mlx4_0 hca_object=max;",
	      .rdma = rdma, .n_rdma = 2);
	CHECK("files by name",
	      "memory.high=1000;io.max=8:0 rbps=1;io.max=8:16 rbps=2;",
	      .unified = pairs, .n_unified = 3);
	REFUSE("a name with a slash",
	       "unified: \"../memory.max\" is not the name of a file of a cgroup",
	       .unified = &slash, .n_unified = 1);
	REFUSE("a name without a dot",
	       "unified: \"tasks\" is not the name of a file of a cgroup",
	       .unified = &word, .n_unified = 1);
	REFUSE("the folder above",
	       "unified: \"..\" is not the name of a file of a cgroup",
	       .unified = &dots, .n_unified = 1);
}

/* A folder of plain files in the place of a cgroup. */
static int make_folder(char *path)
{
	if (!mkdtemp(path))
		bail("cannot make a folder: %s", strerror(errno));
	return must(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static void put_new(int folder, const char *file, const char *text)
{
	int fd = must(openat(folder, file,
			     O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));

	must(write(fd, text, strlen(text)));
	close(fd);
}

static void test_present(int folder)
{
	put_new(folder, "memory.max", "8192\n");
	put_new(folder, "memory.current", "5000\n");
	put_new(folder, "cpu.max", "50000 100000\n");
	CHECK_AT(folder, "swap alone, with a limit of memory",
		 "memory.swap.max=1000;", .memory_swap = N(9192));
	REFUSE_AT(
		folder, "swap alone, below that",
		"memory.swap (8191) is the limit of memory and swap together, and must not be below memory.limit (8192)",
		.memory_swap = N(8191));
	CHECK_AT(folder, "a period keeps the quota", "cpu.max=50000 20000;",
		 .cpu_period = N(20000));
	CHECK_AT(folder, "a quota keeps the period", "cpu.max=70000 100000;",
		 .cpu_quota = N(70000));
	CHECK_AT(folder, "no quota keeps the period", "cpu.max=max 100000;",
		 .cpu_quota = N(-1));
	CHECK_AT(folder, "a quota and a period", "cpu.max=7000 10000;",
		 .cpu_quota = N(7000), .cpu_period = N(10000));
	CHECK_AT(folder, "a burst with a quota",
		 "cpu.max.burst=0;cpu.max=50000 100000;cpu.max.burst=9;",
		 .cpu_quota = N(50000), .cpu_burst = N(9));
	CHECK_AT(folder, "enough memory is checked", "memory.max=5000;",
		 .memory_limit = N(5000), .memory_check_before_update = true);
	CHECK_AT(folder, "too little memory is not checked", "memory.max=4999;",
		 .memory_limit = N(4999));
	REFUSE_AT(
		folder, "too little memory is checked",
		"cannot limit memory to 4999 bytes: the container uses 5000 bytes, and the configuration asks to check that",
		.memory_limit = N(4999), .memory_check_before_update = true);
	put_new(folder, "io.bfq.weight", "");
	CHECK_AT(folder, "a weight for BFQ", "io.bfq.weight=500;",
		 .io_weight = N(500));
}

static void test_set(int folder)
{
	const struct cgroup_resources r = {
		.pids_limit = N(7),
		.memory_limit = N(4096),
		.memory_swap = N(4096),
	};
	const struct cgroup_resources missing = { .cpu_shares = N(2) };
	const struct cgroup_resources swap = {
		.memory_limit = N(4096),
		.memory_swap = N(8192),
	};
	struct failure failure = { .text = "" };

	put_new(folder, "pids.max", "");
	put_new(folder, "memory.max", "");
	is_int(cgroup_resources_set(folder, &r, &failure), 0,
	       "resources are set without a file for swap");
	is_str(get_text(folder, "pids.max"), "7", "pids.max has its number");
	is_str(get_text(folder, "memory.max"), "4096",
	       "memory.max has its number");
	is_int(cgroup_resources_set(folder, &missing, &failure), -1,
	       "a file that is missing is an error");
	is_str(failure.text,
	       "cannot write \"1\" to cpu.weight: the cgroup has no such file; the controller \"cpu\" may not be on",
	       "with a text that says so");
	is_int(cgroup_resources_set(folder, &swap, &failure), -1,
	       "so is one for swap that would be used");
}

static void test_error(void)
{
	const struct cgroup_resources r = { .memory_limit = N(4096),
					    .pids_limit = N(7),
					    .memory_reservation = N(1) };
	struct failure failure = { .text = "" };

	written[0] = '\0';
	is_int(cgroup_resources_each(-1, &r, record, (void *)"memory.low",
				     &failure),
	       -1, "an error of the callback is returned");
	is_str(written, "memory.max=4096;", "nothing is written after it");
	is_str(failure.text, "no more", "its text stays");
}

/* The controller that is there differs; pids is everywhere where there are any. */
static void test_kernel(void)
{
	const struct cgroup_resources r = { .pids_limit = N(77) };
	const struct cgroup_resources bad = { .cpus = "nonsense" };
	struct failure failure = { .text = "" };
	int cgroup = make_cgroup();

	if (cgroup < 0 || faccessat(cgroup, "pids.max", F_OK, 0) ||
	    faccessat(cgroup, "cpuset.cpus", F_OK, 0)) {
		skip("the kernel takes them",
		     "no cgroup with the controllers pids and cpuset here");
		return;
	}
	is_int(cgroup_resources_set(cgroup, &r, &failure), 0,
	       "the kernel takes them");
	is_str(get_text(cgroup, "pids.max"), "77\n", "as they are");
	is_int(cgroup_resources_set(cgroup, &bad, &failure), -1,
	       "the kernel refuses nonsense");
	is_str(failure.text,
	       "cannot write \"nonsense\" to cpuset.cpus: Invalid argument",
	       "with a text that says what");
	close(cgroup);
}

int main(void)
{
	char path[] = "/tmp/purser-test-XXXXXX";
	int folder = make_folder(path);

	test_memory();
	test_cpu();
	test_io();
	test_others();
	test_present(folder);
	test_set(folder);
	test_error();
	test_kernel();
	close(folder);
	is_int(scratch_remove(path), 0, "the folder is removed");
	return tap_end();
}
