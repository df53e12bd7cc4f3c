// SPDX-License-Identifier: GPL-2.0
/* ENOSYS for system calls that are newer than a seccomp profile, see enosys.h. */
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "enosys.h"

/* Instructions for one architecture. */
#define LENGTH 6

/* The kernel reports x32 as x86_64; the numbers of its calls have this bit. */
#define X32_BIT 0x40000000

void enosys_add_architecture(struct enosys *e, uint32_t arch)
{
	size_t i;

	for (i = 0; i < e->n; i++)
		if (e->list[i].arch == arch)
			return;
	if (e->n == ENOSYS_ARCHES)
		return;
	e->list[e->n].arch = arch;
	e->list[e->n].highest = -1;
	e->n++;
}

void enosys_add_name(struct enosys *e, const char *name)
{
	size_t i;
	int nr;

	for (i = 0; i < e->n; i++) {
		nr = seccomp_syscall_resolve_name_arch(e->list[i].arch, name);
		if (nr > e->list[i].highest)
			e->list[i].highest = nr;
	}
}

static void compare(struct sock_filter *code, uint32_t arch, int highest)
{
	const bool x32 = arch == SCMP_ARCH_X32;
	const struct sock_filter all[LENGTH] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			 x32 ? SCMP_ARCH_X86_64 : arch, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, x32 ? 0 : 2,
			 x32 ? 2 : 0),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)highest, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	};

	memcpy(code, all, sizeof(all));
}

int enosys_prepend(const struct enosys *e, struct sock_fprog *program)
{
	struct sock_filter *code;
	size_t i, n = 0;

	for (i = 0; i < e->n; i++)
		n += e->list[i].highest >= 0 ? LENGTH : 0;
	if (program->len + n > BPF_MAXINSNS)
		return -E2BIG;
	code = calloc(program->len + n, sizeof(*code));
	if (!code)
		return -ENOMEM;
	memcpy(code + n, program->filter, program->len * sizeof(*code));
	free(program->filter);
	program->filter = code;
	program->len = (unsigned short)(program->len + n);
	for (i = 0; i < e->n; i++) {
		if (e->list[i].highest < 0)
			continue;
		compare(code, e->list[i].arch, e->list[i].highest);
		code += LENGTH;
	}
	return 0;
}
