// SPDX-License-Identifier: GPL-2.0
/* Reading a configuration, see config.h. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/object.h"
#include "base/quote.h"
#include "config.h"
#include "config_devices.h"
#include "config_linux.h"
#include "config_mounts.h"
#include "config_namespaces.h"
#include "config_resources.h"
#include "document/document.h"

/* The memory of any of the three structures, which begin with it. */
static void free_memory(struct arena **arena, struct json_object **json)
{
	arena_free(*arena);
	json_object_put(*json);
	*arena = NULL;
	*json = NULL;
}

static int begin(struct reader *r, struct arena **arena,
		 struct warnings *warnings, struct failure *failure)
{
	*arena = arena_new();
	*r = (struct reader){
		.arena = *arena,
		.failure = failure,
		.warnings = warnings,
	};
	return *arena ? 0 : failed(failure, EXIT_FAILED, "out of memory");
}

/* "N." or, of the last number, "N": digits without a zero in front. */
static const char *skip_number(const char *s, bool last)
{
	size_t digits = strspn(s, "0123456789");

	if (!digits || (*s == '0' && digits > 1))
		return NULL;
	s += digits;
	if (last)
		return s;
	return *s == '.' ? s + 1 : NULL;
}

/* "1.MINOR.PATCH", and maybe "-PRE-RELEASE" and "+BUILD", as semver.org has it. */
static bool is_version(const char *s)
{
	static const char rest[] = "0123456789.-+"
				   "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (strncmp(s, "1.", 2))
		return false;
	s = skip_number(s + 2, false);
	s = s ? skip_number(s, true) : NULL;
	if (!s || !*s)
		return s;
	return (*s == '-' || *s == '+') && s[1] && !s[strspn(s, rest)];
}

static void read_version(struct reader *r, const struct node *document,
			 struct oci_config *config)
{
	const char *version = reader_needed_string(r, document, "ociVersion");

	if (version && !is_version(version))
		reader_error(r, document, "ociVersion",
			     "\"%s\" is not a version 1.x.y", QUOTE(version));
	config->version = version;
}

static void read_root(struct reader *r, const struct node *document,
		      struct oci_config *config)
{
	struct node root;

	if (!reader_object(r, document, "root", &root)) {
		reader_missing(r, document, "root");
		return;
	}
	config->root_path = reader_needed_string(r, &root, "path");
	reader_bool(r, &root, "readonly", &config->read_only);
	config->spec.root.path = config->root_path;
	config->spec.root.read_only = config->read_only;
	/* As crun and runc do: with what the caller has mounted in it. */
	config->spec.root.recursive = true;
}

static void read_container_process(struct reader *r,
				   const struct node *document,
				   struct oci_config *config)
{
	struct node process;

	config->has_process = reader_object(r, document, "process", &process);
	if (!config->has_process)
		return;
	read_process(r, &process, &config->spec.process, &config->notes);
	config->spec.process.make_cwd = true;
}

static void read_linux(struct reader *r, const struct node *document,
		       struct oci_config *config)
{
	struct node node, resources;

	if (!reader_object(r, document, "linux", &node)) {
		reader_missing(r, document, "linux");
		return;
	}
	read_namespaces(r, document, &node, &config->spec);
	read_mounts(r, document, reader_string(r, &node, "mountLabel"),
		    &config->spec);
	read_devices(r, &node, &config->spec);
	read_linux_settings(r, &node, &config->spec);
	config->cgroups_path = read_cgroups_path(r, &node);
	config->seccomp = read_seccomp(r, &node);
	if (!reader_object(r, &node, "resources", &resources))
		return;
	read_resources(r, &resources, &config->resources);
	config->device_rules = read_device_rules(r, &resources,
						 &config->n_device_rules);
}

static void read_annotations(struct reader *r, const struct node *document,
			     struct oci_config *config)
{
	size_t n;

	if (reader_pairs(r, document, "annotations", ITEMS_MAX, &n))
		json_object_object_get_ex(document->json, "annotations",
					  &config->annotations);
}

