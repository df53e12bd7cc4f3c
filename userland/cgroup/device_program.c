// SPDX-License-Identifier: GPL-2.0
/*
 * The program for a list of device rules, see device_program.h.
 *
 * It keeps the kinds of access that no rule has decided yet in a register, and goes
 * through the rules from the last to the first. A rule that matches and allows takes its
 * kinds of access away; if none is left, the program allows the access. A rule that
 * matches and denies one of those that are left denies the access. So the last rule that
 * matches counts for each kind, as with the files of cgroup v1.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "device_program.h"

/* Registers. The kernel passes the context in R1 and takes the result from R0. */
enum {
	RESULT = BPF_REG_0,
	CONTEXT = BPF_REG_1,
	TYPE = BPF_REG_2,
	ACCESS = BPF_REG_3, /* that no rule has decided yet */
	SCRATCH = BPF_REG_4,
};

#define INSN(c, d, s, o, i)                 \
	((struct bpf_insn){ .code = (c),    \
			    .dst_reg = (d), \
			    .src_reg = (s), \
			    .off = (o),     \
			    .imm = (i) })
#define LOAD(reg, field)                              \
	INSN(BPF_LDX | BPF_MEM | BPF_W, reg, CONTEXT, \
	     offsetof(struct bpf_cgroup_dev_ctx, field), 0)
#define SET(reg, value)	      INSN(BPF_ALU | BPF_MOV | BPF_K, reg, 0, 0, value)
#define COPY(reg, from)	      INSN(BPF_ALU | BPF_MOV | BPF_X, reg, from, 0, 0)
#define AND(reg, value)	      INSN(BPF_ALU | BPF_AND | BPF_K, reg, 0, 0, value)
#define SHIFT_DOWN(reg, bits) INSN(BPF_ALU | BPF_RSH | BPF_K, reg, 0, 0, bits)
#define EXIT()		      INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
/* Jump over @skip instructions if @reg is (not) @value. */
#define SKIP_IF(reg, value, skip) \
	INSN(BPF_JMP | BPF_JEQ | BPF_K, reg, 0, skip, value)
#define SKIP_IF_NOT(reg, value, skip) \
	INSN(BPF_JMP | BPF_JNE | BPF_K, reg, 0, skip, value)

#define HEAD_LEN 4
#define RULE_LEN 10 /* at most */
#define TAIL_LEN 2

static void add(struct device_program *p, struct bpf_insn insn)
{
	p->insns[p->n++] = insn;
}

/* access_type has the type of the device in its lower half, and the access above. */
static void add_head(struct device_program *p)
{
	add(p, LOAD(TYPE, access_type));
	add(p, COPY(ACCESS, TYPE));
	add(p, AND(TYPE, 0xffff));
	add(p, SHIFT_DOWN(ACCESS, 16));
}

static int access_bits(const struct device_rule *rule)
{
	return (rule->access & DEVICE_READ ? BPF_DEVCG_ACC_READ : 0) |
	       (rule->access & DEVICE_WRITE ? BPF_DEVCG_ACC_WRITE : 0) |
	       (rule->access & DEVICE_MKNOD ? BPF_DEVCG_ACC_MKNOD : 0);
}

/*
 * Skip the rest of the rule, @left instructions, unless it matches. The numbers are loaded
 * for each rule: with what it knows of a register that lives on, the kernel's verifier
 * would go through the later rules once for each rule, and give up on a long list.
 */
static void add_match(struct device_program *p, const struct device_rule *rule,
		      int left)
{
	if (rule->type != 'a')
		add(p, SKIP_IF_NOT(TYPE,
				   rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK :
						       BPF_DEVCG_DEV_CHAR,
				   left + 2 * (rule->major >= 0) +
					   2 * (rule->minor >= 0)));
	if (rule->major >= 0) {
		add(p, LOAD(SCRATCH, major));
		add(p, SKIP_IF_NOT(SCRATCH, rule->major,
				   left + 2 * (rule->minor >= 0)));
	}
	if (rule->minor >= 0) {
		add(p, LOAD(SCRATCH, minor));
		add(p, SKIP_IF_NOT(SCRATCH, rule->minor, left));
	}
}

static void add_rule(struct device_program *p, const struct device_rule *rule)
{
	const int access = access_bits(rule);

	if (rule->allow) {
		add_match(p, rule, 4);
		add(p, AND(ACCESS, ~access));
		add(p, SKIP_IF_NOT(ACCESS, 0, 2));
		add(p, SET(RESULT, 1));
	} else {
		add_match(p, rule, 5);
		add(p, COPY(SCRATCH, ACCESS));
		add(p, AND(SCRATCH, access));
		add(p, SKIP_IF(SCRATCH, 0, 2));
		add(p, SET(RESULT, 0));
	}
	add(p, EXIT());
}

static bool is_valid(const struct device_rule *rule)
{
	return (rule->type == 'a' || rule->type == 'b' || rule->type == 'c') &&
	       rule->major >= -1 && rule->major <= INT_MAX &&
	       rule->minor >= -1 && rule->minor <= INT_MAX &&
	       !(rule->access & ~DEVICE_ALL);
}

static bool is_for_all(const struct device_rule *rule)
{
	return rule->type == 'a' && rule->major < 0 && rule->minor < 0 &&
	       rule->access == DEVICE_ALL;
}

int device_program_make(struct device_program *program,
			const struct device_rule *rules, size_t n)
{
	struct device_program p = { 0 };
	size_t first = 0;
	bool allow = false;

	if (n > DEVICE_RULES_MAX)
		return -E2BIG;
	for (size_t i = 0; i < n; i++) {
		if (!is_valid(&rules[i]))
			return -EINVAL;
		/* No earlier rule matters. */
		if (is_for_all(&rules[i])) {
			first = i + 1;
			allow = rules[i].allow;
		}
	}
	p.insns = calloc(HEAD_LEN + (n - first) * RULE_LEN + TAIL_LEN,
			 sizeof(*p.insns));
	if (!p.insns)
		return -ENOMEM;
	add_head(&p);
	while (n-- > first)
		add_rule(&p, &rules[n]);
	add(&p, SET(RESULT, allow));
	add(&p, EXIT());
	*program = p;
	return 0;
}
