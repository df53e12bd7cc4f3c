// SPDX-License-Identifier: GPL-2.0
/*
 * Seccomp profiles: what compiled ones do, run by an interpreter for calls of several
 * architectures and once by the kernel. test_seccomp_errors.c has the bad ones.
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
#include "podman_seccomp.h"
#include "profile.h"

#define ERRNO(n) (SECCOMP_RET_ERRNO | (n))
#define ALLOW	 SECCOMP_RET_ALLOW
#define UNKNOWN	 9999 /* the number of no system call */

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
	return tap_end();
}
