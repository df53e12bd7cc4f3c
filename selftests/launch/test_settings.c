// SPDX-License-Identifier: GPL-2.0
/* What a process and its namespaces are set to: limits, scheduling, sysctls, labels. */
#include <sys/personality.h>
#include <sys/resource.h>

#include "base/quote.h"
#include "fixture.h"

#define IOPRIO_BEST_EFFORT   2
#define IOPRIO(class, level) ((class) << 13 | (level))

static void test_limits(void)
{
	struct rlimit own;
	struct resource_limit limits[] = {
		{ RLIMIT_CORE, { 0, 4096 } },
		{ RLIMIT_NOFILE, { 10, 20 } },
		{ RLIMIT_STACK, { 1 << 20, RLIM_INFINITY } },
	};
	struct container_spec spec = fixture_spec(
		ARGV("cat", "/proc/self/limits"));
	struct outcome o __cleanup_outcome;
	struct outcome raised __cleanup_outcome;
	struct outcome bad __cleanup_outcome;

	spec.process.rlimits = limits;
	spec.process.n_rlimits = 3;
	run(&spec, &o);
	ok(went_well(&o), "a process with limits runs");
	ok(strstr(o.output,
		  "Max core file size        0                    4096 "),
	   "a soft and a hard one");
	ok(strstr(o.output,
		  "Max open files            10                   20 "),
	   "also of open files, with which it could not be made");
	ok(strstr(o.output,
		  "Max stack size            1048576              unlimited "),
	   "and without a bound");

	must(getrlimit(RLIMIT_MSGQUEUE, &own));
	limits[0] = (struct resource_limit){ RLIMIT_MSGQUEUE,
					     { own.rlim_max + 1,
					       own.rlim_max + 1 } };
	spec.process.n_rlimits = 1;
	run(&spec, &raised);
	if (raised.result < 0 && strstr(raised.error.text, "not permitted"))
		skip("a limit above the caller's", "it takes CAP_SYS_RESOURCE");
	else
		ok(went_well(&raised), "a limit above the caller's is set");

	limits[0] = (struct resource_limit){ 999, { 1, 1 } };
	run(&spec, &bad);
	is_int(bad.result, -1, "a limit that there is not");
	is_str(bad.error.text,
	       "cannot launch \"box\": cannot set its limits of resources: Invalid argument",
	       "the text says so");
}

