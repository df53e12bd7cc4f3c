// SPDX-License-Identifier: GPL-2.0
/* Reading the statistics of a cgroup: from plain files, and from one of the kernel. */
#include "cgroup/stats.h"
#include "fixture.h"
#include "scratch.h"

static struct cgroup_stats stats;
static struct failure failure;

static void put_new(int folder, const char *file, const char *text)
{
	int fd = must(openat(folder, file,
			     O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));

	must(write(fd, text, strlen(text)));
	close(fd);
}

static void test_none(int folder)
{
	is_int(cgroup_stats_read(folder, &stats, &failure), 0,
	       "a folder without files can be read");
	ok(!stats.has_memory && !stats.has_pids && !stats.has_io,
	   "it has no controllers");
	ok(!stats.memory_stat && !stats.io && !stats.hugetlb,
	   "it has no numbers");
	ok(!stats.cpu_pressure.given, "nor pressure");
	cgroup_stats_free(&stats);
}

static void fill(int folder)
{
	put_new(folder, "cpu.stat",
		"usage_usec 10\nuser_usec 7\nsystem_usec 3\nnice_usec 1\n"
		"nr_periods 4\nnr_throttled 2\nthrottled_usec 99\n");
	put_new(folder, "memory.current", "4096\n");
	put_new(folder, "memory.max", "max\n");
	put_new(folder, "memory.peak", "8192\n");
	put_new(folder, "memory.swap.current", "5\n");
	put_new(folder, "memory.swap.max", "18446744073709551614\n");
	put_new(folder, "memory.events",
		"low 1\nhigh 2\nmax 3\noom 4\noom_kill 5\noom_group_kill 6\n");
	put_new(folder, "memory.stat",
		"anon 1\nfile 2\nkernel 3\nx 4\n"
		"e 5\nf 6\ng 7\nh 8\nlast 9\n");
	put_new(folder, "pids.current", "3\n");
	put_new(folder, "pids.max", "100\n");
	put_new(folder, "io.stat",
		"8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n"
		"259:1 rbytes=7 cost.usage=1 wios=8 odd\n"
		"nonsense\n");
	put_new(folder, "hugetlb.2MB.current", "2097152\n");
	put_new(folder, "hugetlb.2MB.max", "max\n");
	put_new(folder, "hugetlb.2MB.events", "max 11\n");
	put_new(folder, "hugetlb.2MB.rsvd.current", "1\n");
	put_new(folder, "memory.pressure",
		"some avg10=1.50 avg60=0.25 avg300=0.00 total=12\n"
		"full avg10=0.00 avg60=0.00 avg300=0.10 total=3\n");
}

static void test_files(int folder)
{
	fill(folder);
	is_int(cgroup_stats_read(folder, &stats, &failure), 0,
	       "all files are read");
	is_int(stats.cpu.usage, 10, "CPU time");
	is_int(stats.cpu.user, 7, "that of user space");
	is_int(stats.cpu.system, 3, "that of the kernel");
	is_int(stats.cpu.periods, 4, "periods");
	is_int(stats.cpu.throttled_periods, 2, "periods that were cut");
	is_int(stats.cpu.throttled, 99, "by how much");
	ok(stats.has_memory && stats.has_pids && stats.has_io, "controllers");
	is_int(stats.memory.current, 4096, "memory");
	is_int(stats.memory.peak, 8192, "its peak");
	ok(stats.memory.limit == CGROUP_NO_LIMIT, "it has no limit");
	is_int(stats.swap.current, 5, "swap");
	is_int(stats.swap.peak, 0, "its peak is unknown");
	ok(stats.swap.limit == UINT64_MAX - 1, "its limit");
	is_int(stats.memory_events.low, 1, "low");
	is_int(stats.memory_events.max, 3, "max");
	is_int(stats.memory_events.oom_kill, 5, "oom_kill");
	is_int(stats.n_memory_stat, 9, "lines of memory.stat");
	is_str(stats.memory_stat[1].name, "file", "the second one");
	is_int(stats.memory_stat[1].value, 2, "its value");
	is_str(stats.memory_stat[8].name, "last", "the last one");
	is_int(stats.memory_stat[8].value, 9, "its value");
	is_int(stats.pids.current, 3, "processes");
	is_int(stats.pids.limit, 100, "their limit");
	is_int(stats.n_io, 2, "block devices");
	ok(stats.io[0].major == 8 && stats.io[0].minor == 0, "the first");
	is_int(stats.io[0].discards, 6, "its last number");
	is_int(stats.io[1].read_bytes, 7, "the second's first number");
	is_int(stats.io[1].writes, 8, "and its last");
	is_int(stats.n_hugetlb, 1, "sizes of pages");
	is_str(stats.hugetlb[0].page_size, "2MB", "the size");
	is_int(stats.hugetlb[0].current, 2097152, "what is used");
	is_int(stats.hugetlb[0].failures, 11, "how often there was no more");
	ok(!stats.cpu_pressure.given && stats.memory_pressure.given,
	   "pressure is given for memory alone");
	ok(stats.memory_pressure.some.avg10 == 1.5, "its average");
	is_int(stats.memory_pressure.full.total, 3, "its sum");
	cgroup_stats_free(&stats);
	ok(!stats.memory_stat && !stats.n_io, "all is freed");
}

static void test_bad(int folder)
{
	put_new(folder, "pids.current", "nonsense\n");
	is_int(cgroup_stats_read(folder, &stats, &failure), -1,
	       "nonsense is an error");
	is_str(failure.text, "statistics of the cgroup: Invalid argument",
	       "with a text");
}

static void test_kernel(void)
{
	int cgroup = make_cgroup();
	pid_t child;

	if (cgroup < 0) {
		skip("statistics of the kernel",
		     "no cgroup of version 2 can be made here");
		return;
	}
	child = start_in(cgroup);
	is_int(cgroup_stats_read(cgroup, &stats, &failure), 0,
	       "statistics of the kernel are read");
	ok(stats.cpu.usage < 10000000, "CPU time is plausible");
	if (stats.has_pids)
		is_int(stats.pids.current, 1, "there is one process");
	if (stats.has_memory) {
		ok(stats.memory.current > 0 && stats.n_memory_stat > 10,
		   "memory is used");
		ok(stats.memory.limit == CGROUP_NO_LIMIT, "it is not limited");
	}
	cgroup_stats_free(&stats);
	kill(child, SIGKILL);
	reap(child);
	close(cgroup);
}

int main(void)
{
	char path[] = "/tmp/purser-test-XXXXXX";
	int folder;

	if (!mkdtemp(path))
		bail("cannot make a folder: %s", strerror(errno));
	folder = must(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	test_none(folder);
	test_files(folder);
	test_bad(folder);
	test_kernel();
	close(folder);
	is_int(scratch_remove(path), 0, "the folder is removed");
	return tap_end();
}
