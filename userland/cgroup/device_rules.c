// SPDX-License-Identifier: GPL-2.0
/* Attaching device rules to a cgroup, see device_rules.h. bpf(2) is called directly. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "device_program.h"
#include "device_rules.h"

/* The name of our programs in the kernel: at most 15 characters. */
#define NAME "purser_devices"

/* How many programs a cgroup can have at most: BPF_CGROUP_MAX_PROGS of the kernel. */
#define MAX_PROGRAMS 64

#define CHAR(major_, minor_, access_)                          \
	{                                                      \
		.allow = true, .type = 'c', .major = (major_), \
		.minor = (minor_), .access = (access_)         \
	}

/* What may always be used. */
static const struct device_rule always[] = {
	CHAR(-1, -1, DEVICE_MKNOD), { true, 'b', -1, -1, DEVICE_MKNOD },
	CHAR(1, 3, DEVICE_ALL),	   /* null */
	CHAR(1, 5, DEVICE_ALL),	   /* zero */
	CHAR(1, 7, DEVICE_ALL),	   /* full */
	CHAR(1, 8, DEVICE_ALL),	   /* random */
	CHAR(1, 9, DEVICE_ALL),	   /* urandom */
	CHAR(5, 0, DEVICE_ALL),	   /* tty */
	CHAR(5, 1, DEVICE_ALL),	   /* console */
	CHAR(5, 2, DEVICE_ALL),	   /* ptmx */
	CHAR(136, -1, DEVICE_ALL), /* the slaves of ptmx */
};

static int bpf(int command, union bpf_attr *attr)
{
	int ret, tries = 5;

	/* A signal makes the kernel give up checking a program. */
	do {
		ret = syscall(SYS_bpf, command, attr, sizeof(*attr));
	} while (ret < 0 && errno == EAGAIN && --tries);
	return ret < 0 ? -errno : ret;
}

static uint64_t pointer(const void *p)
{
	return (uintptr_t)p;
}

static int load(const struct device_program *program)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns = pointer(program->insns),
		.insn_cnt = program->n,
		.license = pointer("GPL"),
		.prog_name = NAME,
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

/* Returns how many programs the cgroup itself has, or a negative errno. */
static int query(int cgroup, uint32_t ids[MAX_PROGRAMS])
{
	union bpf_attr attr = {
		.query = {
			.target_fd = cgroup,
			.attach_type = BPF_CGROUP_DEVICE,
			.prog_ids = pointer(ids),
			.prog_cnt = MAX_PROGRAMS,
		},
	};
	int err = bpf(BPF_PROG_QUERY, &attr);

	return err ? err : (int)attr.query.prog_cnt;
}

static bool is_ours(int program)
{
	struct bpf_prog_info info = { 0 };
	union bpf_attr attr = {
		.info = {
			.bpf_fd = program,
			.info_len = sizeof(info),
			.info = pointer(&info),
		},
	};

	return !bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) && !strcmp(info.name, NAME);
}

static int detach(int cgroup, int program)
{
	union bpf_attr attr = {
		.target_fd = cgroup,
		.attach_bpf_fd = program,
		.attach_type = BPF_CGROUP_DEVICE,
	};

	return bpf(BPF_PROG_DETACH, &attr);
}

/* @old: the program to replace, in one step; -1: none */
static int attach(int cgroup, int program, int old)
{
	union bpf_attr attr = {
		.target_fd = cgroup,
		.attach_bpf_fd = program,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};

	if (old >= 0) {
		attr.attach_flags |= BPF_F_REPLACE;
		attr.replace_bpf_fd = old;
	}
	return bpf(BPF_PROG_ATTACH, &attr);
}

/* The first of our programs is replaced. There are more only if two updates met. */
static int attach_in_place(int cgroup, int program)
{
	uint32_t ids[MAX_PROGRAMS];
	int n = query(cgroup, ids);
	bool attached = false;

	if (n < 0)
		return n;
	for (int i = 0; i < n; i++) {
		union bpf_attr attr = { .prog_id = ids[i] };
		int old __cleanup_close = bpf(BPF_PROG_GET_FD_BY_ID, &attr);
		int err;

		if (old < 0 || !is_ours(old))
			continue;
		err = attached ? detach(cgroup, old) :
				 attach(cgroup, program, old);
		if (err && err != -ENOENT)
			return err;
		attached |= !err;
	}
	return attached ? 0 : attach(cgroup, program, -1);
}

/* @rules, and behind them what is always allowed; for free() */
static struct device_rule *with_always(const struct device_rule *rules,
				       size_t n)
{
	struct device_rule *all = calloc(n + ARRAY_SIZE(always), sizeof(*all));

	if (!all)
		return NULL;
	if (n)
		memcpy(all, rules, n * sizeof(*all));
	memcpy(all + n, always, sizeof(always));
	return all;
}

int device_rules_set(int cgroup, const struct device_rule *rules, size_t n,
		     struct failure *failure)
{
	__cleanup_free struct device_rule *all = NULL;
	struct device_program program = { 0 };
	int fd __cleanup_close = -1;
	int err = -E2BIG;

	if (n <= DEVICE_RULES_MAX - ARRAY_SIZE(always)) {
		all = with_always(rules, n);
		err = all ? device_program_make(&program, all,
						n + ARRAY_SIZE(always)) :
			    -ENOMEM;
	}
	if (err == -E2BIG)
		return failed(failure, EXIT_FAILED,
			      "more than %zu device rules",
			      DEVICE_RULES_MAX - ARRAY_SIZE(always));
	if (err)
		return failed_errno(failure, err, "device rules");
	fd = load(&program);
	free(program.insns);
	if (fd < 0)
		return failed_errno(failure, fd,
				    "cannot load the program of device rules");
	err = attach_in_place(cgroup, fd);
	if (err)
		return failed_errno(
			failure, err,
			"cannot attach the device rules to the cgroup");
	return 0;
}