static void test_oom_score(void)
{
	struct container_spec spec = fixture_spec(
		ARGV("cat", "/proc/self/oom_score_adj"));
	struct outcome o __cleanup_outcome;
	struct outcome inherited __cleanup_outcome;
	int fd;

	spec.process.oom_score_adj = 321;
	run(&spec, &o);
	is_str(o.output, "321\n", "oom_score_adj is as asked for");
	fd = must(open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
	must(write(fd, "77", 2));
	close(fd);
	spec.process.has_oom_score_adj = false;
	run(&spec, &inherited);
	is_str(inherited.output, "77\n", "or as the caller has it");
}

static void test_scheduling(void)
{
	const struct scheduler_spec batch = { .policy = SCHED_BATCH,
					      .nice = 3 };
	const struct scheduler_spec none = { .policy = 99 };
	struct container_spec spec = fixture_spec(ARGV("probe", "scheduling"));
	struct outcome o __cleanup_outcome;
	struct outcome inherited __cleanup_outcome;
	struct outcome bad __cleanup_outcome;

	spec.process.scheduler = NULL;
	spec.process.has_nice = false;
	spec.process.has_io_priority = false;
	run(&spec, &inherited);
	is_str(field(&inherited, "policy"), "0", "its policy is the caller's");
	is_str(field(&inherited, "io"), "0", "and its I/O priority");
	spec.process.scheduler = &batch;
	spec.process.has_io_priority = true;
	spec.process.io_priority = IOPRIO(IOPRIO_BEST_EFFORT, 6);
	run(&spec, &o);
	ok(went_well(&o), "a process with a policy of its own runs");
	is_str(field(&o, "policy"), "3", "it has that policy");
	is_str(field(&o, "nice"), "3", "with its nice value");
	is_str(field(&o, "io"), "16390", "and its I/O priority");

	spec.process.scheduler = &none;
	run(&spec, &bad);
	is_str(bad.error.text,
	       "cannot launch \"box\": cannot set its scheduler: Invalid argument",
	       "a policy that there is not is an error");
	spec.process.scheduler = NULL;
	spec.process.io_priority = IOPRIO(7, 0);
	outcome_free(&bad);
	run(&spec, &bad);
	is_str(bad.error.text,
	       "cannot launch \"box\": cannot set its I/O priority: Invalid argument",
	       "so is such a class of I/O");
}

static void test_personality(void)
{
	struct container_spec spec = fixture_spec(
		ARGV("cat", "/proc/self/personality"));
	struct outcome o __cleanup_outcome;

	spec.process.has_personality = true;
	spec.process.personality = ADDR_NO_RANDOMIZE;
	run(&spec, &o);
	is_str(o.output, "00040000\n", "its personality is as asked for");
}

static void test_keyring(void)
{
	struct container_spec spec = fixture_spec(ARGV("probe", "keyring"));
	struct outcome o __cleanup_outcome;
	char own[32];
	long r = syscall(SYS_keyctl, 1L /* KEYCTL_JOIN_SESSION_KEYRING */,
			 NULL);

	if (r < 0) {
		skip("the keys of the caller", strerror(errno));
		return;
	}
	snprintf(own, sizeof(own), "%ld", r);
	spec.process.filter = NULL;
	spec.process.keep_keyring = true;
	run(&spec, &o);
	is_str(field(&o, "keyring"), own, "it may keep the caller's keyring");
}

static void test_names(void)
{
	struct container_spec spec = fixture_spec(
		SH("echo host: $(cat /proc/sys/kernel/hostname); "
		   "echo domain: $(cat /proc/sys/kernel/domainname)"));
	struct outcome o __cleanup_outcome;

	spec.id = "an-id";
	spec.hostname = "a-host";
	spec.domainname = "a.domain";
	run(&spec, &o);
	is_str(field(&o, "host"), "a-host", "the hostname is not the id");
	is_str(field(&o, "domain"), "a.domain", "the domain name is set");
}

static void test_sysctls(void)
{
	const struct sysctl_spec sysctls[] = {
		{ "net.ipv4.ip_unprivileged_port_start", "77" },
		{ "net/ipv4/conf/lo/forwarding", "1" },
		{ "kernel.msgmax", "4321" },
		{ "fs.mqueue.msg_max", "7" },
	};
	struct container_spec spec = fixture_spec(
		SH("cd /proc/sys; "
		   "echo port: $(cat net/ipv4/ip_unprivileged_port_start); "
		   "echo forwarding: $(cat net/ipv4/conf/lo/forwarding); "
		   "echo msgmax: $(cat kernel/msgmax); "
		   "echo mqueue: $(cat fs/mqueue/msg_max)"));
	char *before = get_file("/proc/sys/kernel/msgmax"), *after;
	struct outcome o __cleanup_outcome;

	spec.namespaces |= CLONE_NEWNET;
	spec.sysctls = sysctls;
	spec.n_sysctls = 4;
	run(&spec, &o);
	ok(went_well(&o), "a container with sysctls runs");
	is_str(field(&o, "port"), "77", "one of its network");
	is_str(field(&o, "forwarding"), "1", "one whose name has slashes");
	is_str(field(&o, "msgmax"), "4321", "one of its IPC namespace");
	is_str(field(&o, "mqueue"), "7", "one of its message queues");
	after = get_file("/proc/sys/kernel/msgmax");
	is_str(after, before, "the host's is as it was");
	free(before);
	free(after);
}

static void test_bad_sysctls(void)
{
	static const char *const refused[] = {
		"kernel.core_pattern",
		"vm.swappiness",
		"net.ipv4..ip_forward",
		"net/../kernel/core_pattern",
		"net",
		"kernel/../net",
		"net.ipv4.ip_forward\n",
		"/net/ipv4/ip_forward",
		"kernel.hostname",
	};
	struct sysctl_spec sysctl = { .value = "1" };
	struct container_spec spec = fixture_spec(ARGV("true"));
	char text[256];
	size_t i;

	spec.sysctls = &sysctl;
	spec.n_sysctls = 1;
	spec.namespaces |= CLONE_NEWNET;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct outcome o __cleanup_outcome;

		sysctl.key = refused[i];
		run(&spec, &o);
		snprintf(
			text, sizeof(text),
			"cannot set the sysctl \"%s\": it is not the container's own",
			QUOTE(refused[i]));
		is_str(o.error.text, text, "\"%s\" is refused", refused[i]);
	}
	for (i = 0; i < 2; i++) {
		struct outcome o __cleanup_outcome;

		sysctl.key = i ? "kernel.msgmax" : "net.ipv4.ip_forward";
		spec.namespaces &= ~(uint64_t)(CLONE_NEWNET | CLONE_NEWIPC);
		run(&spec, &o);
		ok(strstr(o.error.text, "it is not the container's own"),
		   "%s is the host's without a namespace", sysctl.key);
	}
	spec.namespaces |= CLONE_NEWNET;
	for (i = 0; i < 2; i++) {
		struct outcome o __cleanup_outcome;

		sysctl.key = "net.ipv4.nosuch";
		if (i) {
			sysctl.key = "net.ipv4.ip_forward";
			sysctl.value = "many";
		}
		run(&spec, &o);
		snprintf(text, sizeof(text),
			 "cannot set the sysctl \"%s\" to \"%s\": %s",
			 sysctl.key, sysctl.value,
			 i ? "Invalid argument" : "No such file or directory");
		is_str(o.error.text, text, "what the kernel refuses is told");
	}
}

static bool has_apparmor(void)
{
	char c = 'N';
	int fd = open("/sys/module/apparmor/parameters/enabled",
		      O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		must(read(fd, &c, 1));
		close(fd);
	}
	return c == 'Y';
}

static void test_label(void)
{
	struct container_spec spec = fixture_spec(
		ARGV("cat", "/proc/self/attr/current"));
	struct outcome o __cleanup_outcome;
	struct outcome none __cleanup_outcome;
	struct outcome selinux __cleanup_outcome;

	spec.process.apparmor = "unconfined";
	run(&spec, &o);
	if (has_apparmor())
		is_str(o.output, "unconfined\n",
		       "a profile of AppArmor is set");
	else
		is_str(o.error.text,
		       "cannot set the AppArmor label \"unconfined\": the kernel does not know it, or has no such module in force",
		       "AppArmor is not there, and the text says so");
	spec.process.apparmor = "no-such-profile";
	run(&spec, &none);
	is_str(none.error.text,
	       "cannot set the AppArmor label \"no-such-profile\": the kernel does not know it, or has no such module in force",
	       "a profile that is not there is an error");
	spec.process.apparmor = NULL;
	spec.process.selinux = "no:such:label:s0";
	run(&spec, &selinux);
	is_str(selinux.error.text,
	       "cannot set the SELinux label \"no:such:label:s0\": the kernel does not know it, or has no such module in force",
	       "so is a label of SELinux");
}

int main(void)
{
	fixture_begin();
	test_limits();
	test_oom_score();
	test_scheduling();
	test_personality();
	test_keyring();
	test_names();
	test_sysctls();
	test_bad_sysctls();
	test_label();
	return tap_end();
}
