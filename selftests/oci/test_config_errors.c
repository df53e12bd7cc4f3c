// SPDX-License-Identifier: GPL-2.0
/* Tests that each mistake in a configuration is an error that says what is wrong. */
#include "build_config.h"
#include "cases.h"
#include "oci/config.h"

/** struct mistake - a field, its JSON or NULL if it is missing, and the message */
struct mistake {
	const char *field;
	const char *value;
	const char *message;
};

#define NUMBER_FROM(a, b) "a number from " #a " to " #b " is needed"

static const struct mistake general[] = {
	{ "ociVersion", NULL, "ociVersion is missing" },
	{ "ociVersion", "null", "ociVersion is missing" },
	{ "ociVersion", "1", "ociVersion: a string is needed" },
	{ "ociVersion", "\"\"", "ociVersion: it is empty" },
	{ "ociVersion", "\"2.0.0\"",
	  "ociVersion: \"2.0.0\" is not a version 1.x.y" },
	{ "ociVersion", "\"0.1.0\"",
	  "ociVersion: \"0.1.0\" is not a version 1.x.y" },
	{ "ociVersion", "\"1.0\"",
	  "ociVersion: \"1.0\" is not a version 1.x.y" },
	{ "ociVersion", "\"1.00.0\"",
	  "ociVersion: \"1.00.0\" is not a version 1.x.y" },
	{ "ociVersion", "\"1.0.0-\"",
	  "ociVersion: \"1.0.0-\" is not a version 1.x.y" },
	{ "ociVersion", "\"1.0.0 \"",
	  "ociVersion: \"1.0.0 \" is not a version 1.x.y" },
	{ "ociVersion", "\"1.0.0-\\n\"",
	  "ociVersion: \"1.0.0-\\x0a\" is not a version 1.x.y" },
	{ "root", NULL, "root is missing" },
	{ "root", "[]", "root: an object is needed" },
	{ "root.path", NULL, "root.path is missing" },
	{ "root.path", "\"\"", "root.path: it is empty" },
	{ "root.readonly", "1", "root.readonly: true or false is needed" },
	{ "linux", NULL, "linux is missing" },
	{ "linux", "\"\"", "linux: an object is needed" },
	{ "hostname", "[\"a\"]", "hostname: a string is needed" },
	{ "hostname",
	  "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
	  "hostname: it is longer than 64 bytes" },
	{ "annotations", "[]", "annotations: an object is needed" },
	{ "annotations.a", "1", "annotations[\"a\"]: a string is needed" },
	{ "annotations.a", "null", "annotations[\"a\"]: a string is needed" },
};

