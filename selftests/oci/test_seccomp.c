// SPDX-License-Identifier: GPL-2.0
/*
 * Seccomp profiles: what compiled ones do, run by an interpreter for calls of several
 * architectures and once by the kernel, and what is wrong with bad ones.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bpf.h"
#include "cases.h"
#include "oci/seccomp.h"
#include "podman_seccomp.h"

#define ERRNO(n) (SECCOMP_RET_ERRNO | (n))
#define ALLOW	 SECCOMP_RET_ALLOW
#define UNKNOWN	 9999 /* the number of no system call */

/** struct compiled - a profile and what it was compiled to */
struct compiled {
	struct json_object *json;
	struct seccomp_program program;
	struct failure failure;
	int result;
};

static struct compiled compile(const char *text)
{
	struct compiled c = { .json = json_tokener_parse(text) };

	if (!c.json)
		bail("not JSON: %s", text);
	c.result = seccomp_compile(&c.program, c.json, &c.failure);
	return c;
}

static void compiled_free(struct compiled *c)
{
	seccomp_program_free(&c->program);
	json_object_put(c->json);
}

#define __cleanup_compiled __attribute__((cleanup(compiled_free)))

static struct compiled compile_well(const char *text)
{
	struct compiled c = compile(text);

	if (c.result)
		bail("%s: %s", c.failure.text, text);
	return c;
}

/* A call with three arguments; the number is the architecture's own. */
static uint32_t call(const struct compiled *c, uint32_t arch, const char *name,
		     uint64_t a0, uint64_t a1, uint64_t a2)
{
	struct seccomp_data data = {
		.nr = UNKNOWN,
		.arch = arch == SCMP_ARCH_X32 ? SCMP_ARCH_X86_64 : arch,
		.args = { a0, a1, a2, 7, 8, 9 },
	};

	if (name)
		data.nr = seccomp_syscall_resolve_name_arch(arch, name);
	return bpf_run(&c->program.filter, &data);
}

static void test_podman(void)
{
	static const struct {
		uint32_t arch;
		const char *name;
		uint64_t args[3];
		uint32_t want;
	} cases[] = {
		{ SCMP_ARCH_X86_64, "read", { 0 }, ALLOW },
		{ SCMP_ARCH_X86, "read", { 0 }, ALLOW },
		{ SCMP_ARCH_X32, "read", { 0 }, ALLOW },
		{ SCMP_ARCH_X86, "chown32", { 0 }, ALLOW },
		{ SCMP_ARCH_X86, "oldstat", { 0 }, ERRNO(EPERM) },
		{ SCMP_ARCH_X86_64, NULL, { 0 }, ERRNO(ENOSYS) },
		{ SCMP_ARCH_X86, NULL, { 0 }, ERRNO(ENOSYS) },
		{ SCMP_ARCH_X86_64, "kexec_load", { 0 }, ERRNO(EPERM) },
		{ SCMP_ARCH_X32, "kexec_load", { 0 }, ERRNO(EPERM) },
		{ SCMP_ARCH_X86_64, "bpf", { 0 }, ERRNO(EPERM) },
		{ SCMP_ARCH_X86_64, "vhangup", { 0 }, ERRNO(EPERM) },
		{ SCMP_ARCH_X86_64, "chroot", { 0 }, ALLOW },
		{ SCMP_ARCH_X86_64, "personality", { 0 }, ALLOW },
		{ SCMP_ARCH_X86_64, "personality", { 8 }, ALLOW },
		{ SCMP_ARCH_X86, "personality", { 0x20008 }, ALLOW },
		{ SCMP_ARCH_X86_64, "personality", { 0xffffffff }, ALLOW },
		{ SCMP_ARCH_X86_64, "personality", { 1 }, ERRNO(ENOSYS) },
		{ SCMP_ARCH_X86_64,
		  "personality",
		  { UINT64_C(1) << 32 },
		  ERRNO(ENOSYS) },
		{ SCMP_ARCH_X86_64, "socket", { 16, 3, 9 }, ERRNO(EINVAL) },
		{ SCMP_ARCH_X86_64, "socket", { 16, 3, 0 }, ALLOW },
		{ SCMP_ARCH_X86_64, "socket", { 2, 3, 9 }, ALLOW },
		{ SCMP_ARCH_AARCH64, "read", { 0 }, SECCOMP_RET_KILL_THREAD },
	};
	struct compiled c __cleanup_compiled = compile_well(podman_seccomp);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		is_int(call(&c, cases[i].arch, cases[i].name, cases[i].args[0],
			    cases[i].args[1], cases[i].args[2]),
		       cases[i].want, "podman: %s(%#jx, _, %ju) of %#x",
		       cases[i].name ? cases[i].name : "unknown",
		       (uintmax_t)cases[i].args[0], (uintmax_t)cases[i].args[2],
		       cases[i].arch);
	is_int(c.program.flags, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
	       "the flag that crun and runc set without flags");
	ok(!c.program.listener_path, "it has no listener");
}

