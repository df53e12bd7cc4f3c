// SPDX-License-Identifier: GPL-2.0
/* Seccomp profiles that are wrong or too large: what the error says. */
#include <stdio.h>
#include <stdlib.h>

#include "profile.h"

#define DEFAULT	   "\"defaultAction\":\"SCMP_ACT_ALLOW\""
#define CALL(rest) "{" DEFAULT ",\"syscalls\":[{" rest "}]}"
#define READ(rest) \
	CALL("\"names\":[\"read\"],\"action\":\"SCMP_ACT_KILL\"," rest)
#define ARGS(rest) READ("\"args\":[{" rest "}]")

static void test_bad(void)
{
	/* clang-format off */
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "[]", ": an object is needed" },
		{ "{}", ".defaultAction is missing" },
		{ "{\"defaultAction\":1}", ".defaultAction: a string is needed" },
		{ "{\"defaultAction\":\"SCMP_ACT_NONE\"}",
		  ".defaultAction: \"SCMP_ACT_NONE\" is unknown" },
		{ "{\"defaultAction\":\"ALLOW\\n\"}",
		  ".defaultAction: \"ALLOW\\x0a\" is unknown" },
		{ "{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}",
		  ".defaultAction: SCMP_ACT_NOTIFY cannot be the default" },
		{ "{" DEFAULT ",\"defaultErrnoRet\":1}",
		  ".defaultErrnoRet: SCMP_ACT_ALLOW returns no errno" },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":-1}",
		  ".defaultErrnoRet: a number from 0 to 4094 is needed" },
		{ "{\"defaultAction\":\"SCMP_ACT_TRACE\",\"defaultErrnoRet\":\"1\"}",
		  ".defaultErrnoRet: a number from 0 to 65535 is needed" },
		{ "{" DEFAULT ",\"architectures\":\"SCMP_ARCH_X86\"}",
		  ".architectures: an array is needed" },
		{ "{" DEFAULT ",\"architectures\":[1]}",
		  ".architectures[0]: a string is needed" },
		{ "{" DEFAULT ",\"architectures\":[\"SCMP_ARCH_Z80\"]}",
		  ".architectures[0]: libseccomp does not know \"SCMP_ARCH_Z80\"" },
		{ "{" DEFAULT ",\"architectures\":[\"x86\"]}",
		  ".architectures[0]: libseccomp does not know \"x86\"" },
		{ "{" DEFAULT ",\"flags\":{}}", ".flags: an array is needed" },
		{ "{" DEFAULT ",\"flags\":[\"\"]}", ".flags[0]: \"\" is unknown" },
		{ "{" DEFAULT ",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\",\"X\"]}",
		  ".flags[1]: \"X\" is unknown" },
		{ "{" DEFAULT ",\"flags\":[\"SECCOMP_FILTER_FLAG_NEW_LISTENER\"]}",
		  ".flags[0]: \"SECCOMP_FILTER_FLAG_NEW_LISTENER\" is unknown" },
		{ "{" DEFAULT ",\"syscalls\":{}}", ".syscalls: an array is needed" },
		{ "{" DEFAULT ",\"syscalls\":[7]}",
		  ".syscalls[0]: an object is needed" },
		{ CALL("\"action\":\"SCMP_ACT_KILL\""),
		  ".syscalls[0].names is missing" },
		{ CALL("\"names\":[],\"action\":\"SCMP_ACT_KILL\""),
		  ".syscalls[0].names: it is empty" },
		{ CALL("\"names\":\"read\",\"action\":\"SCMP_ACT_KILL\""),
		  ".syscalls[0].names: an array is needed" },
		{ CALL("\"names\":[\"read\",null],\"action\":\"SCMP_ACT_KILL\""),
		  ".syscalls[0].names[1]: a string is needed" },
		{ CALL("\"names\":[\"\"],\"action\":\"SCMP_ACT_KILL\""),
		  ".syscalls[0].names[0]: it is empty" },
		{ CALL("\"names\":[\"read\"]"), ".syscalls[0].action is missing" },
		{ CALL("\"names\":[\"read\"],\"action\":\"SCMP_ACT_DIE\""),
		  ".syscalls[0].action: \"SCMP_ACT_DIE\" is unknown" },
		{ READ("\"errnoRet\":1"),
		  ".syscalls[0].errnoRet: SCMP_ACT_KILL returns no errno" },
		{ CALL("\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\","
		       "\"errnoRet\":4095"),
		  ".syscalls[0].errnoRet: a number from 0 to 4094 is needed" },
		{ READ("\"args\":{}"), ".syscalls[0].args: an array is needed" },
		{ READ("\"args\":[[]]"), ".syscalls[0].args[0]: an object is needed" },
		{ ARGS("\"value\":1,\"op\":\"SCMP_CMP_EQ\""),
		  ".syscalls[0].args[0].index is missing" },
		{ ARGS("\"index\":6,\"value\":1,\"op\":\"SCMP_CMP_EQ\""),
		  ".syscalls[0].args[0].index: a number from 0 to 5 is needed" },
		{ ARGS("\"index\":0,\"op\":\"SCMP_CMP_EQ\""),
		  ".syscalls[0].args[0].value is missing" },
		{ ARGS("\"index\":0,\"value\":-1,\"op\":\"SCMP_CMP_EQ\""),
		  ".syscalls[0].args[0].value: a number from 0 to 18446744073709551615 is needed" },
		{ ARGS("\"index\":0,\"value\":1,\"valueTwo\":1.5,\"op\":\"SCMP_CMP_EQ\""),
		  ".syscalls[0].args[0].valueTwo: a number from 0 to 18446744073709551615 is needed" },
		{ ARGS("\"index\":0,\"value\":1"),
		  ".syscalls[0].args[0].op is missing" },
		{ ARGS("\"index\":0,\"value\":1,\"op\":\"SCMP_CMP_IN\""),
		  ".syscalls[0].args[0].op: \"SCMP_CMP_IN\" is unknown" },
		{ NOTIFYING(""),
		  ".listenerPath: it is missing, and SCMP_ACT_NOTIFY needs it" },
		{ NOTIFYING("\"listenerPath\":\"agent\","),
		  ".listenerPath: \"agent\" is not an absolute path" },
		{ NOTIFYING("\"listenerPath\":7,"), ".listenerPath: a string is needed" },
		{ "{" DEFAULT ",\"listenerMetadata\":\"x\"}",
		  ".listenerMetadata: it needs listenerPath" },
	};
	/* clang-format on */
	char want[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct compiled c __cleanup_compiled = compile(cases[i].text);

		snprintf(want, sizeof(want), "linux.seccomp%s", cases[i].want);
		is_int(c.result, -1, "%s", shown(cases[i].text));
		is_str(c.failure.text, want, "the text says why");
		is_int(c.failure.code, EXIT_FAILED, "and code 1");
		ok(!c.program.filter.filter, "nothing is left");
	}
}