static const struct mistake process[] = {
	{ "process", "[]", "process: an object is needed" },
	{ "process.terminal", "\"true\"",
	  "process.terminal: true or false is needed" },
	{ "process.user", "0", "process.user: an object is needed" },
	{ "process.user.uid", "-1",
	  "process.user.uid: " NUMBER_FROM(0, 4294967294) },
	{ "process.user.uid", "4294967295",
	  "process.user.uid: " NUMBER_FROM(0, 4294967294) },
	{ "process.user.uid", "1.0",
	  "process.user.uid: " NUMBER_FROM(0, 4294967294) },
	{ "process.user.gid", "\"0\"",
	  "process.user.gid: " NUMBER_FROM(0, 4294967294) },
	{ "process.user.gid", "18446744073709551615",
	  "process.user.gid: " NUMBER_FROM(0, 4294967294) },
	{ "process.user.umask", "512",
	  "process.user.umask: " NUMBER_FROM(0, 511) },
	{ "process.user.additionalGids", "5",
	  "process.user.additionalGids: an array is needed" },
	{ "process.user.additionalGids", "[1,-1]",
	  "process.user.additionalGids[1]: " NUMBER_FROM(0, 4294967294) },
	{ "process.args", NULL, "process.args is missing" },
	{ "process.args", "[]", "process.args: it is empty" },
	{ "process.args", "\"sh\"", "process.args: an array is needed" },
	{ "process.args", "[\"sh\",1]", "process.args[1]: a string is needed" },
	{ "process.args", "[null]", "process.args[0]: a string is needed" },
	{ "process.env", "{}", "process.env: an array is needed" },
	{ "process.env", "[\"A=1\",\"B\"]",
	  "process.env: item 1, \"B\", is not NAME=VALUE" },
	{ "process.env", "[\"=B\"]",
	  "process.env: item 0, \"=B\", is not NAME=VALUE" },
	{ "process.cwd", NULL, "process.cwd is missing" },
	{ "process.cwd", "\"\"", "process.cwd: it is empty" },
	{ "process.cwd", "\"tmp\"",
	  "process.cwd: \"tmp\" is not an absolute path" },
	{ "process.capabilities", "[]",
	  "process.capabilities: an object is needed" },
	{ "process.capabilities.ambient", "[1]",
	  "process.capabilities.ambient[0]: a string is needed" },
	{ "process.rlimits", "[7]", "process.rlimits[0]: an object is needed" },
	{ "process.rlimits", "[{\"soft\":1,\"hard\":1}]",
	  "process.rlimits[0].type is missing" },
	{ "process.rlimits", "[{\"type\":\"NOFILE\",\"soft\":1,\"hard\":1}]",
	  "process.rlimits[0].type: \"NOFILE\" is unknown" },
	{ "process.rlimits", "[{\"type\":\"RLIMIT_CPU\",\"hard\":1}]",
	  "process.rlimits[0].soft is missing" },
	{ "process.rlimits",
	  "[{\"type\":\"RLIMIT_CPU\",\"soft\":1,\"hard\":-1}]",
	  "process.rlimits[0].hard: " NUMBER_FROM(0, 18446744073709551615) },
	{ "process.rlimits",
	  "[{\"type\":\"RLIMIT_CPU\",\"soft\":2,\"hard\":1}]",
	  "process.rlimits[0].soft: it is above the hard limit" },
	{ "process.rlimits",
	  "[{\"type\":\"RLIMIT_AS\",\"soft\":1,\"hard\":1},"
	  "{\"type\":\"RLIMIT_AS\",\"soft\":1,\"hard\":1}]",
	  "process.rlimits[1].type: \"RLIMIT_AS\" is there twice" },
	{ "process.rlimits",
	  "[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]",
	  "process.rlimits: there are more than 16" },
	{ "process.noNewPrivileges", "0",
	  "process.noNewPrivileges: true or false is needed" },
	{ "process.apparmorProfile", "{}",
	  "process.apparmorProfile: a string is needed" },
	{ "process.selinuxLabel", "false",
	  "process.selinuxLabel: a string is needed" },
	{ "process.oomScoreAdj", "1001",
	  "process.oomScoreAdj: " NUMBER_FROM(-1000, 1000) },
	{ "process.scheduler", "{}", "process.scheduler.policy is missing" },
	{ "process.scheduler", "{\"policy\":\"SCHED_ISO\"}",
	  "process.scheduler.policy: \"SCHED_ISO\" is unknown" },
	{ "process.scheduler", "{\"policy\":\"SCHED_RR\",\"priority\":100}",
	  "process.scheduler.priority: " NUMBER_FROM(0, 99) },
	{ "process.scheduler", "{\"policy\":\"SCHED_OTHER\",\"nice\":-21}",
	  "process.scheduler.nice: " NUMBER_FROM(-20, 19) },
	{ "process.scheduler", "{\"policy\":\"SCHED_OTHER\",\"flags\":[\"X\"]}",
	  "process.scheduler.flags[0]: \"X\" is unknown" },
	{ "process.scheduler", "{\"policy\":\"SCHED_OTHER\",\"period\":-1}",
	  "process.scheduler.period: " NUMBER_FROM(0, 18446744073709551615) },
	{ "process.ioPriority", "{\"priority\":1}",
	  "process.ioPriority.class is missing" },
	{ "process.ioPriority",
	  "{\"class\":\"IOPRIO_CLASS_BE\",\"priority\":8}",
	  "process.ioPriority.priority: " NUMBER_FROM(0, 7) },
	{ "process.execCPUAffinity", "{\"final\":\"x\"}",
	  "process.execCPUAffinity.final: \"x\": it is not a list of CPUs, as \"0-3,7\"" },
	{ "process.execCPUAffinity", "{\"initial\":\"99999\"}",
	  "process.execCPUAffinity.initial: \"99999\": this machine has no such CPU" },
};

