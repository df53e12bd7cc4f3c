// SPDX-License-Identifier: GPL-2.0
/* Roots of containers, see root.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "exposed.h"
#include "root.h"

static const char *const own_names[N_OWN_FOLDERS] = {
	[OWN_HOST] = "the host's own root",
	[OWN_BASE] = "the base of this supervisor's overlays",
	[OWN_RUN] = "this supervisor's run directory",
	[OWN_STATE] = "this supervisor's state directory",
	[OWN_LOG] = "this supervisor's log directory",
};

static const char *const relation_names[] = {
	[RELATION_SAME] = "is",
	[RELATION_HOLDS] = "holds",
	[RELATION_INSIDE] = "is inside",
};

const char *root_own_name(enum own_folder folder)
{
	return own_names[folder];
}

const char *root_relation_name(enum relation relation)
{
	return relation_names[relation];
}

int root_find(const char *path, struct place *place)
{
	int fd __cleanup_close = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	*place = (struct place){ 0 };
	return fd < 0 ? -errno : place_find(fd, place);
}

int root_find_own(struct supervisor *supervisor, struct failure *failure)
{
	const char *what = supervisor->roots.base;
	int err = place_find(supervisor->base_fd, &supervisor->own[OWN_BASE]);

	if (!err) {
		what = "/";
		err = root_find(what, &supervisor->own[OWN_HOST]);
	}
	return failed_if(failure, err, "finding the file system of %s", what);
}

void root_forget_own(struct supervisor *supervisor)
{
	for (int i = 0; i < N_OWN_FOLDERS; i++)
		place_free(&supervisor->own[i]);
	cleanup_close(&supervisor->base_fd);
}

void root_free(struct root *root)
{
	cleanup_close(&root->fd);
	free(root->path);
	place_free(&root->place);
}

int root_check_own(const struct supervisor *supervisor,
		   const struct place *place, const char *what,
		   const char *path, struct failure *failure)
{
	const char *type = place_kernel_type(place);

	if (type)
		return failed(
			failure, EXIT_FAILED,
			"%s \"%s\" is in a file system of the kernel's own: %s",
			what, path, type);
	for (int i = 0; i < N_OWN_FOLDERS; i++) {
		enum relation relation = place_compare(place,
						       &supervisor->own[i]);

		if (relation != RELATION_NONE &&
		    (i != OWN_HOST || relation != RELATION_INSIDE))
			return failed(failure, EXIT_FAILED, "%s \"%s\" %s %s",
				      what, path, relation_names[relation],
				      own_names[i]);
	}
	return 0;
}

/* No two live containers may have the same root. */
static int check_others(const struct supervisor *supervisor,
			const struct root *root, const char *path,
			struct failure *failure)
{
	struct container *c;

	TAILQ_FOREACH(c, &supervisor->registry.all, link) {
		enum relation relation;

		/* A container with an overlay has no place. */
		if (c->phase == PHASE_ENDED || !c->root.place.ino)
			continue;
		relation = place_compare(&root->place, &c->root.place);
		/* Its root may have another path now: compare the folders above. */
		if (relation == RELATION_NONE &&
		    place_is_above(&c->root.place, root->fd))
			relation = RELATION_INSIDE;
		if (relation == RELATION_SAME)
			return failed(
				failure, EXIT_FAILED,
				"rootfs \"%s\" is in use by container \"%s\"",
				path, c->name);
		if (relation != RELATION_NONE)
			return failed(
				failure, EXIT_FAILED,
				"rootfs \"%s\" %s the root of container \"%s\"",
				path, relation_names[relation], c->name);
	}
	return 0;
}

/* Use the open base: its path may lead to another folder by now. */
static int open_base(const struct supervisor *supervisor, struct root *root)
{
	root->fd = fcntl(supervisor->base_fd, F_DUPFD_CLOEXEC, 0);
	if (root->fd < 0)
		return -errno;
	root->path = strdup(supervisor->roots.base);
	return root->path ? 0 : -ENOMEM;
}

int root_open(struct supervisor *supervisor, const char *wanted,
	      struct root *root, struct failure *failure)
{
	const char *path = wanted ? wanted : supervisor->roots.base;
	int err = wanted ? path_open_dir(wanted, &root->fd, &root->path) :
			   open_base(supervisor, root);

	if (!err)
		err = place_find(root->fd, &root->place);
	if (err == -EXDEV)
		return failed(failure, EXIT_FAILED,
			      "rootfs \"%s\": it is in another mount namespace",
			      path);
	if (err)
		return failed_errno(failure, err, "rootfs \"%s\"", path);
	if (wanted &&
	    root_check_own(supervisor, &root->place, "rootfs", wanted, failure))
		return -1;
	return check_others(supervisor, root, path, failure);
}

int root_warning(const struct root *root, const char *name, char **warning)
{
	*warning = NULL;
	if (!exposed(root->fd))
		return 0;
	if (asprintf(
		    warning,
		    "container \"%s\": users of the host can enter its root %s, and can run setuid programs there as root: put it into a folder that only root may enter",
		    name, root->path) >= 0)
		return 0;
	*warning = NULL;
	return -ENOMEM;
}

int root_find_known(const struct cookie *cookie, struct place *place)
{
	int err = root_find(cookie->rootfs, place);

	if (err == -ENOMEM)
		return err;
	/* A cookie of an earlier version has no device and inode. */
	if (!cookie->root_ino || (!err && place->dev == cookie->root_dev &&
				  place->ino == cookie->root_ino))
		return 0;
	/* Its path leads to another folder now: only device and inode are known. */
	if (!err)
		place_free(place);
	*place = (struct place){
		.dev = cookie->root_dev,
		.ino = cookie->root_ino,
	};
	return 0;
}