#ifdef __x86_64__
/* Returns the number of the step that went wrong. */
static int under_filter(const struct seccomp_program *program)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    (unsigned long)program->flags, &program->filter))
		return 1;
	if (getppid() <= 0 || personality(0xffffffff) < 0)
		return 2;
	if (personality(1) != -1 || errno != ENOSYS)
		return 3;
	if (syscall(SYS_bpf, 0L, NULL, 0L) != -1 || errno != EPERM)
		return 4;
	if (socket(AF_NETLINK, SOCK_RAW, 9) != -1 || errno != EINVAL)
		return 5;
	if (syscall((long)UNKNOWN) != -1 || errno != ENOSYS)
		return 6;
	return 0;
}

static void test_kernel(void)
{
	struct compiled c __cleanup_compiled = compile_well(podman_seccomp);
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(under_filter(&c.program));
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		bail("no child");
	is_int(status, 0, "the kernel takes podman's and does the same");
}

/* x32 is another architecture, of which a profile for x86_64 alone says nothing. */
static void test_x32(void)
{
	struct compiled c __cleanup_compiled = compile_well(
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":"
		"[\"SCMP_ARCH_X86_64\"],\"syscalls\":[{\"names\":[\"read\"],"
		"\"action\":\"SCMP_ACT_ALLOW\"}]}");

	is_int(call(&c, SCMP_ARCH_X86_64, NULL, 0, 0, 0), ERRNO(ENOSYS),
	       "a newer call of x86_64");
	is_int(call(&c, SCMP_ARCH_X32, "openat2", 0, 0, 0),
	       SECCOMP_RET_KILL_THREAD, "a call of x32, without x32");
}
#endif

static void test_actions(void)
{
	static const struct {
		const char *action;
		uint32_t want;
	} cases[] = {
		{ "\"SCMP_ACT_KILL\"", SECCOMP_RET_KILL_THREAD },
		{ "\"SCMP_ACT_KILL_THREAD\"", SECCOMP_RET_KILL_THREAD },
		{ "\"SCMP_ACT_KILL_PROCESS\"", SECCOMP_RET_KILL_PROCESS },
		{ "\"SCMP_ACT_TRAP\"", SECCOMP_RET_TRAP },
		{ "\"SCMP_ACT_ERRNO\"", ERRNO(EPERM) },
		{ "\"SCMP_ACT_ERRNO\",\"errnoRet\":0", ERRNO(0) },
		{ "\"SCMP_ACT_ERRNO\",\"errnoRet\":null", ERRNO(EPERM) },
		{ "\"SCMP_ACT_ERRNO\",\"errnoRet\":4094", ERRNO(4094) },
		{ "\"SCMP_ACT_TRACE\"", SECCOMP_RET_TRACE | EPERM },
		{ "\"SCMP_ACT_TRACE\",\"errnoRet\":65535",
		  SECCOMP_RET_TRACE | 65535 },
		{ "\"SCMP_ACT_LOG\"", SECCOMP_RET_LOG },
		{ "\"SCMP_ACT_ALLOW\"", ALLOW },
	};
	char text[512];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct compiled c __cleanup_compiled = { 0 };

		snprintf(text, sizeof(text),
			 "{\"defaultAction\":\"SCMP_ACT_ALLOW\","
			 "\"syscalls\":[{\"names\":[\"read\"],\"action\":%s}]}",
			 cases[i].action);
		c = compile_well(text);
		is_int(call(&c, seccomp_arch_native(), "read", 0, 0, 0),
		       cases[i].want, "action %s", shown(cases[i].action));
		is_int(call(&c, seccomp_arch_native(), "write", 0, 0, 0), ALLOW,
		       "no other call is concerned");
	}
}

