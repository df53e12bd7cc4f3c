// SPDX-License-Identifier: GPL-2.0
/*
 * Device rules: the program that is made of them, run in a small interpreter here, and
 * where cgroups can be made, in the kernel, by processes that make and open nodes.
 */
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "cgroup/device_program.h"
#include "cgroup/device_rules.h"
#include "fixture.h"

#define ALLOW(...)                \
	{                         \
		true, __VA_ARGS__ \
	}
#define DENY(...)                  \
	{                          \
		false, __VA_ARGS__ \
	}
#define R   DEVICE_READ
#define W   DEVICE_WRITE
#define M   DEVICE_MKNOD
#define ALL DEVICE_ALL

/** struct access - one access, and whether it is allowed */
struct access {
	char type;
	unsigned int major, minor, access;
	bool allowed;
};

/* Bits of struct device_rule to those of the kernel. */
static uint32_t kernel_access(const struct access *a)
{
	uint32_t bits = (a->access & R ? BPF_DEVCG_ACC_READ : 0) |
			(a->access & W ? BPF_DEVCG_ACC_WRITE : 0) |
			(a->access & M ? BPF_DEVCG_ACC_MKNOD : 0);

	return bits << 16 |
	       (a->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
}

static uint64_t load_word(const struct bpf_cgroup_dev_ctx *ctx, int off)
{
	uint32_t word;

	if (off < 0 || (size_t)off + sizeof(word) > sizeof(*ctx))
		bail("a load beyond the context");
	memcpy(&word, (const char *)ctx + off, sizeof(word));
	return word;
}

/* Executes one instruction; returns by how much the counter moves on. */
static int step(const struct bpf_insn *in, uint64_t *r,
		const struct bpf_cgroup_dev_ctx *ctx)
{
	uint32_t d = r[in->dst_reg];
	uint64_t k = (int64_t)in->imm;

	switch (in->code) {
	case BPF_LDX | BPF_MEM | BPF_W:
		r[in->dst_reg] = load_word(ctx, in->off);
		return 1;
	case BPF_ALU | BPF_MOV | BPF_K:
		r[in->dst_reg] = (uint32_t)in->imm;
		return 1;
	case BPF_ALU | BPF_MOV | BPF_X:
		r[in->dst_reg] = (uint32_t)r[in->src_reg];
		return 1;
	case BPF_ALU | BPF_AND | BPF_K:
		r[in->dst_reg] = d & (uint32_t)in->imm;
		return 1;
	case BPF_ALU | BPF_RSH | BPF_K:
		r[in->dst_reg] = d >> in->imm;
		return 1;
	case BPF_JMP | BPF_JEQ | BPF_K:
		return r[in->dst_reg] == k ? 1 + in->off : 1;
	case BPF_JMP | BPF_JNE | BPF_K:
		return r[in->dst_reg] != k ? 1 + in->off : 1;
	}
	bail("an instruction that this test does not know: %#x", in->code);
}

static uint64_t interpret(const struct device_program *p,
			  const struct access *a)
{
	struct bpf_cgroup_dev_ctx ctx = { kernel_access(a), a->major,
					  a->minor };
	uint64_t r[11] = { 0 };
	size_t pc = 0;

	while (pc < p->n && p->insns[pc].code != (BPF_JMP | BPF_EXIT))
		pc += step(&p->insns[pc], r, &ctx);
	if (pc >= p->n)
		bail("the program runs over its end");
	return r[0];
}

static void check(const char *name, const struct device_rule *rules, size_t n,
		  const struct access *accesses)
{
	struct device_program p;
	int wrong = 0;

	if (!is_int(device_program_make(&p, rules, n), 0, "%s: is made", name))
		return;
	for (const struct access *a = accesses; a->type; a++) {
		uint64_t got = interpret(&p, a);

		if (got == a->allowed)
			continue;
		printf("# %c %u:%u access %u: got %d\n", a->type, a->major,
		       a->minor, a->access, (int)got);
		wrong++;
	}
	is_int(wrong, 0, "%s: decides as it should", name);
	free(p.insns);
}

#define CHECK(name, rules, ...)          \
	check(name, rules, ARRAY(rules), \
	      (struct access[]){ __VA_ARGS__, { 0 } })
#define ARRAY(a) (sizeof(a) / sizeof((a)[0]))

static void test_decisions(void)
{
	static const struct device_rule all[] = { ALLOW('a', -1, -1, ALL) };
	static const struct device_rule usual[] = {
		DENY('a', -1, -1, ALL),
		ALLOW('c', 10, 200, R | W),
		ALLOW('b', 8, -1, R),
		ALLOW('c', -1, 7, M),
	};
	static const struct device_rule split[] = {
		ALLOW('c', 1, 1, R),
		ALLOW('c', 1, 1, W),
	};
	static const struct device_rule except[] = {
		ALLOW('a', -1, -1, ALL),
		DENY('b', 8, 0, W),
		DENY('c', 4, -1, ALL),
		ALLOW('c', 4, 64, R),
	};
	static const struct device_rule again[] = {
		ALLOW('c', 1, 1, ALL),
		DENY('a', -1, -1, ALL),
		ALLOW('c', 2, 2, ALL),
	};
	static const struct device_rule both[] = { ALLOW('a', 9, 9, R) };

	check("no rules", NULL, 0,
	      (struct access[]){ { 'c', 1, 3, R, false },
				 { 'b', 1, 3, M, false },
				 { 0 } });
	CHECK("all", all, { 'c', 1, 3, ALL, true }, { 'b', 8, 0, W, true });
	CHECK("the usual ones", usual, { 'c', 10, 200, R, true },
	      { 'c', 10, 200, W, true }, { 'c', 10, 200, R | W, true },
	      { 'c', 10, 200, M, false }, { 'c', 10, 200, ALL, false },
	      { 'b', 10, 200, R, false }, { 'c', 10, 201, R, false },
	      { 'c', 11, 200, R, false }, { 'b', 8, 5, R, true },
	      { 'b', 8, 0, R | W, false }, { 'c', 8, 5, R, false },
	      { 'c', 99, 7, M, true }, { 'b', 99, 7, M, false });
	CHECK("reading and writing in two rules", split,
	      { 'c', 1, 1, R | W, true }, { 'c', 1, 1, R, true },
	      { 'c', 1, 1, R | M, false });
	CHECK("exceptions", except, { 'b', 8, 0, R, true },
	      { 'b', 8, 0, R | W, false }, { 'b', 8, 1, R | W, true },
	      { 'c', 4, 1, R, false }, { 'c', 4, 64, R, true },
	      { 'c', 4, 64, W, false }, { 'c', 5, 0, ALL, true });
	CHECK("a rule for all in the middle", again, { 'c', 1, 1, R, false },
	      { 'c', 2, 2, ALL, true });
	CHECK("both types", both, { 'c', 9, 9, R, true },
	      { 'b', 9, 9, R, true }, { 'b', 9, 8, R, false });
}

static void test_bad(void)
{
	static const struct device_rule bad[] = {
		ALLOW('x', -1, -1, ALL),
		ALLOW('c', -2, -1, ALL),
		ALLOW('c', -1, 1L << 32, ALL),
		ALLOW('c', -1, -1, 8),
	};
	struct device_rule *many = calloc(DEVICE_RULES_MAX + 1, sizeof(*many));
	struct device_program p;
	struct failure failure;

	for (size_t i = 0; i < ARRAY(bad); i++)
		is_int(device_program_make(&p, &bad[i], 1), -EINVAL,
		       "bad rule %zu is refused", i);
	is_int(device_program_make(&p, many, DEVICE_RULES_MAX + 1), -E2BIG,
	       "too many rules are refused");
	is_int(device_rules_set(-1, many, DEVICE_RULES_MAX, &failure), -1,
	       "with those that every container gets, too");
	is_str(failure.text, "more than 1013 device rules", "and the text");
	free(many);
}

/* Make and open a node as a process of the cgroup does. ENXIO: no driver, but allowed. */
static int try_node(int cgroup, mode_t type, dev_t dev, int flags)
{
	pid_t pid = must(fork());
	char path[64];
	int fd, status;

	if (pid) {
		status = reap(pid);
		return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	}
	if (put_text(cgroup, "cgroup.procs", "0"))
		_exit(99);
	snprintf(path, sizeof(path), "/tmp/purser-test-node-%d", getpid());
	if (mknod(path, type | 0600, dev))
		_exit(100);
	fd = open(path, flags | O_NONBLOCK);
	status = fd < 0 ? errno : 0;
	unlink(path);
	_exit(status);
}

/* How many programs the cgroup has. */
static int count_programs(int cgroup)
{
	uint32_t ids[64];
	union bpf_attr attr = { .query = {
					.target_fd = cgroup,
					.attach_type = BPF_CGROUP_DEVICE,
					.prog_ids = (uintptr_t)ids,
					.prog_cnt = 64,
				} };

	if (syscall(SYS_bpf, BPF_PROG_QUERY, &attr, sizeof(attr)))
		return -errno;
	return attr.query.prog_cnt;
}

static void test_kernel(int cgroup)
{
	static const struct device_rule first[] = {
		DENY('a', -1, -1, ALL),
		ALLOW('c', 1, 11, R),
	};
	static const struct device_rule second[] = {
		ALLOW('a', -1, -1, ALL),
		DENY('c', 1, 11, W),
	};
	const dev_t kmsg = makedev(1, 11);
	struct failure failure = { .text = "" };

	if (!is_int(device_rules_set(cgroup, first, ARRAY(first), &failure), 0,
		    "rules are attached"))
		printf("# %s\n", failure.text);
	is_int(count_programs(cgroup), 1, "as one program");
	is_int(try_node(cgroup, S_IFCHR, makedev(1, 3), O_RDWR), 0,
	       "a process of the cgroup opens null");
	is_int(try_node(cgroup, S_IFCHR, kmsg, O_RDONLY), 0,
	       "it reads what a rule lets it read");
	is_int(try_node(cgroup, S_IFCHR, kmsg, O_WRONLY), EPERM,
	       "it does not write that");
	is_int(try_node(cgroup, S_IFBLK, makedev(259, 77), O_RDONLY), EPERM,
	       "it makes another node, and cannot open it");

	is_int(device_rules_set(cgroup, second, ARRAY(second), &failure), 0,
	       "other rules take their place");
	is_int(count_programs(cgroup), 1, "as the only program");
	is_int(try_node(cgroup, S_IFCHR, kmsg, O_RDONLY), 0,
	       "a process of the cgroup still reads it");
	is_int(try_node(cgroup, S_IFCHR, kmsg, O_WRONLY), EPERM,
	       "and does not write it");
	is_int(try_node(cgroup, S_IFBLK, makedev(259, 77), O_RDONLY), ENXIO,
	       "it opens any other");
}

/* The kernel's verifier must not give up on it. */
static void test_many(int cgroup)
{
	const size_t n = 1000;
	struct device_rule *rules = calloc(n, sizeof(*rules));
	struct failure failure = { .text = "" };

	for (size_t i = 0; i < n; i++)
		rules[i] = (struct device_rule){ i % 3 != 0, i % 5 ? 'c' : 'b',
						 i % 7 + 200,
						 i % 11 ? (long)i : -1,
						 1 + i % 7 };
	if (!is_int(device_rules_set(cgroup, rules, n, &failure), 0,
		    "the kernel takes %zu rules", n))
		printf("# %s\n", failure.text);
	is_int(count_programs(cgroup), 1, "as the only program");
	free(rules);
}

int main(void)
{
	int cgroup;

	test_decisions();
	test_bad();
	cgroup = make_cgroup();
	if (cgroup < 0) {
		skip("rules in the kernel",
		     "no cgroup of version 2 can be made here");
		return tap_end();
	}
	test_kernel(cgroup);
	test_many(cgroup);
	close(cgroup);
	return tap_end();
}
