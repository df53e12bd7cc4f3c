// SPDX-License-Identifier: GPL-2.0
/*
 * A profile is compiled to a tree of comparisons. It must decide as the list does that
 * libseccomp makes otherwise: for every number of a system call, on every architecture,
 * with arguments on both sides of each condition of the profile.
 */
#include <linux/audit.h>
#include <seccomp.h>
#include <stdlib.h>

#include "bpf.h"
#include "cases.h"
#include "launch/filter.h"
#include "seccomp/profile.h"
#include "seccomp/names.h"
#include "podman_seccomp.h"

#define NUMBERS 1000 /* more than any architecture has */
#define EDGES	6
#define X32_BIT 0x40000000u

static struct json_object *field(struct json_object *json, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(json, key, &value);
	return value;
}

static uint64_t number_of(struct json_object *json, const char *key)
{
	return json_object_get_uint64(field(json, key));
}

static uint32_t named(const struct reader_name *names, struct json_object *name)
{
	for (; names->name; names++)
		if (!strcmp(names->name, json_object_get_string(name)))
			return (uint32_t)names->value;
	bail("unknown name %s", json_object_get_string(name));
}

static uint32_t action_of(struct json_object *json, const char *key,
			  const char *errno_key)
{
	uint32_t action = named(seccomp_actions, field(json, key));

	if (action == SCMP_ACT_ERRNO(0))
		action |= (uint32_t)number_of(json, errno_key);
	return action;
}

static void add_call(scmp_filter_ctx rules, struct json_object *call,
		     uint32_t by_default)
{
	struct json_object *names = field(call, "names"), *item;
	struct json_object *args = field(call, "args");
	const uint32_t action = action_of(call, "action", "errnoRet");
	struct scmp_arg_cmp list[6] = { 0 };
	unsigned int n = args ? (unsigned int)json_object_array_length(args) :
				0;
	size_t i;
	int nr;

	for (i = 0; i < n; i++) {
		item = json_object_array_get_idx(args, i);
		list[i].arg = (unsigned int)number_of(item, "index");
		list[i].op = named(seccomp_operators, field(item, "op"));
		list[i].datum_a = number_of(item, "value");
		list[i].datum_b = number_of(item, "valueTwo");
	}
	for (i = 0; i < json_object_array_length(names); i++) {
		item = json_object_array_get_idx(names, i);
		nr = seccomp_syscall_resolve_name(json_object_get_string(item));
		if (nr != __NR_SCMP_ERROR && action != by_default &&
		    seccomp_rule_add_array(rules, action, nr, n, list))
			bail("no rule for %s", json_object_get_string(item));
	}
}

/* The list, made by the shortest way from the profile to libseccomp. */
static struct sock_fprog make_list(struct json_object *profile)
{
	const uint32_t action = action_of(profile, "defaultAction",
					  "defaultErrnoRet");
	scmp_filter_ctx rules = seccomp_init(action);
	struct json_object *calls = field(profile, "syscalls");
	struct sock_fprog list = { 0 };
	size_t i;

	if (!rules)
		bail("seccomp_init");
	seccomp_arch_add(rules, SCMP_ARCH_X86_64);
	seccomp_arch_add(rules, SCMP_ARCH_X86);
	seccomp_arch_add(rules, SCMP_ARCH_X32);
	for (i = 0; i < json_object_array_length(calls); i++)
		add_call(rules, json_object_array_get_idx(calls, i), action);
	if (filter_export(rules, &list))
		bail("filter_export");
	seccomp_release(rules);
	return list;
}

/* The numbers below NUMBERS, then the same of x32, then those at the edges. */
static uint32_t number_at(size_t i)
{
	static const uint32_t edges[EDGES] = { X32_BIT - 1, X32_BIT + NUMBERS,
					       0x7fffffff,  0x80000000,
					       0xfffffffe,  0xffffffff };

	if (i < NUMBERS)
		return (uint32_t)i;
	if (i < (size_t)2 * NUMBERS)
		return X32_BIT + (uint32_t)(i - NUMBERS);
	return edges[i - 2 * NUMBERS];
}

/* Returns how many calls have another result. */
static size_t compare(const struct sock_fprog *a, const struct sock_fprog *b)
{
	static const uint32_t arches[] = { AUDIT_ARCH_X86_64, AUDIT_ARCH_I386,
					   AUDIT_ARCH_AARCH64, 0 };
	static const uint64_t first[] = {
		0, 1, 8, 16, 0x20008, 0xffffffff, 1ull << 32, (1ull << 32) + 16
	};
	static const uint64_t third[] = { 0, 9, (1ull << 32) + 9 };
	struct seccomp_data call = { 0 };
	size_t arch, i, x, y, differences = 0;

	for (arch = 0; arch < ARRAY_SIZE(arches); arch++)
		for (i = 0; i < 2 * NUMBERS + EDGES; i++)
			for (x = 0; x < ARRAY_SIZE(first); x++)
				for (y = 0; y < ARRAY_SIZE(third); y++) {
					call.arch = arches[arch];
					call.nr = (int)number_at(i);
					call.args[0] = first[x];
					call.args[2] = third[y];
					differences += bpf_run(a, &call) !=
						       bpf_run(b, &call);
				}
	return differences;
}

/* How many instructions a filter runs for all calls of the machine's architecture. */
static size_t steps(const struct sock_fprog *filter)
{
	struct seccomp_data call = { .arch = AUDIT_ARCH_X86_64 };
	size_t all = 0;

	for (call.nr = 0; call.nr < 450; call.nr++)
		bpf_walk(filter, &call, &all);
	return all;
}

static void test(const char *name, struct json_object *profile)
{
	struct sock_fprog list = make_list(profile);
	struct seccomp_program tree;
	struct failure failure;

	if (seccomp_compile(&tree, profile, &failure))
		bail("%s: %s", name, failure.text);
	is_int((intmax_t)compare(&tree.filter, &list), 0,
	       "%s: all calls have the same result", name);
	ok(steps(&tree.filter) * 5 < steps(&list),
	   "%s: the tree runs %zu instructions, the list %zu", name,
	   steps(&tree.filter), steps(&list));
	seccomp_program_free(&tree);
	free(list.filter);
}

/* A tree of this profile would be too long for the kernel, but a list is not. */
static void test_large(struct json_object *profile)
{
	struct json_object *calls = field(profile, "syscalls");
	struct seccomp_program program;
	struct failure failure;
	char call[256];
	int i;

	for (i = 0; i < 2650; i++) {
		snprintf(call, sizeof(call),
			 "{\"names\":[\"personality\"],"
			 "\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
			 "\"value\":%d,\"op\":\"SCMP_CMP_EQ\"}]}",
			 1000 + i);
		json_object_array_add(calls, json_tokener_parse(call));
	}
	if (!ok(!seccomp_compile(&program, profile, &failure),
		"a large profile is compiled to a list"))
		return;
	ok(steps(&program.filter) > 100000, "it is a list");
	seccomp_program_free(&program);
}

int main(void)
{
	struct json_object *profile = json_tokener_parse(podman_seccomp);

	if (!profile)
		bail("not JSON");
	test("podman", profile);
	test_large(profile);
	json_object_put(profile);
	profile = json_tokener_parse(podman_seccomp);
	/* With an errno as default, instructions of ours are in front of libseccomp's. */
	json_object_object_del(profile, "defaultErrnoRet");
	json_object_object_add(profile, "defaultAction",
			       json_object_new_string("SCMP_ACT_LOG"));
	test("default LOG", profile);
	json_object_put(profile);
	return tap_end();
}