static void test_default(void)
{
	struct compiled c __cleanup_compiled = compile_well(
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\"},"
		"{\"names\":[\"write\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":2},"
		"{\"names\":[\"no_such_call\",\"close\",\"futex\"],\"action\":\"SCMP_ACT_ALLOW\"}],"
		"\"noSuchField\":[1]}");
	struct compiled none __cleanup_compiled = compile_well(
		"{\"defaultAction\":\"SCMP_ACT_TRACE\",\"defaultErrnoRet\":7,"
		"\"syscalls\":null,\"architectures\":[]}");
	uint32_t arch = seccomp_arch_native();

	is_int(call(&c, arch, "read", 0, 0, 0), ERRNO(EPERM),
	       "a rule with the default action is skipped");
	is_int(call(&c, arch, "write", 0, 0, 0), ERRNO(ENOENT),
	       "one with another errno is not");
	is_int(call(&c, arch, "close", 0, 0, 0), ALLOW,
	       "a name that libseccomp does not know is skipped");
	is_int(call(&c, arch, "open", 0, 0, 0), ERRNO(EPERM),
	       "the default's errno is EPERM");
	is_int(call(&none, arch, "read", 0, 0, 0), SECCOMP_RET_TRACE | 7,
	       "a profile without rules has its default");
}

/* Calls that are newer than the profile, by the number of openat2(). */
static void test_newer(void)
{
	static const struct {
		const char *action;
		uint32_t newer, older;
	} cases[] = {
		{ "ERRNO", ERRNO(ENOSYS), ERRNO(EPERM) },
		{ "KILL", SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_THREAD },
		{ "TRACE", SECCOMP_RET_TRACE | 1, SECCOMP_RET_TRACE | 1 },
	};
	static const uint32_t arches[] = {
		SCMP_ARCH_X86_64,
		SCMP_ARCH_X86,
		SCMP_ARCH_X32,
		SCMP_ARCH_AARCH64,
	};
	char text[512];
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct compiled c __cleanup_compiled = { 0 };

		snprintf(text, sizeof(text),
			 "{\"defaultAction\":\"SCMP_ACT_%s\",\"architectures\":"
			 "[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\","
			 "\"SCMP_ARCH_X32\",\"SCMP_ARCH_AARCH64\"],"
			 "\"syscalls\":[{\"names\":[\"openat2\"],"
			 "\"action\":\"SCMP_ACT_%s\"},{\"names\":[\"read\"],"
			 "\"action\":\"SCMP_ACT_ALLOW\"}]}",
			 cases[i].action, cases[i].action);
		c = compile_well(text);
		for (k = 0; k < ARRAY_SIZE(arches); k++) {
			is_int(call(&c, arches[k], "faccessat2", 0, 0, 0),
			       cases[i].newer,
			       "%s, architecture %#x: the next call",
			       cases[i].action, arches[k]);
			is_int(call(&c, arches[k], "openat2", 0, 0, 0),
			       cases[i].older, "the last that is named");
			is_int(call(&c, arches[k], "close_range", 0, 0, 0),
			       cases[i].older, "one that is older");
			is_int(call(&c, arches[k], "read", 0, 0, 0), ALLOW,
			       "one that is allowed");
		}
		is_int(call(&c, SCMP_ARCH_RISCV64, "faccessat2", 0, 0, 0),
		       SECCOMP_RET_KILL_THREAD,
		       "an architecture that the profile has not");
	}
}