#define MOUNT(rest) "[{\"destination\":\"/m\"" rest "}]"

static const struct mistake mounts[] = {
	{ "mounts", "{}", "mounts: an array is needed" },
	{ "mounts", "[null]", "mounts[0]: an object is needed" },
	{ "mounts", "[{}]", "mounts[0].destination is missing" },
	{ "mounts", MOUNT(""), "mounts[0].type is missing" },
	{ "mounts", MOUNT(",\"type\":1"),
	  "mounts[0].type: a string is needed" },
	{ "mounts", MOUNT(",\"source\":[]"),
	  "mounts[0].source: a string is needed" },
	{ "mounts", MOUNT(",\"options\":\"ro\""),
	  "mounts[0].options: an array is needed" },
	{ "mounts", MOUNT(",\"options\":[\"ro\",2]"),
	  "mounts[0].options[1]: a string is needed" },
	{ "mounts", MOUNT(",\"options\":[\"bind\"]"),
	  "mounts[0].source is missing" },
	{ "mounts", MOUNT(",\"type\":\"bind\",\"source\":\"/\""),
	  "mounts[0].options: \"bind\" or \"rbind\" is needed for this type" },
	{ "mounts", MOUNT(",\"type\":\"tmpfs\",\"options\":[\"remount\"]"),
	  "mounts[0].options[0]: \"remount\" is not supported" },
	{ "mounts", MOUNT(",\"type\":\"proc\",\"options\":[\"tmpcopyup\"]"),
	  "mounts[0].options: \"tmpcopyup\" is for a tmpfs alone" },
	{ "mounts",
	  MOUNT(",\"source\":\"/\",\"options\":[\"bind\",\"tmpcopyup\"]"),
	  "mounts[0].options: \"tmpcopyup\" is for a tmpfs alone" },
	{ "mounts", MOUNT(",\"source\":\"/\",\"options\":[\"bind\",\"idmap\"]"),
	  "mounts[0].options: \"idmap\" needs uidMappings and gidMappings, or a new user namespace" },
	{ "mounts",
	  MOUNT(",\"source\":\"/\",\"options\":[\"bind\",\"idmap=uids=0-1-2\"]"),
	  "mounts[0].options[1]: \"idmap\" has no value: uidMappings and gidMappings do" },
	{ "mounts",
	  MOUNT(",\"source\":\"/\",\"options\":[\"bind\"],\"uidMappings\":"
		"[{\"containerID\":0,\"hostID\":0,\"size\":1}]"),
	  "mounts[0].gidMappings is missing" },
	{ "mounts",
	  MOUNT(",\"source\":\"/\",\"options\":[\"bind\"],\"gidMappings\":"
		"[{\"containerID\":0,\"hostID\":0,\"size\":0}]"),
	  "mounts[0].gidMappings[0].size: " NUMBER_FROM(1, 4294967295) },
	{ "mounts",
	  MOUNT(",\"type\":\"tmpfs\",\"uidMappings\":"
		"[{\"containerID\":0,\"hostID\":0,\"size\":1}],\"gidMappings\":"
		"[{\"containerID\":0,\"hostID\":0,\"size\":1}]"),
	  "mounts[0]: only a bind mount can map the ids of its files" },
};

