// SPDX-License-Identifier: GPL-2.0
/* Writable layers of containers, see layer.h. */
#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "base/report.h"
#include "container_kept.h"
#include "layer.h"
#include "run_folder.h"
#include "supervisor.h"

char *layer_path(const struct supervisor *supervisor, const char *name)
{
	return path_join(supervisor->roots.state, name, "");
}

/* The path of a layer that is kept, for free(); NULL: out of memory */
static char *kept_path(const struct supervisor *supervisor, const char *name)
{
	__cleanup_free char *folder = path_join(supervisor->roots.state,
						KEPT_LAYERS, "");

	return folder ? path_join(folder, name, "") : NULL;
}

static int make_kept_folder(const struct supervisor *supervisor)
{
	__cleanup_free char *folder = path_join(supervisor->roots.state,
						KEPT_LAYERS, "");

	if (!folder)
		return -ENOMEM;
	return mkdir(folder, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

int layer_keep(struct supervisor *supervisor, const char *name,
	       const char *path)
{
	__cleanup_free char *kept = kept_path(supervisor, name);
	int err = kept ? make_kept_folder(supervisor) : -ENOMEM;

	if (!err)
		err = state_remove_later(&supervisor->layers, kept);
	if (err)
		return err;
	return rename(path, kept) < 0 ? -errno : 0;
}

void layer_forget_kept(struct supervisor *supervisor, const char *name)
{
	__cleanup_free char *kept = kept_path(supervisor, name);
	int err = kept ? state_remove_later(&supervisor->layers, kept) :
			 -ENOMEM;

	if (err)
		report_warning_errno(err, "removing the layer of \"%s\"", name);
}

/* Returns 1 if there was a kept layer, which is at @path now; 0; or a negative errno. */
static int take_kept(const struct supervisor *supervisor, const char *name,
		     const char *path)
{
	__cleanup_free char *kept = kept_path(supervisor, name);

	if (!kept)
		return -ENOMEM;
	/* The folder was just made, and is empty. */
	if (!rename(kept, path))
		return 1;
	return errno == ENOENT ? 0 : -errno;
}

static int bound_layer(struct container *c, uint64_t bytes, bool again)
{
	if (!bytes || c->supervisor->storage.kind != STORAGE_QUOTA)
		return 0;
	return again ? storage_bound_again(c->layer.path, bytes) :
		       storage_bound(&c->supervisor->storage, c->layer.path,
				     bytes);
}

static int check_storage(const struct container *c, uint64_t bytes,
			 struct failure *failure)
{
	const struct storage *storage = &c->supervisor->storage;

	if (bytes && storage->kind == STORAGE_NONE)
		return failed(
			failure, EXIT_FAILED,
			"there can be no storage limit: the file system of %s has no project quotas enabled, and %s for images is missing",
			c->supervisor->roots.state, storage->lacks);
	if (bytes && c->again.keep && storage->kind == STORAGE_IMAGE)
		return failed(
			failure, EXIT_FAILED,
			"an overlay with a storage limit cannot be kept: the file system of %s has no project quotas enabled",
			c->supervisor->roots.state);
	return 0;
}

int container_make_layer(struct container *c, const char *path, uint64_t bytes,
			 struct failure *failure)
{
	int again = 0, err;

	if (check_storage(c, bytes, failure))
		return -1;
	err = state_make(&c->supervisor->layers, path);
	if (err)
		return failed_errno(failure, err, "making %s", path);
	c->layer.path = strdup(path);
	if (!c->layer.path) {
		state_remove_later(&c->supervisor->layers, path);
		return failed_errno(failure, -ENOMEM, "making %s", path);
	}
	if (c->again.keep)
		again = take_kept(c->supervisor, c->name, path);
	if (again < 0)
		return failed_errno(failure, again, "taking its kept overlay");
	err = bound_layer(c, bytes, again);
	if (err == -ENODATA)
		return failed(
			failure, EXIT_FAILED,
			"its kept overlay was made without a storage limit, and cannot get one");
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
	/* Without a record, nobody has noted its request. */
	if (!c->id)
		c->again.keep = request_keeps_layer(c->supervisor, c->name);
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

/* Never remove the layer here: if it cannot move, the next supervisor tries again. */
static bool keep(struct container *c)
{
	int err = layer_keep(c->supervisor, c->name, c->layer.path);

	if (err && err != -ENOENT)
		container_warning(c, err, "keeping its overlay; it stays at %s",
				  c->layer.path);
	forget_layer(c);
	return true;
}

bool container_remove_layer(struct container *c)
{
	struct state_folders *layers = &c->supervisor->layers;
	struct remover_job *job = &c->layer.removal;

	if (!c->layer.path)
		return true;
	if (job->under_way)
		return false;
	if (c->again.keep)
		return keep(c);
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