/* "@op" and its values against the first argument of read(). */
static void test_operators(void)
{
	static const struct {
		const char *op, *value, *second;
		uint64_t hit, miss;
	} cases[] = {
		{ "EQ", "5", "0", 5, 6 },
		{ "EQ", "18446744073709551615", "0", UINT64_MAX, UINT32_MAX },
		{ "NE", "5", "0", UINT64_C(1) << 32 | 5, 5 },
		{ "LT", "5", "0", 4, 5 },
		{ "LE", "5", "0", 5, 6 },
		{ "GE", "5", "0", 5, 4 },
		{ "GT", "4294967296", "0", UINT64_C(1) << 33, 4294967296 },
		{ "MASKED_EQ", "2114060288", "0", 1, 131072 },
		{ "MASKED_EQ", "6", "4", 13, 15 },
	};
	char text[512];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct compiled c __cleanup_compiled = { 0 };

		snprintf(text, sizeof(text),
			 "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":["
			 "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\","
			 "\"args\":[{\"index\":0,\"value\":%s,\"valueTwo\":%s,"
			 "\"op\":\"SCMP_CMP_%s\"}]}]}",
			 cases[i].value, cases[i].second, cases[i].op);
		c = compile_well(text);
		is_int(call(&c, seccomp_arch_native(), "read", cases[i].hit, 0,
			    0),
		       ERRNO(EPERM), "%s %s %s: %#jx", cases[i].op,
		       cases[i].value, cases[i].second,
		       (uintmax_t)cases[i].hit);
		is_int(call(&c, seccomp_arch_native(), "read", cases[i].miss, 0,
			    0),
		       ALLOW, "but not %#jx", (uintmax_t)cases[i].miss);
	}
}

#define ARG(index, op, value)                                               \
	"{\"index\":" #index ",\"value\":" #value ",\"op\":\"SCMP_CMP_" #op \
	"\"}"

/* All conditions, unless two of them are on one argument: then any. */
static void test_conditions(void)
{
	struct compiled all __cleanup_compiled = compile_well(
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":["
		"{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ERRNO\","
		"\"args\":[" ARG(0, EQ, 1) "," ARG(2, EQ, 3) "]}]}");
	struct compiled any __cleanup_compiled = compile_well(
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":["
		"{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ERRNO\","
		"\"args\":[" ARG(0, EQ, 1) "," ARG(0, EQ, 2) "," ARG(2, EQ,
								     3) "]}]}");
	struct compiled six __cleanup_compiled = compile_well(
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":["
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\","
		"\"args\":[" ARG(0, EQ, 1) "," ARG(1, EQ, 2) "," ARG(
			2, EQ, 3) "," ARG(3, EQ, 7) "," ARG(4, EQ,
							    8) "," ARG(5, EQ,
								       9) "]}"
									  "]}");
	uint32_t arch = seccomp_arch_native();

	is_int(call(&all, arch, "read", 1, 0, 3), ERRNO(EPERM),
	       "two conditions hold");
	is_int(call(&all, arch, "write", 1, 0, 3), ERRNO(EPERM),
	       "for the second name, too");
	is_int(call(&all, arch, "read", 1, 0, 4), ALLOW, "only the first does");
	is_int(call(&all, arch, "read", 2, 0, 3), ALLOW,
	       "only the second does");
	is_int(call(&any, arch, "read", 1, 0, 4), ERRNO(EPERM),
	       "of three, two on one argument, the first holds");
	is_int(call(&any, arch, "read", 2, 0, 4), ERRNO(EPERM),
	       "the second does");
	is_int(call(&any, arch, "read", 4, 0, 3), ERRNO(EPERM),
	       "the third does");
	is_int(call(&any, arch, "read", 4, 0, 4), ALLOW, "none does");
	is_int(call(&six, arch, "read", 1, 2, 3), ERRNO(EPERM),
	       "a condition on each argument");
	is_int(call(&six, arch, "read", 1, 2, 4), ALLOW, "one does not hold");
}

