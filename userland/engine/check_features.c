// SPDX-License-Identifier: GPL-2.0
/* "engine check": what the kernel offers, and what this process may do, see check.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/capability.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "cgroup/mount.h"
#include "check.h"

/* More than the names of all controllers. */
#define CONTROLLERS_LEN 512

#define UNIFIED "boot with systemd.unified_cgroup_hierarchy=1"

/** struct wanted - a word that must be there, or had better be */
struct wanted {
	const char *name;
	bool needed;
};

/* The kernel has just listed it, and what is below another mount is not of interest. */
static bool any_path(const char *path)
{
	(void)path;
	return true;
}

/* Whether @name is one of the words of @text, which spaces separate. */
static bool has_word(const char *text, const char *name)
{
	const size_t len = strlen(name);

	while (*text) {
		const size_t n = strcspn(text, " ");

		if (n == len && !strncmp(text, name, len))
			return true;
		text += n + strspn(text + n, " ");
	}
	return false;
}

/* If cgroup v1 is mounted too, it has taken the controllers. */
static void check_controllers(const struct machine *m, const char *mount,
			      bool has_v1, struct findings *f)
{
	static const struct wanted controllers[] = {
		{ "memory", true }, { "pids", true }, { "cpuset", false },
		{ "cpu", false },   { "io", false },
	};
	__cleanup_free char *lacks = NULL;
	enum finding_state state = FINDING_OK;
	char text[CONTROLLERS_LEN];
	struct finding *finding;

	if (machine_read(m, text, sizeof(text), "%s/cgroup.controllers",
			 mount + 1) < 0)
		*text = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(controllers); i++) {
		const struct wanted *c = &controllers[i];

		if (has_word(text, c->name))
			continue;
		findings_add_name(&lacks, c->name);
		if (state != FINDING_MISSING)
			state = c->needed ? FINDING_MISSING : FINDING_WARNING;
	}
	if (!lacks) {
		findings_add(f, "controllers", state, "%s", text);
		return;
	}
	finding = findings_add(f, "controllers", state, "cgroup v2 lacks:%s",
			       lacks);
	if (has_v1)
		finding_remedy(finding, UNIFIED);
	else if (strstr(lacks, " memory"))
		finding_remedy(finding, "boot with cgroup_enable=memory");
}

void check_cgroups(const struct machine *m, struct findings *f)
{
	FILE *file = file_stream(
		file_open(m->root, "proc/self/mountinfo", O_RDONLY));
	__cleanup_free char *mount = NULL;
	bool has_v1 = false;
	int err = file ? cgroup_find_mount(file, any_path, &mount, &has_v1) :
			 -errno;

	if (file)
		fclose(file);
	if (!err) {
		findings_add(f, "cgroup v2", FINDING_OK, "mounted on %s",
			     mount);
		check_controllers(m, mount, has_v1, f);
		return;
	}
	mount = NULL;
	finding_remedy(findings_add(f, "cgroup v2", FINDING_MISSING, "%s",
				    has_v1 ? "only cgroup v1 is mounted" :
					     "not mounted"),
		       "%s",
		       has_v1 ? UNIFIED :
				"mount -t cgroup2 none /sys/fs/cgroup");
}

static void check_overlay(const struct machine *m, struct findings *f)
{
	__cleanup_free char *line = machine_line(m, "\toverlay\n",
						 "proc/filesystems");
	char kernel[65];

	if (line) {
		findings_add(f, "overlay", FINDING_OK, "the kernel has it");
		return;
	}
	if (machine_read(m, kernel, sizeof(kernel),
			 "proc/sys/kernel/osrelease") < 0)
		*kernel = '\0';
	line = machine_line(m, "/overlay.ko", "lib/modules/%s/modules.dep",
			    kernel);
	if (line)
		findings_add(f, "overlay", FINDING_OK,
			     "the kernel loads it when it is needed");
	else
		finding_remedy(
			findings_add(
				f, "overlay", FINDING_WARNING,
				"missing; each container needs a root of its own"),
			"modprobe overlay");
}

static void check_seccomp(const struct machine *m, struct findings *f)
{
	if (machine_has(m, "proc/sys/kernel/seccomp/actions_avail"))
		findings_add(f, "seccomp", FINDING_OK, "the kernel has it");
	else
		findings_add(f, "seccomp", FINDING_MISSING,
			     "the kernel was built without it");
}

static void check_namespaces(const struct machine *m, struct findings *f)
{
	static const struct wanted kinds[] = {
		{ "mnt", true },   { "pid", true },   { "uts", true },
		{ "ipc", true },   { "net", true },   { "cgroup", true },
		{ "user", false }, { "time", false },
	};
	__cleanup_free char *lacks = NULL;
	enum finding_state state = FINDING_OK;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		char target[64];

		/* These links lead to no path: nothing can be opened without them. */
		char path[32];

		snprintf(path, sizeof(path), "proc/self/ns/%s", kinds[i].name);
		if (readlinkat(m->root, path, target, sizeof(target)) >= 0)
			continue;
		findings_add_name(&lacks, kinds[i].name);
		if (state != FINDING_MISSING)
			state = kinds[i].needed ? FINDING_MISSING :
						  FINDING_WARNING;
	}
	if (lacks)
		findings_add(f, "namespaces", state, "the kernel lacks:%s",
			     lacks);
	else
		findings_add(f, "namespaces", state, "all eight kinds");
}

void check_features(const struct machine *m, struct findings *f)
{
	check_overlay(m, f);
	check_seccomp(m, f);
	check_namespaces(m, f);
}

/* Whether this process has a capability, by the line of its status. */
static bool may(const char *line, int capability)
{
	const char *hex = line ? strchr(line, '\t') : NULL;

	return hex && strtoull(hex + 1, NULL, 16) >> capability & 1;
}

/* Whether all users of the machine have their own numbers here. */
static bool is_host(const struct machine *m)
{
	unsigned long first, outside, count;
	char text[128], *end;

	if (machine_read(m, text, sizeof(text), "proc/self/uid_map") <= 0)
		return false;
	first = strtoul(text, &end, 10);
	outside = strtoul(end, &end, 10);
	count = strtoul(end, NULL, 10);
	return !first && !outside && count == UINT32_MAX;
}

void check_permissions(const struct machine *m, struct findings *f)
{
	__cleanup_free char *line = machine_line(m,
						 "CapEff:", "proc/self/status");

	if (!may(line, CAP_SYS_ADMIN) || !may(line, CAP_NET_ADMIN))
		finding_remedy(
			findings_add(
				f, "permissions", FINDING_MISSING,
				"only a process with CAP_SYS_ADMIN and CAP_NET_ADMIN can start containers"),
			"sudo engine check");
	else if (!is_host(m))
		findings_add(
			f, "permissions", FINDING_MISSING,
			"root of this user namespace is not root of the machine");
	else
		findings_add(f, "permissions", FINDING_OK,
			     "root of the machine");
}
