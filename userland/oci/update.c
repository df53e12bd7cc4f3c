// SPDX-License-Identifier: GPL-2.0
/*
 * The command update: new resources for the cgroup, and new limits for the module where
 * these depend on them. The copy of the configuration gets the changes, so that the next
 * update begins from there.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/object.h"
#include "commands.h"
#include "config.h"
#include "container.h"
#include "settings.h"

static int read_resources(const struct oci_options *options,
			  struct oci_resources *resources,
			  struct failure *failure)
{
	const char *path = options->resources;
	int fd __cleanup_close = -1;

	if (!strcmp(path, "-"))
		return oci_resources_read(resources, 0, failure);
	fd = file_open(AT_FDCWD, path, O_RDONLY);
	if (fd < 0)
		return failed_errno(failure, fd, "opening %s", path);
	return oci_resources_read(resources, fd, failure);
}

/* Zeros change nothing, as docker's updates mean them. */
static int merge(struct json_object *to, struct json_object *from)
{
	json_object_object_foreach(from, key, value) {
		struct json_object *old;
		int err;

		if (json_object_is_type(value, json_type_int) &&
		    !json_object_get_int64(value))
			continue;
		if (json_object_is_type(value, json_type_object) &&
		    json_object_object_get_ex(to, key, &old) &&
		    json_object_is_type(old, json_type_object))
			err = merge(old, value);
		else
			err = json_object_object_add(to, key,
						     json_object_get(value));
		if (err)
			return -ENOMEM;
	}
	return 0;
}

/* The text of the changed configuration belongs to config->json. */
static const char *change(struct oci_config *config,
			  struct json_object *changes, size_t *len)
{
	struct json_object *linux_, *resources;

	if (!json_object_object_get_ex(config->json, "linux", &linux_))
		return NULL;
	if (!json_object_object_get_ex(linux_, "resources", &resources) ||
	    !json_object_is_type(resources, json_type_object)) {
		resources = json_object_new_object();
		if (!resources ||
		    json_object_object_add(linux_, "resources", resources))
			return NULL;
	}
	return merge(resources, changes) ? NULL : json_line(config->json, len);
}

/*
 * Only limits that the changes concern: the administrator may have set others since, with
 * purserctl.
 */
static int set_limits(struct oci_container *c, const struct oci_config *old,
		      const struct oci_config *new, struct failure *failure)
{
	const struct purser_ref ref = { .id = c->record.id };
	struct record_limits before, after;
	struct settings settings;
	const struct purser_limits set = { &after.soft, &after.hard };

	if (settings_read(&settings, failure) ||
	    settings_limits(&settings, old, &before, failure) ||
	    settings_limits(&settings, new, &after, failure))
		return -1;
	if ((after.soft == before.soft && after.hard == before.hard) ||
	    !purser_set(c->table, &ref, &set))
		return 0;
	return failed(failure, EXIT_FAILED,
		      "changing the limits of container \"%s\": %s",
		      c->folder.id, purser_last_error(c->table));
}

static int change_config(struct oci_container *c,
			 const struct oci_resources *resources,
			 struct failure *failure)
{
	struct oci_config config, changed;
	const char *text;
	size_t len;
	int err;

	if (oci_config_read(&config, c->folder.fd, FOLDER_CONFIG, failure))
		return -1;
	text = change(&config, resources->json, &len);
	if (!text)
		err = failed_errno(failure, -ENOMEM,
				   "changing the configuration of \"%s\"",
				   c->folder.id);
	else
		err = oci_config_parse(&changed, text, len, failure);
	if (!err) {
		err = set_limits(c, &config, &changed, failure) ||
		      folder_write(&c->folder, FOLDER_CONFIG, text, len,
				   failure);
		oci_config_free(&changed);
	}
	oci_config_free(&config);
	return err ? -1 : 0;
}

static int update(struct oci_container *c,
		  const struct oci_resources *resources,
		  struct failure *failure)
{
	if (!container_is_live(c))
		return failed(failure, EXIT_FAILED,
			      "container \"%s\": container not running",
			      c->folder.id);
	if (cgroup_home_update(&c->cgroup, &resources->resources, failure))
		return -1;
	return change_config(c, resources, failure);
}

int oci_update(const struct oci_options *options, struct failure *failure)
{
	struct oci_resources resources;
	struct oci_container c;
	int err;

	if (!options->resources)
		return failed(failure, EXIT_USAGE, "--resources is needed");
	if (read_resources(options, &resources, failure))
		return -1;
	err = container_open(&c, options, true, failure);
	if (!err) {
		err = update(&c, &resources, failure);
		container_close(&c);
	}
	oci_resources_free(&resources);
	return err ? -1 : EXIT_OK;
}