/* "@n" times @item, in an array. */
static struct json_object *many(int n, const char *item)
{
	struct json_object *array = json_object_new_array();

	while (n--)
		json_object_array_add(array, json_tokener_parse(item));
	return array;
}

static void too_many(const char *key, struct json_object *array,
		     const char *want)
{
	struct compiled c __cleanup_compiled = {
		.json = json_tokener_parse(
			READ("\"args\":[" ARG(0, EQ, 1) "]")),
	};
	struct json_object *calls, *one;

	json_object_object_get_ex(c.json, "syscalls", &calls);
	one = json_object_array_get_idx(calls, 0);
	json_object_object_add(!strcmp(key, "syscalls") ? c.json : one, key,
			       array);
	c.result = seccomp_compile(&c.program, c.json, &c.failure);
	is_str(c.failure.text, want, "too many: %s", key);
}

static void test_limits(void)
{
	too_many("syscalls", many(65537, "{}"),
		 "linux.seccomp.syscalls: there are more than 65536");
	too_many("names", many(65537, "\"read\""),
		 "linux.seccomp.syscalls[0].names: there are more than 65536");
	too_many("args", many(65, "{}"),
		 "linux.seccomp.syscalls[0].args: there are more than 64");
}

/* Many rules that share no instructions. */
static void test_size(void)
{
	struct compiled c __cleanup_compiled = { 0 };
	struct json_object *calls = json_object_new_array();
	char text[256];
	int i;

	c.json = json_tokener_parse("{" DEFAULT "}");
	for (i = 0; i < 1100; i++) {
		/* Both halves of the value differ from those of the others. */
		snprintf(text, sizeof(text),
			 "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_TRACE\","
			 "\"errnoRet\":%d,\"args\":[{\"index\":1,"
			 "\"value\":%ju,\"op\":\"SCMP_CMP_EQ\"}]}",
			 i, i * UINTMAX_C(0x100000001));
		json_object_array_add(calls, json_tokener_parse(text));
	}
	json_object_object_add(c.json, "syscalls", calls);
	is_int(seccomp_compile(&c.program, c.json, &c.failure), -1,
	       "a filter that is too large");
	is_str(c.failure.text,
	       "linux.seccomp: the filter has more than 4096 instructions, which the kernel does not take",
	       "the text says so");
}

static void test_rules(void)
{
	struct compiled c __cleanup_compiled = { 0 };
	struct json_object *call;

	c.json = json_tokener_parse(READ("\"x\":0"));
	call = json_object_array_get_idx(
		json_object_object_get(c.json, "syscalls"), 0);
	json_object_object_add(call, "names", many(65, "\"read\""));
	json_object_object_add(call, "args", many(64, ARG(0, EQ, 1)));
	is_int(seccomp_compile(&c.program, c.json, &c.failure), -1,
	       "more rules than there may be");
	is_str(c.failure.text,
	       "linux.seccomp.syscalls[0].names[64]: there are more than 4096 rules",
	       "the text says so");
}

int main(void)
{
	test_bad();
	test_limits();
	test_size();
	test_rules();
	return tap_end();
}