#define NAMESPACES(more) "[{\"type\":\"mount\"}" more "]"
#define ONE_ID		 "[{\"containerID\":0,\"hostID\":0,\"size\":1}]"

static const struct mistake namespaces[] = {
	{ "linux.namespaces", NULL,
	  "linux.namespaces: a new mount namespace is needed" },
	{ "linux.namespaces", "[{\"type\":\"pid\"}]",
	  "linux.namespaces: a new mount namespace is needed" },
	{ "linux.namespaces", "{}", "linux.namespaces: an array is needed" },
	{ "linux.namespaces", NAMESPACES(",{}"),
	  "linux.namespaces[1].type is missing" },
	{ "linux.namespaces", NAMESPACES(",{\"type\":\"net\"}"),
	  "linux.namespaces[1].type: \"net\" is unknown" },
	{ "linux.namespaces", NAMESPACES(",{\"type\":\"mount\"}"),
	  "linux.namespaces[1].type: \"mount\" is there twice" },
	{ "linux.namespaces",
	  NAMESPACES(",{\"type\":\"ipc\",\"path\":\"/a\"},{\"type\":\"ipc\"}"),
	  "linux.namespaces[2].type: \"ipc\" is there twice" },
	{ "linux.namespaces", NAMESPACES(",{\"type\":\"ipc\",\"path\":\"a\"}"),
	  "linux.namespaces[1].path: \"a\" is not an absolute path" },
	{ "linux.namespaces", "[{\"type\":\"mount\",\"path\":\"/a\"}]",
	  "linux.namespaces[0].path: joining a mount namespace is not supported" },
	{ "linux.namespaces", "[{},{},{},{},{},{},{},{},{}]",
	  "linux.namespaces: there are more than 8" },
	{ "linux.namespaces", NAMESPACES(",{\"type\":\"user\"}"),
	  "linux.uidMappings is missing" },
	{ "linux.uidMappings", ONE_ID,
	  "linux.uidMappings: a user namespace is needed" },
	{ "linux.gidMappings", ONE_ID,
	  "linux.gidMappings: a user namespace is needed" },
	{ "linux.uidMappings", "[{\"containerID\":0,\"size\":1}]",
	  "linux.uidMappings[0].hostID is missing" },
	{ "linux.uidMappings", "[{\"containerID\":4294967296}]",
	  "linux.uidMappings[0].containerID: " NUMBER_FROM(0, 4294967295) },
	{ "linux.timeOffsets", "{\"monotonic\":{\"secs\":1}}",
	  "linux.timeOffsets: a new time namespace is needed" },
	{ "linux.timeOffsets", "{\"realtime\":{}}",
	  "linux.timeOffsets[\"realtime\"]: there is no such clock" },
	{ "linux.timeOffsets", "{\"boottime\":{\"nanosecs\":1000000000}}",
	  "linux.timeOffsets[\"boottime\"].nanosecs: " NUMBER_FROM(0,
								   999999999) },
};

