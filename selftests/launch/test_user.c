// SPDX-License-Identifier: GPL-2.0
/* The user of a process: ids, groups, umask, the five capability sets, stdio. */
#include <inttypes.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "fixture.h"

#define CAP(name) (UINT64_C(1) << CAP_##name)

static char *const status[] = { "cat", "/proc/self/status", NULL };

static void is_caps(const struct outcome *o, const char *name, uint64_t want)
{
	char text[17];

	snprintf(text, sizeof(text), "%016" PRIx64, want);
	is_str(field(o, name), text, "%s is %s", name, text);
}

static void test_ids(void)
{
	const gid_t groups[] = { 7, 8, 4000000000U };
	struct container_spec spec = fixture_spec(status);
	struct outcome o __cleanup_outcome;

	spec.process.uid = 1234;
	spec.process.gid = 5678;
	spec.process.groups = groups;
	spec.process.n_groups = 3;
	spec.process.umask = 027;
	run(&spec, &o);
	ok(went_well(&o), "a process with a user of its own runs");
	is_str(field(&o, "Uid"), "1234\t1234\t1234\t1234", "it is that user");
	is_str(field(&o, "Gid"), "5678\t5678\t5678\t5678", "and that group");
	is_str(field(&o, "Groups"), "7 8 4000000000 ", "with these groups");
	is_str(field(&o, "Umask"), "0027", "and the umask asked for");
	is_caps(&o, "CapEff", 0);
	is_caps(&o, "CapPrm", 0);
	is_caps(&o, "CapBnd", policy_capabilities);
}

/* Another user than root gets by ambient capabilities what it is to have. */
static void test_ambient(void)
{
	struct container_spec spec = fixture_spec(status);
	struct outcome o __cleanup_outcome;
	struct outcome capped __cleanup_outcome;

	spec.process.uid = 1234;
	spec.process.capabilities = (struct capability_sets){
		.bounding = CAP(CHOWN) | CAP(KILL) | CAP(SETUID),
		.permitted = CAP(CHOWN) | CAP(KILL),
		.effective = CAP(CHOWN) | CAP(KILL),
		.inheritable = CAP(CHOWN) | CAP(KILL),
		.ambient = CAP(KILL),
	};
	run(&spec, &o);
	ok(went_well(&o), "a user with ambient capabilities runs");
	is_caps(&o, "CapBnd", CAP(CHOWN) | CAP(KILL) | CAP(SETUID));
	is_caps(&o, "CapInh", CAP(CHOWN) | CAP(KILL));
	is_caps(&o, "CapAmb", CAP(KILL));
	is_caps(&o, "CapPrm", CAP(KILL));
	is_caps(&o, "CapEff", CAP(KILL));

	/* What is not permitted or not in bounds is not to be had that way. */
	spec.process.capabilities = (struct capability_sets){
		.bounding = CAP(CHOWN),
		.permitted = CAP(CHOWN) | CAP(KILL),
		.inheritable = CAP(CHOWN) | CAP(KILL) | CAP(SETUID),
		.ambient = CAP(CHOWN) | CAP(KILL) | CAP(SETUID),
	};
	run(&spec, &capped);
	ok(went_well(&capped), "one whose sets are at odds runs");
	is_caps(&capped, "CapBnd", CAP(CHOWN));
	is_caps(&capped, "CapInh", CAP(CHOWN));
	is_caps(&capped, "CapAmb", CAP(CHOWN));
}

/* Root takes the inheritable set, too. */
static void test_effective(void)
{
	struct container_spec spec = fixture_spec(status);
	struct outcome o __cleanup_outcome;

	spec.process.capabilities = (struct capability_sets){
		.bounding = CAP(CHOWN),
		.permitted = CAP(CHOWN) | CAP(KILL),
		.effective = CAP(CHOWN),
	};
	run(&spec, &o);
	ok(went_well(&o), "root with sets that differ runs");
	is_caps(&o, "CapPrm", CAP(CHOWN));
	is_caps(&o, "CapEff", CAP(CHOWN));
	is_caps(&o, "CapInh", 0);
}

/*
 * The effective set counts until execve() gives the program another one: a folder that
 * only a capability opens is closed to a process that has it permitted alone.
 */
static void test_effective_at_exec(void)
{
	static const uid_t users[] = { 0, 1234 };
	struct container_spec spec = fixture_spec(ARGV("/closed/true"));
	size_t i;

	must(mkdir(BASE "/closed", 0700));
	copy_program(BUSYBOX, BASE "/closed/true");
	must(chmod(BASE "/closed/true", 0755));
	must(chown(BASE "/closed", 4321, 4321));
	for (i = 0; i < 2; i++) {
		struct outcome o __cleanup_outcome;
		struct outcome none __cleanup_outcome;
		struct outcome other __cleanup_outcome;

		spec.process.uid = users[i];
		spec.process.capabilities = (struct capability_sets){
			.bounding = CAP(DAC_OVERRIDE) | CAP(KILL),
			.permitted = CAP(DAC_OVERRIDE) | CAP(KILL),
			.effective = CAP(DAC_OVERRIDE),
		};
		run(&spec, &o);
		ok(went_well(&o), "user %u executes by an effective capability",
		   users[i]);
		spec.process.capabilities.effective = 0;
		run(&spec, &none);
		is_str(none.error.text,
		       "cannot run \"/closed/true\": permission denied",
		       "user %u cannot by one that is only permitted",
		       users[i]);
		spec.process.capabilities.effective = CAP(KILL);
		run(&spec, &other);
		is_int(other.status, 126 << 8, "nor by another effective one");
	}
}

