// SPDX-License-Identifier: GPL-2.0
/* Tries with files of /proc and /sys: those of the machine and of other processes. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "try.h"

/* Find a kernel address that is not zero in the first lines of t->path. */
static int addresses(const struct attempt *t)
{
	FILE *file = fopen(t->path, "r");
	int r = file ? NOTHING : -errno;
	char line[512], *number;
	int i;

	for (i = 0; file && i < 100 && fgets(line, sizeof(line), file); i++) {
		number = strstr(line, " 0x");
		if (strtoull(number ? number : line, NULL, 16))
			r = 0;
	}
	if (file)
		fclose(file);
	return r;
}

/* Find the page frame of a page of this process. */
static int frame(const struct attempt *t)
{
	int fd = open(t->path, O_RDONLY | O_CLOEXEC);
	uint64_t entry = 0;
	int r;

	if (fd < 0)
		return -errno;
	r = result(pread(fd, &entry, sizeof(entry),
			 (off_t)((uintptr_t)&entry / 4096 * sizeof(entry))));
	close(fd);
	return r ? r : entry & ((UINT64_C(1) << 55) - 1) ? 0 : NOTHING;
}

/* Open the program by the memory range that it is mapped to. */
static int mapped_file(const struct attempt *t)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char path[96];
	unsigned long from, to;
	int fd;

	(void)t;
	if (!maps || fscanf(maps, "%lx-%lx", &from, &to) != 2)
		return -ENOTDIR;
	fclose(maps);
	snprintf(path, sizeof(path), "/proc/self/map_files/%lx-%lx", from, to);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return result(fd);
}

static int of_victim(const struct attempt *t)
{
	int fd = open(proc_path(variable_pid("TRY_VICTIM"), t->path),
		      (int)t->number | O_CLOEXEC);

	return result(fd);
}

#define WRITE(file, outcome)                                  \
	TRY("writing " file, try_open, outcome, .path = file, \
	    .number = O_WRONLY)
#define READ(file, outcome) \
	TRY("reading " file, try_read, outcome, .path = file)

const struct attempt proc_tries[] = {
	WRITE("/proc/sys/kernel/core_pattern", "EROFS"),
	TRY("writing /proc/sys/kernel/modprobe", try_open, "EROFS",
	    .path = "/proc/sys/kernel/modprobe", .number = O_WRONLY,
	    .lacks = "ENOENT"),
	WRITE("/proc/sys/kernel/panic", "EROFS"),
	WRITE("/proc/sys/kernel/hostname", "EROFS"),
	TRY("writing /proc/sys/kernel/sysrq", try_open, "EROFS",
	    .path = "/proc/sys/kernel/sysrq", .number = O_WRONLY,
	    .lacks = "ENOENT"),
	WRITE("/proc/sys/vm/overcommit_memory", "EROFS"),
	WRITE("/proc/sys/fs/suid_dumpable", "EROFS"),
	WRITE("/proc/sys/net/ipv4/ip_forward", "EROFS"),
	TRY("writing /proc/sysrq-trigger", try_open, "EROFS",
	    .path = "/proc/sysrq-trigger", .number = O_WRONLY,
	    .lacks = "ENOENT"),
	WRITE("/proc/irq/default_smp_affinity", "EROFS"),
	TRY("writing /proc/pressure/memory", try_open, "EROFS",
	    .path = "/proc/pressure/memory", .number = O_RDWR,
	    .lacks = "ENOENT"),
	TRY("setting the mode of /proc/meminfo", try_chmod, "EROFS",
	    .path = "/proc/meminfo"),
	TRY("setting the mode of /proc/irq", try_chmod, "EROFS",
	    .path = "/proc/irq"),
	TRY("reading /proc/kcore", try_read, "nothing", .path = "/proc/kcore",
	    .lacks = "ENOENT"),
	TRY("reading /proc/keys", try_read, "nothing", .path = "/proc/keys",
	    .lacks = "ENOENT"),
	READ("/proc/key-users", "nothing"),
	READ("/proc/timer_list", "nothing"),
	READ("/proc/interrupts", "nothing"),
	READ("/proc/vmallocinfo", "nothing"),
	TRY("reading /proc/kpageflags", try_read, "nothing",
	    .path = "/proc/kpageflags", .lacks = "ENOENT"),
	TRY("reading /proc/kmsg", try_open, "EPERM", .path = "/proc/kmsg",
	    .number = O_RDONLY, .only = CAPABILITIES),
	TRY("reading addresses in /proc/kallsyms", addresses, "nothing",
	    .path = "/proc/kallsyms", .only = CAPABILITIES),
	TRY("reading addresses in /proc/modules", addresses, "nothing",
	    .path = "/proc/modules", .only = CAPABILITIES),
	TRY("reading page frames in /proc/self/pagemap", frame, "nothing",
	    .path = "/proc/self/pagemap", .lacks = "ENOENT",
	    .only = CAPABILITIES),
	TRY("opening a file of /proc/self/map_files", mapped_file, "EPERM",
	    .lacks = "ENOENT", .only = CAPABILITIES),
	TRY("opening the memory of a process of the host", of_victim, "ENOENT",
	    .path = "mem", .number = O_RDWR),
	TRY("opening the environment of a process of the host", of_victim,
	    "ENOENT", .path = "environ", .number = O_RDONLY),
	TRY("opening a descriptor of a process of the host", of_victim,
	    "ENOENT", .path = "fd/0", .number = O_RDONLY),
	TRY("opening the oom_score_adj of a process of the host", of_victim,
	    "ENOENT", .path = "oom_score_adj", .number = O_WRONLY),
	{ 0 },
};

const struct attempt sys_tries[] = {
	TRY("writing /sys/power/state", try_open, "EROFS",
	    .path = "/sys/power/state", .number = O_WRONLY, .lacks = "ENOENT"),
	TRY("writing /sys/kernel/mm/transparent_hugepage/enabled", try_open,
	    "EROFS", .path = "/sys/kernel/mm/transparent_hugepage/enabled",
	    .number = O_WRONLY, .lacks = "ENOENT"),
	WRITE("/sys/module/purser/parameters/exit_records", "EROFS"),
	WRITE("/sys/module/purser/uevent", "EROFS"),
	WRITE("/sys/class/net/lo/mtu", "EROFS"),
	WRITE("/sys/bus/pci/rescan", "EROFS"),
	TRY("setting the mode of /sys/kernel/notes", try_chmod, "EROFS",
	    .path = "/sys/kernel/notes"),
	TRY("reading addresses in /sys/module/purser/sections/.text", addresses,
	    "nothing", .path = "/sys/module/purser/sections/.text",
	    .lacks = "ENOENT", .only = CAPABILITIES),
	TRY("opening /sys/firmware", try_open, "ENOENT", .lacks = "ENOENT",
	    .path = "/sys/firmware/memmap", .number = O_RDONLY),
	TRY("opening /sys/kernel/debug", try_open, "ENOENT", .lacks = "ENOENT",
	    .path = "/sys/kernel/debug/x86", .number = O_RDONLY),
	TRY("opening /sys/kernel/tracing", try_open, "ENOENT",
	    .path = "/sys/kernel/tracing/trace", .number = O_RDONLY),
	TRY("opening a file in /sys/fs/cgroup", try_open, "ENOENT",
	    .path = "/sys/fs/cgroup/cgroup.procs", .number = O_WRONLY),
	{ 0 },
};
