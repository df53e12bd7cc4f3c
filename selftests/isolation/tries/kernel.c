// SPDX-License-Identifier: GPL-2.0
/*
 * Tries to load code into the kernel, to read what only the kernel should know, and to
 * use large parts of the kernel such as BPF and io_uring.
 */
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <sys/fanotify.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "try.h"

#define KLOG_READ_ALL 3
#define KLOG_SIZE     10

/* The kernel checks the caller before it looks at these bytes. */
CALL(load_image, syscall(SYS_init_module, "no module", 9L, ""))

static int load_file(const struct attempt *t)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	(void)t;
	return fd < 0 ? -ENOTDIR :
			result(syscall(SYS_finit_module, fd, "", 0L));
}

CALL(unload, syscall(SYS_delete_module, "no_such_module", O_NONBLOCK))
/* Load no kernel: that only unloads one that was loaded before. */
CALL(load_kernel, syscall(SYS_kexec_load, 0L, 0L, NULL, 0L))
CALL(load_kernel_file, syscall(SYS_kexec_file_load, -1L, -1L, 0L, NULL, 4L))

static int make_map(const struct attempt *t)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 4,
		.max_entries = 1,
	};

	(void)t;
	return result(syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr)));
}

/* A program that returns 0. */
static int load_program(const struct attempt *t)
{
	struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = (uint32_t)t->number,
		.insns = (uintptr_t)program,
		.insn_cnt = 2,
		.license = (uintptr_t) "GPL",
	};

	return result(syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr)));
}

/* Count events of this process (number 0), or of all processes on CPU 0 (-1). */
static int count(const struct attempt *t)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CONTEXT_SWITCHES,
	};

	return result(syscall(SYS_perf_event_open, &attr, t->number,
			      t->number < 0 ? 0L : -1L, -1L, 0L));
}

CALL(hold_faults, syscall(SYS_userfaultfd, (long)O_CLOEXEC))

static int make_ring(const struct attempt *t)
{
	struct io_uring_params p = { 0 };

	(void)t;
	return result(syscall(SYS_io_uring_setup, 1L, &p));
}

CALL(enter_ring, syscall(SYS_io_uring_enter, -1L, 0L, 0L, 0L, NULL, 0L))
CALL(add_key,
     syscall(SYS_add_key, "user", "tries", "x", 1L, KEY_SPEC_PROCESS_KEYRING))
CALL(ask_key, syscall(SYS_request_key, "user", "no such key", NULL, 0L))
CALL(read_keyring,
     syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 1L))

static int read_log(const struct attempt *t)
{
	char text[256];

	return result(klogctl((int)t->number, text, sizeof(text)));
}

static int watch_files(const struct attempt *t)
{
	return result(fanotify_init((unsigned int)t->number, O_RDONLY));
}

#ifdef __x86_64__
static int call_i386(const struct attempt *t)
{
	long nr = 20; /* getpid() */

	(void)t;
	__asm__ volatile("int $0x80"
			 : "+a"(nr)
			 :
			 : "memory", "r8", "r9", "r10", "r11");
	return nr < 0 ? (int)nr : 0;
}

/* mount() by its 32-bit number, for which the filter has no rule of its own. */
static int mount_i386(const struct attempt *t)
{
	long nr = 21; /* mount() */

	(void)t;
	__asm__ volatile("int $0x80"
			 : "+a"(nr)
			 : "b"(0L), "c"(0L), "d"(0L), "S"(0L), "D"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
	return nr < 0 ? (int)nr : 0;
}

CALL(call_x32, syscall(0x40000000L | SYS_getpid))
#endif

const struct attempt kernel_tries[] = {
	TRY("loading a module from memory", load_image, "EPERM",
	    .off = "ENOEXEC"),
	TRY("loading a module from a file", load_file, "EPERM",
	    .off = "ENOEXEC"),
	TRY("unloading a module", unload, "EPERM", .off = "ENOENT"),
	TRY("kexec_load()", load_kernel, "EPERM"),
	TRY("kexec_file_load()", load_kernel_file, "EPERM", .off = "EBADF"),
	TRY("making a BPF map", make_map, "EPERM"),
	TRY("loading a BPF program for sockets", load_program, "EPERM",
	    .number = BPF_PROG_TYPE_SOCKET_FILTER),
	TRY("loading a BPF program for a cgroup's devices", load_program,
	    "EPERM", .lacks = "EINVAL", .number = BPF_PROG_TYPE_CGROUP_DEVICE),
	TRY("perf_event_open() of itself", count, "EPERM", .number = 0),
	TRY("perf_event_open() of a CPU", count, "EPERM", .number = -1),
	TRY("userfaultfd()", hold_faults, "EPERM"),
	TRY("io_uring_setup()", make_ring, "EPERM", .only = FILTER),
	TRY("io_uring_enter()", enter_ring, "EPERM", .off = "EBADF",
	    .only = FILTER),
	TRY("add_key()", add_key, "EPERM", .only = FILTER),
	TRY("request_key()", ask_key, "EPERM", .off = "ENOKEY", .only = FILTER),
	TRY("keyctl()", read_keyring, "EPERM", .only = FILTER),
	TRY("reading the kernel's log", read_log, "EPERM",
	    .number = KLOG_READ_ALL),
	TRY("reading the size of the kernel's log", read_log, "EPERM",
	    .number = KLOG_SIZE),
	TRY("fanotify_init() with permission events", watch_files, "EPERM",
	    .lacks = "EINVAL", .number = FAN_CLASS_CONTENT,
	    .only = CAPABILITIES),
#ifdef __x86_64__
	TRY("a 32-bit system call", call_i386, "SIGSYS", .lacks = "SIGSEGV",
	    .only = FILTER),
	TRY("mount() by a 32-bit system call", mount_i386, "SIGSYS",
	    .off = "EFAULT", .lacks = "SIGSEGV", .only = FILTER),
	TRY("a system call of the x32 ABI", call_x32, "SIGSYS", .off = "ENOSYS",
	    .only = FILTER),
#endif
	{ 0 },
};