/* mkdir() fails with the number given, by the filter. */
static void test_filter(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mkdir, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSPC),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = {
		.len = sizeof(code) / sizeof(code[0]),
		.filter = code,
	};
	struct container_spec spec = fixture_spec(
		SH("mkdir /x 2>&1; cat /proc/self/status; exit 0"));
	struct outcome o __cleanup_outcome;
	struct outcome user __cleanup_outcome;
	struct outcome bad __cleanup_outcome;

	spec.process.filter = &filter;
	run(&spec, &o);
	ok(went_well(&o) && strstr(o.output, "No space left on device"),
	   "a filter of the caller's is in force");

	/* CAP_SYS_ADMIN is needed for it and gone afterwards. */
	spec.process.no_new_privs = false;
	spec.process.uid = 1234;
	spec.process.filter_flags = SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	run(&spec, &user);
	ok(went_well(&user) && strstr(user.output, "No space left on device"),
	   "also for a user without no_new_privs");
	is_str(field(&user, "NoNewPrivs"), "0", "which is not set");
	ok(field(&user, "Speculation_Store_Bypass") &&
		   !strstr(field(&user, "Speculation_Store_Bypass"),
			   "force mitigated"),
	   "the flags are handed on: %s",
	   field(&user, "Speculation_Store_Bypass"));

	spec.process.filter_flags = 1U << 31;
	run(&spec, &bad);
	is_int(bad.result, -1, "flags that the kernel does not know");
	is_str(bad.error.text,
	       "cannot launch \"box\": cannot install its seccomp filter: Invalid argument",
	       "the text says so");
}

static void test_stdio_of_user(void)
{
	struct container_spec spec = fixture_spec(SH(
		"echo by name > /dev/stdout; echo fd > /dev/stderr; "
		"echo null > /dev/null; stat -L -c 'owner: %u' /dev/stdout"));
	struct outcome o __cleanup_outcome;

	spec.process.uid = 1234;
	run(&spec, &o);
	ok(went_well(&o), "a user opens its stdout and stderr anew");
	is_str(field(&o, "owner"), "1234", "they are its own");
}

static void test_cwd(void)
{
	struct container_spec spec = fixture_spec(
		SH("pwd; stat -c 'mode: %a %u' ."));
	struct outcome o __cleanup_outcome;
	struct outcome none __cleanup_outcome;

	spec.process.cwd = "/made/for/it";
	run(&spec, &none);
	is_int(none.result, -1, "a missing working folder is an error");
	spec.process.make_cwd = true;
	spec.root.read_only = true;
	run(&spec, &o);
	ok(went_well(&o) && strstr(o.output, "/made/for/it\n"),
	   "unless it is to be made, also in a read-only root");
	is_str(field(&o, "mode"), "755 0", "it is root's");
	ok(access(BASE "/made", F_OK), "the base has none");
}

static void test_fds(void)
{
	struct container_spec spec = fixture_spec(
		SH("cat <&3; cat <&4; probe fds"));
	struct outcome o __cleanup_outcome;
	struct outcome bad __cleanup_outcome;
	int fds[2];

	fds[0] = must(memfd_create("three", MFD_CLOEXEC));
	fds[1] = must(memfd_create("four", 0));
	must(pwrite(fds[0], "it is three\n", 12, 0));
	must(pwrite(fds[1], "it is four\n", 11, 0));
	spec.process.fds = fds;
	spec.process.n_fds = 2;
	run(&spec, &o);
	ok(went_well(&o), "a process is given two more descriptors");
	is_str(o.output,
	       "it is three\nit is four\nfd: 0\nfd: 1\nfd: 2\nfd: 3\nfd: 4\n",
	       "they are 3 and 4, and there are no others");
	close(fds[0]);
	close(fds[1]);
	fds[1] = 4000;
	run(&spec, &bad);
	is_str(bad.error.text,
	       "cannot launch \"box\": cannot take over its stdin, stdout and stderr: Bad file descriptor",
	       "one that is closed is an error");
}

int main(void)
{
	fixture_begin();
	test_ids();
	test_ambient();
	test_effective();
	test_effective_at_exec();
	test_filter();
	test_stdio_of_user();
	test_cwd();
	test_fds();
	return tap_end();
}
