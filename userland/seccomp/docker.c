// SPDX-License-Identifier: GPL-2.0
/* Seccomp profiles in docker's format, see docker.h. */
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/capability.h"
#include "docker.h"

static const struct {
	uint32_t arch;
	const char *name; /* in archMap */
	const char *go;	  /* in conditions */
} arches[] = {
	{ SCMP_ARCH_X86_64, "SCMP_ARCH_X86_64", "amd64" },
	{ SCMP_ARCH_X86, "SCMP_ARCH_X86", "x86" },
	{ SCMP_ARCH_AARCH64, "SCMP_ARCH_AARCH64", "arm64" },
	{ SCMP_ARCH_ARM, "SCMP_ARCH_ARM", "arm" },
	{ SCMP_ARCH_PPC64LE, "SCMP_ARCH_PPC64LE", "ppc64le" },
	{ SCMP_ARCH_S390X, "SCMP_ARCH_S390X", "s390x" },
	{ SCMP_ARCH_RISCV64, "SCMP_ARCH_RISCV64", "riscv64" },
	{ SCMP_ARCH_MIPS64, "SCMP_ARCH_MIPS64", "mips64" },
	{ SCMP_ARCH_MIPSEL64, "SCMP_ARCH_MIPSEL64", "mips64le" },
};

/* The index of this machine's architecture; ARRAY_SIZE(arches): none of these */
static size_t native(void)
{
	const uint32_t arch = seccomp_arch_native();
	size_t i = 0;

	while (i < ARRAY_SIZE(arches) && arches[i].arch != arch)
		i++;
	return i;
}

/* A member of @object of that type, or NULL. */
static struct json_object *get(struct json_object *object, const char *key,
			       json_type type)
{
	struct json_object *value;

	if (!json_object_is_type(object, json_type_object) ||
	    !json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, type))
		return NULL;
	return value;
}

static const char *item(struct json_object *array, size_t i)
{
	struct json_object *value = json_object_array_get_idx(array, i);

	return json_object_is_type(value, json_type_string) ?
		       json_object_get_string(value) :
		       "";
}

static size_t length(struct json_object *array)
{
	return array ? json_object_array_length(array) : 0;
}

static bool has_arch(struct json_object *list)
{
	const size_t own = native();

	for (size_t i = 0; i < length(list); i++)
		if (own < ARRAY_SIZE(arches) &&
		    !strcmp(item(list, i), arches[own].go))
			return true;
	return false;
}

/* How many capabilities of a list the container has. */
static size_t count_held(struct json_object *list, uint64_t held)
{
	size_t n = 0;

	for (size_t i = 0; i < length(list); i++)
		n += !!(capability_bit(item(list, i)) & held);
	return n;
}

/* Whether the kernel is at least "MAJOR.MINOR". */
static bool is_since(const char *kernel, const char *version)
{
	unsigned int major, minor, want_major, want_minor;

	if (sscanf(kernel, "%u.%u", &major, &minor) != 2 ||
	    sscanf(version, "%u.%u", &want_major, &want_minor) != 2)
		return false;
	return major > want_major ||
	       (major == want_major && minor >= want_minor);
}

static bool is_excluded(struct json_object *call, const struct docker_target *t)
{
	struct json_object *c = get(call, "excludes", json_type_object);
	struct json_object *kernel = get(c, "minKernel", json_type_string);

	return has_arch(get(c, "arches", json_type_array)) ||
	       count_held(get(c, "caps", json_type_array), t->capabilities) ||
	       (kernel && is_since(t->kernel, json_object_get_string(kernel)));
}

static bool is_included(struct json_object *call, const struct docker_target *t)
{
	struct json_object *c = get(call, "includes", json_type_object);
	struct json_object *arch = get(c, "arches", json_type_array);
	struct json_object *caps = get(c, "caps", json_type_array);
	struct json_object *kernel = get(c, "minKernel", json_type_string);

	if (length(arch) && !has_arch(arch))
		return false;
	if (count_held(caps, t->capabilities) != length(caps))
		return false;
	return !kernel || is_since(t->kernel, json_object_get_string(kernel));
}

/* "name": "x" to "names": ["x"], as old profiles have it. */
static int rename_call(struct json_object *call)
{
	struct json_object *name = get(call, "name", json_type_string), *names;

	if (!name)
		return 0;
	names = json_object_new_array();
	if (!names)
		return -ENOMEM;
	json_object_array_add(names, json_object_get(name));
	return json_object_object_add(call, "names", names) ? -ENOMEM : 0;
}

static int resolve_calls(struct json_object *calls,
			 const struct docker_target *target)
{
	for (size_t i = length(calls); i > 0; i--) {
		struct json_object *call = json_object_array_get_idx(calls,
								     i - 1);

		if (is_excluded(call, target) || !is_included(call, target))
			json_object_array_del_idx(calls, i - 1, 1);
		else if (rename_call(call))
			return -ENOMEM;
	}
	return 0;
}

/* The architectures of an entry of archMap. */
static struct json_object *list_arches(struct json_object *entry)
{
	struct json_object *sub = get(entry, "subArchitectures",
				      json_type_array);
	struct json_object *list = json_object_new_array();

	if (!list)
		return NULL;
	json_object_array_add(list, json_object_get(get(entry, "architecture",
							json_type_string)));
	for (size_t i = 0; i < length(sub); i++)
		json_object_array_add(
			list,
			json_object_get(json_object_array_get_idx(sub, i)));
	return list;
}

static int resolve_arches(struct json_object *profile)
{
	struct json_object *map = get(profile, "archMap", json_type_array);
	struct json_object *list;
	const size_t own = native();

	for (size_t i = 0; own < ARRAY_SIZE(arches) && i < length(map); i++) {
		struct json_object *entry = json_object_array_get_idx(map, i);
		struct json_object *name = get(entry, "architecture",
					       json_type_string);

		if (!name ||
		    strcmp(json_object_get_string(name), arches[own].name))
			continue;
		list = list_arches(entry);
		if (!list ||
		    json_object_object_add(profile, "architectures", list))
			return -ENOMEM;
		break;
	}
	return 0;
}

int docker_profile_resolve(struct json_object *profile,
			   const struct docker_target *target)
{
	int err = resolve_arches(profile);

	return err ? err :
		     resolve_calls(get(profile, "syscalls", json_type_array),
				   target);
}