static const struct mistake devices[] = {
	{ "linux.devices", "{}", "linux.devices: an array is needed" },
	{ "linux.devices", "[{\"path\":\"/a\"}]",
	  "linux.devices[0].type is missing" },
	{ "linux.devices", "[{\"path\":\"/a\",\"type\":\"x\"}]",
	  "linux.devices[0].type: \"x\" is unknown" },
	{ "linux.devices", "[{\"path\":\"a\",\"type\":\"p\"}]",
	  "linux.devices[0].path: \"a\" is not an absolute path" },
	{ "linux.devices", "[{\"path\":\"/a\",\"type\":\"c\",\"minor\":1}]",
	  "linux.devices[0].major is missing" },
	{ "linux.devices",
	  "[{\"path\":\"/a\",\"type\":\"b\",\"major\":1,\"minor\":1048576}]",
	  "linux.devices[0].minor: " NUMBER_FROM(0, 1048575) },
	{ "linux.devices", "[{\"path\":\"/a\",\"type\":\"p\",\"uid\":-1}]",
	  "linux.devices[0].uid: " NUMBER_FROM(0, 4294967294) },
	{ "linux.resources.devices", "[{\"access\":\"r\"}]",
	  "linux.resources.devices[0].allow is missing" },
	{ "linux.resources.devices", "[{\"allow\":true}]",
	  "linux.resources.devices[0].access is missing" },
	{ "linux.resources.devices", "[{\"allow\":true,\"access\":\"\"}]",
	  "linux.resources.devices[0].access: it is empty" },
	{ "linux.resources.devices", "[{\"allow\":true,\"access\":\"rx\"}]",
	  "linux.resources.devices[0].access: \"rx\" has another letter than r, w, m" },
	{ "linux.resources.devices",
	  "[{\"allow\":true,\"access\":\"r\",\"type\":\"p\"}]",
	  "linux.resources.devices[0].type: \"p\" is unknown" },
	{ "linux.resources.devices",
	  "[{\"allow\":true,\"access\":\"r\",\"major\":-2}]",
	  "linux.resources.devices[0].major: " NUMBER_FROM(-1, 4294967295) },
};

#define R "linux.resources."

static const struct mistake resources[] = {
	{ "linux.resources", "[]", "linux.resources: an object is needed" },
	{ R "memory", "1", R "memory: an object is needed" },
	{ R "memory.limit", "-2",
	  R "memory.limit: " NUMBER_FROM(-1, 9223372036854775807) },
	{ R "memory.limit", "9223372036854775808",
	  R "memory.limit: " NUMBER_FROM(-1, 9223372036854775807) },
	{ R "memory.swap", "\"1g\"",
	  R "memory.swap: " NUMBER_FROM(-1, 9223372036854775807) },
	{ R "memory.kernel", "1",
	  R "memory.kernel: cgroup v2 does not have it" },
	{ R "memory.kernelTCP", "4096",
	  R "memory.kernelTCP: cgroup v2 does not have it" },
	{ R "memory.swappiness", "60",
	  R "memory.swappiness: cgroup v2 does not have it" },
	{ R "memory.disableOOMKiller", "true",
	  R "memory.disableOOMKiller: cgroup v2 does not have it" },
	{ R "memory.useHierarchy", "false",
	  R "memory.useHierarchy: cgroup v2 cannot do without" },
	{ R "memory.checkBeforeUpdate", "1",
	  R "memory.checkBeforeUpdate: true or false is needed" },
	{ R "cpu.shares", "-1",
	  R "cpu.shares: " NUMBER_FROM(0, 9223372036854775807) },
	{ R "cpu.idle", "2", R "cpu.idle: " NUMBER_FROM(0, 1) },
	{ R "cpu.realtimePeriod", "1",
	  R "cpu.realtimePeriod: cgroup v2 does not have it" },
	{ R "cpu.realtimeRuntime", "1",
	  R "cpu.realtimeRuntime: cgroup v2 does not have it" },
	{ R "cpu.cpus", "1", R "cpu.cpus: a string is needed" },
	{ R "pids.limit", "-2",
	  R "pids.limit: " NUMBER_FROM(-1, 9223372036854775807) },
	{ R "blockIO.weight", "1001",
	  R "blockIO.weight: " NUMBER_FROM(0, 1000) },
	{ R "blockIO.leafWeight", "10",
	  R "blockIO.leafWeight: cgroup v2 does not have it" },
	{ R "blockIO.weightDevice", "[{\"major\":8,\"minor\":0}]",
	  R "blockIO.weightDevice[0].weight is missing" },
	{ R "blockIO.throttleReadBpsDevice", "[{\"major\":8,\"rate\":0}]",
	  R "blockIO.throttleReadBpsDevice[0].minor is missing" },
	{ R "blockIO.throttleWriteIOPSDevice", "[{\"major\":8,\"minor\":0}]",
	  R "blockIO.throttleWriteIOPSDevice[0].rate is missing" },
	{ R "hugepageLimits", "[{\"limit\":1}]",
	  R "hugepageLimits[0].pageSize is missing" },
	{ R "hugepageLimits", "[{\"pageSize\":\"../MB\",\"limit\":1}]",
	  R "hugepageLimits[0].pageSize: \"../MB\" is not a size, as \"2MB\"" },
	{ R "hugepageLimits", "[{\"pageSize\":\"2MB\"}]",
	  R "hugepageLimits[0].limit is missing" },
	{ R "rdma", "{\"a\":{}}",
	  R "rdma[\"a\"]: hcaHandles or hcaObjects is needed" },
	{ R "rdma", "{\"a b\":{\"hcaHandles\":1}}",
	  R "rdma[\"a b\"]: it is not a device" },
	{ R "rdma", "{\"a\":{\"hcaHandles\":4294967296}}",
	  R "rdma[\"a\"].hcaHandles: " NUMBER_FROM(0, 4294967295) },
	{ R "unified", "{\"memory.max\":1}",
	  R "unified[\"memory.max\"]: a string is needed" },
	{ R "unified", "{\"../memory.max\":\"1\"}",
	  R "unified: \"../memory.max\" is not the name of a file" },
	{ R "unified", "{\"a/b\":\"1\"}",
	  R "unified: \"a/b\" is not the name of a file" },
	{ R "network.classID", "1",
	  R "network.classID: cgroup v2 does not have it" },
	{ R "network.priorities", "[{}]",
	  R "network.priorities: cgroup v2 does not have it" },
};

