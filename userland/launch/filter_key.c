// SPDX-License-Identifier: GPL-2.0
/*
 * Installing the filter of a process, and sending its notify descriptor.
 *
 * seccomp(2) returns the notify descriptor to the process that installs the filter, and
 * execve() closes it. So the child must send the descriptor while the filter is in force.
 * The filter may refuse sendmsg(), or notify it while no process can answer. The parent
 * could fetch the descriptor with pidfd_getfd(), but the child would have to wait for
 * that with a system call, which the filter may refuse, too.
 *
 * Therefore a filter with a listener gets a key: instructions in front of it that allow
 * sendmsg() if the three registers that this call does not use hold three random numbers.
 * The numbers exist only in the memory of this launch, which the child loses at execve(),
 * so no program in the container knows them. The caller's filter decides on all other
 * calls.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "child.h"
#include "message.h"
#include "raw.h"

/* Two instructions for the number of the call and for each half of an argument; RET. */
#define KEY_LENGTH (2 + 4 * MESSAGE_KEY + 1)

static bool has_listener(const struct launch_plan *plan)
{
	return plan->process->filter_flags & SECCOMP_FILTER_FLAG_NEW_LISTENER;
}

static void load_and_compare(struct sock_filter *code, size_t at, size_t offset,
			     uint32_t want)
{
	const unsigned char skip = (unsigned char)(KEY_LENGTH - (at + 2));

	code[at] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						(uint32_t)offset);
	code[at + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
						    want, 0, skip);
}

static void write_key(struct sock_filter *code, const unsigned long *key)
{
	size_t i, half, at = 0;

	load_and_compare(code, at, offsetof(struct seccomp_data, nr),
			 SYS_sendmsg);
	for (i = 0; i < MESSAGE_KEY; i++) {
		/* sendmsg() uses three of six arguments. */
		size_t offset = offsetof(struct seccomp_data, args[3 + i]);
		uint64_t number = key[i];
		uint32_t halves[2];

		memcpy(halves, &number, sizeof(halves));
		for (half = 0; half < 2; half++) {
			at += 2;
			load_and_compare(code, at,
					 offset + half * sizeof(halves[0]),
					 halves[half]);
		}
	}
	code[at + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						    SECCOMP_RET_ALLOW);
}

int plan_filter(struct launch_plan *plan, struct failure *failure)
{
	const struct sock_fprog *given = plan->process->filter;
	const size_t before = has_listener(plan) ? KEY_LENGTH : 0;
	struct sock_filter *code;

	if (!given)
		return 0;
	if (given->len + before > BPF_MAXINSNS)
		return failed(failure, EXIT_ENGINE,
			      "cannot launch: the seccomp filter is too large");
	code = calloc(given->len + before, sizeof(*code));
	if (!code)
		return no_memory(failure);
	plan->filter.filter = code;
	plan->filter.len = (unsigned short)(given->len + before);
	memcpy(code + before, given->filter, given->len * sizeof(*code));
	if (!before)
		return 0;
	if (getrandom(plan->filter_key, sizeof(plan->filter_key), 0) !=
	    sizeof(plan->filter_key))
		return failed(failure, EXIT_ENGINE,
			      "cannot launch: there are no random numbers: %s",
			      strerror(errno));
	write_key(code, plan->filter_key);
	return 0;
}

int child_install_filter(struct child *c)
{
	const struct launch_plan *plan = c->plan;
	const enum launch_stage stage = c->stage;
	int to = c->starter >= 0 ? c->starter : plan->child_sync;
	long r;

	if (!plan->process->filter)
		return 0;
	c->stage = STAGE_FILTER;
	r = raw(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		(unsigned long)plan->process->filter_flags, &plan->filter);
	if (r >= 0 && has_listener(plan))
		r = message_send(to, MESSAGE_NOTIFY, (int)r, plan->filter_key);
	if (r < 0)
		return (int)r;
	c->stage = stage;
	return 0;
}
