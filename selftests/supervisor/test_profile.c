// SPDX-License-Identifier: GPL-2.0
/* Tests resolving seccomp profiles in docker's format. */
#include <linux/capability.h>
#include <seccomp.h>

#include "base/array.h"
#include "seccomp/docker.h"
#include "supervisor/profile.h"
#include "tap.h"

#define CAP(name) (UINT64_C(1) << CAP_##name)

static const struct docker_target target = {
	.capabilities = CAP(CHOWN) | CAP(KILL),
	.kernel = "6.1.0-13-amd64",
};

/* Whether a rule with these conditions stays. */
static bool stays(const char *conditions)
{
	struct json_object *json, *calls;
	char text[512];
	bool kept;

	snprintf(text, sizeof(text),
		 "{\"syscalls\":[{\"names\":[\"a\"]},{\"names\":[\"b\"]%s%s}]}",
		 *conditions ? "," : "", conditions);
	json = json_tokener_parse(text);
	if (!json)
		bail("not JSON: %s", text);
	if (docker_profile_resolve(json, &target))
		bail("out of memory");
	json_object_object_get_ex(json, "syscalls", &calls);
	kept = json_object_array_length(calls) == 2;
	json_object_put(json);
	return kept;
}

static void conditions(void)
{
	static const struct {
		const char *text;
		bool stays;
	} cases[] = {
		{ "", true },
		{ "\"includes\":{},\"excludes\":{}", true },
		{ "\"includes\":null,\"excludes\":7", true },
		{ "\"includes\":{\"caps\":[\"CAP_CHOWN\"]}", true },
		{ "\"includes\":{\"caps\":[\"CAP_CHOWN\",\"CAP_KILL\"]}",
		  true },
		{ "\"includes\":{\"caps\":[\"CAP_CHOWN\",\"CAP_BPF\"]}",
		  false },
		{ "\"includes\":{\"caps\":[\"CAP_NONE\"]}", false },
		{ "\"includes\":{\"caps\":[1]}", false },
		{ "\"excludes\":{\"caps\":[\"CAP_BPF\"]}", true },
		{ "\"excludes\":{\"caps\":[\"CAP_BPF\",\"CAP_KILL\"]}", false },
		{ "\"includes\":{\"minKernel\":\"4.8\"}", true },
		{ "\"includes\":{\"minKernel\":\"6.1\"}", true },
		{ "\"includes\":{\"minKernel\":\"6.2\"}", false },
		{ "\"includes\":{\"minKernel\":\"x\"}", false },
		{ "\"excludes\":{\"minKernel\":\"6.0\"}", false },
		{ "\"excludes\":{\"minKernel\":\"7.0\"}", true },
		{ "\"includes\":{\"arches\":[]}", true },
		{ "\"includes\":{\"arches\":[\"vax\"]}", false },
		{ "\"excludes\":{\"arches\":[\"vax\"]}", true },
#ifdef __x86_64__
		{ "\"includes\":{\"arches\":[\"vax\",\"amd64\"]}", true },
		{ "\"excludes\":{\"arches\":[\"amd64\"]}", false },
#endif
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ok(stays(cases[i].text) == cases[i].stays,
		   "a rule with {%s} %s", cases[i].text,
		   cases[i].stays ? "stays" : "is left out");
}

static void resolved(const char *text, const char *want, const char *name)
{
	struct json_object *json = json_tokener_parse(text);

	if (!json)
		bail("not JSON: %s", text);
	ok(!docker_profile_resolve(json, &target), "%s", name);
	is_str(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN),
	       want, "%s: the result", name);
	json_object_put(json);
}

static void rewriting(void)
{
	resolved("{}", "{}", "an empty profile");
	resolved("{\"syscalls\":7,\"archMap\":{}}",
		 "{\"syscalls\":7,\"archMap\":{}}", "fields of other types");
	resolved("{\"syscalls\":[{\"name\":\"a\"}]}",
		 "{\"syscalls\":[{\"name\":\"a\",\"names\":[\"a\"]}]}",
		 "a single name");
#ifdef __x86_64__
	resolved("{\"archMap\":[{\"architecture\":\"SCMP_ARCH_ARM\"},"
		 "{\"architecture\":\"SCMP_ARCH_X86_64\","
		 "\"subArchitectures\":[\"SCMP_ARCH_X86\"]}]}",
		 "{\"archMap\":[{\"architecture\":\"SCMP_ARCH_ARM\"},"
		 "{\"architecture\":\"SCMP_ARCH_X86_64\","
		 "\"subArchitectures\":[\"SCMP_ARCH_X86\"]}],"
		 "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"]}",
		 "a map of architectures");
#endif
}

static void refused(const char *text, const char *why)
{
	struct seccomp_program program;
	struct failure failure;

	ok(profile_compile(text, 0, &program, &failure) < 0, "%s is refused",
	   text);
	if (!ok(strstr(failure.text, why) &&
			!strncmp(failure.text, "seccomp profile: ", 17),
		"it says \"%s\"", why))
		printf("# %s\n", failure.text);
	seccomp_program_free(&program);
}

static void compiling(void)
{
	struct seccomp_program program;
	struct failure failure;

	ok(!profile_compile("{\"defaultAction\":\"SCMP_ACT_ALLOW\"}", 0,
			    &program, &failure) &&
		   program.filter.len,
	   "a small profile is compiled");
	seccomp_program_free(&program);
	refused("{", "");
	refused("[]", "");
	refused("{\"defaultAction\":\"x\"}", "defaultAction");
	refused("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerPath\":\"/x\","
		"\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":"
		"\"SCMP_ACT_NOTIFY\"}]}",
		"needs an agent");
}

int main(void)
{
	conditions();
	rewriting();
	compiling();
	return tap_end();
}