static const struct mistake others[] = {
	{ "linux.rootfsPropagation", "\"privat\"",
	  "linux.rootfsPropagation: \"privat\" is unknown" },
	{ "linux.rootfsPropagation", "\"ro\"",
	  "linux.rootfsPropagation: \"ro\" is unknown" },
	{ "linux.cgroupsPath", "1", "linux.cgroupsPath: a string is needed" },
	{ "linux.cgroupsPath", "\"/a/../b\"",
	  "linux.cgroupsPath: \"/a/../b\" has a part \"..\"" },
	{ "linux.cgroupsPath", "\"a.slice:x:..\"",
	  "linux.cgroupsPath: \"a.slice:x:..\" has a part \"..\"" },
	{ "linux.seccomp", "[]", "linux.seccomp: an object is needed" },
	{ "linux.seccomp.defaultAction", "1",
	  "linux.seccomp.defaultAction: a string is needed" },
	{ "linux.sysctl", "{\"net.x\":1}",
	  "linux.sysctl[\"net.x\"]: a string is needed" },
	{ "linux",
	  "{\"namespaces\":[{\"type\":\"mount\"}],"
	  "\"sysctl\":{\"kernel.domainname\":\"a\"}}",
	  "linux.sysctl: \"kernel.domainname\": a UTS namespace is needed" },
	{ "linux.maskedPaths", "[\"proc\"]",
	  "linux.maskedPaths[0]: \"proc\" is not an absolute path" },
	{ "linux.readonlyPaths", "[\"\"]",
	  "linux.readonlyPaths[0]: \"\" is not an absolute path" },
	{ "linux.mountLabel", "{}", "linux.mountLabel: a string is needed" },
	{ "linux.personality", "{}", "linux.personality.domain is missing" },
	{ "linux.personality", "{\"domain\":\"BSD\"}",
	  "linux.personality.domain: \"BSD\" is unknown" },
	{ "linux.personality", "{\"domain\":\"LINUX\",\"flags\":[\"X\"]}",
	  "linux.personality.flags: no flag is supported" },
	{ "linux.intelRdt", "{\"closID\":\"a\"}",
	  "linux.intelRdt: it is not supported" },
	{ "linux.netDevices", "{\"eth0\":{}}",
	  "linux.netDevices: it is not supported" },
	{ "linux.memoryPolicy", "{\"mode\":\"MPOL_LOCAL\"}",
	  "linux.memoryPolicy: it is not supported" },
	{ "hooks", "[]", "hooks: an object is needed" },
	{ "hooks.poststop", "{}", "hooks.poststop: an array is needed" },
	{ "hooks.prestart", "[{}]", "hooks.prestart[0].path is missing" },
	{ "hooks.prestart", "[{\"path\":\"a\"}]",
	  "hooks.prestart[0].path: \"a\" is not an absolute path" },
	{ "hooks.createRuntime", "[{\"path\":\"/a\",\"timeout\":0}]",
	  "hooks.createRuntime[0].timeout: " NUMBER_FROM(1, 2147483647) },
	{ "hooks.createContainer", "[{\"path\":\"/a\",\"timeout\":-5}]",
	  "hooks.createContainer[0].timeout: " NUMBER_FROM(1, 2147483647) },
	{ "hooks.poststart", "[{\"path\":\"/a\",\"args\":[1]}]",
	  "hooks.poststart[0].args[0]: a string is needed" },
	{ "hooks.startContainer", "[{\"path\":\"/a\",\"env\":\"A=1\"}]",
	  "hooks.startContainer[0].env: an array is needed" },
};

