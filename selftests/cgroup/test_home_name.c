// SPDX-License-Identifier: GPL-2.0
/* From linux.cgroupsPath to a path or a unit of systemd; from files to its properties. */
#include "cgroup/home_name.h"
#include "cgroup/unit_properties.h"
#include "tap.h"

static void check_path(const char *from, const char *id, const char *want)
{
	struct failure failure = { .text = "" };
	char *path = NULL;
	int err = cgroup_home_path("/cg", from, id, &path, &failure);

	is_int(err, want ? 0 : -1, "%s: is%s a path", from ? from : "none",
	       want ? "" : " not");
	is_str(path, want, "%s: which", from ? from : "none");
	free(path);
}

static void check_unit(const char *from, bool user, const char *slice,
		       const char *name)
{
	struct failure failure = { .text = "" };
	struct cgroup_unit unit;
	int err = cgroup_home_unit(from, "id+1", user, &unit, &failure);

	is_int(err, name ? 0 : -1, "%s: is%s a scope", from ? from : "none",
	       name ? "" : " not");
	is_str(unit.slice, slice, "%s: its slice", from ? from : "none");
	is_str(unit.name, name, "%s: its name", from ? from : "none");
	cgroup_unit_free(&unit);
}

static void test_names(void)
{
	check_path("/docker/0123", "c", "/cg/docker/0123");
	check_path("a/b", "c", "/cg/a/b");
	check_path("//a/./b//", "c", "/cg/a/b");
	check_path("a..b/...", "c", "/cg/a..b/...");
	check_path(NULL, "c", "/cg/purser-oci/c");
	check_path("", "c", "/cg/purser-oci/c");
	check_path(NULL, "memory.max", "/cg/purser-oci/_memory.max");
	check_path("/", "c", NULL);
	check_path("/./", "c", NULL);
	check_path("a/../b", "c", NULL);
	check_path("..", "c", NULL);

	check_unit("machine.slice:libpod:0123", false, "machine.slice",
		   "libpod-0123.scope");
	check_unit(":docker:0123", false, "system.slice", "docker-0123.scope");
	check_unit(":docker:0123", true, "user.slice", "docker-0123.scope");
	check_unit("s.slice::x", false, "s.slice", "x.scope");
	check_unit("s.slice:p:x.scope", false, "s.slice", "p-x.scope");
	check_unit("s.slice:p:a+b é", false, "s.slice",
		   "p-a\\x2bb\\x20\\xc3\\xa9.scope");
	check_unit(NULL, false, "system.slice", "purser-id\\x2b1.scope");
	check_unit("", true, "user.slice", "purser-id\\x2b1.scope");
	check_unit("/docker/0123", false, NULL, NULL);
	check_unit("a:b", false, NULL, NULL);
	check_unit("a:b:", false, NULL, NULL);
	check_unit("a:b:c:d", false, NULL, NULL);
	check_unit("a:b:../c", false, NULL, NULL);
}

/* @want: "NAME=NUMBER" for each, or "NAME=hex" for a mask */
static void check_properties(const char *file, const char *text,
			     const char *want)
{
	struct unit_property p[UNIT_PROPERTIES_MAX];
	char got[256] = "";
	int n = unit_properties(file, text, p);

	for (int i = 0; i < n; i++) {
		size_t len = strlen(got);

		if (!p[i].mask_len)
			snprintf(got + len, sizeof(got) - len, "%s%s=%jd",
				 i ? " " : "", p[i].name,
				 (intmax_t)p[i].number);
		else
			snprintf(got + len, sizeof(got) - len,
				 "%s=", p[i].name);
		for (size_t b = 0; b < p[i].mask_len; b++) {
			len = strlen(got);
			snprintf(got + len, sizeof(got) - len, "%02x",
				 p[i].mask[b]);
		}
	}
	is_str(got, want, "%s: %s", file, text);
}

static void test_properties(void)
{
	check_properties("memory.max", "4096", "MemoryMax=4096");
	check_properties("memory.max", "max", "MemoryMax=-1");
	check_properties("memory.low", "1", "MemoryLow=1");
	check_properties("memory.swap.max", "0", "MemorySwapMax=0");
	check_properties("pids.max", "7", "TasksMax=7");
	check_properties("cpu.weight", "39", "CPUWeight=39");
	check_properties("io.weight", "10", "IOWeight=10");
	check_properties("io.weight", "8:0 10", "");
	check_properties("cpu.max", "50000 100000",
			 "CPUQuotaPerSecUSec=500000 CPUQuotaPeriodUSec=100000");
	check_properties("cpu.max", "1234 100000",
			 "CPUQuotaPerSecUSec=20000 CPUQuotaPeriodUSec=100000");
	check_properties("cpu.max", "20000",
			 "CPUQuotaPerSecUSec=200000 CPUQuotaPeriodUSec=100000");
	check_properties("cpu.max", "max 20000",
			 "CPUQuotaPerSecUSec=-1 CPUQuotaPeriodUSec=20000");
	check_properties("cpu.max", "nonsense", "");
	check_properties("cpuset.cpus", "0-2,9", "AllowedCPUs=0702");
	check_properties("cpuset.mems", "0", "AllowedMemoryNodes=01");
	check_properties("cpuset.cpus", "nonsense", "");
	check_properties("io.max", "8:0 rbps=1", "");
	check_properties("cpu.idle", "1", "");
}

int main(void)
{
	test_names();
	test_properties();
	return tap_end();
}
