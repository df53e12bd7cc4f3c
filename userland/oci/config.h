/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading config.json of an OCI bundle (runtime-spec 1.0 to 1.3), and the process.json of
 * exec, into the structures of launch/spec.h and cgroup/resources.h.
 *
 * Unknown fields are ignored, as the spec says. A field of another type than the spec's,
 * or one that this runtime cannot do where the spec says MUST, is an error that names the
 * field by its path: "linux.resources.pids.limit". Documentation/oci.md has a table of
 * all fields.
 *
 * After an error nothing is left, and the structure may but need not be freed.
 */
#ifndef OCI_CONFIG_H
#define OCI_CONFIG_H

#include <json-c/json.h>

#include "base/failure.h"
#include "cgroup/device_rules.h"
#include "cgroup/resources.h"
#include "config_hooks.h"
#include "config_process.h"
#include "launch/spec.h"
#include "document/reader.h"

/** struct oci_config - a configuration; all memory is its own, for oci_config_free() */
struct oci_config {
	struct arena *arena;
	struct json_object *json; /* the whole, as it was read */
	char *text; /* the text of the file; NULL: it was no file */
	struct warnings warnings; /* for the log */

	const char *version; /* ociVersion */
	/*
	 * Without id, descriptors and filter. The source of a bind mount may be relative
	 * to the bundle, which must be the working folder at the launch.
	 */
	struct container_spec spec;
	bool has_process;
	struct process_notes notes; /* of the process */
	bool read_only;
	const char *root_path;	  /* as it stands; relative to the bundle */
	const char *cgroups_path; /* or NULL */
	struct cgroup_resources resources;
	const struct device_rule *device_rules; /* all other devices are denied */
	size_t n_device_rules;
	struct json_object
		*seccomp; /* linux.seccomp, or NULL; see seccomp/profile.h */
	struct hook_list hooks[HOOK_KINDS];
	struct json_object *annotations; /* an object of strings, or NULL */
};

/** oci_config_read() - read @path below the open folder @bundle */
int oci_config_read(struct oci_config *config, int bundle, const char *path,
		    struct failure *failure);
/** oci_config_parse() - the same from memory */
int oci_config_parse(struct oci_config *config, const char *text, size_t len,
		     struct failure *failure);
void oci_config_free(struct oci_config *config);
/** oci_config_annotation() - the value of an annotation, or NULL */
const char *oci_config_annotation(const struct oci_config *config,
				  const char *key);

/** struct oci_process - a process of exec, with its memory, for oci_process_free() */
struct oci_process {
	struct arena *arena;
	struct json_object *json;
	struct warnings warnings;
	struct process_spec spec; /* its CPUs are execCPUAffinity.final */
	struct process_notes notes;
};

/** oci_process_read() - read the file @path */
int oci_process_read(struct oci_process *process, const char *path,
		     struct failure *failure);
int oci_process_parse(struct oci_process *process, const char *text, size_t len,
		      struct failure *failure);
void oci_process_free(struct oci_process *process);

/** struct oci_resources - linux.resources alone, as update gets it */
struct oci_resources {
	struct arena *arena;
	struct json_object *json;
	struct warnings warnings;
	struct cgroup_resources resources;
	const struct device_rule *device_rules;
	size_t n_device_rules; /* 0: they are not to be changed */
};

/** oci_resources_read() - read them from an open file or pipe, up to its end */
int oci_resources_read(struct oci_resources *r, int fd,
		       struct failure *failure);
int oci_resources_parse(struct oci_resources *r, const char *text, size_t len,
			struct failure *failure);
void oci_resources_free(struct oci_resources *r);

#endif /* OCI_CONFIG_H */
