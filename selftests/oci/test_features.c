// SPDX-License-Identifier: GPL-2.0
/*
 * Tests the features and the configuration to start from: what the one names, and what
 * the other has, can be read.
 */
#include "build_config.h"
#include "cases.h"
#include "base/capability.h"
#include "oci/config.h"
#include "oci/default_config.h"
#include "oci/features.h"
#include "seccomp/profile.h"

static struct json_object *at(struct json_object *json, const char *path)
{
	struct json_object *found;

	if (json_pointer_get(json, path, &found))
		bail("there is no %s", path);
	return found;
}

static bool has(struct json_object *array, const char *name)
{
	for (size_t i = 0; i < json_object_array_length(array); i++)
		if (!strcmp(json_object_get_string(
				    json_object_array_get_idx(array, i)),
			    name))
			return true;
	return false;
}

/* Each name of an array makes a configuration, by a format, that can be read. */
static void readable(struct json_object *features, const char *path,
		     const char *field, const char *fmt)
{
	struct json_object *array = at(features, path);
	size_t n = json_object_array_length(array), bad = 0;

	for (size_t i = 0; i < n; i++) {
		const char *name = json_object_get_string(
			json_object_array_get_idx(array, i));
		struct failure failure;
		struct oci_config config;
		char value[512], *text;

		snprintf(value, sizeof(value), fmt, name, name);
		text = config_with(field, value);
		if (oci_config_parse(&config, text, strlen(text), &failure)) {
			printf("# %s: %s\n", name, failure.text);
			bad++;
		} else {
			bad += config.warnings.n;
			oci_config_free(&config);
		}
		free(text);
	}
	ok(n && !bad, "%s: all %zu can be read", path, n);
}

/* Each name of an array makes a profile that can be compiled. */
static void compiles(struct json_object *features, const char *path,
		     const char *fmt)
{
	struct json_object *array = at(features, path);
	size_t n = json_object_array_length(array), bad = 0;

	for (size_t i = 0; i < n; i++) {
		const char *name = json_object_get_string(
			json_object_array_get_idx(array, i));
		struct seccomp_program program = { 0 };
		struct failure failure;
		struct json_object *json;
		char text[512];

		snprintf(text, sizeof(text), fmt, name);
		json = must_parse(text);
		if (seccomp_compile(&program, json, &failure) &&
		    !strstr(failure.text, "cannot be in one filter")) {
			printf("# %s: %s\n", name, failure.text);
			bad++;
		}
		seccomp_program_free(&program);
		json_object_put(json);
	}
	ok(n && !bad, "%s: all %zu can be compiled", path, n);
}

static void features(void)
{
	struct json_object *f = features_build();

	is_str(json_object_get_string(at(f, "/ociVersionMin")), "1.0.0",
	       "the lowest version");
	is_str(json_object_get_string(at(f, "/ociVersionMax")), "1.3.0",
	       "the highest version");
	readable(f, "/hooks", "hooks", "{\"%s\":[{\"path\":\"/x\"}]}");
	readable(f, "/linux/capabilities", "process.capabilities.bounding",
		 "[\"%s\"]");
	is_int(json_object_array_length(at(f, "/linux/capabilities")), 41,
	       "all capabilities of the kernel");
	ok(has(at(f, "/linux/namespaces"), "time") &&
		   json_object_array_length(at(f, "/linux/namespaces")) == 8,
	   "eight kinds of namespaces");
	ok(has(at(f, "/mountOptions"), "rro") &&
		   !has(at(f, "/mountOptions"), "remount"),
	   "words of mounts, but for the one that is refused");
	compiles(f, "/linux/seccomp/actions",
		 "{\"defaultAction\":\"SCMP_ACT_TRAP\",\"listenerPath\":\"/x\","
		 "\"syscalls\":[{\"names\":[\"read\"],\"action\":\"%s\"}]}");
	compiles(f, "/linux/seccomp/operators",
		 "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{"
		 "\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":"
		 "[{\"index\":0,\"value\":1,\"op\":\"%s\"}]}]}");
	compiles(
		f, "/linux/seccomp/archs",
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"%s\"]}");
	compiles(f, "/linux/seccomp/knownFlags",
		 "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"flags\":[\"%s\"]}");
	ok(has(at(f, "/linux/seccomp/supportedFlags"),
	       "SECCOMP_FILTER_FLAG_LOG"),
	   "flags of the kernel");
	ok(json_object_get_boolean(at(f, "/linux/cgroup/v2")) &&
		   !json_object_get_boolean(at(f, "/linux/cgroup/v1")) &&
		   !json_object_get_boolean(at(f, "/linux/intelRdt/enabled")),
	   "what there is, and what not");
	json_object_put(f);
}

static void default_config(void)
{
	struct json_object *json = default_config_build();
	const char *text = json_object_to_json_string(json);
	struct failure failure = { .text = "" };
	struct oci_config c;

	is_int(oci_config_parse(&c, text, strlen(text), &failure), 0,
	       "the configuration to start from is read: %s", failure.text);
	is_str(c.root_path, "rootfs", "its root");
	is_int(c.spec.n_mounts, 7, "its mounts");
	is_str(c.spec.mounts[6].type, "cgroup2", "its cgroups");
	ok(c.spec.process.terminal && c.spec.process.no_new_privs &&
		   c.read_only && c.n_device_rules == 1 && c.spec.n_masks == 17,
	   "a terminal, no new privileges, a read-only root");
	oci_config_free(&c);
	json_object_put(json);
}

int main(void)
{
	features();
	default_config();
	return tap_end();
}