static void test_architectures(void)
{
	static const char *const names[] = {
		"X86",	  "X86_64",  "X32",	 "ARM",	    "AARCH64",
		"MIPSEL", "PPC64LE", "MIPSEL64", "RISCV64", "MIPSEL64N32",
	};
	static const char *const others[] = {
		"MIPS", "MIPS64", "MIPS64N32", "PPC",	   "PPC64",
		"S390", "S390X",  "PARISC",    "PARISC64",
	};
	char text[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		struct compiled c __cleanup_compiled = { 0 };

		snprintf(
			text, sizeof(text),
			"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":"
			"[\"SCMP_ARCH_%s\",\"SCMP_ARCH_%s\"]}",
			names[i], names[i]);
		c = compile(text);
		is_int(c.result, 0, "architecture %s, twice", names[i]);
	}
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		struct compiled c __cleanup_compiled = { 0 };
		char want[256];

		snprintf(text, sizeof(text),
			 "{\"defaultAction\":\"SCMP_ACT_ALLOW\","
			 "\"architectures\":[\"SCMP_ARCH_%s\"]}",
			 others[i]);
		snprintf(
			want, sizeof(want),
			"linux.seccomp.architectures[0]: SCMP_ARCH_%s cannot be in one filter with the machine's: its byte order differs",
			others[i]);
		c = compile(text);
		is_str(c.failure.text, want, "architecture %s", others[i]);
	}
#endif
}

static void test_flags(void)
{
	static const struct {
		const char *flags;
		unsigned int want;
	} cases[] = {
		{ "null", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
		{ "[]", 0 },
		{ "[\"SECCOMP_FILTER_FLAG_TSYNC\"]", 0 },
		{ "[\"SECCOMP_FILTER_FLAG_LOG\"]", SECCOMP_FILTER_FLAG_LOG },
		{ "[\"SECCOMP_FILTER_FLAG_SPEC_ALLOW\"]",
		  SECCOMP_FILTER_FLAG_SPEC_ALLOW },
		{ "[\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]", 0 },
		{ "[\"SECCOMP_FILTER_FLAG_TSYNC\",\"SECCOMP_FILTER_FLAG_LOG\","
		  "\"SECCOMP_FILTER_FLAG_SPEC_ALLOW\"]",
		  SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	};
	char text[512];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct compiled c __cleanup_compiled = { 0 };

		snprintf(text, sizeof(text),
			 "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"flags\":%s}",
			 cases[i].flags);
		c = compile_well(text);
		is_int(c.program.flags, cases[i].want, "flags %s",
		       shown(cases[i].flags));
	}
}

#define NOTIFYING(rest)                                      \
	"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"flags\":"   \
	"[\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]," rest \
	"\"syscalls\":[{\"names\":[\"mkdir\"],"              \
	"\"action\":\"SCMP_ACT_NOTIFY\"}]}"

static void test_listener(void)
{
	struct compiled c __cleanup_compiled = compile_well(NOTIFYING(
		"\"listenerPath\":\"/run/agent\",\"listenerMetadata\":\"x\","));
	struct compiled plain __cleanup_compiled = compile_well(
		NOTIFYING("\"listenerPath\":\"/run/agent\","));
	struct compiled idle __cleanup_compiled = compile_well(
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\","
		"\"listenerPath\":\"/run/agent\",\"listenerMetadata\":\"x\","
		"\"syscalls\":[{\"names\":[\"no_such_call\"],"
		"\"action\":\"SCMP_ACT_NOTIFY\"}]}");

	is_int(call(&c, seccomp_arch_native(), "mkdir", 0, 0, 0),
	       SECCOMP_RET_USER_NOTIF, "a call is notified");
	is_int(c.program.flags, SECCOMP_FILTER_FLAG_NEW_LISTENER | 1UL << 5,
	       "the filter needs a listener, and may have its flag");
	is_str(c.program.listener_path, "/run/agent", "its socket");
	is_str(c.program.listener_metadata, "x", "its metadata");
	is_str(plain.program.listener_metadata, NULL, "metadata can be absent");
	is_int(idle.program.flags, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
	       "if nothing is notified, there is no listener");
	is_str(idle.program.listener_path, NULL, "and no socket");
}

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
	test_podman();
#ifdef __x86_64__
	test_kernel();
	test_x32();
#endif
	test_actions();
	test_default();
	test_newer();
	test_operators();
	test_conditions();
	test_architectures();
	test_flags();
	test_listener();
	test_bad();
	test_limits();
	test_size();
	test_rules();
	return tap_end();
}
