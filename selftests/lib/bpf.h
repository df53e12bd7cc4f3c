/* SPDX-License-Identifier: GPL-2.0 */
/* Running a filter of system calls as the kernel does, for calls of any architecture. */
#ifndef SELFTESTS_BPF_H
#define SELFTESTS_BPF_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>

#include "tap.h"

static inline bool bpf_jumps(uint16_t op, uint32_t a, uint32_t k)
{
	switch (op) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGT:
		return a > k;
	case BPF_JGE:
		return a >= k;
	case BPF_JSET:
		return a & k;
	}
	bail("a filter has the jump %#x", op);
}

/** bpf_walk() - the same as bpf_run(); adds the number of instructions to *@steps */
static inline uint32_t bpf_walk(const struct sock_fprog *filter,
				const struct seccomp_data *call, size_t *steps)
{
	uint32_t a = 0;
	unsigned int pc;

	for (pc = 0; pc < filter->len; pc++) {
		const struct sock_filter *i = &filter->filter[pc];

		++*steps;

		switch (i->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (i->k + sizeof(a) > sizeof(*call))
				bail("a filter loads beyond the call");
			memcpy(&a, (const char *)call + i->k, sizeof(a));
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= i->k;
			break;
		case BPF_JMP | BPF_JA:
			pc += i->k;
			break;
		case BPF_RET | BPF_K:
			return i->k;
		default:
			if (BPF_CLASS(i->code) != BPF_JMP)
				bail("a filter has the instruction %#x",
				     i->code);
			pc += bpf_jumps(BPF_OP(i->code), a, i->k) ? i->jt :
								    i->jf;
		}
	}
	bail("a filter has no end");
}

/** bpf_run() - what the filter returns for a call: SECCOMP_RET_* and its data */
static inline uint32_t bpf_run(const struct sock_fprog *filter,
			       const struct seccomp_data *call)
{
	size_t steps = 0;

	return bpf_walk(filter, call, &steps);
}

#endif /* SELFTESTS_BPF_H */
