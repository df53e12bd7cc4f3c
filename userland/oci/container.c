// SPDX-License-Identifier: GPL-2.0
/* A container that exists, see container.h. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/object.h"
#include "base/paths.h"
#include "container.h"

const char *const oci_status_names[] = {
	[OCI_CREATING] = "creating", [OCI_CREATED] = "created",
	[OCI_RUNNING] = "running",   [OCI_PAUSED] = "paused",
	[OCI_STOPPED] = "stopped",
};

char *container_root(const struct oci_options *options)
{
	return options->root ? strdup(options->root) : folder_default_root();
}

/*
 * The kernel calls a container "starting" only if its first process is that of a PID
 * namespace. Others have not started as long as their gate is there.
 */
static bool waits_at_gate(const struct oci_container *c)
{
	return !c->state.own_pids &&
	       !faccessat(c->folder.fd, FOLDER_GATE, F_OK, 0);
}

bool container_exists(const struct oci_options *options)
{
	__cleanup_free char *root = container_root(options);
	__cleanup_free char *path = root ? path_join(root, options->id, "") :
					   NULL;

	return !path || !access(path, F_OK) || errno != ENOENT;
}

static enum oci_status status_of(const struct oci_container *c)
{
	if (!c->has_record) {
		/* A creator that is at work holds the lock. */
		if (!c->state.record && folder_is_locked(&c->folder))
			return OCI_CREATING;
		return OCI_STOPPED;
	}
	if (!record_is_live(&c->record))
		return OCI_STOPPED;
	if (c->record.state == PURSER_STATE_STARTING || waits_at_gate(c))
		return c->state.record ? OCI_CREATED : OCI_CREATING;
	return cgroup_home_frozen(&c->cgroup) > 0 ? OCI_PAUSED : OCI_RUNNING;
}

int container_look(struct oci_container *c, struct failure *failure)
{
	int r = c->table ? record_find(c->table, &c->state, &c->folder,
				       &c->record, failure) :
			   0;

	if (r < 0)
		return -1;
	c->has_record = r;
	c->status = status_of(c);
	return 0;
}

/* Without the module there is no live container. */
static int open_table(struct oci_container *c, struct failure *failure)
{
	if (!record_table(&c->table, failure))
		return 0;
	c->table = NULL;
	return failure->code == EXIT_NO_MODULE ? 0 : -1;
}

static int open_cgroup(struct oci_container *c, struct failure *failure)
{
	int err;

	c->cgroup.manager = c->state.manager;
	c->cgroup.mark = c->state.token;
	if (!c->state.cgroup)
		return 0;
	c->cgroup.path = strdup(c->state.cgroup);
	c->cgroup.scope = c->state.scope ? strdup(c->state.scope) : NULL;
	err = c->cgroup.path && !c->state.scope == !c->cgroup.scope ?
		      cgroup_home_open(&c->cgroup) :
		      -ENOMEM;
	if (err && err != -ENOENT)
		return failed_errno(failure, err, "opening the cgroup %s",
				    c->state.cgroup);
	return 0;
}

int container_open(struct oci_container *c, const struct oci_options *options,
		   bool lock, struct failure *failure)
{
	__cleanup_free char *root = container_root(options);

	*c = (struct oci_container){ .cgroup.fd = -1 };
	if (!root)
		return failed_errno(failure, -ENOMEM, "opening \"%s\"",
				    options->id);
	if (folder_open(&c->folder, root, options->id, failure))
		return -1;
	if ((!lock || !folder_lock(&c->folder, failure)) &&
	    state_read(&c->state, &c->folder, failure) >= 0 &&
	    !open_table(c, failure) && !open_cgroup(c, failure) &&
	    !container_look(c, failure))
		return 0;
	container_close(c);
	return -1;
}

void container_close(struct oci_container *c)
{
	cgroup_home_free(&c->cgroup);
	if (c->table)
		purser_close(c->table);
	c->table = NULL;
	state_free(&c->state);
	folder_close(&c->folder);
}

bool container_is_live(const struct oci_container *c)
{
	return c->has_record && record_is_live(&c->record);
}

int container_pidfd(struct oci_container *c, struct failure *failure)
{
	const struct purser_ref ref = { .id = c->record.id };
	int fd = container_is_live(c) ?
			 purser_pidfd(c->table, &ref, &c->record) :
			 -ESRCH;

	if (fd >= 0)
		return fd;
	/* Callers recognize these words. */
	if (fd == -ESRCH || fd == -ENOENT)
		return failed(failure, EXIT_FAILED,
			      "container \"%s\": container not running",
			      c->folder.id);
	return failed_errno(failure, fd,
			    "opening the first process of container \"%s\"",
			    c->folder.id);
}

struct json_object *state_json(const struct oci_state *state, const char *id,
			       enum oci_status status, pid_t pid)
{
	struct object o = object_new();

	object_add_string(&o, "ociVersion", state->version);
	object_add_string(&o, "id", id);
	object_add_int(&o, "pid", pid);
	object_add_string(&o, "status", oci_status_names[status]);
	object_add_string(&o, "bundle", state->bundle);
	object_add_string(&o, "rootfs", state->rootfs);
	object_add_string(&o, "created", state->created);
	if (state->annotations)
		object_add(&o, "annotations",
			   json_object_get(state->annotations));
	object_add_string(&o, "owner", state->owner);
	return object_done(&o);
}

struct json_object *container_json(const struct oci_container *c)
{
	return state_json(&c->state, c->folder.id, c->status,
			  container_is_live(c) ? c->record.pid : 0);
}
