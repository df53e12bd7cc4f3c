// SPDX-License-Identifier: GPL-2.0
/* The commands that show containers: state, list and ps. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/object.h"
#include "base/report.h"
#include "commands.h"
#include "container.h"

static int print_json(struct json_object *json, bool pretty,
		      struct failure *failure)
{
	const char *text =
		json ? json_object_to_json_string_ext(
			       json,
			       JSON_C_TO_STRING_NOSLASHESCAPE |
				       (pretty ? JSON_C_TO_STRING_PRETTY : 0)) :
		       NULL;

	if (!text)
		return failed_errno(failure, -ENOMEM, "printing JSON");
	puts(text);
	return EXIT_OK;
}

int oci_state(const struct oci_options *options, struct failure *failure)
{
	struct oci_container c;
	struct json_object *json;
	int status;

	if (container_open(&c, options, false, failure))
		return -1;
	json = container_json(&c);
	status = print_json(json, true, failure);
	json_object_put(json);
	container_close(&c);
	return status;
}

/** struct listing - see oci_list() */
struct listing {
	const struct oci_options *options;
	struct json_object *array; /* NULL: a table is printed */
};

static void print_row(const struct oci_container *c)
{
	printf("%-12s %-11d %-11s %-31s %-30s %s\n", c->folder.id,
	       container_is_live(c) ? c->record.pid : 0,
	       oci_status_names[c->status],
	       c->state.bundle ? c->state.bundle : "",
	       c->state.created ? c->state.created : "",
	       c->state.owner ? c->state.owner : "");
}

/* A container that goes away meanwhile is no error, and no other one either. */
static int list_one(const char *id, void *arg, struct failure *failure)
{
	const struct listing *listing = arg;
	struct oci_options options = *listing->options;
	struct oci_container c;
	int err = 0;

	options.id = id;
	if (container_open(&c, &options, false, failure)) {
		if (container_exists(&options))
			report_warning("%s", failure->text);
		return 0;
	}
	if (listing->options->quiet) {
		puts(id);
	} else if (listing->array) {
		struct json_object *json = container_json(&c);

		if (!json || json_object_array_add(listing->array, json) < 0)
			err = failed_errno(failure, -ENOMEM, "printing JSON");
	} else {
		print_row(&c);
	}
	container_close(&c);
	return err;
}

int oci_list(const struct oci_options *options, struct failure *failure)
{
	const bool json = options->format == OCI_FORMAT_JSON && !options->quiet;
	__cleanup_free char *root = container_root(options);
	struct listing listing = { .options = options };
	int status = EXIT_OK;

	if (json)
		listing.array = json_object_new_array();
	if (!root || (json && !listing.array))
		return failed_errno(failure, -ENOMEM, "listing containers");
	if (!json && !options->quiet)
		printf("%-12s %-11s %-11s %-31s %-30s %s\n", "ID", "PID",
		       "STATUS", "BUNDLE", "CREATED", "OWNER");
	if (folder_each(root, list_one, &listing, failure))
		status = -1;
	else if (json)
		status = print_json(listing.array, false, failure);
	json_object_put(listing.array);
	return status;
}

int oci_ps(const struct oci_options *options, struct failure *failure)
{
	const bool json = options->format == OCI_FORMAT_JSON;
	__cleanup_free pid_t *pids = NULL;
	struct oci_container c;
	size_t n = 0;
	int err;

	if (container_open(&c, options, false, failure))
		return -1;
	err = cgroup_home_pids(&c.cgroup, &pids, &n, failure);
	container_close(&c);
	if (err)
		return -1;
	printf(json ? "[" : "PID\n");
	for (size_t i = 0; i < n; i++)
		printf(json ? "%s%d" : "%s%d\n", json && i ? "," : "", pids[i]);
	if (json)
		puts("]");
	return EXIT_OK;
}