/* Read config->json. */
static int read_config(struct oci_config *config, struct failure *failure)
{
	const struct node document = { .json = config->json };
	struct reader r;

	if (!begin(&r, &config->arena, &config->warnings, failure)) {
		read_version(&r, &document, config);
		read_root(&r, &document, config);
		read_container_process(&r, &document, config);
		read_linux(&r, &document, config);
		read_hooks(&r, &document, config->hooks);
		read_annotations(&r, &document, config);
		if (!r.failed)
			return 0;
	}
	oci_config_free(config);
	return -1;
}

static void config_init(struct oci_config *config)
{
	*config = (struct oci_config){ 0 };
	container_spec_init(&config->spec);
}

int oci_config_read(struct oci_config *config, int bundle, const char *path,
		    struct failure *failure)
{
	config_init(config);
	if (document_open(bundle, path, &config->json, &config->text, failure))
		return -1;
	if (!read_config(config, failure))
		return 0;
	failure_prefix(failure, "\"%s\": ", QUOTE(path));
	return -1;
}

int oci_config_parse(struct oci_config *config, const char *text, size_t len,
		     struct failure *failure)
{
	config_init(config);
	if (document_parse(text, len, &config->json, failure))
		return -1;
	return read_config(config, failure);
}

void oci_config_free(struct oci_config *config)
{
	free_memory(&config->arena, &config->json);
	free(config->text);
	config->text = NULL;
}

const char *oci_config_annotation(const struct oci_config *config,
				  const char *key)
{
	const char *value;

	if (!config->annotations ||
	    object_get_string(config->annotations, key, &value))
		return NULL;
	return value;
}

/* Read process->json. */
static int fill_process(struct oci_process *process, struct failure *failure)
{
	const struct node document = { .json = process->json };
	struct reader r;

	if (!begin(&r, &process->arena, &process->warnings, failure)) {
		read_process(&r, &document, &process->spec, &process->notes);
		process->spec.cpus = process->notes.exec_cpus;
		process->spec.cpus_size = process->notes.exec_cpus_size;
		if (!r.failed)
			return 0;
	}
	oci_process_free(process);
	return -1;
}

static void process_init(struct oci_process *process)
{
	*process = (struct oci_process){ 0 };
	process_spec_init(&process->spec);
}

int oci_process_read(struct oci_process *process, const char *path,
		     struct failure *failure)
{
	process_init(process);
	if (document_open(AT_FDCWD, path, &process->json, NULL, failure))
		return -1;
	if (!fill_process(process, failure))
		return 0;
	failure_prefix(failure, "\"%s\": ", QUOTE(path));
	return -1;
}

int oci_process_parse(struct oci_process *process, const char *text, size_t len,
		      struct failure *failure)
{
	process_init(process);
	if (document_parse(text, len, &process->json, failure))
		return -1;
	return fill_process(process, failure);
}

void oci_process_free(struct oci_process *process)
{
	free_memory(&process->arena, &process->json);
}

/* Read resources->json. */
static int fill_resources(struct oci_resources *resources,
			  struct failure *failure)
{
	const struct node document = { .json = resources->json };
	struct reader r;

	if (!begin(&r, &resources->arena, &resources->warnings, failure)) {
		read_resources(&r, &document, &resources->resources);
		resources->device_rules = read_device_rules(
			&r, &document, &resources->n_device_rules);
		if (!r.failed)
			return 0;
	}
	oci_resources_free(resources);
	return -1;
}

int oci_resources_read(struct oci_resources *r, int fd, struct failure *failure)
{
	*r = (struct oci_resources){ 0 };
	if (document_read(fd, &r->json, failure))
		return -1;
	return fill_resources(r, failure);
}

int oci_resources_parse(struct oci_resources *r, const char *text, size_t len,
			struct failure *failure)
{
	*r = (struct oci_resources){ 0 };
	if (document_parse(text, len, &r->json, failure))
		return -1;
	return fill_resources(r, failure);
}

void oci_resources_free(struct oci_resources *r)
{
	free_memory(&r->arena, &r->json);
}