static void refuse(const struct mistake *mistakes, size_t n)
{
	for (const struct mistake *m = mistakes; m < mistakes + n; m++) {
		char *text = config_with(m->field, m->value);
		struct failure failure = { .text = "no error" };
		struct oci_config config;

		if (!oci_config_parse(&config, text, strlen(text), &failure))
			oci_config_free(&config);
		is_str(failure.text, m->message, "%s: %s", m->field,
		       shown(m->value));
		free(text);
	}
}

#define REFUSE(mistakes) refuse(mistakes, ARRAY_SIZE(mistakes))

/* What is wrong in a part that has to be ignored is no error. */
static void ignored(void)
{
	static const struct mistake no_mistakes[] = {
		{ "process.consoleSize", "7", NULL },
		{ "process.user.username", "[]", NULL },
		{ "windows", "3", NULL },
		{ "linux.resources.memory.new", "[[]]", NULL },
		{ "linux.resources.memory.kernel", "-1", NULL },
		{ "linux.cgroupsPath", "\"/a../..b/c..d\"", NULL },
		{ "process", NULL, NULL },
		{ "ociVersion", "\"1.3.9+a.b-c\"", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(no_mistakes); i++) {
		const struct mistake *m = &no_mistakes[i];
		char *text = config_with(m->field, m->value);
		struct failure failure = { .text = "" };
		struct oci_config config;

		is_int(oci_config_parse(&config, text, strlen(text), &failure),
		       0, "%s: %s is no error", m->field, shown(m->value));
		is_str(failure.text, "", "and has no message");
		oci_config_free(&config);
		free(text);
	}
}

/* A process.json and resources have paths of their own. */
static void alone(void)
{
	static const char process[] = "{\"args\":[\"x\"],\"cwd\":\"x\"}";
	static const char resources[] = "{\"pids\":{\"limit\":true}}";
	struct oci_process p;
	struct oci_resources r;
	struct failure failure;

	is_int(oci_process_parse(&p, process, strlen(process), &failure), -1,
	       "a bad process");
	is_str(failure.text, "cwd: \"x\" is not an absolute path",
	       "its message");
	is_int(failure.code, EXIT_FAILED, "its exit status");
	is_int(oci_resources_parse(&r, resources, strlen(resources), &failure),
	       -1, "bad resources");
	is_str(failure.text,
	       "pids.limit: a number from -1 to 9223372036854775807 is needed",
	       "their message");
}

int main(void)
{
	REFUSE(general);
	REFUSE(process);
	REFUSE(mounts);
	REFUSE(namespaces);
	REFUSE(devices);
	REFUSE(resources);
	REFUSE(others);
	ignored();
	alone();
	return tap_end();
}
