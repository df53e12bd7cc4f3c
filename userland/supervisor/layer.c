// SPDX-License-Identifier: GPL-2.0
/* Writable layers of containers, see layer.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "layer.h"
#include "run_folder.h"
#include "supervisor.h"

char *layer_path(const struct supervisor *supervisor, const char *name)
{
	return path_join(supervisor->roots.state, name, "");
}

int container_make_layer(struct container *c, const char *path, uint64_t bytes,
			 struct failure *failure)
{
	struct storage *storage = &c->supervisor->storage;
	int err;

	if (bytes && storage->kind == STORAGE_NONE)
		return failed(
			failure, EXIT_FAILED,
			"there can be no storage limit: the file system of %s has no project quotas enabled, and %s for images is missing",
			c->supervisor->roots.state, storage->lacks);
	err = state_make(&c->supervisor->layers, path);
	if (err)
		return failed_errno(failure, err, "making %s", path);
	c->layer.path = strdup(path);
	if (!c->layer.path) {
		state_remove_later(&c->supervisor->layers, path);
		return failed_errno(failure, -ENOMEM, "making %s", path);
	}
	if (bytes && storage->kind == STORAGE_QUOTA)
		err = storage_bound(storage, path, bytes);
	return failed_if(failure, err, "setting the quota of %s", path);
}

static void forget_layer(struct container *c)
{
	free(c->layer.path);
	c->layer.path = NULL;
}

int container_take_over_layer(struct container *c)
{
	__cleanup_free char *noted = NULL;
	int err = run_folder_read(c->run_folder, RUN_FOLDER_STATE, &noted);

	if (err) {
		forget_layer(c);
		return err == -ENOENT ? 0 : err;
	}
	if (!c->layer.path)
		c->layer.path = layer_path(c->supervisor, c->name);
	if (!c->layer.path)
		return -ENOMEM;
	if (strcmp(noted, c->layer.path)) {
		container_names_foreign(c, "a state folder", noted);
		forget_layer(c);
	}
	return 0;
}

bool container_remove_layer(struct container *c)
{
	struct state_folders *layers = &c->supervisor->layers;
	struct remover_job *job = &c->layer.removal;

	if (!c->layer.path)
		return true;
	if (job->under_way)
		return false;
	if (!state_remove_later(layers, c->layer.path)) {
		forget_layer(c);
		return true;
	}
	job->owner = c;
	job->path = c->layer.path;
	job->under_way = true;
	remover_submit(layers->remover, job);
	return false;
}

void container_layer_removed(struct container *c)
{
	struct remover_job *job = &c->layer.removal;

	if (job->error) {
		container_warning(c, job->error, "removing %s", c->layer.path);
		state_put_aside(&c->supervisor->layers, c->layer.path);
	}
	job->under_way = false;
	forget_layer(c);
}
