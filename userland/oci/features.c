// SPDX-License-Identifier: GPL-2.0
/* What this runtime can do, see features.h. */
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/object.h"
#include "base/capability.h"
#include "config_hooks.h"
#include "config_namespaces.h"
#include "features.h"
#include "mount_options.h"
#include "seccomp/names.h"

/** struct names - an array of names that is being built */
struct names {
	struct json_object *array;
	bool failed;
};

static struct names names_new(void)
{
	return (struct names){ .array = json_object_new_array() };
}

static void names_add(struct names *names, const char *name)
{
	struct json_object *s = json_object_new_string(name);

	if (names->array && s && !json_object_array_add(names->array, s))
		return;
	json_object_put(s);
	names->failed = true;
}

/* Take the array over; NULL: out of memory. */
static struct json_object *names_done(struct names *names)
{
	if (!names->failed)
		return names->array;
	json_object_put(names->array);
	return NULL;
}

/* All names of a list that a function has by number. */
static struct json_object *numbered(const char *(*name_of)(size_t i))
{
	struct names names = names_new();
	const char *name;

	for (size_t i = 0; (name = name_of(i)); i++)
		names_add(&names, name);
	return names_done(&names);
}

/* A list that ends in NULL. */
static struct json_object *listed(const char *const *list)
{
	struct names names = names_new();

	for (; *list; list++)
		names_add(&names, *list);
	return names_done(&names);
}

static struct json_object *hooks(void)
{
	struct names names = names_new();

	for (int kind = 0; kind < HOOK_KINDS; kind++)
		names_add(&names, hook_names[kind]);
	return names_done(&names);
}

static bool always(const struct reader_name *entry)
{
	(void)entry;
	return true;
}

/*
 * The kernel looks at the flags before it looks at the filter, which is none. This flag
 * makes sense with a listener alone.
 */
static bool kernel_has_flag(const struct reader_name *entry)
{
	unsigned long flag = (unsigned long)entry->value;

	if (flag == SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
		flag |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flag, NULL) &&
	       errno == EFAULT;
}

static struct json_object *named(const struct reader_name *table,
				 bool (*has)(const struct reader_name *entry))
{
	struct names names = names_new();

	for (; table->name; table++)
		if (has(table))
			names_add(&names, table->name);
	return names_done(&names);
}

static struct json_object *architectures(void)
{
	const char *const *name = seccomp_architectures;
	struct names names = names_new();

	for (; *name; name++)
		if (seccomp_architecture(*name))
			names_add(&names, *name);
	return names_done(&names);
}

static struct json_object *seccomp(void)
{
	struct object o = object_new();

	object_add_bool(&o, "enabled", true);
	object_add(&o, "actions", named(seccomp_actions, always));
	object_add(&o, "operators", named(seccomp_operators, always));
	object_add(&o, "archs", architectures());
	object_add(&o, "knownFlags", named(seccomp_flags, always));
	object_add(&o, "supportedFlags", named(seccomp_flags, kernel_has_flag));
	return object_done(&o);
}

static struct json_object *cgroup(void)
{
	struct object o = object_new();

	object_add_bool(&o, "v1", false);
	object_add_bool(&o, "v2", true);
	object_add_bool(&o, "systemd", true);
	object_add_bool(&o, "systemdUser", false);
	object_add_bool(&o, "rdma", true);
	return object_done(&o);
}

static struct json_object *enabled(bool value)
{
	struct object o = object_new();

	object_add_bool(&o, "enabled", value);
	return object_done(&o);
}

static struct json_object *mount_extensions(void)
{
	struct object o = object_new();

	object_add(&o, "idmap", enabled(true));
	return object_done(&o);
}

static struct json_object *linux_features(void)
{
	struct object o = object_new();

	object_add(&o, "namespaces", numbered(namespace_name));
	object_add(&o, "capabilities", listed(capability_names));
	object_add(&o, "cgroup", cgroup());
	object_add(&o, "seccomp", seccomp());
	object_add(&o, "apparmor", enabled(true));
	object_add(&o, "selinux", enabled(true));
	object_add(&o, "intelRdt", enabled(false));
	object_add(&o, "mountExtensions", mount_extensions());
	object_add(&o, "netDevices", enabled(false));
	return object_done(&o);
}

static struct json_object *annotations(void)
{
	const struct scmp_version *v = seccomp_version();
	struct object o = object_new();
	char text[64];

	snprintf(text, sizeof(text), "%u.%u.%u", v->major, v->minor, v->micro);
	object_add_string(&o, "io.github.seccomp.libseccomp.version", text);
	object_add_string(&o, "io.purser.version", PURSER_VERSION);
	return object_done(&o);
}

struct json_object *features_build(void)
{
	/* These set the limits of a container. */
	static const char *const unsafe[] = { "io.purser.", NULL };
	struct object o = object_new();

	object_add_string(&o, "ociVersionMin", OCI_VERSION_MIN);
	object_add_string(&o, "ociVersionMax", OCI_VERSION_MAX);
	object_add(&o, "hooks", hooks());
	object_add(&o, "mountOptions", numbered(mount_option_name));
	object_add(&o, "linux", linux_features());
	object_add(&o, "annotations", annotations());
	object_add(&o, "potentiallyUnsafeConfigAnnotations", listed(unsafe));
	return object_done(&o);
}
