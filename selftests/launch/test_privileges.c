// SPDX-License-Identifier: GPL-2.0
/* Capabilities, no_new_privs and the seccomp filter, as the container has them. */
#include <inttypes.h>
#include <linux/capability.h>
#include <sys/syscall.h>

#include "fixture.h"

#define ALL UINT64_MAX

static void set_inheritable(bool on)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	int i;

	must(syscall(SYS_capget, &header, data));
	for (i = 0; i < 2; i++)
		data[i].inheritable = on ? data[i].permitted : 0;
	must(syscall(SYS_capset, &header, data));
}

/* What this test itself may have at most, and so its containers. */
static uint64_t own_capabilities(void)
{
	char *status = get_file("/proc/self/status");
	struct outcome o = { .output = status };
	uint64_t caps = strtoull(field(&o, "CapPrm"), NULL, 16);

	free(status);
	return caps;
}

static void is_set(const struct outcome *o, const char *name, uint64_t want)
{
	char text[17];

	snprintf(text, sizeof(text), "%016" PRIx64, want);
	is_str(field(o, name), text, "%s is %s", name, text);
}

static void test_defaults(uint64_t own)
{
	const uint64_t want = policy_capabilities & own;
	struct container_spec spec = fixture_spec(
		ARGV("cat", "/proc/self/status"));
	struct outcome o __cleanup_outcome;

	set_inheritable(true);
	run(&spec, &o);
	set_inheritable(false);
	ok(went_well(&o), "a container with the defaults runs");
	is_set(&o, "CapEff", want);
	is_set(&o, "CapPrm", want);
	is_set(&o, "CapBnd", want);
	is_set(&o, "CapInh", 0);
	is_set(&o, "CapAmb", 0);
	is_str(field(&o, "NoNewPrivs"), "1", "no_new_privs is set");
	is_str(field(&o, "Seccomp"), "2", "a filter is in force");
	ok(!(policy_capabilities &
	     (1ULL << CAP_SYS_ADMIN | 1ULL << CAP_SYS_MODULE |
	      1ULL << CAP_SYS_PTRACE | 1ULL << CAP_DAC_READ_SEARCH |
	      1ULL << CAP_SYS_RAWIO | 1ULL << CAP_NET_ADMIN |
	      1ULL << CAP_MKNOD | 1ULL << CAP_SYS_BOOT)),
	   "none of the defaults is a way out");
}

static void test_chosen(uint64_t own)
{
	const uint64_t want = (1ULL << CAP_CHOWN | 1ULL << CAP_BPF) & own;
	struct container_spec spec = fixture_spec(
		ARGV("cat", "/proc/self/status"));
	struct outcome o __cleanup_outcome;
	struct outcome none __cleanup_outcome;

	policy_set_capabilities(&spec.process, 1ULL << CAP_CHOWN |
						       1ULL << CAP_BPF |
						       1ULL << 63);
	spec.process.no_new_privs = false;
	run(&spec, &o);
	ok(went_well(&o), "with other capabilities and without no_new_privs");
	is_set(&o, "CapEff", want);
	is_set(&o, "CapBnd", want);
	is_str(field(&o, "NoNewPrivs"), "0", "no_new_privs is not set");
	is_str(field(&o, "Seccomp"), "2", "a filter needs no no_new_privs");

	policy_set_capabilities(&spec.process, 0);
	spec.process.filter = NULL;
	run(&spec, &none);
	ok(went_well(&none), "with nothing at all");
	is_set(&none, "CapEff", 0);
	is_set(&none, "CapBnd", 0);
	is_str(field(&none, "Seccomp"), "0", "no filter is in force");
}

/* Every line of the probe has to say so, save for those of clone3 and nothing. */
static void test_filter(void)
{
	struct container_spec spec = fixture_spec(ARGV("probe", "calls"));
	struct outcome o __cleanup_outcome;
	char *line, *rest, *text;
	int calls = 0, let_through = 0;

	policy_set_capabilities(&spec.process, ALL);
	run(&spec, &o);
	ok(went_well(&o), "the calls are tried with every capability");
	is_str(field(&o, "clone3"), "ENOSYS", "clone3() seems not to be there");
	is_str(field(&o, "unshare nothing"), "success",
	       "unshare() of no namespace is let through");
	for (text = o.output; (line = strtok_r(text, "\n", &rest));
	     text = NULL) {
		if (!strncmp(line, "clone3:", 7) ||
		    !strncmp(line, "unshare nothing:", 16))
			continue;
		calls++;
		if (strstr(line, ": EPERM"))
			continue;
		printf("# %s\n", line);
		let_through++;
	}
	ok(calls > 50, "%d calls were tried", calls);
	is_int(let_through, 0, "the filter refuses all of them");
}

static void test_without_filter(void)
{
	static const char *const calls[] = {
		"mount", "setns", "clone mount", "unshare uts", "keyctl",
	};
	struct container_spec spec = fixture_spec(ARGV("probe", "calls"));
	struct outcome o __cleanup_outcome;
	const char *value;
	size_t i;

	policy_set_capabilities(&spec.process, ALL);
	spec.process.filter = NULL;
	run(&spec, &o);
	ok(went_well(&o), "the calls are tried without the filter");
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		value = field(&o, calls[i]);
		ok(value && strcmp(value, "EPERM"),
		   "%s was refused by the filter alone", calls[i]);
	}
}

static void test_abi(void)
{
	struct container_spec spec = fixture_spec(ARGV("probe", "abi"));
	struct outcome o __cleanup_outcome;
	struct outcome free_o __cleanup_outcome;

	run(&spec, &o);
	spec.process.filter = NULL;
	run(&spec, &free_o);
	ok(went_well(&o) && went_well(&free_o),
	   "calls by another ABI are tried");
#ifdef __x86_64__
	is_str(field(&o, "x32"), "SIGSYS", "a call by the x32 ABI kills");
	is_str(field(&free_o, "x32"), "survived",
	       "without a filter it does not");
	if (strcmp(field(&free_o, "i386"), "survived"))
		skip("a 32-bit call kills", "this kernel has none");
	else
		is_str(field(&o, "i386"), "SIGSYS", "a 32-bit call kills");
#endif
}

/* Capabilities alone have to do, where somebody turns the filter off. */
static void test_mount_refused(void)
{
	struct container_spec spec = fixture_spec(SH(
		"mount -t tmpfs tmpfs /bin 2>&1; mount -o remount,rw /proc/sys; "
		"umount /proc/sys; echo other > /proc/sys/kernel/hostname || "
		"echo still: there"));
	struct outcome o __cleanup_outcome;

	spec.process.filter = NULL;
	run(&spec, &o);
	ok(went_well(&o), "mounts are tried without the filter");
	ok(strstr(o.output, "ermission denied") ||
		   strstr(o.output, "not permitted"),
	   "mount() is refused");
	is_str(field(&o, "still"), "there", "the masks stay");
}

int main(void)
{
	uint64_t own;

	fixture_begin();
	own = own_capabilities();
	test_defaults(own);
	test_chosen(own);
	test_filter();
	test_without_filter();
	test_abi();
	test_mount_refused();
	return tap_end();
}
