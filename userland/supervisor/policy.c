// SPDX-License-Identifier: GPL-2.0
/* The defaults of the engine's containers, see policy.h. */
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "filter.h"
#include "launch/launch.h"
#include "policy.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

#define NOSUID	  MOUNT_ATTR_NOSUID
#define NOEXEC	  MOUNT_ATTR_NOEXEC
#define KERNEL_FS (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

/*
 * Make the mount read-only, never the file system: all mounts of sysfs are the same file
 * system, even the host's.
 */
const struct mount_spec policy_mounts[] = {
	{
		.source = "proc",
		.target = "/proc",
		.type = "proc",
		.set = KERNEL_FS,
	},
	{
		.source = "sysfs",
		.target = "/sys",
		.type = "sysfs",
		.set = KERNEL_FS | MOUNT_ATTR_RDONLY,
	},
	{
		.source = "tmpfs",
		.target = "/dev",
		.type = "tmpfs",
		.set = NOSUID | NOEXEC | MOUNT_ATTR_STRICTATIME,
		.data = "mode=0755,size=64k,nr_inodes=1024",
	},
	/*
	 * Group 5 is "tty" on nearly every distribution. All instances of devpts share
	 * the kernel's limit of terminals (kernel.pty.max, 4096 by default).
	 */
	{
		.source = "devpts",
		.target = "/dev/pts",
		.type = "devpts",
		.set = NOSUID | NOEXEC,
		.data = "newinstance,ptmxmode=0666,mode=0620,gid=5,max=256",
	},
	{
		.source = "shm",
		.target = "/dev/shm",
		.type = "tmpfs",
		.set = KERNEL_FS,
		.data = "mode=1777,size=64m,nr_inodes=16k",
	},
	{
		.source = "mqueue",
		.target = "/dev/mqueue",
		.type = "mqueue",
		.set = KERNEL_FS,
	},
};

const size_t policy_n_mounts = N(policy_mounts);

#define NODE(name, major_, minor_)                            \
	{                                                     \
		.path = "/dev/" name, .mode = S_IFCHR | 0666, \
		.major = (major_), .minor = (minor_)          \
	}

static const struct device_spec devices[] = {
	NODE("null", 1, 3),   NODE("zero", 1, 5),    NODE("full", 1, 7),
	NODE("random", 1, 8), NODE("urandom", 1, 9), NODE("tty", 5, 0),
};

static const struct link_spec links[] = {
	{ "/dev/ptmx", "pts/ptmx" },
	{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
};

/* Hidden paths. A path that does not exist needs no mask. */
static const struct mask_spec masks[] = {
	/* The machine's memory and its layout. */
	{ .path = "/proc/kcore" },
	{ .path = "/proc/vmcore" },
	{ .path = "/proc/kpagecount" },
	{ .path = "/proc/kpageflags" },
	{ .path = "/proc/kpagecgroup" },
	{ .path = "/proc/vmallocinfo" },
	/* Keyrings and their owners. */
	{ .path = "/proc/keys" },
	{ .path = "/proc/key-users" },
	/* What other processes do. */
	{ .path = "/proc/latency_stats" },
	{ .path = "/proc/timer_list" },
	{ .path = "/proc/timer_stats" },
	{ .path = "/proc/sched_debug" },
	{ .path = "/proc/interrupts" },
	/* Hardware and its drivers. */
	{ .path = "/proc/acpi" },
	{ .path = "/proc/asound" },
	{ .path = "/proc/scsi" },
	{ .path = "/sys/firmware" },
	{ .path = "/sys/devices/virtual/powercap" },
	/* It enables messages of any part of the kernel. */
	{ .path = "/proc/dynamic_debug" },
};

#define CAP(name) (UINT64_C(1) << CAP_##name)

/*
 * These suffice to install packages, and for servers that start as root and change to
 * another user. Other runtimes also give MKNOD, NET_RAW and AUDIT_WRITE. Purser does not:
 * with MKNOD a container could make device nodes of the host's disks; by default it has
 * the host's network; and the audit log is always the host's.
 */
const uint64_t policy_capabilities = CAP(CHOWN) | CAP(DAC_OVERRIDE) |
				     CAP(FOWNER) | CAP(FSETID) | CAP(KILL) |
				     CAP(NET_BIND_SERVICE) | CAP(SETFCAP) |
				     CAP(SETGID) | CAP(SETPCAP) | CAP(SETUID) |
				     CAP(SYS_CHROOT);

/*
 * The inheritable set stays empty. At execve(), root gets its permitted set from the
 * bounding set. Another user in the container gets nothing from the inheritable bits of
 * a file.
 */
void policy_set_capabilities(struct process_spec *process, uint64_t keep)
{
	process->capabilities = (struct capability_sets){
		.bounding = keep,
		.permitted = keep,
		.effective = keep,
	};
}

void policy_reset_inherited(struct process_spec *process)
{
	static const struct scheduler_spec normal = { .policy = SCHED_OTHER };
	/* The kernel leaves out CPUs that are not there. */
	static cpu_set_t all;

	memset(&all, 0xff, sizeof(all));
	process->scheduler = &normal;
	process->has_nice = true;
	process->nice = 0;
	process->cpus = &all;
	process->cpus_size = sizeof(all);
	process->has_io_priority = true;
	process->io_priority = 0;
	process->has_personality = true;
	process->personality = 0;
	process->has_oom_score_adj = true;
	process->oom_score_adj = 0;
	process->reset_inherited = true;
}

int policy_init(struct container_spec *spec, struct failure *failure)
{
	const struct sock_fprog *filter = policy_filter(failure);

	container_spec_init(spec);
	spec->namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS |
			   CLONE_NEWIPC | CLONE_NEWCGROUP;
	/* The root may contain device nodes, for example of the host's disks. */
	spec->root.attributes = MOUNT_ATTR_NODEV;
	spec->mounts = policy_mounts;
	spec->n_mounts = policy_n_mounts;
	spec->devices = devices;
	spec->n_devices = N(devices);
	spec->links = links;
	spec->n_links = N(links);
	spec->masks = masks;
	spec->n_masks = N(masks);
	spec->proc_read_only = true;
	policy_set_capabilities(&spec->process, policy_capabilities);
	spec->process.no_new_privs = true;
	spec->process.filter = filter;
	policy_reset_inherited(&spec->process);
	return filter ? 0 : -1;
}
