// SPDX-License-Identifier: GPL-2.0
/* state.json, see state.h. */
#include <errno.h>
#include <unistd.h>

#include "base/fields.h"
#include "document/document.h"
#include "state.h"

#define AT(member) .offset = offsetof(struct oci_state, member)

static const char *const managers[] = { "cgroupfs", "systemd", "disabled",
					NULL };

/* clang-format off */
static const struct field fields[] = {
	{ "ociVersion", FIELD_STRING, FIELD_NEEDED, AT(version) },
	{ "bundle", FIELD_STRING, FIELD_NEEDED, AT(bundle) },
	{ "rootfs", FIELD_STRING, FIELD_NEEDED, AT(rootfs) },
	{ "created", FIELD_STRING, FIELD_NEEDED, AT(created) },
	{ "owner", FIELD_STRING, FIELD_NEEDED, AT(owner) },
	{ "token", FIELD_STRING, FIELD_NEEDED, AT(token) },
	{ "record", FIELD_U64, FIELD_NEEDED, AT(record) },
	{ "cgroupManager", FIELD_NAME, FIELD_NEEDED, AT(manager), .names = managers },
	{ "cgroup", FIELD_STRING, FIELD_NULL, AT(cgroup) },
	{ "ownPids", FIELD_BOOL, FIELD_NEEDED, AT(own_pids) },
	{ "plainStart", FIELD_BOOL, 0, AT(plain_start) },
	{ "scope", FIELD_STRING, FIELD_NULL, AT(scope) },
	{ 0 },
};
/* clang-format on */

int state_write(const struct oci_state *state, const struct oci_folder *folder,
		struct failure *failure)
{
	struct object o = object_new();
	struct json_object *json;
	const char *text;
	size_t len;
	int err;

	fields_encode(fields, state, &o);
	if (state->annotations)
		object_add(&o, "annotations",
			   json_object_get(state->annotations));
	json = object_done(&o);
	text = json_line(json, &len);
	err = text ? folder_write(folder, FOLDER_STATE, text, len, failure) :
		     failed_errno(failure, -ENOMEM, "writing %s/%s",
				  folder->path, FOLDER_STATE);
	json_object_put(json);
	return err;
}

static int decode(struct oci_state *state, struct json_object *json,
		  const struct oci_folder *folder, struct failure *failure)
{
	struct json_object *annotations;
	const char *key;
	int err = fields_decode(fields, json, state, &key);

	if (err == -ENOMEM)
		return failed_errno(failure, err, "reading %s", folder->path);
	if (err)
		return failed(failure, EXIT_FAILED,
			      "%s/%s is damaged: \"%s\" is missing or wrong",
			      folder->path, FOLDER_STATE, key);
	if (json_object_object_get_ex(json, "annotations", &annotations) &&
	    json_object_is_type(annotations, json_type_object))
		state->annotations = json_object_get(annotations);
	return 0;
}

int state_read(struct oci_state *state, const struct oci_folder *folder,
	       struct failure *failure)
{
	struct json_object *json;
	int err;

	*state = (struct oci_state){ 0 };
	if (faccessat(folder->fd, FOLDER_STATE, F_OK, 0) && errno == ENOENT)
		return 1;
	if (document_open(folder->fd, FOLDER_STATE, &json, NULL, failure)) {
		failure_prefix(failure, "%s: ", folder->path);
		return -1;
	}
	err = decode(state, json, folder, failure);
	json_object_put(json);
	if (err)
		state_free(state);
	return err;
}

void state_free(struct oci_state *state)
{
	fields_free(fields, state);
	json_object_put(state->annotations);
	*state = (struct oci_state){ 0 };
}
