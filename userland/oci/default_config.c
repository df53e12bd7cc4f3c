// SPDX-License-Identifier: GPL-2.0
/* The configuration to start from, see default_config.h. */
#include "base/array.h"
#include "base/object.h"
#include "default_config.h"
#include "features.h"

/* Add a list of constant strings. */
#define ADD_STRINGS(o, key, ...)                                        \
	do {                                                            \
		static const char *const strings__[] = { __VA_ARGS__ }; \
                                                                        \
		object_add_strings(o, key, (char *const *)strings__,    \
				   ARRAY_SIZE(strings__));              \
	} while (0)

#define OPTIONS_MAX 6

static const struct {
	const char *target, *type, *source;
	const char *options[OPTIONS_MAX + 1];
} mounts[] = {
	{ "/proc", "proc", "proc", { "nosuid", "noexec", "nodev" } },
	{ "/dev",
	  "tmpfs",
	  "tmpfs",
	  { "nosuid", "noexec", "strictatime", "mode=755", "size=65536k" } },
	{ "/dev/pts",
	  "devpts",
	  "devpts",
	  { "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620",
	    "gid=5" } },
	{ "/dev/shm",
	  "tmpfs",
	  "shm",
	  { "nosuid", "noexec", "nodev", "mode=1777", "size=65536k" } },
	{ "/dev/mqueue", "mqueue", "mqueue", { "nosuid", "noexec", "nodev" } },
	{ "/sys", "sysfs", "sysfs", { "nosuid", "noexec", "nodev", "ro" } },
	{ "/sys/fs/cgroup",
	  "cgroup",
	  "cgroup",
	  { "nosuid", "noexec", "nodev", "relatime", "ro" } },
};

/* Add to an array; both are taken over. */
static struct json_object *add_item(struct json_object *array,
				    struct json_object *item)
{
	if (array && item && !json_object_array_add(array, item))
		return array;
	json_object_put(array);
	json_object_put(item);
	return NULL;
}

static struct json_object *mount(size_t i)
{
	struct object o = object_new();
	size_t n = 0;

	while (mounts[i].options[n])
		n++;
	object_add_string(&o, "destination", mounts[i].target);
	object_add_string(&o, "type", mounts[i].type);
	object_add_string(&o, "source", mounts[i].source);
	object_add_strings(&o, "options", (char *const *)mounts[i].options, n);
	return object_done(&o);
}

static struct json_object *all_mounts(void)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++)
		array = add_item(array, mount(i));
	return array;
}

static struct json_object *capabilities(void)
{
	static const char *const sets[] = { "bounding", "effective",
					    "permitted" };
	struct object o = object_new();

	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		ADD_STRINGS(&o, sets[i], "CAP_AUDIT_WRITE", "CAP_KILL",
			    "CAP_NET_BIND_SERVICE");
	return object_done(&o);
}

static struct json_object *limits(void)
{
	struct object o = object_new();

	object_add_string(&o, "type", "RLIMIT_NOFILE");
	object_add_int(&o, "hard", 1024);
	object_add_int(&o, "soft", 1024);
	return add_item(json_object_new_array(), object_done(&o));
}

static struct json_object *process(void)
{
	struct object user = object_new();
	struct object o = object_new();

	object_add_int(&user, "uid", 0);
	object_add_int(&user, "gid", 0);
	object_add_bool(&o, "terminal", true);
	object_add(&o, "user", object_done(&user));
	ADD_STRINGS(&o, "args", "sh");
	ADD_STRINGS(
		&o, "env",
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"TERM=xterm");
	object_add_string(&o, "cwd", "/");
	object_add(&o, "capabilities", capabilities());
	object_add(&o, "rlimits", limits());
	object_add_bool(&o, "noNewPrivileges", true);
	return object_done(&o);
}

static struct json_object *root(void)
{
	struct object o = object_new();

	object_add_string(&o, "path", "rootfs");
	object_add_bool(&o, "readonly", true);
	return object_done(&o);
}

static struct json_object *namespaces(void)
{
	static const char *const types[] = { "pid", "network", "ipc",
					     "uts", "mount",   "cgroup" };
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct object o = object_new();

		object_add_string(&o, "type", types[i]);
		array = add_item(array, object_done(&o));
	}
	return array;
}

/* No device but those that every container may use. */
static struct json_object *resources(void)
{
	struct object rule = object_new();
	struct object o = object_new();

	object_add_bool(&rule, "allow", false);
	object_add_string(&rule, "access", "rwm");
	object_add(&o, "devices",
		   add_item(json_object_new_array(), object_done(&rule)));
	return object_done(&o);
}

static struct json_object *linux_config(void)
{
	struct object o = object_new();

	object_add(&o, "namespaces", namespaces());
	object_add(&o, "resources", resources());
	ADD_STRINGS(&o, "maskedPaths", "/proc/acpi", "/proc/asound",
		    "/proc/interrupts", "/proc/kcore", "/proc/keys",
		    "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
		    "/proc/timer_list", "/proc/timer_stats",
		    "/sys/devices/virtual/powercap", "/sys/firmware");
	ADD_STRINGS(&o, "readonlyPaths", "/proc/bus", "/proc/fs", "/proc/irq",
		    "/proc/sys", "/proc/sysrq-trigger");
	return object_done(&o);
}

struct json_object *default_config_build(void)
{
	struct object o = object_new();

	object_add_string(&o, "ociVersion", OCI_VERSION_MAX);
	object_add(&o, "process", process());
	object_add(&o, "root", root());
	object_add_string(&o, "hostname", "purser");
	object_add(&o, "mounts", all_mounts());
	object_add(&o, "linux", linux_config());
	return object_done(&o);
}
