// SPDX-License-Identifier: GPL-2.0
/* What else is in "linux", see config_linux.h. */
#include <sched.h>
#include <string.h>
#include <sys/personality.h>

#include "base/quote.h"
#include "config_linux.h"
#include "config_namespaces.h"
#include "mount_options.h"

#define SYSCTLS_MAX 1024
#define PATHS_MAX   10000

static void read_propagation(struct reader *r, const struct node *linux_node,
			     struct container_spec *spec)
{
	const char *word = reader_string(r, linux_node, "rootfsPropagation");

	if (!word)
		return;
	spec->root.propagation = propagation_of(word);
	if (!spec->root.propagation)
		reader_error(r, linux_node, "rootfsPropagation",
			     "\"%s\" is unknown", QUOTE(word));
}

/* docker sets the domain name like this. It is the field of the kernel's own call. */
static void read_domain(struct reader *r, const struct node *linux_node,
			const struct reader_pair *pair,
			struct container_spec *spec)
{
	if (!has_namespace(spec, CLONE_NEWUTS))
		reader_error(r, linux_node, "sysctl",
			     "\"%s\": a UTS namespace is needed", pair->key);
	if (spec->domainname && strcmp(spec->domainname, pair->value))
		reader_error(r, linux_node, "sysctl",
			     "\"%s\" is not the domainname", pair->key);
	spec->domainname = pair->value;
}

static bool is_domain(const char *key)
{
	return !strcmp(key, "kernel.domainname") ||
	       !strcmp(key, "kernel/domainname");
}

/* The launch checks whether the namespaces allow a key. */
static void read_sysctls(struct reader *r, const struct node *linux_node,
			 struct container_spec *spec)
{
	struct sysctl_spec *sysctls;
	struct reader_pair *pairs;
	size_t n;

	pairs = reader_pairs(r, linux_node, "sysctl", SYSCTLS_MAX, &n);
	if (!pairs)
		return;
	sysctls = reader_alloc(r, n, sizeof(*sysctls));
	for (size_t i = 0; i < n && !r->failed; i++) {
		if (is_domain(pairs[i].key))
			read_domain(r, linux_node, &pairs[i], spec);
		else
			sysctls[spec->n_sysctls++] = (struct sysctl_spec){
				pairs[i].key, pairs[i].value
			};
	}
	spec->sysctls = sysctls;
}

static size_t add_paths(struct reader *r, const struct node *array,
			bool read_only, struct mask_spec *masks)
{
	size_t n = reader_length(r, array);

	for (size_t i = 0; i < n && !r->failed; i++) {
		masks[i].path = reader_item_path(r, array, i);
		masks[i].read_only = read_only;
	}
	return n;
}

static void read_masks(struct reader *r, const struct node *linux_node,
		       struct container_spec *spec)
{
	struct node hidden, read_only;
	bool has_hidden = reader_array(r, linux_node, "maskedPaths", PATHS_MAX,
				       &hidden);
	bool has_read_only = reader_array(r, linux_node, "readonlyPaths",
					  PATHS_MAX, &read_only);
	struct mask_spec *masks;
	size_t n = 0;

	masks = reader_alloc(
		r,
		(has_hidden ? reader_length(r, &hidden) : 0) +
			(has_read_only ? reader_length(r, &read_only) : 0),
		sizeof(*masks));
	if (has_hidden)
		n += add_paths(r, &hidden, false, masks);
	if (has_read_only)
		n += add_paths(r, &read_only, true, masks + n);
	spec->masks = masks;
	spec->n_masks = n;
}

static const struct reader_name domains[] = {
	{ "LINUX", PER_LINUX },
	{ "LINUX32", PER_LINUX32 },
	{ NULL, 0 },
};

static void read_personality(struct reader *r, const struct node *linux_node,
			     struct process_spec *process)
{
	struct node node, flags;
	const char *domain;

	if (!reader_object(r, linux_node, "personality", &node))
		return;
	domain = reader_needed_string(r, &node, "domain");
	process->has_personality = true;
	process->personality = (unsigned long)reader_named(r, &node, "domain",
							   domain, domains);
	if (reader_array(r, &node, "flags", ITEMS_MAX, &flags) &&
	    reader_length(r, &flags))
		reader_error(r, &flags, NULL, "no flag is supported");
}

/* An object that is empty asks for nothing. */
static void refuse(struct reader *r, const struct node *linux_node,
		   const char *key)
{
	struct node node;

	if (reader_object(r, linux_node, key, &node) &&
	    json_object_object_length(node.json))
		reader_error(r, &node, NULL, "it is not supported");
}

void read_linux_settings(struct reader *r, const struct node *linux_node,
			 struct container_spec *spec)
{
	read_propagation(r, linux_node, spec);
	read_sysctls(r, linux_node, spec);
	read_masks(r, linux_node, spec);
	read_personality(r, linux_node, &spec->process);
	refuse(r, linux_node, "intelRdt");
	refuse(r, linux_node, "netDevices");
	refuse(r, linux_node, "memoryPolicy");
}

/* Whether a part of @path between @separators is "..". */
static bool climbs(const char *path, const char *separators)
{
	for (;;) {
		size_t len = strcspn(path, separators);

		if (len == 2 && !strncmp(path, "..", 2))
			return true;
		if (!path[len])
			return false;
		path += len + 1;
	}
}

const char *read_cgroups_path(struct reader *r, const struct node *linux_node)
{
	const char *path = reader_string(r, linux_node, "cgroupsPath");

	if (path && climbs(path, "/:"))
		reader_error(r, linux_node, "cgroupsPath",
			     "\"%s\" has a part \"..\"", QUOTE(path));
	return path;
}

struct json_object *read_seccomp(struct reader *r,
				 const struct node *linux_node)
{
	struct node node, calls;

	if (!reader_object(r, linux_node, "seccomp", &node))
		return NULL;
	/* As runc has it: a profile that says nothing is none. */
	if (!reader_string(r, &node, "defaultAction") &&
	    (!reader_array(r, &node, "syscalls", ITEMS_MAX, &calls) ||
	     !reader_length(r, &calls)))
		return NULL;
	return node.json;
}
