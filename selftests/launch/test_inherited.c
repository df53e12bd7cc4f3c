// SPDX-License-Identifier: GPL-2.0
/* The engine's containers begin with known values, whatever their supervisor has. */
#include <linux/mempolicy.h>
#include <linux/securebits.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "fixture.h"
#include "supervisor/rlimits.h"

#define IOPRIO_IDLE (3 << 13)

static void set_coredump_filter(const char *value)
{
	int fd = must(open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC));

	must(write(fd, value, strlen(value)));
	close(fd);
}

static int count_cpus(void)
{
	cpu_set_t cpus;

	must(sched_getaffinity(0, sizeof(cpus), &cpus));
	return CPU_COUNT(&cpus);
}

static void use_one_cpu(void)
{
	cpu_set_t cpus;
	int cpu = 0;

	must(sched_getaffinity(0, sizeof(cpus), &cpus));
	while (!CPU_ISSET(cpu, &cpus))
		cpu++;
	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	must(sched_setaffinity(0, sizeof(cpus), &cpus));
}

static void test_scheduling(int cpus)
{
	struct container_spec spec = fixture_spec(ARGV("probe", "scheduling"));
	struct outcome o __cleanup_outcome;
	struct outcome chosen __cleanup_outcome;
	char want[16];

	run(&spec, &o);
	ok(went_well(&o), "a container of a scheduled caller runs");
	is_str(field(&o, "policy"), "0", "its policy is SCHED_OTHER");
	is_str(field(&o, "nice"), "0", "its nice value is 0");
	is_str(field(&o, "io"), "0", "it has no I/O priority");
	snprintf(want, sizeof(want), "%d", cpus);
	is_str(field(&o, "cpus"), want, "it may use all CPUs");

	spec.process.nice = 7;
	run(&spec, &chosen);
	is_str(field(&chosen, "nice"), "7", "a nice value that was asked for");
}

static void test_other(void)
{
	struct container_spec spec = fixture_spec(ARGV("probe", "inherited"));
	struct outcome o __cleanup_outcome;

	run(&spec, &o);
	ok(went_well(&o), "a container of a caller with odd settings runs");
	is_str(field(&o, "slack"), "50000", "its timer slack is 50 us");
	is_str(field(&o, "no huge pages"), "0", "it may have huge pages");
	is_str(field(&o, "securebits"), "0", "it has no securebits");
	if (!strcmp(field(&o, "memory policy"), "ENOSYS"))
		skip("its memory policy", "the kernel has none");
	else
		is_str(field(&o, "memory policy"), "0",
		       "its memory policy is the default");
	is_str(field(&o, "personality"), "00000000", "its personality");
	is_str(field(&o, "core dumps"), "00000033",
	       "its filter of core dumps is the kernel's default");
	is_str(field(&o, "gid"), "0", "its group is root");
}

/* The group of files that are made in its root before it runs. */
static void test_group_of_files(void)
{
	struct container_spec spec = fixture_spec(
		SH("echo $(stat -c %g /dev /dev/shm /dev/null /dev/fd)"));
	struct outcome o __cleanup_outcome;

	run(&spec, &o);
	ok(went_well(&o), "a container of a caller in a group runs");
	is_str(o.output, "0 0 0 0\n", "its files are in the group root");
}

static bool has_limit(const struct container_rlimits *limits, int resource,
		      rlim_t soft, rlim_t hard)
{
	for (size_t i = 0; i < limits->n; i++) {
		const struct resource_limit *l = &limits->limits[i];

		if (l->resource == resource)
			return l->limit.rlim_cur == soft &&
			       l->limit.rlim_max == hard;
	}
	return false;
}

static void test_limits(void)
{
	static const int resources[] = { RLIMIT_CPU,	RLIMIT_FSIZE,
					 RLIMIT_DATA,	RLIMIT_AS,
					 RLIMIT_NPROC,	RLIMIT_RSS,
					 RLIMIT_RTTIME, RLIMIT_LOCKS };
	struct container_rlimits limits;
	struct rlimit old;

	for (size_t i = 0; i < sizeof(resources) / sizeof(*resources); i++) {
		struct rlimit odd;

		must(getrlimit(resources[i], &old));
		odd = (struct rlimit){ old.rlim_max == RLIM_INFINITY ?
					       12345678 :
					       old.rlim_max / 2,
				       old.rlim_max };
		must(setrlimit(resources[i], &odd));
		container_rlimits_find(&limits);
		must(setrlimit(resources[i], &old));
		/* Without CAP_SYS_RESOURCE no limit can be above the hard one. */
		ok(has_limit(&limits, resources[i], old.rlim_max,
			     old.rlim_max) ||
			   has_limit(&limits, resources[i], RLIM_INFINITY,
				     RLIM_INFINITY),
		   "limit %d is not the caller's", resources[i]);
	}
	container_rlimits_find(&limits);
	ok(has_limit(&limits, RLIMIT_RTPRIO, 0, 0), "no real-time priority");
	ok(has_limit(&limits, RLIMIT_NICE, 0, 0), "no lower nice value");
	must(getrlimit(RLIMIT_CORE, &old));
	ok(has_limit(&limits, RLIMIT_CORE, 0, old.rlim_max),
	   "no core dumps unless it asks for them");
	must(getrlimit(RLIMIT_STACK, &old));
	ok(has_limit(&limits, RLIMIT_STACK, 8 << 20, old.rlim_max),
	   "a stack of 8 MiB");
}

int main(void)
{
	const struct sched_param none = { 0 };
	int cpus;

	fixture_begin();
	cpus = count_cpus();
	test_limits();

	use_one_cpu();
	must(sched_setscheduler(0, SCHED_BATCH | SCHED_RESET_ON_FORK, &none));
	must(setpriority(PRIO_PROCESS, 0, 11));
	must(syscall(SYS_ioprio_set, 1L, 0L, (long)IOPRIO_IDLE));
	test_scheduling(cpus);
	must(sched_setscheduler(0, SCHED_IDLE, &none));
	test_scheduling(cpus);

	must(prctl(PR_SET_TIMERSLACK, 7654321));
	must(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
	must(prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP));
	if (syscall(SYS_set_mempolicy, (long)MPOL_LOCAL, NULL, 0L))
		printf("# no memory policies here\n");
	must(personality(ADDR_NO_RANDOMIZE));
	set_coredump_filter("0x1ff");
	must(setresgid(1234, 1234, 1234));
	test_other();
	test_group_of_files();
	return tap_end();
}
